"""The two study periods that the spread study sets against each other, and the rows that compare them."""

from dataclasses import dataclass

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import CHANGE_METRICS, displayed_rows
from dagster_project.reports.claims.wording import technology_name, told_limits, told_share
from dagster_project.reports.page.document import KeyNumber
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.spread.claims import MOVED
from dagster_project.reports.sections.spread.overview import COMPARISONS, CONCENTRATION, RANKS, study_rows

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
    """`Writing fell from 10% (8–12) to 5% (4–6).`, or `Writing: 10% (8–12) and 9% (7–11), no clear change.`"""
    base, current = share_of(row, "base"), share_of(row, "current")
    if row["verdict"] in MOVED:
        return f"{subject} {row['verdict']} from {base} to {current}{of}."
    return f"{subject}: {base} and {current}{of}, {NO_CHANGE}."


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
