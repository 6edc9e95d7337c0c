"""High values by category: the true contracts unmixed from those of posts that were accepted falsely."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.contracts.values import unmixed_share
from dagster_project.statistics.registry import REGISTRY, compute

VALUES = REGISTRY["period_contract_values"]


def counts(**changes: object) -> pd.DataFrame:
    """AI contracts of a category: 100, 65 of them high; beside 1,000 others, 200 of them high; 70 of 100 posts true."""
    sample = dict.fromkeys(VALUES.inputs, 0.0)
    row = {
        "period_id": "2022_2023", "technology": "ai", "category_id": "translation", "value_kind": "closed",
        "contract_count": 100, "known_value_count": 100, "valued_count": 100, "high_value_count": 65,
        "high_value_cluster_count": 100, "high_value_sum_yy": 65, "high_value_sum_yn": 65, "high_value_sum_nn": 100,
        "known_value_cluster_count": 100, "known_value_sum_yy": 100, "known_value_sum_yn": 100,
        "known_value_sum_nn": 100, "not_corrected_reason": "fewer than 30 contracts with an audited post",
        "other_valued_count": 1000, "other_high_value_count": 200, "accepted_audited_count": 100,
        "accepted_true_weight": 700.0, "accepted_true_squares": 7000.0, "accepted_false_weight": 300.0,
        "accepted_false_squares": 3000.0, "unfound_post_weight": 10.0, "posts_not_corrected_reason": None,
    }  # fmt: skip
    return pd.DataFrame([{**sample, **row, **changes}])


def corrected(**changes: object) -> pd.Series:
    return compute(VALUES.id, counts(**changes)).iloc[0]


def test_the_true_contracts_are_worth_what_is_left_when_the_false_ones_are_worth_as_the_others() -> None:
    # 30 of the 100 are false and 6 of these high: 59 of 70
    row = corrected()
    assert row["corrected_high_value_share"] == pytest.approx(59 / 70, abs=1e-6)
    assert row["correction"] == "corrected by a model and an audit sample of 100 posts"
    assert row["high_value_share"] == 0.65
    assert row["corrected_high_value_share_low"] < 59 / 70 < row["corrected_high_value_share_high"]


def test_the_interval_adds_the_squared_distances_of_each_part_alone() -> None:
    mixed, others, precision = (np.array([x]) for x in (0.65, 0.2, 0.7))
    exact = (mixed, mixed, mixed), (others, others, others), (precision, precision, precision)
    apart = [
        unmixed_share((mixed, mixed - 0.05, mixed + 0.05), *exact[1:]),
        unmixed_share(exact[0], (others, others - 0.02, others + 0.03), exact[2]),
        unmixed_share(*exact[:2], (precision, precision - 0.1, precision + 0.05)),
    ]
    value, low, high = unmixed_share(
        (mixed, mixed - 0.05, mixed + 0.05),
        (others, others - 0.02, others + 0.03),
        (precision, precision - 0.1, precision + 0.05),
    )
    assert apart[0][1] == pytest.approx(0.2 + 0.4 / 0.7)
    assert apart[2][2] == pytest.approx(0.2 + 0.45 / 0.6), "a lower precision leaves the true ones worth more"
    assert value - low == pytest.approx(np.sqrt(sum((value - one[1]) ** 2 for one in apart)))
    assert high - value == pytest.approx(np.sqrt(sum((one[2] - value) ** 2 for one in apart)))


def test_a_share_beyond_all_of_them_is_told_as_all_with_its_distance_below() -> None:
    some = np.array([0.9]), np.array([0.8]), np.array([0.95])
    value, low, high = unmixed_share(some, (np.array([0.1]),) * 3, (np.array([0.5]),) * 3)
    assert (value, high) == (1, 1)
    assert low == pytest.approx(0.8), "0.1 / 0.5 below all of them"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"posts_not_corrected_reason": "no audit sample"}, "no audit sample"),
        ({"accepted_audited_count": 0}, "no audited post among those that the number is about"),
        ({"accepted_true_weight": 0.0, "accepted_true_squares": 0.0}, "the audit confirmed none of the category's"),
        ({"other_valued_count": 0, "other_high_value_count": 0}, "no other contract in the category"),
        ({"valued_count": 0, "high_value_count": 0}, "no contract of known value"),
    ],
)
def test_what_cannot_be_modelled_says_why(changes: dict[str, object], reason: str) -> None:
    row = corrected(**changes)
    assert row["correction"].startswith(f"not corrected: {reason}")
    assert pd.isna(row["corrected_high_value_share"]) and pd.isna(row["corrected_high_value_share_high"])


def test_all_categories_together_and_contracts_of_no_technology_are_not_modelled() -> None:
    for changes in ({"category_id": "all"}, {"technology": "non_ai"}, {"technology": "any"}):
        row = corrected(**changes)
        assert row["correction"] == "not corrected: fewer than 30 contracts with an audited post"
        assert pd.isna(row["corrected_high_value_share"])


def test_nine_in_ten_intervals_or_more_hold_the_truth_of_contracts_that_the_model_describes() -> None:
    """600 accepted contracts of which 0.7 are true and high with 0.85, the false ones as the others with 0.2."""
    rng, worlds = np.random.default_rng(2025), 1000
    true = rng.binomial(600, 0.7, worlds)
    high = rng.binomial(true, 0.85) + rng.binomial(600 - true, 0.2)
    read = rng.binomial(150, 0.7, worlds)
    frame = pd.concat([counts()] * worlds, ignore_index=True).assign(
        period_id=[f"w{world}" for world in range(worlds)], valued_count=600, known_value_count=600, contract_count=600,
        high_value_count=high, high_value_cluster_count=600, high_value_sum_yy=high, high_value_sum_yn=high,
        high_value_sum_nn=600, known_value_cluster_count=600, known_value_sum_yy=600, known_value_sum_yn=600,
        known_value_sum_nn=600, other_high_value_count=rng.binomial(1000, 0.2, worlds), accepted_audited_count=150,
        accepted_true_weight=10.0 * read, accepted_true_squares=100.0 * read,
        accepted_false_weight=10.0 * (150 - read), accepted_false_squares=100.0 * (150 - read),
    )  # fmt: skip
    rows = compute(VALUES.id, frame)
    low, high_limit = (rows[f"corrected_high_value_share_{end}"].astype(float) for end in ("low", "high"))
    held = ((low <= 0.85) & (high_limit >= 0.85)).mean()
    print(f"held in {held:.1%}, mean width {(high_limit - low).mean():.3f}")
    assert 0.93 <= held <= 0.985
