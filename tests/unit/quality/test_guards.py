"""Results that would pass although nothing was checked fail."""

import pytest

from dagster_project.quality.declaration import Table, TableSuite
from dagster_project.quality.engine.runner import EmptySuiteError, LostExpectationError, NothingProvidedError

pytestmark = pytest.mark.usefixtures("without_site")


def suite_over(name):
    """One expectation of each kind."""
    suite = TableSuite(Table(name))
    suite.not_null("not_null", "Because.", "category")
    suite.in_set("in_set", "Because.", "category", ["Writing"])
    suite.between("between", "Because.", "budget_usd", 0, 10)
    suite.no_rows("no_rows", "Because.", "select * from {batch} where budget_usd < 0")
    return suite.declared


def spoil(rows):
    columns = "null::varchar as category, null::int as budget_usd"
    return f"create or replace table raw.small as select {columns} {rows}"


def test_an_empty_suite_is_an_error(check):
    with pytest.raises(EmptySuiteError, match="'raw' declares nothing"):
        check("raw", suite=[])


def test_a_source_that_provides_nothing_is_an_error(check):
    with pytest.raises(NothingProvidedError, match="manifests"):
        check("raw", provided={"job_posts": set()})


def test_an_empty_table_fails_every_expectation(check):
    result = check("raw", spoil("where false"), suite=suite_over("raw.small"))
    assert {one.id: one.observed for one in result.outcomes if one.failed} == dict.fromkeys(
        ["not_null", "in_set", "between", "no_rows"], "nothing was checked: the table has no rows"
    )


def test_a_table_that_does_not_exist_fails_every_expectation(check):
    result = check("raw", suite=suite_over("raw.absent"))
    assert all(outcome.failed for outcome in result.outcomes)


def test_a_column_of_nulls_fails_between_and_in_set(check):
    result = check("raw", spoil("from range(3)"), suite=suite_over("raw.small"))
    observed = {one.id: one.observed for one in result.outcomes if one.failed}
    assert observed["between"] == observed["in_set"] == "nothing was checked: the column has no values in 3 rows"
    assert observed["not_null"] == "3 of 3 rows"


def test_a_column_that_does_not_exist_fails_and_says_so(check):
    suite = TableSuite(Table("raw.job_posts"))
    suite.between("between", "Because.", "price", 0, 10)
    suite.no_rows("no_rows", "Because.", "select * from {batch} where price < 0")
    result = check("raw", suite=suite.declared)
    assert all(one.failed and "price" in one.observed for one in result.outcomes)


def test_two_expectations_with_one_id_are_an_error(check):
    suite = TableSuite(Table("raw.job_posts"))
    suite.not_null("same", "Because.", "title")
    suite.not_null("same", "Because.", "category")
    with pytest.raises(LostExpectationError, match="not every declared expectation"):
        check("raw", suite=suite.declared)


def test_a_month_that_is_not_written_as_year_and_month_is_an_error(check):
    with pytest.raises(ValueError, match="2025-13"):
        check("raw", months=["2025-11", "2025-13"])


def test_an_unknown_stage_is_an_error_that_names_the_stages(check):
    with pytest.raises(KeyError, match="raw, staging, predictions, marts, report"):
        check("mart")
