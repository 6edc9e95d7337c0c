"""The intervals of the spread study hold the truth in sample worlds of clustered clients."""

import numpy as np
import pytest

from dagster_project.statistics.core.estimates import Floats
from dagster_project.statistics.core.replicates import ReplicateCounts, share_interval
from dagster_project.statistics.spread.comparisons import change, clear_changes, comparison_series
from dagster_project.statistics.spread.stability import least_change, stability, total_variation
from tests.worlds.audited_spread_worlds import DENSE, GROWING, Audit, draw_seen
from tests.worlds.audited_spread_worlds import coverage as corrected_coverage
from tests.worlds.spread_worlds import NARROW_WORLDS, SPREADING_WORLDS, Design, coverage, draw_worlds

pytestmark = pytest.mark.slow

RANKS = "ranks, all at once"
CLOUD = np.array([0.09, 0.395, 0.43, 0.02, 0.003, 0.01, 0.015, 0.001, 0.015, 0.01, 0.01, 0.001])


@pytest.mark.parametrize("design", [SPREADING_WORLDS, NARROW_WORLDS], ids=["AI spreads", "RPA in few categories"])
def test_intervals_hold_the_truth_in_95_of_100_worlds(design: Design) -> None:
    """Between 92.5 and 97.5 %; bounds for all ranks at once, and for shares of a handful of posts, at least 92.5 %."""
    table = coverage(design, worlds=1000, seed=2025)
    print(table.round(4).to_string(index=False))
    covered = table.set_index("number")["covered"]
    assert covered.min() >= 0.925
    is_exact = table["rare"] | (table["number"] == RANKS)
    assert table[~is_exact]["covered"].max() <= 0.975


@pytest.mark.parametrize(("moved", "least", "most"), [(0.0, 0.9, 1.0), (0.1, 0.0, 0.05), (0.15, 0.0, 0.01)])
def test_a_composition_is_rarely_called_stable_where_a_tenth_of_the_posts_moved(
    moved: float, least: float, most: float
) -> None:
    current = CLOUD - moved * np.eye(12)[2] + moved / 2 * (np.eye(12)[0] + np.eye(12)[1])
    base, later = draw_worlds(Design(CLOUD, current, clients=2000), 1000, np.random.default_rng(11))
    found = stability(base, later)
    called_stable = (found.verdict == "stable").mean()
    print(f"moved {moved:.2f}: stable in {called_stable:.1%}, upper limit holds in {(moved <= found.high).mean():.1%}")
    assert least <= called_stable <= most
    assert (moved <= found.high).mean() >= 0.95


def sure_changes(base: ReplicateCounts, current: ReplicateCounts) -> tuple[Floats, Floats]:
    """What is sure of the distance of each world, and the largest single lower limit of |change| of any set."""
    names = ["data_science_analytics", "it_networking", "web_mobile_software_dev", *(f"other{i}" for i in range(9))]
    sets = [series for series in comparison_series(names, np.arange(12) < 4) if series.kind != "concentration"]
    limits = []
    for series in sets:
        before, after = base.measured(series.measure), current.measured(series.measure)
        moved = change(before, after, share_interval(before), share_interval(after))
        limits.append((moved.difference[1], moved.difference[2], np.nan_to_num(moved.rise_p_value, nan=0.5)))
    low, high, rise = (np.stack(part, axis=-1) for part in zip(*limits, strict=True))
    ids, kinds = (np.array([getattr(series, name) for series in sets]) for name in ("id", "kind"))
    is_clear = clear_changes(rise, ids, kinds)
    return least_change(np.where(is_clear, low, 0.0), np.where(is_clear, high, 0.0)), least_change(low, high)


@pytest.mark.parametrize("moved", [0.0, 0.02, 0.1])
def test_the_distance_lies_within_its_limits_though_the_lower_one_is_that_of_a_clear_change(moved: float) -> None:
    """At least 92.5 %, and not more than 98 %: the upper limit is made to hold more often than its share of 97.5 %."""
    current = CLOUD - moved * np.eye(12)[2] + moved / 2 * (np.eye(12)[0] + np.eye(12)[1])
    worlds = draw_worlds(Design(CLOUD, current, clients=2000), 1000, np.random.default_rng(12))
    found, truth = stability(*worlds), total_variation(CLOUD, current)
    least, of_any = sure_changes(*worlds)
    held = (np.maximum(found.low, least) <= truth + 1e-12) & (truth <= found.high)
    print(
        f"moved {moved:.2f}: held in {held.mean():.1%}; limits of single sets in {(of_any <= truth + 1e-12).mean():.1%}"
    )
    assert 0.925 <= held.mean() <= 0.98
    assert (least <= found.high).all()


@pytest.mark.parametrize("audit", [DENSE, GROWING], ids=["even audit", "posts read with chances nine times apart"])
@pytest.mark.parametrize("design", [SPREADING_WORLDS, NARROW_WORLDS], ids=["AI spreads", "RPA in few categories"])
def test_corrected_intervals_hold_the_truth_that_the_classifier_misses(design: Design, audit: Audit) -> None:
    """Between 92.5 and 97.5 %; at least 92.5 % where a twentieth of the width or more is for errors not found."""
    table = corrected_coverage(design, audit, worlds=1000, seed=2025)
    print(table.round(4).to_string(index=False))
    is_told = table["known"].fillna(1) > 0.5
    assert table[is_told]["covered"].min() >= 0.925
    is_exact = table["rare"] | (table["number"] == RANKS) | (table["unfound"] > 0.05)
    assert not (table[~is_exact]["covered"] > 0.975).any()
    assert table["naive_covered"].min() < 0.8


@pytest.mark.parametrize(("moved", "least", "most"), [(0.0, 0.8, 1.0), (0.1, 0.0, 0.05)])
def test_a_corrected_composition_is_rarely_called_stable_where_a_tenth_of_the_posts_moved(
    moved: float, least: float, most: float
) -> None:
    current = CLOUD - moved * np.eye(12)[2] + moved / 2 * (np.eye(12)[0] + np.eye(12)[1])
    base, later = draw_seen(Design(CLOUD, current, clients=2000), DENSE, 400, np.random.default_rng(11))
    found = stability(base.corrected, later.corrected)
    called_stable = (found.verdict == "stable").mean()
    print(f"moved {moved:.2f}: stable in {called_stable:.1%}, upper limit holds in {(moved <= found.high).mean():.1%}")
    assert least <= called_stable <= most
    assert (moved <= found.high).mean() >= 0.95
