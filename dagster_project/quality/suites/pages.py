"""Report: every printed number equals its mart row, every sentence says what its row bears, simulated figures say so.

The tables are frames: the claims beside the mart rows they name, what the linter finds, the pages.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.reports.claims.claims import Claim, RowsByKey
from dagster_project.reports.lint.pages import lint_pages
from dagster_project.reports.lint.prose import word_count
from dagster_project.storage.workspace import ANNEXES

CLAIMS = Table("report.claims", frozenset({"job_posts"}))
VIOLATIONS = Table("report.violations", frozenset({"job_posts"}))
PAGES = Table("report.pages")
DISCLOSURE = Table("report.disclosure")
CLAIM_COLUMNS = [
    *("page", "sentence", "mart", "key", "metric", "value", "low", "high", "mart_row_count", "mart_value"),
]
VIOLATION_COLUMNS = ["sentence", "row", "rule"]
PAGE_COLUMNS = ["page", "text", "is_simulated", "words"]
MOST_WORDS = 900


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
    pages.no_rows(
        "report_pages_are_short_enough_to_be_read",
        "Who reads a page has a few minutes: what is longer belongs into its annex. Long names of a feed are no error, "
        "so this is a warning.",
        f"select page, words, {MOST_WORDS} as at_most from {{batch}} where words > {MOST_WORDS}",
        severity=Severity.WARNING,
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


def report_tables(
    claims: Mapping[str, Sequence[Mapping[str, Any]]],
    marts: Mapping[str, pd.DataFrame],
    pages: Mapping[str, str],
    *,
    is_simulated: bool,
    quoted: Sequence[str] = (),
) -> dict[str, pd.DataFrame]:
    """Frames `report.claims`, `report.violations` and `report.pages` for `engine.open_source(frames=...)`.

    Args:
        claims: page without its ending (`hiring_report`) -> the entries of its claims file, see `Claim`.
        marts: mart name -> the rows that the warehouse holds now.
        pages: file name -> text, an `.html` and an `.md` for every key of `claims`.
        is_simulated: whether the feed is the simulated marketplace.
        quoted: texts with digits that the run brings and no mart holds: the feed's title, why a month was held.

    A claim whose mart, key column or metric does not exist gets mart_row_count 0, which the suite reports.
    """
    by_key = RowsByKey(marts)
    rows = [_claim_row(page, claim, by_key) for page, entries in claims.items() for claim in entries]
    page_rows = [
        {"page": page, "text": text, "is_simulated": is_simulated, "words": _words(page, text)}
        for page, text in pages.items()
    ]
    claims_frame = pd.DataFrame(rows, columns=CLAIM_COLUMNS)
    numbers = ["value", "low", "high", "mart_value"]
    claims_frame[numbers] = claims_frame[numbers].apply(pd.to_numeric).astype(float)
    return {
        "report.claims": claims_frame,
        "report.violations": pd.DataFrame(
            _violation_rows(claims, marts, pages, quoted), columns=VIOLATION_COLUMNS, dtype="str"
        ),
        "report.pages": pd.DataFrame(page_rows, columns=PAGE_COLUMNS).astype({"words": "Int64"}),
    }


def _violation_rows(
    claims: Mapping[str, Sequence[Mapping[str, Any]]],
    marts: Mapping[str, pd.DataFrame],
    pages: Mapping[str, str],
    quoted: Sequence[str],
) -> list[dict[str, str]]:
    """What the linter of sentences finds on the pages as they lie there, against the marts as they are now."""
    violations = [
        violation
        for page, entries in claims.items()
        for violation in lint_pages(
            list(map(Claim.from_dict, entries)),
            marts,
            pages[f"{page}.html"],
            pages[f"{page}.md"],
            quoted,
            cited=_cited(page, claims),
        )
    ]
    return [{"sentence": violation.sentence, "row": violation.row, "rule": violation.rule} for violation in violations]


def _words(page: str, text: str) -> int | None:
    """How many words a page for readers holds; None for an annex, which may be long, and for a Markdown twin."""
    name, _, ending = page.rpartition(".")
    return word_count(text) if ending == "html" and name not in ANNEXES else None


def _cited(page: str, claims: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Claim]:
    """The claims whose evidence the page lists for another one, as an annex does."""
    return list(map(Claim.from_dict, claims.get(ANNEXES.get(page, ""), [])))


def _claim_row(page: str, claim: Mapping[str, Any], by_key: RowsByKey) -> dict[str, Any]:
    found = by_key.find(claim["mart"], claim["key"])
    is_known = found is not None and claim["metric"] in found
    values = found[claim["metric"]] if found is not None and is_known else pd.Series(dtype=float)
    return {
        **{column: claim.get(column) for column in CLAIM_COLUMNS},
        "page": page,
        "key": json.dumps(claim["key"], default=str, sort_keys=True),
        "mart_row_count": len(values),
        "mart_value": values.iloc[0] if len(values) == 1 else None,
    }
