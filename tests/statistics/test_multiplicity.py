"""False discovery control over a list of growths."""

import numpy as np
import pytest

from dagster_project.statistics.growth import growth_interval
from dagster_project.statistics.multiplicity import discoveries, growth_p_values


def test_benjamini_hochberg_worked_by_hand() -> None:
    # m = 4, rate 10 %: limits .025 .05 .075 .1; .06 is below .075, so the first three are rejected
    assert discoveries([0.06, 0.011, 0.045, 0.9]).tolist() == [True, True, True, False]


def test_an_interval_that_touches_no_change_has_a_p_value_of_five_percent() -> None:
    assert growth_p_values([20.0], [0.0], [44.0])[0] == pytest.approx(0.05, abs=1e-9)


def test_a_fall_to_nothing_counts_as_a_fall() -> None:
    assert growth_p_values([-100.0], [-100.0], [-85.0]).tolist() == [0.0]


def test_an_empty_family_finds_nothing() -> None:
    assert discoveries([]).tolist() == []


def test_in_months_without_change_few_lists_name_anything() -> None:
    rng = np.random.default_rng(11)
    months, series = 400, 40
    growth, low, high = growth_interval(rng.poisson(300, (months, series)), rng.poisson(300, (months, series)), 1, 1)
    p_values = growth_p_values(growth, low, high)
    named = np.mean([discoveries(month).any() for month in p_values])
    assert named < 0.14
