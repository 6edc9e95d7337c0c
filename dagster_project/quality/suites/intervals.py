"""Expectations that several topics share: a share, a growth or a corrected share lies in its interval."""

from dagster_project.quality.declaration import Severity, TableSuite


def share_interval(suite: TableSuite, id: str, metric: str, count: str, total: str) -> None:
    """0 <= low <= share <= high <= 1, and a share exists exactly where its denominator is above 0."""
    suite.no_rows(
        id,
        f"A {metric} outside its interval or unlike its counts joins counts with foreign estimates.",
        f"select * from {{batch}} where case when {total} > 0"
        f" then 0 <= {metric}_low and {metric}_low <= {metric} and {metric} <= {metric}_high"
        f" and {metric}_high <= 1 and abs({metric} - {count}::double / {total}) < 0.000002"
        f" else {metric} is null end is not true",
    )


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


def corrected_interval(suite: TableSuite, metric: str, words: str = "correction") -> None:
    """A corrected share lies in its interval and in 0 to 1, and is there exactly where the row says corrected."""
    suite.no_rows(
        f"{suite.table.name.removeprefix('marts.')}_{metric}_lies_in_its_interval",
        "A corrected share outside its interval, or without the words that say so, misleads.",
        f"select * from {{batch}} where case when {metric} is null then {metric}_low is null"
        f" else 0 <= {metric}_low and {metric}_low <= {metric} and {metric} <= {metric}_high"
        f" and {metric}_high <= 1 and starts_with({words}, 'corrected by') end is not true",
    )


def some_rows(suite: TableSuite, id: str) -> None:
    """At least one row of a survey that the feed provides."""
    suite.row_count(id, "A provided survey without any wave leaves its pages empty.", severity=Severity.WARNING)
