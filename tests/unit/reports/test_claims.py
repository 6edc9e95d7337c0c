"""Every sentence is bound to its mart row: what must stop the report."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from dagster_project.reports.claims.claims import Claim, ClaimMismatchError, verify_claims
from dagster_project.reports.lint.sentences import lint_claims, raise_violations
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]


@pytest.fixture
def built(annex: Report) -> Report:
    return annex


def claim_of(report: Report, mart: str) -> Claim:
    return next(claim for claim in report.claims if claim.mart == mart)


def row_of(claim: Claim, mart: pd.DataFrame) -> pd.Series:
    return pd.concat([mart[column].astype("str") == value for column, value in claim.key.items()], axis=1).all(axis=1)


@pytest.mark.parametrize(
    "mart",
    [
        "monthly_technology_posts",
        "period_technology_category_shares",
        "monthly_category_growth",
        "monthly_adjusted_growth",
        "period_projected_values",
        "period_contract_values",
        "monthly_contract_activity",
        "monthly_search_growth",
        "monthly_ai_skills",
        "pulse_answer_shares",
        "monthly_collection",
        "monthly_classifier_drift",
    ],
)
@pytest.mark.parametrize("cell", ["metric", "n_column"])
def test_a_changed_mart_cell_fails_and_names_the_sentence(built: Report, marts: Marts, mart: str, cell: str) -> None:
    claim = claim_of(built, mart)
    column = getattr(claim, cell)
    is_row = row_of(claim, marts[mart])
    assert is_row.sum() == 1
    marts[mart][column] = marts[mart][column].astype(float)
    marts[mart].loc[is_row, column] += 1
    with pytest.raises(ClaimMismatchError) as error:
        verify_claims(built.claims, marts, built.html)
    assert claim.sentence in str(error.value) or repr(claim.sentence) in str(error.value)


def test_a_changed_interval_fails(built: Report, marts: Marts) -> None:
    claim = claim_of(built, "monthly_technology_posts")
    marts[claim.mart].loc[row_of(claim, marts[claim.mart]), f"{claim.metric}_high"] += 0.01
    with pytest.raises(ClaimMismatchError, match="asked for AI work"):
        verify_claims(built.claims, marts, built.html)


def test_a_missing_and_a_doubled_row_fail(built: Report, marts: Marts) -> None:
    claim = claim_of(built, "pulse_answer_shares")
    rows = marts[claim.mart]
    for changed in (rows[~row_of(claim, rows)], pd.concat([rows, rows])):
        with pytest.raises(ClaimMismatchError, match="rows of pulse_answer_shares"):
            verify_claims(built.claims, {**marts, claim.mart: changed}, built.html)


def test_an_edited_sentence_on_the_page_fails(built: Report, marts: Marts) -> None:
    claim = claim_of(built, "period_projected_values")
    page = built.html.replace("with a known projected value", "of all workers")
    with pytest.raises(ClaimMismatchError, match="does not print this sentence") as error:
        verify_claims(built.claims, marts, page)
    assert claim.sentence in str(error.value)


def test_a_sentence_without_claim_on_the_page_fails(built: Report, marts: Marts) -> None:
    page = built.html.replace("</main>", '<span class="claim" data-claim="c999">AI rose by 99%.</span></main>')
    with pytest.raises(ClaimMismatchError, match=r"without a claim.*AI rose by 99%"):
        verify_claims(built.claims, marts, page)


def test_rose_needs_an_interval_above_no_change(built: Report, marts: Marts) -> None:
    claim = next(
        claim for claim in built.claims if claim.metric == "growth_pct" and "not distinguishable" in claim.sentence
    )
    lie = replace(claim, sentence="US job posts rose by 1.0%.")
    with pytest.raises(ClaimMismatchError, match="`rose` is not true of the row"):
        raise_violations(lint_claims([lie], marts))


@pytest.mark.parametrize("words", ["surged by 1.0%", "rose by 1.0%", "fell by 1.0%", "grew steadily: 1.0%"])
def test_a_word_of_adjusted_growth_needs_the_verdict_of_its_row(built: Report, marts: Marts, words: str) -> None:
    claim = next(
        claim
        for claim in built.claims
        if claim.metric == "adjusted_growth_pct" and "not distinguishable" in claim.sentence
    )
    lie = replace(claim, sentence=f"US job posts {words}.")
    with pytest.raises(ClaimMismatchError, match=r"is not true of the row.*monthly_adjusted_growth \["):
        raise_violations(lint_claims([lie], marts))


def test_every_claim_identifies_one_row_and_is_json_able(built: Report, marts: Marts) -> None:
    import json

    for claim in built.claims:
        assert row_of(claim, marts[claim.mart]).sum() == 1
        assert json.loads(json.dumps(claim.to_dict()))["sentence"] == claim.sentence


def test_every_sentence_with_an_estimate_prints_its_n_and_interval(built: Report) -> None:
    for claim in built.claims[1:]:
        if claim.low is not None:
            assert "95% interval" in claim.sentence
            assert f"{claim.n:,}" in claim.sentence
