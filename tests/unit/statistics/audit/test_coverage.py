"""Over many sample worlds the 95 % intervals hold the truth as often as they say; the list tells which do not."""

import pandas as pd
import pytest

from tests.worlds import listed_coverage
from tests.worlds.coverage_table import MONTH, SPARSE, YEAR, coverage
from tests.worlds.drawn_counts import Design
from tests.worlds.listed_coverage import RANKS, listed

LEAST, MOST = 0.925, 0.975
WORLDS = 400
"""Enough for a lower limit: an interval that holds the truth in 90 % of worlds falls below it."""


@pytest.mark.slow
def test_intervals_of_a_year_hold_the_truth_in_95_of_100_worlds(capsys: pytest.CaptureFixture[str]):
    """Nothing but a simulation shows that the parts of the interval, each right alone, are right together."""
    table = coverage(YEAR, worlds=1000, seed=2025)
    _print(table, capsys)
    assert table["covered"].between(LEAST, MOST).all(), table.to_string()


@pytest.mark.slow
@pytest.mark.parametrize("design", [SPARSE, MONTH], ids=["sparse year", "month"])
def test_intervals_of_a_small_audit_never_hold_the_truth_too_rarely(design: Design, capsys: pytest.CaptureFixture[str]):
    """The exact bound of what was not found decides there: it may hold the truth too often, not too rarely."""
    table = coverage(design, worlds=WORLDS, seed=2025)
    _print(table, capsys)
    assert (table["covered"] >= LEAST).all(), table.to_string()


def test_the_estimates_of_many_worlds_are_the_truth_on_average():
    table = coverage(MONTH, worlds=200, seed=1).set_index("statistic")
    error = (table["mean_estimate"] - table["truth"]).abs() / table["mean_width"]
    assert error["penetration"] < 0.05  # a standard error of the mean is about 0.02 of a width
    assert (error < 0.1).all(), table.to_string()


def _print(table: pd.DataFrame, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("", table.round(4).to_string(index=False), sep="\n")


def test_an_interval_that_covers_too_rarely_or_too_often_is_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = {"too narrow": 0.92, "right": 0.95, "too wide": 0.98, RANKS: 1.0}
    monkeypatch.setattr(listed_coverage, "FAMILIES", [lambda worlds, seed: made_up])
    table = listed(worlds=1, seed=1).set_index("statistic")
    assert table["is_inside"].to_dict() == {"too narrow": False, "right": True, "too wide": False, RANKS: True}
