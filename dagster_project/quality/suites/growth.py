"""Growth of posts, raw and adjusted: inside its interval, no verdict without its test."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite

POSTS = frozenset({"job_posts"})
GROWTH = Table("marts.monthly_category_growth", POSTS)
ADJUSTED_GROWTH = Table("marts.monthly_adjusted_growth", POSTS)


def growth_interval(suite: TableSuite, name: str) -> None:
    """Growth is printed inside its interval, or withheld with its reason and without a number."""
    suite.no_rows(
        f"printed_{name}_lies_in_its_interval",
        "Growth below -100 % or outside its interval cannot be printed.",
        "select * from {batch} where not is_withheld and (-100 <= growth_pct_low"
        " and growth_pct_low <= growth_pct and growth_pct <= growth_pct_high) is not true",
    )
    suite.no_rows(
        f"withheld_{name}_says_why_and_shows_no_number",
        "A withheld value that is printed after all, or without its reason, misleads.",
        "select * from {batch} where is_withheld is null"
        " or is_withheld and (withheld_reason <> '' and growth_pct is null) is not true",
    )


def marts() -> list[Declared]:
    """Expectations of raw and adjusted growth."""
    return [*_raw(), *_adjusted()]


def _raw() -> list[Declared]:
    growth = TableSuite(GROWTH)
    growth.row_count("growth_rows_exist", "Every month has growth rows, withheld or not.")
    growth_interval(growth, "growth")
    growth.no_rows(
        "growth_is_not_explosive",
        "More than fifty times the base is more often a collection fault than a market.",
        "select * from {batch} where not is_withheld and growth_pct > 4900",
        severity=Severity.WARNING,
    )
    return growth.declared


def _adjusted() -> list[Declared]:
    growth = TableSuite(ADJUSTED_GROWTH)
    growth.row_count("adjusted_growth_rows_exist", "Every month has rows of adjusted growth, withheld or not.")
    growth.no_rows(
        "adjusted_growth_lies_in_its_interval",
        "A printed growth without an interval around it, or beside a withheld raw one, was not estimated.",
        "select * from {batch} where case when is_withheld then raw_growth_pct is null and adjusted_growth_pct is null"
        " else -100 <= adjusted_growth_pct_low and adjusted_growth_pct_low <= adjusted_growth_pct"
        " and (adjusted_growth_pct_high is null or adjusted_growth_pct <= adjusted_growth_pct_high) end is not true",
    )
    growth.no_rows(
        "verdicts_follow_their_tests",
        "A rise without its test, an interval that holds 0, or a small surge is a word without evidence.",
        "select * from {batch} where case verdict"
        " when 'surged' then q_value <= 0.1 and adjusted_growth_pct_low > 0 and adjusted_growth_pct >= 25"
        " when 'rose' then q_value <= 0.1 and adjusted_growth_pct_low > 0 and adjusted_growth_pct < 25"
        " when 'fell' then adjusted_growth_pct_high < 0"
        " when 'not distinguishable from no change' then is_in_family else not is_in_family end is not true",
    )
    growth.no_rows(
        "a_family_counts_its_members",
        "A page would say of how many tested series how many did not move, and be wrong.",
        "select posted_month, level, population from {batch} where is_in_family group by all"
        " having (min(family_count) = count(*) and max(family_count) = count(*) and min(family_unmoved_count) ="
        " count(*) filter (where verdict = 'not distinguishable from no change')) is not true",
    )
    growth.no_rows(
        "months_have_a_plausible_number_of_standard_days",
        "A month worth fewer than 20 or more than 34 standard days comes from weekday weights gone wrong.",
        "select * from {batch} where (standard_days between 20 and 34) is not true",
        severity=Severity.WARNING,
    )
    return growth.declared
