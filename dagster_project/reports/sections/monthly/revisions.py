"""How early a number came out, and what became of it: days from month end to release, first value, value now."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import (
    NO_VALUE,
    count,
    growth,
    interval,
    month_name,
    number,
    revision_change,
    revision_size,
    share,
)
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.monthly.quality import INPUT_NAMES
from dagster_project.storage.shown_text import display_text

FORMS = {"percent": growth, "fraction": share, "count": count, "rank": count}
TIMED = {"total_growth": (), "technology_penetration": ("technology=ai",), "search_growth": ("series_id=ai_agents",)}
"""Headline series -> parts of the key of the one value a month that is told of it."""


def timing_claims(view: MonthView) -> list[Claim]:
    """Of each timed series the latest month before the reported one, and the median of its months; empty where none.

    The days of the present release are known only once it is made: it stands in the table `revisions` of the release.
    """
    values, summary = view.marts["revisions"], view.marts["series_revisions"]
    latest = [_latest(view, values, series_id, parts) for series_id, parts in TIMED.items()]
    claims = [_first_claim(view, row) for row in latest if row is not None]
    timed = summary[summary["series_id"].isin(TIMED) & summary["median_days_to_first_release"].notna()]
    return claims + [_median_claim(view, row) for _, row in timed.iterrows()]


def _latest(view: MonthView, values: pd.DataFrame, series_id: str, parts: tuple[str, ...]) -> pd.Series | None:
    is_row = (values["series_id"] == series_id) & (pd.to_datetime(values["period_end"]) < view.month)
    is_row &= values["days_to_first_release"].ge(0).fillna(False) & values["latest_value"].notna()
    rows = values[is_row]
    keys = rows["value_key"].str.split("; ")
    wanted = {*parts, *(part for part in (f"population={view.population.code}",) if keys.explode().eq(part).any())}
    is_wanted = keys.map(lambda key: wanted <= set(key)).astype(bool)
    rows = rows[is_wanted].sort_values("period_end")
    return None if rows.empty else rows.iloc[-1]


def _first_claim(view: MonthView, row: pd.Series) -> Claim:
    """`All posts, US posts, 2025-10: first released 12 days after month end as +4.7%; now +4.9%, revised by ...`"""
    form, releases = FORMS[row["unit"]], f"{count(row['vintage_count'])} releases"
    is_same = row["first_to_latest_revision"] == 0 or pd.isna(row["first_to_latest_revision"])
    later = (
        f"the same in {releases}"
        if is_same
        else f"now {form(row['latest_value'])}, revised by "
        f"{revision_change(row['first_to_latest_revision'], row['unit'])} in {releases}"
    )
    sentence = (
        f"{display_text(row['label'])}: first released {count(row['days_to_first_release'])} days after month end as "
        f"{form(row['first_value'])}; {later} ({row['series']})."
    )
    return view.book.add(
        "revisions", row, "latest_value", "vintage_count", sentence,
        about=f"first release of {row['label']}", period=view.context.month, population="released values",
        unit=row["unit"],
    )  # fmt: skip


def _median_claim(view: MonthView, row: pd.Series) -> Claim:
    sentence = (
        f"{row['series']}: the values of a month's own report came out {count(row['median_days_to_first_release'])} "
        f"days after month end in the median ({count(row['value_count'])} values in this release)."
    )
    return view.book.add(
        "series_revisions", row, "median_days_to_first_release", "value_count", sentence,
        about=f"days to release: {row['series']}", period=view.context.month, population="released values",
        unit="count",
    )  # fmt: skip


SENTENCES, TABLE_ROWS = 5, 20
SERIES_COLUMNS = ["Series", "Values compared", "Revised", "Mean revision", "Mean absolute revision", "Largest",
                  "Signs changed", "Withdrawn", "Not comparable", "Days to release"]  # fmt: skip
VALUE_COLUMNS = ["Value of", "Series", "Released first", "Released last", "Now", "Revision", "Against its interval"]
NOTE = (
    "Revision: the value now minus the comparable value released last. Mean absolute revision: over all compared "
    "values, 0 where nothing changed (OECD/Eurostat, 2008). Days to release: median from month end, of values first "
    "released in the report of their own month."
)


def withdrawn_rows(view: MonthView) -> pd.DataFrame:
    """monthly_source_rows up to the month whose newest file holds less than the version before, latest first."""
    rows = view.marts["monthly_source_rows"]
    rows = rows[(pd.to_datetime(rows["posted_month"]) <= view.month) & (rows["rows_withdrawn"] > 0)]
    return rows.sort_values(["posted_month", "table_name"], ascending=[False, True])


def _withdrawn_claim(view: MonthView, row: pd.Series) -> Claim:
    month, name = month_name(row["posted_month"]), INPUT_NAMES.get(row["table_name"], str(row["table_name"]))
    sentence = (
        f"{name} of {month}: {count(row['rows_withdrawn'])} rows were in an earlier version of their file "
        f"and are not in the newest; {count(row['rows_kept'])} rows count."
    )
    return view.book.add(
        "monthly_source_rows", row, "rows_withdrawn", "rows_read", sentence,
        about=f"rows withdrawn: {row['table_name']}", period=view.context.month, population=name, unit="count",
    )  # fmt: skip


def revisions_section(view: MonthView) -> Section:
    """Sentences and tables of the values that differ from those released last, largest first, or that none does."""
    section = Section("revisions", "What was revised")
    section.claims.extend(_withdrawn_claim(view, row) for _, row in withdrawn_rows(view).head(SENTENCES).iterrows())
    section.notes.extend(view.context.not_compared)
    if view.context.compared_release_id is None:
        section.lead = "This is the first release that can be compared: there is nothing to compare it with."
        return section
    section.lead = (
        f"Headline numbers of earlier releases beside this one; the last was {view.context.compared_release_id}."
    )
    section.claims.extend(timing_claims(view))
    revised = _revised(view.marts["revisions"])
    summary = view.marts["series_revisions"]
    section.claims.extend(_series_claim(view, row) for _, row in summary[summary["revised_count"] > 0].iterrows())
    if revised.empty:
        section.notes.append("Nothing was revised: every value that can be compared is as it was released.")
    else:
        printed = revised[revised["was_printed"]]
        section.claims.extend(_value_claim(view, row) for _, row in printed.head(SENTENCES).iterrows())
        section.notes.append(_printed_note(len(printed)))
        section.tables.append(_values_table(revised))
    section.tables.append(_series_table(summary))
    return section


def _revised(values: pd.DataFrame) -> pd.DataFrame:
    """Revised values: against the half-width of the released interval first, values without one by their size."""
    revised = values[values["status"] == "revised"]
    revised = revised.assign(size=revised["revision"].abs() / revised["previous_value"].abs().clip(lower=1))
    order = ["revision_in_half_widths", "size", "series_id", "value_key"]
    return revised.sort_values(order, ascending=[False, False, True, True], na_position="last")


def _printed_note(printed: int) -> str:
    if printed == 0:
        return "No number that a sentence of an earlier report gave was revised."
    shown = "; the largest are above" if printed > SENTENCES else ""
    return f"Numbers in sentences of earlier reports changed{shown}."


def _value_claim(view: MonthView, row: pd.Series) -> Claim:
    """`QA Testing, US posts, 2025-10: released as +19.0%, now +17.2%; revised by −1.8 points (...).`"""
    form = FORMS[row["unit"]]
    limits = f"{row['series']}; {count(row['vintage_count'])} releases"
    if number(row["latest_value_low"]) is not None:
        limits += f"; 95% interval now {interval(row['latest_value_low'], row['latest_value_high'], form)}"
    if number(row["revision_in_half_widths"]) is not None:
        limits += f"; {row['revision_in_half_widths']:.1f} margins of error as released"
    sentence = (
        f"{display_text(row['label'])}: released as {form(row['previous_value'])}, now {form(row['latest_value'])}; "
        f"revised by {revision_change(row['revision'], row['unit'])} ({limits})."
    )
    return view.book.add(
        "revisions", row, "latest_value", "vintage_count", sentence,
        about=str(row["label"]), period=view.context.month, population="released values", unit=row["unit"],
    )  # fmt: skip


def _series_claim(view: MonthView, row: pd.Series) -> Claim:
    sentence = (
        f"{row['series']}: {count(row['revised_count'])} of {count(row['compared_count'])} released values were "
        f"revised; mean absolute revision {revision_size(row['mean_absolute_revision'], row['unit'])}."
    )
    return view.book.add(
        "series_revisions", row, "mean_absolute_revision", "compared_count", sentence,
        about=f"revisions: {row['series']}", period=view.context.month, population="released values",
        unit=f"{row['unit']}_revision",
    )  # fmt: skip


def _values_table(revised: pd.DataFrame) -> Table:
    cells = [
        [
            display_text(row["label"]),
            str(row["series"]),
            *(FORMS[row["unit"]](row[name]) for name in ("first_value", "previous_value", "latest_value")),
            revision_change(row["revision"], row["unit"]),
            NO_VALUE if pd.isna(row["revision_in_half_widths"]) else f"{row['revision_in_half_widths']:.2f}",
        ]
        for _, row in revised.head(TABLE_ROWS).iterrows()
    ]
    shown = f", the {TABLE_ROWS} largest of {len(revised):,}" if len(revised) > TABLE_ROWS else ""
    note = "Against its interval: the revision in margins of error of the 95% interval released last; largest first."
    numeric = frozenset(VALUE_COLUMNS[2:])
    return Table("table-revised", f"Revised values{shown}", VALUE_COLUMNS, cells, numeric, note)


def _series_table(summary: pd.DataFrame) -> Table:
    cells = [
        [
            str(row["series"]),
            count(row["compared_count"]),
            count(row["revised_count"]),
            revision_change(row["mean_revision"], row["unit"]),
            revision_size(row["mean_absolute_revision"], row["unit"]),
            revision_size(row["largest_absolute_revision"], row["unit"]),
            *(count(row[name]) for name in ("sign_flip_count", "withdrawn_count", "incomparable_count")),
            count(row["median_days_to_first_release"]),
        ]
        for _, row in summary.iterrows()
    ]
    numeric = frozenset(SERIES_COLUMNS[1:])
    return Table("table-series-revisions", "Revisions by series", SERIES_COLUMNS, cells, numeric, NOTE)
