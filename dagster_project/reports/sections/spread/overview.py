"""The rows that a month's spread study speaks of: its study periods, and the two set against each other."""

from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import CHANGE_METRICS, beside_naive, displayed_rows, with_samples
from dagster_project.reports.claims.wording import (
    NO_VALUE,
    capitalised,
    count,
    decimal_number,
    interval,
    number,
    share,
    technology_name,
    told_limits,
    told_share,
)
from dagster_project.reports.page.document import KeyNumber, Section, Table
from dagster_project.reports.page.selection import MonthView

CONCENTRATION, RANKS = "period_technology_concentration", "period_category_ranks"
COMPARISONS = "study_period_comparisons"


def study_rows(view: MonthView, mart: str, technology: str | None = None) -> pd.DataFrame:
    """Rows of the study periods in order of time; withheld ones are left out."""
    frame = view.marts[mart]
    is_row = (
        (frame["period_kind"] == "study")
        & (pd.to_datetime(frame["period_start"]) <= view.month)
        & frame["withheld_reason"].isna()
    )
    if technology is not None:
        is_row &= frame["technology"] == technology
    return frame[is_row].sort_values(["technology", "period_start"], kind="stable")


def technologies_of(view: MonthView) -> dict[str, str]:
    """Technology -> label, in the order ai, cloud, rpa."""
    frame = view.marts[CONCENTRATION].sort_values("technology")
    return dict(zip(frame["technology"], frame["technology_label"], strict=True))


def comparison_rows(view: MonthView, technology: str) -> pd.DataFrame:
    """Each readable study period of a technology beside the one before it, in order of time."""
    periods = study_rows(view, CONCENTRATION, technology)["period_id"].tolist()
    frame = view.marts[COMPARISONS]
    steps = [
        frame[
            (frame["technology"] == technology)
            & (frame["base_period_id"] == base)
            & (frame["current_period_id"] == current)
        ]
        for base, current in pairwise(periods)
    ]
    return pd.concat(steps) if steps else frame.iloc[:0]


def withheld_notes(view: MonthView, technology: str, name: str) -> list[str]:
    """Why a study period that began by the month is not shown."""
    frame = view.marts[CONCENTRATION]
    is_row = (
        (frame["technology"] == technology)
        & (frame["period_kind"] == "study")
        & (pd.to_datetime(frame["period_start"]) <= view.month)
        & frame["withheld_reason"].notna()
    )
    rows = frame[is_row].sort_values("period_start")
    return [
        f"{name} posts of {row['period_label']} are not divided: {row['withheld_reason']}."
        for _, row in rows.iterrows()
    ]


COLUMNS = ["Technology and period", "Posts", "Effective categories", "95% interval", "Herfindahl index",
           "95% interval of the index", "Largest category", "Two largest", "Categories above 1%"]  # fmt: skip


def spread_overview_section(view: MonthView) -> Section:
    """A claim a technology for its latest study period, and the table of all periods."""
    section = Section("spread", "How far each technology has spread")
    section.lead = (
        "The effective number of categories is that of equally large ones with the same dispersion: 1 says that all "
        "posts lie in one category, 12 that they divide evenly. The Herfindahl index is the chance that two "
        "posts lie in one."
    )
    naive = study_rows(view, CONCENTRATION)
    rows = displayed_rows(naive, "herfindahl")
    if rows.empty:
        section.notes.append("No study period holds 30 classified posts of a technology from 10 client groups.")
        return section
    latest = rows.drop_duplicates("technology", keep="last")
    section.claims.extend(effective_categories_claim(view, row) for _, row in latest.iterrows())
    section.tables.append(with_samples(_table(rows), rows))
    if rows["prefix"].any():
        own = _table(naive)
        section.tables.append(replace(own, id=f"{own.id}-naive", caption=f"{own.caption}, as the classifier counts"))
    return section


def effective_categories_claim(view: MonthView, row: pd.Series) -> Claim:
    """`AI posts of 2024-2025 spread over 8.6 categories in effect (95% interval 8.3 to 8.9; 2,091 posts).`"""
    name = technology_name(row["technology"], row["technology_label"])
    limits = interval(row["effective_categories_low"], row["effective_categories_high"], decimal_number)
    sentence = (
        f"{capitalised(name)} posts of {row['period_label']} spread over {decimal_number(row['effective_categories'])} "
        f"categories in effect (95% interval {limits}; {count(row['technology_post_count'])} posts"
        f"{beside_naive(row, decimal_number(row.get('naive_effective_categories')))})."
    )
    return view.book.add(
        CONCENTRATION, row, f"{row['prefix']}effective_categories", "technology_post_count", sentence,
        about=f"concentration of {name} posts", period=row["period_id"],
        population=f"{name} posts of the feed", unit="categories",
    )  # fmt: skip


def _table(rows: pd.DataFrame) -> Table:
    cells = [
        [
            f"{capitalised(technology_name(row['technology'], row['technology_label']))}, {row['period_label']}",
            count(row["technology_post_count"]),
            decimal_number(row["effective_categories"]),
            interval(row["effective_categories_low"], row["effective_categories_high"], decimal_number),
            _index(row["herfindahl"]),
            interval(row["herfindahl_low"], row["herfindahl_high"], _index),
            share(row["top_share"]),
            share(row["top_two_share"]),
            count(row["categories_above_one_percent"]),
        ]
        for _, row in rows.iterrows()
    ]
    numeric = frozenset(column for column in COLUMNS[1:] if "interval" not in column)
    note = "Categories above 1%: those whose share's lower bound exceeds 1%."
    return Table("table-spread", "Concentration by technology and study period", COLUMNS, cells, numeric, note)


def _index(value: object) -> str:
    known = number(value)
    return NO_VALUE if known is None else f"{known:.3f}"


MOVED = ("rose", "fell")
NO_CHANGE = "no clear change"


@dataclass(frozen=True)
class Span:
    """base and current: period ids; the labels as sentences say them; latest: id and label of a later, open period."""

    base: str
    base_label: str
    current: str
    current_label: str
    latest: tuple[str, str] | None = None


def study_span(view: MonthView) -> Span | None:
    """The first readable period of AI posts and the last complete one after it; None where there are no two.

    Where none after the first is complete, the last one stands in.
    """
    periods = study_rows(view, CONCENTRATION, "ai")
    if len(periods) < 2:
        return None
    base, later = periods.iloc[0], periods.iloc[1:]
    complete = later[later["is_complete_period"].astype(bool)]
    current = (complete if len(complete) else later).iloc[-1]
    after = later[later["period_start"] > current["period_start"]]
    latest = (after.iloc[-1]["period_id"], after.iloc[-1]["period_label"]) if len(after) else None
    return Span(base["period_id"], base["period_label"], current["period_id"], current["period_label"], latest)


def change_rows(view: MonthView, technology: str, base: str, current: str) -> pd.DataFrame:
    """study_period_comparisons of two periods as displayed, those with both shares, by series_id."""
    frame = view.marts[COMPARISONS]
    is_row = (frame["technology"] == technology) & (frame["base_period_id"] == base)
    rows = displayed_rows(frame[is_row & (frame["current_period_id"] == current)], *CHANGE_METRICS)
    rows = rows[rows["base_share"].notna() & rows["current_share"].notna() & rows["difference_points"].notna()]
    return rows.set_index("series_id", drop=False)


def composition_rows(view: MonthView, span: Span, technology: str) -> pd.DataFrame:
    """period_category_ranks of the two periods as displayed, both corrected or none; empty unless both can be read."""
    rows = study_rows(view, RANKS, technology)
    rows = rows[rows["period_id"].isin([span.base, span.current])]
    if rows["period_id"].nunique() != 2:
        return rows.iloc[:0]
    return displayed_rows(_without_half_a_correction(rows), "category_rank")


def _without_half_a_correction(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without corrected columns unless both periods have them: the classifier's errors are no change."""
    is_corrected = rows.groupby("period_id")["corrected_category_rank"].count() > 0
    if is_corrected.all():
        return rows
    return rows.drop(columns=[column for column in rows if str(column).startswith("corrected_")])


def change_claim(view: MonthView, row: pd.Series, sentence: str, setting: str) -> Claim:
    """A claim of the difference of a displayed row of `change_rows`."""
    name = technology_name(row["technology"], row["technology_label"])
    return view.book.add(
        COMPARISONS, row, f"{row['prefix']}difference_points", "current_post_count", sentence,
        about=f"{row['series']} within {name} posts", period=f"{row['base_period_id']} to {row['current_period_id']}",
        population=f"{name} posts of the feed", unit="point_change", setting=setting,
    )  # fmt: skip


def told_change(row: pd.Series, subject: str, of: str = "") -> str:
    """`Writing fell from 10% (8–12) to 5% (4–6).`, or `Writing held 10% (8–12), then 9% (7–11): no clear change.`"""
    base, current = share_of(row, "base"), share_of(row, "current")
    if row["verdict"] in MOVED:
        return f"{subject} {row['verdict']} from {base} to {current}{of}."
    return f"{subject} held {base}, then {current}{of}: {NO_CHANGE}."


def share_of(row: pd.Series, side: str) -> str:
    """The share of the `base` or the `current` period with its range."""
    return told_share(*(row[f"{side}_share{end}"] for end in ("", "_low", "_high")))


def change_tile(row: pd.Series, claim: Claim, label: str) -> KeyNumber:
    """`75% → 56%`, with the range of the current share in small."""
    base, current = share_of(row, "base"), share_of(row, "current")
    limits, period = told_limits(current), str(row["current_period_label"])
    return KeyNumber(
        label=label,
        value=f"{base.partition(' ')[0]} → {current.partition(' ')[0]}",
        detail=f"{limits} in {period}" if limits else period,
        claim=claim,
    )
