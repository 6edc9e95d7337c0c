"""The audit's design: known probabilities above 0 that add up, permanent numbers, an unbiased estimate."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.features.keywords import TECHNOLOGIES
from ml.labelling.design import (
    REST,
    WIDER_NET,
    allocation,
    drawn,
    half_width,
    permanent_numbers,
    precision_table,
    sampling_design,
    strata,
)
from tests.support.sample_month import sample_month

SEEDS = 500


@pytest.mark.parametrize("expected_size", [1, 100, 999, 1000, 5000])
def test_probabilities_are_above_zero_at_most_one_and_add_up_to_the_expected_size(expected_size: int) -> None:
    probability = sampling_design(sample_month(), expected_size)["inclusion_probability"]
    assert probability.gt(0).all() and probability.le(1).all()
    assert probability.sum() == pytest.approx(min(expected_size, 1000))


def test_a_stratum_smaller_than_its_share_is_read_whole_and_the_rest_goes_to_the_others() -> None:
    probability = allocation(pd.Series({"ai near one half": 3, WIDER_NET: 5000, REST: 50_000}), 400)
    assert probability["ai near one half"] == 1
    assert probability @ np.array([3, 5000, 50_000]) == pytest.approx(400)


def test_a_sample_of_no_post_is_refused() -> None:
    with pytest.raises(ValueError, match="expected size 0"):
        sampling_design(sample_month(), 0)


def test_a_post_lies_in_the_stratum_of_the_least_decided_and_then_the_rarest_technology() -> None:
    missing = float("nan")
    rows = {
        "ai near one half": (0.65, 0.9, 0.9, False),
        "rpa near one half": (0.5, missing, 0.31, False),
        "cloud accepted": (0.9, 0.9, missing, True),
        "ai refused": (0.1, missing, missing, True),
        WIDER_NET: (missing, missing, missing, True),
        REST: (missing, missing, missing, False),
    }
    posts = pd.DataFrame(rows.values(), columns=[*(f"{t}_probability" for t in TECHNOLOGIES), "is_in_wider_net"])
    accepted = {f"{t}_accepted": posts[f"{t}_probability"] >= 0.5 for t in TECHNOLOGIES}
    assert strata(posts.assign(**accepted)).tolist() == list(rows)


def test_the_draw_depends_on_the_id_and_the_seed_alone() -> None:
    design = sampling_design(sample_month(), 100)
    shuffled = design.sample(frac=1, random_state=1)
    assert set(drawn(design, 7)["post_id"]) == set(drawn(shuffled, 7)["post_id"])
    assert set(drawn(design, 7)["post_id"]) != set(drawn(design, 8)["post_id"])
    assert permanent_numbers(["post 1"], "audit 7")[0] == pytest.approx(0.32164569032395457, abs=1e-15)


def test_a_later_sample_of_the_month_holds_the_earlier_one_also_after_the_models_changed() -> None:
    first = sampling_design(sample_month(), 100)
    changed = sample_month(seed=4)
    second = sampling_design(changed, 60, first)
    assert set(drawn(first, 7)["post_id"]) < set(drawn(second, 7)["post_id"])
    assert (second["inclusion_probability"] >= first["inclusion_probability"]).all()
    assert (second["inclusion_probability"] >= sampling_design(changed, 60)["inclusion_probability"]).all()


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    """(SEEDS, posts): whether each post of the sample month is in each of many draws."""
    design = sampling_design(sample_month(), 100)
    return np.stack([design.index.isin(drawn(design, seed).index) for seed in range(SEEDS)])


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_the_corrected_total_is_unbiased_over_many_draws(samples: np.ndarray, technology: str) -> None:
    """Difference estimator: accepted posts plus the weighted errors found; without its weights it would be biased."""
    posts = sample_month()
    probability = sampling_design(posts, 100)["inclusion_probability"].to_numpy()
    truth, verdict = (posts[f"{technology}_{what}"].to_numpy(dtype=float) for what in ("truth", "accepted"))
    totals = verdict.sum() + samples @ ((truth - verdict) / probability)
    tolerance = 3.5 * totals.std() / SEEDS**0.5
    assert samples.sum(axis=1).mean() == pytest.approx(100, abs=1.5)
    assert abs(totals.mean() - truth.sum()) < tolerance
    assert abs(verdict.sum() + samples.sum(axis=0) @ (truth - verdict) / SEEDS - truth.sum()) > tolerance, "no weights"


def test_the_precision_table_of_the_docs_is_the_design_s() -> None:
    page = (Path(__file__).parents[3] / "docs" / "labelling.md").read_text(encoding="utf-8")
    assert precision_table() in page, "renew it: python -m ml.labelling.design"


def test_the_half_width_is_that_of_a_simple_random_sample_where_there_is_one_stratum() -> None:
    """1,000 posts, 100 read, error share .35: the sum of (1 / .1 - 1) over 350 errors is 3,150."""
    assert half_width({"ai near one half": 1000}, 100) == pytest.approx(100 * 1.96 * 3150**0.5 / 1000)
    assert half_width({"ai near one half": 1000}, 1000) == pytest.approx(0, abs=1e-6)
