"""The registry: columns of every statistic, errors that name the table."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.audit.correction import ERROR_CLASSES
from dagster_project.statistics.core.estimates import CountsError
from dagster_project.statistics.registry import REGISTRY, compute


def share_counts(rows: int = 4) -> pd.DataFrame:
    """int_period_share_counts with `rows` categories; a tenth of a category's posts are classified."""
    classified, total, category = np.full(rows, 10), np.full(rows, 10 * rows), np.full(rows, 100)
    counts = pd.DataFrame({
        "period_id": "2025-11", "technology": "ai", "value_filter": "all",
        "category_id": [f"category_{row}" for row in range(rows)],
        "classified_count": classified, "technology_post_count": total, "category_post_count": category,
        "composition_cluster_count": 8 * rows, "composition_sum_yy": 14, "composition_sum_yn": 14,
        "composition_sum_nn": 14 * rows,
        "penetration_cluster_count": 80, "penetration_sum_yy": 14, "penetration_sum_yn": 16,
        "penetration_sum_nn": 140,
    })  # fmt: skip
    return counts.assign(**without_audit(counts))


def without_audit(counts: pd.DataFrame) -> dict[str, object]:
    """The correction's columns where no audit sample was provided: the naive sums, and why nothing is corrected."""
    sums = {c.replace("_", "_corrected_", 1): counts[c] for c in counts if c.startswith(("composition", "penetration"))}
    errors = {f"{name}_{kind}": 0.0 for name in ERROR_CLASSES for kind in ("weight", "squares")}
    sample = {
        "audited_count": 0,
        "category_audited_count": 0,
        "unfound_candidate_weight": 0.0,
        "unfound_other_weight": 0.0,
    }
    reason = {"corrected_count": counts["classified_count"], "not_corrected_reason": "no audit sample"}
    return {**sums, **errors, **sample, **reason}


def test_period_shares_are_fractions_inside_their_interval() -> None:
    estimates = compute("period_shares", share_counts())
    assert list(estimates.columns) == [
        "period_id", "technology", "category_id", "value_filter",
        "composition_share", "composition_share_low", "composition_share_high",
        "penetration_share", "penetration_share_low", "penetration_share_high", "method",
        "corrected_composition_share", "corrected_composition_share_low", "corrected_composition_share_high",
        "corrected_penetration_share", "corrected_penetration_share_low", "corrected_penetration_share_high",
        "correction", "penetration_share_correction",
    ]  # fmt: skip
    assert estimates["composition_share"].tolist() == [0.25] * 4
    assert estimates["penetration_share"].tolist() == [0.1] * 4
    for metric in ("composition_share", "penetration_share"):
        assert (estimates[f"{metric}_low"] < estimates[metric]).all()
        assert (estimates[metric] < estimates[f"{metric}_high"]).all()


def test_a_category_without_posts_has_null_penetration() -> None:
    counts = share_counts()
    zero = ["classified_count", "category_post_count", *(c for c in counts if c.startswith("penetration_"))]
    counts.loc[0, zero] = 0
    estimates = compute("period_shares", counts)
    assert estimates.loc[0, ["penetration_share", "penetration_share_low"]].isna().all()
    assert estimates.loc[0, "composition_share"] == 0


def test_pulse_shares_count_respondents_as_independent() -> None:
    counts = pd.DataFrame({
        "wave_month": [pd.Timestamp("2025-11-01")] * 2, "question_id": "plan", "wording_version": "v1",
        "answer": ["yes", "no"], "respondent_count": 100, "weighted_respondent_count": 0,
        "answer_weight": [40.0, 60.0], "respondent_weight": 100.0, "respondent_weight_squares": 100.0,
    })  # fmt: skip
    estimates = compute("pulse_shares", counts)
    assert estimates["answer_share"].tolist() == [0.4, 0.6]
    # Wilson at 40 of 100: 0.3094 to 0.4980
    assert estimates.loc[0, "answer_share_low"] == pytest.approx(0.3094, abs=1e-4)
    assert estimates.loc[0, "answer_share_high"] == pytest.approx(0.4980, abs=1e-4)
    assert estimates["method"].unique().tolist() == ["Wilson at Kish's effective n, respondents taken as independent"]
    assert estimates["weighting"].unique().tolist() == ["unweighted"]


@pytest.mark.parametrize("statistic_id", list(REGISTRY))
def test_every_statistic_keeps_its_columns_on_an_empty_frame(statistic_id: str) -> None:
    statistic = REGISTRY[statistic_id]
    empty = pd.DataFrame(columns=[*statistic.keys, *statistic.inputs])
    estimates = compute(statistic_id, empty)
    assert estimates.empty
    grain = statistic.grain or statistic.keys
    assert estimates.columns[: len(grain)].tolist() == grain
    assert "method" in estimates.columns


def test_an_unknown_statistic_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="period_shares"):
        compute("shares_of_tomorrow", pd.DataFrame())


def test_a_missing_column_is_named_with_its_table() -> None:
    with pytest.raises(CountsError, match=r"int_period_share_counts has no column penetration_sum_nn"):
        compute("period_shares", share_counts().drop(columns="penetration_sum_nn"))


def test_a_repeated_key_is_refused() -> None:
    with pytest.raises(CountsError, match="two rows"):
        compute("period_shares", pd.concat([share_counts(), share_counts()]))


def test_a_null_count_is_refused_and_not_taken_for_zero() -> None:
    counts = share_counts().astype({"classified_count": "Int64"})
    counts.loc[2, "classified_count"] = pd.NA
    with pytest.raises(CountsError, match=r"classified_count is null in 1 rows"):
        compute("period_shares", counts)
