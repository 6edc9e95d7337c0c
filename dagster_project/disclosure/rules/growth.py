"""Rules of the marts of growth. A cell of a month is the same cell in every mart that prints it."""

import csv
from dataclasses import replace

from dagster_project.disclosure.engine.cells import Cell, Computed, Count, MartRule
from dagster_project.disclosure.rules.cell_keys import SERIES, month
from dagster_project.storage.workspace import SEEDS

SERIES_KEY = ("posted_month", "level", "series_id", "population")


def _series(period: str) -> Cell:
    return Cell("posts", period, **SERIES)


_CURRENT = Count.column(_series(month("posted_month")), "post_count", "client_count")
_BASE = Count.column(_series(month("base_month")), "base_post_count")


def _composite_sums() -> str:
    """SQL of the composites as sums of their members, which the marts print too."""
    members = list(csv.DictReader((SEEDS / "composites.csv").read_text(encoding="utf-8").splitlines()))
    part = _series(month("posted_month"))
    wholes = {one["composite_id"]: replace(part, place=f"':{one['composite_id']}'").key_sql for one in members}
    return " union all ".join(
        f"select {wholes[one['composite_id']]} as equation, {wholes[one['composite_id']]} as whole, "
        f"{part.key_sql} as part from monthly_category_growth "
        f"where level = '{one['member_level']}' and series_id = '{one['member_id']}'"
        for one in members
    )


_GROWTH = MartRule(
    counts={"current": _CURRENT, "base": _BASE},
    computed=(Computed(("growth_pct*",), ("current", "base")),),
    client_counts="int_monthly_growth_counts",
    client_counts_key=SERIES_KEY,
    sums=_composite_sums(),
)

_ADJUSTED_GROWTH = MartRule(
    counts={
        "current": _CURRENT,
        "base": _BASE,
        "two_before": Count(_series(month("posted_month", 2))),
        "three_before": Count(_series(month("posted_month", 3))),
    },
    computed=(
        Computed(("raw_*", "calendar_*", "seasonal_*", "adjusted_*", "p_value", "q_value"), ("current", "base")),
        Computed(("verdict", "trend"), ("current", "base")),
        Computed(("two_month_*",), ("current", "two_before")),
        Computed(("three_month_*",), ("current", "three_before")),
    ),
    client_counts="int_monthly_growth_counts",
    client_counts_key=SERIES_KEY,
    free=(
        "maturity_days",
        "standard_days",
        "base_standard_days",
        "expected_season_pct",
        "history_months",
        "error_count",
        "family_count",
        "family_unmoved_count",
    ),
)

RULES = {
    "monthly_category_growth": _GROWTH,
    "monthly_adjusted_growth": _ADJUSTED_GROWTH,
}
