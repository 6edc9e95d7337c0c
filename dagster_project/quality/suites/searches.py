"""Talent searches: their arrival, the terms they hit, their growth."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.quality.suites.growth import growth_interval

SEARCHES = frozenset({"talent_searches"})
NO_SEARCH = "the search log may begin later than the posts"
RAW_SEARCHES = Table("raw.talent_searches", SEARCHES, "month", NO_SEARCH)
STAGED_SEARCHES = Table("staging.stg_marketplace__talent_searches", SEARCHES, "search_month", NO_SEARCH)
GROWTH = Table("marts.monthly_search_growth", SEARCHES, may_be_empty="no search was read")


def raw() -> list[Declared]:
    """Did searches arrive, and do they name terms?"""
    searches = TableSuite(RAW_SEARCHES)
    searches.row_count(
        "raw_talent_searches_arrived",
        "A provided search log without a row in the run's months gives no growth of searches.",
        severity=Severity.WARNING,
    )
    searches.no_rows(
        "raw_talent_searches_name_several_terms",
        "A month with a single term is a total or a column mistaken for the term.",
        "select month, count(distinct term) as terms from {batch} group by month having terms < 2",
        severity=Severity.WARNING,
    )
    return searches.declared


def staging() -> list[Declared]:
    """Do searches hit the terms of the series?"""
    searches = TableSuite(STAGED_SEARCHES)
    searches.row_count(
        "staged_talent_searches_arrived", "Searches that vanish lose a month of growth.", severity=Severity.WARNING
    )
    searches.no_rows(
        "staged_talent_searches_hit_the_series_terms",
        "A month in which no search hits a term of a series means another language or unit of terms.",
        "select search_month, sum(search_count) as searches from {batch} group by search_month having"
        " count(*) filter (where normalised_term in (select term from seeds.search_terms)) = 0",
        severity=Severity.WARNING,
    )
    return searches.declared


def marts() -> list[Declared]:
    """Growth inside its interval, withheld figures with their reason."""
    growth = TableSuite(GROWTH)
    growth.row_count(
        "search_growth_rows_exist", "A provided input makes rows, withheld or not.", severity=Severity.WARNING
    )
    growth_interval(growth, "search_growth")
    return growth.declared
