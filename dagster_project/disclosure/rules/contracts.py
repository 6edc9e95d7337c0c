"""Rules of the marts that count contracts and talent searches."""

from dataclasses import replace

from dagster_project.disclosure.engine.cells import (
    CATEGORY_OR_ALL,
    SERIES,
    Cell,
    Complement,
    Computed,
    Count,
    MartRule,
    month,
)


def _by_kind(closed: str, opened: str, below: str, above: str) -> str:
    return (
        f"case value_kind when 'closed' then '{closed}' when 'closed_and_open' then '{opened}' "
        f"when 'unknown_below' then '{below}' else '{above}' end"
    )


_CONTRACT = Cell("contracts", "period_id", technology="technology", place=CATEGORY_OR_ALL)
_ALL = _by_kind("closed", "all", "all", "all")
_KNOWN = _by_kind("closed_known", "known", "known", "known")
_VALUED = _by_kind("closed_known", "known", "all", "all")
_HIGH = _by_kind("closed_high", "high", "high", "high_or_unknown")

_PERIOD_VALUES = MartRule(
    counts={
        "contracts": Count.column(replace(_CONTRACT, kind=_ALL), "contract_count", "known_value_cluster_count"),
        "known": Count.column(replace(_CONTRACT, kind=_KNOWN), "known_value_count", "known_value_client_count"),
        "valued": Count.column(replace(_CONTRACT, kind=_VALUED), "valued_count", "high_value_cluster_count"),
        "high": Count.column(replace(_CONTRACT, kind=_HIGH), "high_value_count", "high_value_client_count"),
        "any_valued": Count(replace(_CONTRACT, technology="'any'", kind=_VALUED)),
        "any_high": Count(replace(_CONTRACT, technology="'any'", kind=_HIGH)),
    },
    computed=(
        Computed(("known_value_share*",), ("contracts", "known")),
        Computed(("*high_value_share*",), ("valued", "high")),
        # by category it is computed from the category's other contracts too
        Computed(("corrected_high_value_share*",), ("any_valued", "any_high")),
        Computed(("*median*", "*quartile*"), ("known",)),
    ),
    complements=(
        Complement("known", "contracts", "unknown_value_client_count"),
        Complement("high", "valued", "low_value_client_count"),
    ),
    client_counts="int_period_contract_counts",
    client_counts_key=("period_id", "technology", "category_id", "value_kind"),
)
_MEASURED = "case measure when 'spend' then 'known' else 'all' end"


def _started(period: str) -> Cell:
    return Cell("contracts", period, **SERIES, kind=_MEASURED)


_ACTIVITY = MartRule(
    counts={
        "current": Count.column(
            _started(month("started_month")),
            "contract_count",
            "case measure when 'spend' then valued_client_count else hire_client_count end",
        ),
        "base": Count.column(_started(month("base_month")), "base_contract_count"),
        "spend_contracts": Count(replace(_started(month("started_month")), kind="'known'")),
        "hires": Count(replace(_started(month("started_month")), kind="'all'")),
    },
    computed=(
        Computed(("amount",), ("current",)),
        Computed(("base_amount",), ("base",)),
        Computed(("growth_pct*",), ("current", "base")),
    ),
    complements=(Complement("spend_contracts", "hires"),),
    client_counts="int_monthly_contract_counts",
    client_counts_key=("started_month", "level", "series_id", "population"),
)


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
    "period_contract_values": _PERIOD_VALUES,
    "monthly_contract_activity": _ACTIVITY,
    "monthly_search_growth": _SEARCHES,
}
