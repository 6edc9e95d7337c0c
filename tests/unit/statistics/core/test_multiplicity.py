"""False discovery control over a list of growths."""

import pytest

from dagster_project.statistics.core.multiplicity import one_sided_q_values


def test_benjamini_hochberg_worked_by_hand() -> None:
    # m = 4: .011 x 4/1 = .044, .045 x 4/2 = .09, .06 x 4/3 = .08, .9; from the largest down the least so far
    assert one_sided_q_values([0.06, 0.011, 0.045, 0.9]) == pytest.approx([0.08, 0.044, 0.08, 0.9])


def test_a_p_value_above_the_largest_allowed_counts_as_one_and_helps_no_other() -> None:
    # only .011 is left of the four: .011 x 4 = .044
    assert one_sided_q_values([0.06, 0.011, 0.045, 0.9], largest_p=0.025) == pytest.approx([1, 0.044, 1, 1])


def test_an_empty_family_finds_nothing() -> None:
    assert one_sided_q_values([]).tolist() == []
