"""Verdicts over worlds whose counts come from the simulated marketplace; the figures stand in docs/worlds.md."""

import numpy as np
import pandas as pd
import pytest

from tests.worlds.simulated_growth_table import judged_months, rises, season_errors

pytestmark = pytest.mark.slow
SEEDS, POSTS = range(101, 106), 20_000


def test_where_nothing_changes_few_months_name_any_rise() -> None:
    rows = pd.concat([judged_months("null", seed, POSTS) for seed in SEEDS])
    figures = rises(rows)
    print(figures)
    error = np.sqrt(0.1 * 0.9 / figures["months"])
    assert figures["any_rose"] <= 0.10 + 2 * error


def test_where_some_series_move_few_of_the_named_ones_are_false() -> None:
    rows = pd.concat([judged_months("mixed", seed, POSTS) for seed in SEEDS])
    figures = rises(rows)
    print(figures)
    assert figures["false_share"] <= 0.10
    assert figures["found_40_61"] > 0.4


def test_seasons_of_categories_are_known_to_three_points_and_intervals_hold_the_truth() -> None:
    rows = pd.concat([judged_months("null", seed, POSTS, "category") for seed in SEEDS])
    figures = season_errors(rows) | rises(rows)
    print(figures)
    assert figures["season_rms_error"] <= 3.0
    assert 0.925 <= figures["covered"] <= 0.975
    assert figures["any_rose"] <= 0.10 + 2 * np.sqrt(0.1 * 0.9 / figures["months"])
