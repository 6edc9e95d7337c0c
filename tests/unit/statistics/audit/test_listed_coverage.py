"""The list of coverages tells what lies outside its limits; the coverages themselves are tested family by family."""

import pytest

from tests.worlds import listed_coverage
from tests.worlds.listed_coverage import RANKS, listed


def test_an_interval_that_covers_too_rarely_or_too_often_is_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = {"too narrow": 0.92, "right": 0.95, "too wide": 0.98, RANKS: 1.0}
    monkeypatch.setattr(listed_coverage, "FAMILIES", [lambda worlds, seed: made_up])
    table = listed(worlds=1, seed=1).set_index("statistic")
    assert table["is_inside"].to_dict() == {"too narrow": False, "right": True, "too wide": False, RANKS: True}
