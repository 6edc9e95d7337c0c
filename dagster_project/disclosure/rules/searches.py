"""Rule of the mart of talent searches."""

from dataclasses import replace

from dagster_project.disclosure.engine.cells import Cell, Complement, Computed, Count, MartRule
from dagster_project.disclosure.rules.cell_keys import month


def _searched(period: str) -> Cell:
    return Cell("searches", period, place="case series_id when 'all_searches' then '' else ':' || series_id end")


_SEARCHES = MartRule(
    counts={
        "current": Count.column(_searched(month("search_month")), "search_count"),
        "base": Count.column(_searched(month("base_month")), "base_search_count"),
        "all": Count(replace(_searched(month("search_month")), place="''")),
    },
    computed=(Computed(("growth_pct*",), ("current", "base")),),
    complements=(Complement("current", "all"),),
    free=("dispersion",),
)

RULES = {
    "monthly_search_growth": _SEARCHES,
}
