"""Hedge words are tests: each word on both sides of its limits, and what is generated passes its own test."""

import numpy as np
import pytest

from dagster_project.reports.claims.hedges import (
    GROWTH,
    SHARE,
    hedged_growth,
    hedged_numbers,
    hedged_share,
    is_hedge_true,
    largest,
    likelihood,
)


@pytest.mark.parametrize(
    ("kind", "hedge", "round_number", "true", "false"),
    [
        (SHARE, "over", 55, (55.1, 60.0), (55.0, 60.1, 54.9)),
        (SHARE, "nearly", 90, (86.0, 89.9), (85.9, 90.0, 90.1)),
        (SHARE, "about", 15, (12.5, 15.0, 17.5), (12.4, 17.6)),
        (GROWTH, "over", 200, (200.1, 230.0), (200.0, 230.1, 199.9)),
        (GROWTH, "nearly", 300, (270.0, 299.9), (269.9, 300.0, 301.0)),
        (GROWTH, "about", 50, (45.0, 55.0), (44.9, 55.1)),
    ],
)
def test_a_hedge_holds_between_its_limits_alone(kind, hedge, round_number, true, false):
    assert all(is_hedge_true(kind, hedge, round_number, value) for value in true)
    assert not any(is_hedge_true(kind, hedge, round_number, value) for value in false)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.881, "nearly nine in ten"), (0.763, "over three quarters"), (0.484, "nearly half"), (0.668, "about two thirds"),
     (0.55, "about 55%"), (0.577, "nearly 60%"), (0.567, "over 55%"), (0.004, "0.4%")],
)  # fmt: skip
def test_a_share_is_told_by_the_nearest_round_number(share, words):
    assert hedged_share(share) == words


@pytest.mark.parametrize(
    ("growth", "words"), [(285.0, "nearly 300%"), (268.0, "over 250%"), (48.2, "nearly 50%"), (1.2, "1.2%")]
)
def test_a_growth_is_told_by_the_nearest_round_number(growth, words):
    assert hedged_growth(growth) == words


@pytest.mark.parametrize(
    ("kind", "told", "values"),
    [
        (SHARE, lambda value: hedged_share(value / 100), np.arange(0, 100.01, 0.01)),
        (
            GROWTH,
            hedged_growth,
            np.concatenate([np.arange(0, 500, 0.05), np.random.default_rng(7).uniform(0, 9e5, 2000)]),
        ),
    ],
    ids=["shares", "growths"],
)
def test_a_generated_hedge_always_passes_its_own_test(kind, told, values):
    hedges = 0
    for value in values:
        for hedged in hedged_numbers(told(value)):
            hedges += 1
            assert is_hedge_true(kind, hedged.hedge, hedged.round_number, value), (value, told(value))
    assert hedges > 0.7 * len(values)


@pytest.mark.parametrize(
    ("ratio", "low", "words"),
    [(2.0, 1.3, "twice as likely"), (1.6, 1.26, "twice as likely"), (2.0, 1.25, "2.0 times as likely"),
     (2.6, 2.0, "2.6 times as likely"), (1.5, 1.3, "1.5 times as likely")],
)  # fmt: skip
def test_twice_as_likely_needs_a_ratio_near_two_that_is_surely_above_one(ratio, low, words):
    assert likelihood(ratio, low) == words


def test_the_largest_needs_a_rank_interval_that_excludes_the_next():
    assert largest("category", "categories", 1) == "the largest category"
    assert largest("category", "categories", 2) == "among the largest categories"
