"""False rises, power and coverage over markets whose truth is known; the figures stand in docs/growth.md."""

import pytest

from tests.worlds.growth_table import NULL_DESIGNS, coverage, mixed_months, null_months
from tests.worlds.growth_worlds import Design

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("design", ["usual", "season that drifts fast"])
def test_where_nothing_changes_few_months_name_any_rise(design: str) -> None:
    figures = null_months(NULL_DESIGNS[design], worlds=20, seed=11)
    print(design, figures)
    assert figures["any_rose"] <= 0.10 + 2 * figures["standard_error"]


def test_seasons_that_differ_between_series_are_still_found() -> None:
    # factors of a series differ from those of its world by 20 %, so that its own are worth more than the world's
    design = Design(own_season=0.20)
    figures = null_months(design, worlds=10, seed=14)
    print(figures)
    assert figures["season_rms_error"] < 15 < 100 * design.own_season * 2**0.5


def test_where_some_series_move_few_of_the_named_ones_are_false() -> None:
    figures = mixed_months(Design(), worlds=20, seed=12)
    print(figures)
    assert figures["false_share"] <= 0.10
    assert figures["power_40_60"] > 0.5


@pytest.mark.parametrize("history", [14, 36, 71])
def test_intervals_hold_the_true_growth_of_four_hundred_worlds(history: int) -> None:
    figures = coverage(400, history, seed=13)
    print(figures)
    assert 0.925 <= figures["covered"] <= 0.975
