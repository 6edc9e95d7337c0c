"""The report's section on what became of numbers that were released before."""

from collections.abc import Callable

import pandas as pd
import pytest

from dagster_project.reports.claims.claims import ClaimMismatchError, verify_claims
from dagster_project.reports.lint.sentences import lint_claims
from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.bulletin import build_bulletin
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from tests.support.plain_drawings import plain_drawings
from tests.support.sample_marts import sample_context

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]
EARLIER = "2025-10-aaaaaaaaaaaa"


@pytest.fixture(scope="module")
def report(_marts: Marts) -> Report:
    with plain_drawings():
        return build_annex(_marts, sample_context(compared_release_id=EARLIER))


def test_the_first_release_says_that_there_is_nothing_to_compare(annex: Report) -> None:
    report = annex
    assert "This is the first release that can be compared: there is nothing to compare it with." in report.html
    assert not [claim for claim in report.claims if claim.mart == "revisions"]


def test_revised_numbers_are_printed_largest_against_their_interval_first(report: Report) -> None:
    revised = [claim for claim in report.claims if claim.mart == "revisions" and "released as" in claim.sentence]
    assert [claim.sentence for claim in revised] == [
        "AI agents, 2025-10: released as +2.0%, now −3.0%; revised by −5.00 points (Growth of searches; 2 releases; "
        "95% interval now −13.0% to +7.0%; 0.5 margins of error as released).",
        "AI agents, 2025-09: released as 200, now 260; revised by +60 (Searches; 2 releases).",
        "AI agents, 2025-10: released as 300, now 290; revised by −10 (Searches; 2 releases).",
    ]
    assert "Numbers in sentences of earlier reports changed." in report.html


def test_a_revised_value_stands_beside_its_series(report: Report) -> None:
    rows = report.markdown.split("**Revised values", 1)[1].splitlines()
    assert [" | ".join(row.strip("| ").split(" | ")[:3]) for row in rows if row.startswith("| AI agents")] == [
        "AI agents, 2025-10 | Growth of searches | +2.0%",
        "AI agents, 2025-09 | Searches | 200",
        "AI agents, 2025-10 | Searches | 300",
    ]


def test_the_first_value_its_days_after_month_end_and_what_became_of_it_are_told(report: Report, marts: Marts) -> None:
    (claim,) = (claim for claim in report.claims if "first released" in claim.sentence)
    assert claim.sentence == (
        "AI agents, 2025-10: first released 4 days after month end as +2.0%; now −3.0%, revised by −5.00 points in "
        "2 releases (Growth of searches)."
    )
    marts["revisions"]["days_to_first_release"] = 5
    assert "4 is no number of the row" in "".join(violation.rule for violation in lint_claims([claim], marts))


def test_the_median_of_the_days_to_release_is_told(marts: Marts, make_context: MakeContext) -> None:
    marts["series_revisions"]["median_days_to_first_release"] = 4.0
    report = build_annex(marts, make_context(compared_release_id=EARLIER))
    told = "Growth of searches: the values of a month's own report came out 4 days after month end in the median"
    assert told in report.markdown


def test_each_series_with_a_revision_has_a_sentence(report: Report) -> None:
    # (0 + 60 + 10) / 3 and (0 + 0 + 5) / 3
    assert [claim.sentence for claim in report.claims if claim.mart == "series_revisions"] == [
        "Searches: 2 of 3 released values were revised; mean absolute revision 23.33.",
        "Growth of searches: 1 of 3 released values were revised; mean absolute revision 1.67 points.",
    ]


def test_without_a_revision_the_report_says_so(marts: Marts, make_context: MakeContext) -> None:
    marts["revisions"]["status"] = "unchanged"
    marts["series_revisions"]["revised_count"] = 0
    report = build_annex(marts, make_context(compared_release_id=EARLIER))
    assert "Nothing was revised: every value that can be compared is as it was released." in report.markdown


def test_what_cannot_be_compared_is_said(marts: Marts, make_context: MakeContext) -> None:
    remark = "Release 2025-09-bbbbbbbbbbbb is missing: its values cannot be compared."
    report = build_annex(marts, make_context(compared_release_id=EARLIER, not_compared=[remark]))
    assert remark in report.html
    assert remark in report.markdown


def test_a_changed_revision_row_fails_and_names_the_sentence(report: Report, marts: Marts) -> None:
    marts["revisions"]["latest_value"] += 1
    with pytest.raises(ClaimMismatchError, match="first released 4 days after month end as"):
        verify_claims(report.claims, marts, report.html)


def test_the_sentences_print_only_numbers_of_their_rows(report: Report, marts: Marts) -> None:
    claims = [claim for claim in report.claims if claim.mart in ("revisions", "series_revisions")]
    assert len(claims) == 6
    assert lint_claims(claims, marts) == []


def test_rows_that_newer_files_no_longer_hold_are_counted_by_month(marts: Marts, make_context: MakeContext) -> None:
    rows = marts["monthly_source_rows"]
    is_last = rows["posted_month"] == rows["posted_month"].max()
    marts["monthly_source_rows"] = rows.assign(rows_withdrawn=rows["rows_withdrawn"].mask(is_last, 12))
    told = (
        "Job posts of November 2025: 12 rows were in an earlier version of their file and are not in the newest; "
        "9,300 rows count."
    )
    assert told in build_annex(marts, make_context()).markdown
    note = "Newer files hold fewer rows; the annex counts them."
    assert note in build_bulletin(marts, make_context()).markdown
    marts["monthly_source_rows"] = rows
    assert note not in build_bulletin(marts, make_context()).markdown
