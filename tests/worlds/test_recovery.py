"""The arithmetic of the recovery table: joint intervals, and when so many misses are no chance any more."""

import pandas as pd
import pytest

from dagster_project.simulation.worlds.planted import load_planted
from tests.worlds.mart_rows import MART_ROWS
from tests.worlds.recovery import verdict, widened
from tests.worlds.truths import headline_truths


def _world(inside: bool) -> pd.DataFrame:
    return pd.DataFrame([{"kind": "", "is_inside": inside, "is_inside_alone": inside}])


def test_the_planted_world_has_the_published_values_as_truths() -> None:
    truths = headline_truths(1, 1500, "planted")
    assert truths["J2 Data Science and Web, 2020-21"] == pytest.approx(0.715, abs=0.002)
    assert truths["J6 growth of non-technical AI posts, 2023"] == pytest.approx(268, abs=3)
    assert truths["J7 AI contracts above 1,000 USD"] == pytest.approx(0.58, abs=0.005)
    assert truths["J14 growth of AI-agent searches"] == pytest.approx(285)
    assert truths["V2 mean gain"] == pytest.approx(40, abs=0.1)
    assert truths["V6 risk ratio of quitting"] == 2
    for row in load_planted().sub_categories[:2]:
        name = {"QA testing": "QA testing"}.get(row.name, "language tutoring")
        # The world's own season and disturbances move the rate of a month by some percent.
        assert truths[f"J12 growth of {name}"] == pytest.approx(100 * row.growth["2025-11"], abs=12)


def test_every_truth_has_a_row_of_a_mart() -> None:
    assert set(headline_truths(1, 1500, "planted")) == set(MART_ROWS)


def test_one_statistic_keeps_its_interval_and_many_widen_it_on_their_own_scale() -> None:
    assert widened(0.5, 0.4, 0.6, "share", 1) == pytest.approx((0.4, 0.6))
    low, high = widened(0.02, 0.0, 0.05, "share", 20)
    assert 0 <= low < 0.001
    assert 0.05 < high < 0.1
    low, high = widened(100.0, 50.0, 166.67, "growth", 20)
    assert (1 + low / 100) * (1 + high / 100) == pytest.approx(4, rel=0.001)
    assert widened(0.0, -1.0, 1.0, "plain", 20) == pytest.approx((-1.5425, 1.5425), abs=0.001)


def test_one_world_of_twenty_outside_is_chance_and_four_are_not() -> None:
    def worlds(outside: int) -> dict[int, pd.DataFrame]:
        return {seed: _world(seed >= outside) for seed in range(20)}

    assert verdict(worlds(1))[1]
    words, is_within_chance = verdict(worlds(4))
    assert not is_within_chance
    assert "4 of 20" in words
