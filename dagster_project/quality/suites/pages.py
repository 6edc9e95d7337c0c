"""Report: every printed number equals its mart row, every sentence says what its row bears, simulated figures say so.

The tables are frames made by `quality/engine/report_tables.py`.
"""

from dagster_project.quality.declaration import Declared, Table, TableSuite

CLAIMS = Table("report.claims", frozenset({"job_posts"}))
VIOLATIONS = Table("report.violations", frozenset({"job_posts"}))
PAGES = Table("report.pages")
DISCLOSURE = Table("report.disclosure")


def report() -> list[Declared]:
    """Expectations of the claims and the pages of a report."""
    return [*_claims(), *_violations(), *_pages(), *_disclosure()]


def _claims() -> list[Declared]:
    claims = TableSuite(CLAIMS)
    claims.row_count("report_makes_claims", "A report without a traceable sentence has lost its findings.")
    claims.no_rows(
        "report_claims_name_exactly_one_mart_row",
        "A sentence that cannot be traced to one row cannot be checked by its reader.",
        "select sentence, mart, key, metric, mart_row_count from {batch} where (mart_row_count = 1) is not true",
    )
    claims.no_rows(
        "report_claims_equal_their_mart_row",
        "A printed value that differs from the warehouse is wrong, whichever of the two changed.",
        "select sentence, mart, key, metric, value, mart_value from {batch}"
        " where mart_row_count = 1 and value is distinct from mart_value"
        " and (abs(value - mart_value) <= 1e-9 * greatest(1, abs(mart_value))) is not true",
    )
    claims.no_rows(
        "report_claims_lie_in_their_intervals",
        "An interval that does not contain its estimate belongs to another number.",
        "select sentence, metric, value, low, high from {batch}"
        " where low is not null and high is not null and (low <= value and value <= high) is not true",
    )
    return claims.declared


def _violations() -> list[Declared]:
    violations = TableSuite(VIOLATIONS)
    violations.no_rows(
        "report_sentences_pass_the_linter",
        "A hedge, a population or a number that the row does not bear is a false sentence.",
        "select sentence, row, rule from {batch}",
        judges_empty_table=True,
    )
    return violations.declared


def _pages() -> list[Declared]:
    pages = TableSuite(PAGES)
    pages.row_count("report_has_both_pages", "The report is an HTML page and its Markdown twin.", minimum=2)
    pages.no_rows(
        "report_pages_have_text",
        "A page of a few words is a template that lost its content.",
        "select page, length(text) as characters from {batch} where (length(text) >= 500) is not true",
    )
    pages.no_rows(
        "report_pages_say_simulated",
        "Simulated figures must never be taken for a market's.",
        "select page, is_simulated from {batch} where is_simulated is null"
        " or is_simulated and contains(lower(text), 'simulated') is not true",
    )
    return pages.declared


def _disclosure() -> list[Declared]:
    disclosure = TableSuite(DISCLOSURE)
    disclosure.no_rows(
        "report_release_tells_no_small_cell",
        "A group of 1 to 9 rows or of fewer than 3 clients that a release prints, or that follows from all that was "
        "released, tells of single people.",
        "select key, problem from {batch}",
        judges_empty_table=True,
    )
    return disclosure.declared
