"""Where an audit sample corrects, the report uses the corrected share and says so; the naive one stands beside."""

from collections.abc import Callable

import pandas as pd
import pytest

from dagster_project.reports.claims.claims import ClaimMismatchError, verify_claims
from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from tests.support.plain_drawings import plain_drawings
from tests.support.sample_marts import sample_context

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]

WORDS = "corrected by audit sample of 150 posts"
METRICS = {
    "monthly_technology_posts": ["penetration_share"],
    "period_technology_category_shares": ["composition_share", "penetration_share"],
    "period_projected_values": ["high_value_share"],
    "monthly_ai_skills": ["ai_share"],
    "period_contract_values": ["high_value_share"],
}


def with_audit(marts: Marts) -> Marts:
    """Every share corrected to nine tenths of the naive one, and rates of the classifiers."""
    for mart, metrics in METRICS.items():
        frame = marts[mart].assign(correction=WORDS)
        for metric in metrics:
            for end in ("", "_low", "_high"):
                frame[f"corrected_{metric}{end}"] = frame[f"{metric}{end}"].astype(float) * 0.9
        marts[mart] = frame
    audit = marts["classifier_audit"].assign(audited_count=150, is_covered=True, not_corrected_reason=None)
    rates = [column for column in audit.columns if column.startswith(("sens", "spec", "prec", "keyword", "rogan"))]
    audit[[*rates, "missed_by_keywords_share_high"]] = 0.03
    marts["classifier_audit"] = audit.assign(missed_by_keywords_posts_high=49.9)
    return marts


@pytest.fixture(scope="module")
def report(_marts: Marts) -> Report:
    with plain_drawings():
        return build_annex(with_audit(dict(_marts)), sample_context())


def test_a_sentence_uses_the_corrected_share_and_names_the_classifier_s_own(report: Report, marts: Marts) -> None:
    (claim,) = [claim for claim in report.claims if " AI work made up " in f" {claim.sentence}"][:1]
    assert claim.metric == "corrected_penetration_share"
    assert WORDS in claim.sentence
    assert "the classifier's own count is" in claim.sentence
    rows = with_audit(marts)["monthly_technology_posts"]
    assert claim.value in set(rows["corrected_penetration_share"])


def test_a_sentence_on_contracts_uses_the_corrected_share(report: Report) -> None:
    claim = next(c for c in report.claims if c.sentence.startswith("Of the AI contracts that started in 2022-2023"))
    # nine tenths of 57.8 %
    assert claim.metric == "corrected_high_value_share"
    assert "52.0%" in claim.sentence and f"more than 1,000 USD ({WORDS};" in claim.sentence
    assert "the classifier's own count is 57.8%, 208 of 360 contracts" in claim.sentence


def test_the_headline_says_that_it_is_corrected(report: Report) -> None:
    assert "corrected for the classifier&#39;s errors" in report.html


def test_tables_hold_naive_and_corrected_side_by_side(report: Report) -> None:
    assert "Corrected" in report.markdown
    assert "Penetration, corrected" in report.markdown
    assert "The classifiers in the audit sample" in report.markdown


def test_without_an_audit_sample_the_word_is_not_corrected(annex: Report) -> None:
    page = annex.markdown
    assert "ot corrected: no audit sample" in page
    assert "Penetration, corrected" not in page
    assert "The classifiers in the audit sample" not in page


def test_a_changed_corrected_cell_fails_the_claims(report: Report, marts: Marts) -> None:
    corrected = with_audit(marts)
    frame: pd.DataFrame = corrected["monthly_technology_posts"]
    corrected["monthly_technology_posts"] = frame.assign(corrected_penetration_share=0.5)
    with pytest.raises(ClaimMismatchError, match="corrected_penetration_share"):
        verify_claims(report.claims, corrected, report.html)
