"""How early a number came out, and what became of it: days from month end to release, first value, value now."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import count, growth, revision_change, share
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.selection import MonthView

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
