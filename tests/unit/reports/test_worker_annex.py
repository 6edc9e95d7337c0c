"""The annex of the worker study: sentences from rows, populations as the rows name them, what it must not print."""

from collections.abc import Callable

import pandas as pd
import pytest

from dagster_project.reports.claims.claims import ClaimMismatchError, verify_claims
from dagster_project.reports.claims.hedges import likelihood
from dagster_project.reports.page.annex import build_worker_annex
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext, study_waves

WAVE = "2025-07"


@pytest.fixture
def report(worker_annex: Report) -> Report:
    return worker_annex


def test_every_wave_of_the_marts_is_named(study: dict[str, pd.DataFrame]) -> None:
    assert study_waves(study) == [WAVE]
    assert study_waves({name: frame.iloc[:0] for name, frame in study.items()}) == []


def test_a_sentence_names_the_population_of_its_row(report: Report, study: dict[str, pd.DataFrame]) -> None:
    shares = study["study_answer_shares"].set_index(["question_id", "measure", "population_id"])
    for claim in report.claims:
        assert claim.population.lower() in claim.sentence.lower()
        if claim.mart == "study_answer_shares":
            key = (claim.key["question_id"], claim.key["measure"], claim.key["population_id"])
            assert claim.population == shares.loc[key, "population"]
    assert "workers" not in " ".join(claim.sentence for claim in report.claims)
    assert "globally" not in report.html


def test_a_claim_whose_row_changed_fails(report: Report, study: dict[str, pd.DataFrame]) -> None:
    changed = study | {"study_group_comparisons": study["study_group_comparisons"].assign(difference_points=1.0)}
    with pytest.raises(ClaimMismatchError, match="difference_points"):
        verify_claims(report.claims, changed, report.html)


def test_both_pages_say_simulated_and_what_the_sample_is(report: Report) -> None:
    for text in (report.html, report.markdown):
        assert "Every number on this page comes from simulated answers" in text
        assert "unweighted quota sample" in text
        assert "classifier" not in text


def test_the_sum_of_the_rules_comes_last_in_their_table(report: Report) -> None:
    rows = [row for row in report.markdown.split("**Eligibility**", 1)[1].splitlines() if row.startswith("| ")]
    table = rows[: next(place for place, row in enumerate(rows) if "Level" in row)]
    assert table[-1].startswith("| Every rule ") and len(table) > 3


def test_a_quota_that_is_not_met_is_a_sentence_of_its_row(report: Report) -> None:
    sentence = "The quota of freelance respondents is not met: 80 of 100 eligible respondents answered."
    (claim,) = (claim for claim in report.claims if claim.mart == "study_sample")
    assert (claim.sentence, claim.value, claim.key["level"]) == (sentence, 80, "freelance")


@pytest.mark.parametrize(
    ("ratio", "low", "words"),
    [(2.0, 1.3, "twice as likely"), (2.0, 1.2, "2.0 times as likely"), (1.5, 1.4, "1.5 times as likely"),
     (2.6, 2.0, "2.6 times as likely")],
)  # fmt: skip
def test_twice_as_likely_is_a_tested_word(ratio: float, low: float, words: str) -> None:
    assert likelihood(ratio, low) == words


def test_a_change_since_the_wave_before_is_told_only_where_the_wording_is_the_same(
    study: dict[str, pd.DataFrame], make_context: Callable[..., RunContext]
) -> None:
    assert "No earlier wave asked these questions" in build_worker_annex(study, make_context(), "2025-07").html
    changes = study["study_wave_changes"].assign(
        base_wave_month=pd.Timestamp("2025-01-01"), base_respondent_count=90, base_share=0.2, status="compared"
    )
    points = 100 * (changes["answer_share"].astype(float) - 0.2)
    changes = changes.assign(change_points=points, change_points_low=points - 5, change_points_high=points + 5)
    changes.loc[changes.index[0], ["status", "change_points", "change_points_low", "change_points_high"]] = [
        *("wording changed", None, None, None)
    ]
    report = build_worker_annex({**study, "study_wave_changes": changes}, make_context(), "2025-07")
    told = [claim for claim in report.claims if claim.mart == "study_wave_changes"]
    assert told and all("since January 2025: from 20.0% to" in claim.sentence for claim in told)
    assert all(claim.key["population_id"] != changes["population_id"].iloc[0]
               or claim.key["measure"] != changes["measure"].iloc[0]
               or claim.key["question_id"] != changes["question_id"].iloc[0] for claim in told)  # fmt: skip
    assert "wording changed" in report.html
