"""Worlds whose compositions are known: clients of several posts, some of them in both periods, drawn as counts.

`python -m tests.worlds.spread_worlds` prints how often the 95 % intervals hold the truth.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dagster_project.statistics.core.estimates import Floats
from dagster_project.statistics.core.multiplicity import rank_intervals
from dagster_project.statistics.core.replicates import ReplicateCounts, share_interval
from dagster_project.statistics.spread.comparisons import change
from dagster_project.statistics.spread.concentration import concentration, effective_categories, herfindahl, top_share

GROUPS = 50
SIZES, CHANCES = np.array([1, 2, 3, 4, 6, 10, 20]), np.array([0.86, 0.1, 0.025, 0.009, 0.004, 0.0015, 0.0005])
LOYALTY = 0.7
"""Share of clients whose posts all lie in one category, the same quantile of the composition in both periods."""
RETURNING = 0.2
"""Share of clients with posts in both periods."""
RARE = 12
"""Expected posts of a category under which its interval can only be held to cover enough, not to be exact."""
SPREADING = (
    np.array([0.410, 0.305, 0.080, 0.060, 0.040, 0.035, 0.030, 0.010, 0.009, 0.008, 0.008, 0.005]),
    np.array([0.240, 0.240, 0.035, 0.050, 0.120, 0.070, 0.090, 0.085, 0.035, 0.011, 0.018, 0.006]),
)
NARROW = (
    np.array([0.120, 0.715, 0.060, 0.010, 0.001, 0.002, 0.010, 0.001, 0.050, 0.020, 0.010, 0.001]),
    np.array([0.105, 0.760, 0.050, 0.008, 0.001, 0.002, 0.008, 0.001, 0.040, 0.016, 0.008, 0.001]),
)


@dataclass(frozen=True)
class Design:
    """Two true compositions (each sums to 1) and the number of clients of a world, who post in one period or both."""

    base: Floats
    current: Floats
    clients: int


SPREADING_WORLDS = Design(*SPREADING, clients=1400)
NARROW_WORLDS = Design(*NARROW, clients=380)
"""About 1,000 and 270 posts a period."""


def draw_worlds(design: Design, worlds: int, rng: np.random.Generator) -> tuple[ReplicateCounts, ReplicateCounts]:
    """Both periods' posts by (world, category, client group)."""
    shape = (worlds, design.clients)
    group = rng.integers(GROUPS, size=shape)
    is_loyal, quantile, period = rng.random(shape) < LOYALTY, rng.random(shape), rng.random(shape)
    takes_part = (period < (1 + RETURNING) / 2, period > (1 - RETURNING) / 2)
    compositions = (design.base, design.current)
    drawn = [
        _counts(post_cells(composition / composition.sum(), group, is_loyal, quantile, takes, rng), worlds, composition)
        for composition, takes in zip(compositions, takes_part, strict=True)
    ]
    return drawn[0], drawn[1]


def post_cells(
    composition: Floats,
    group: np.ndarray,
    is_loyal: np.ndarray,
    quantile: np.ndarray,
    takes_part: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Of each post its world, category and client group as one number."""
    world, client = np.nonzero(takes_part)
    size = rng.choice(SIZES, len(world), p=CHANCES)
    post_client = np.repeat(np.arange(len(world)), size)
    own = np.where(is_loyal[world, client][post_client], quantile[world, client][post_client], rng.random(size.sum()))
    category = np.searchsorted(np.cumsum(composition)[:-1], own, side="right")
    return (world[post_client] * len(composition) + category) * GROUPS + group[world, client][post_client]


def _counts(cells: np.ndarray, worlds: int, composition: Floats) -> ReplicateCounts:
    counts = np.bincount(cells, minlength=worlds * len(composition) * GROUPS)
    return ReplicateCounts(counts.reshape(worlds, len(composition), GROUPS).astype(float))


def coverage(design: Design, worlds: int, seed: int) -> pd.DataFrame:
    """A row a number: truth, mean estimate, share of worlds whose interval holds the truth; is it of few posts."""
    return rows_of(design, *draw_worlds(design, worlds, np.random.default_rng(seed)))


def rows_of(design: Design, base: ReplicateCounts, current: ReplicateCounts) -> pd.DataFrame:
    """The rows of `coverage` for posts of both periods by (world, category, client group)."""
    rows = [_row(name, *values) for name, values in _concentrations(design, current).items()]
    rows += [_row(name, *values) for name, values in _changes(design, base, current).items()]
    _, best, worst = rank_intervals(current)
    truth = 1 + (design.current[None, :] > design.current[:, None]).sum(axis=1)
    held = ((best <= truth) & (truth <= worst)).all(axis=-1)
    ranks = {"number": "ranks, all at once", "covered": held.mean(), "mean_width": (worst - best).mean(), "rare": False}
    rows.append(ranks)
    return pd.DataFrame(rows)


def _concentrations(design: Design, counts: ReplicateCounts) -> dict[str, tuple[float, tuple[Floats, ...]]]:
    truths = {
        "herfindahl": herfindahl(design.current),
        "effective_categories": effective_categories(design.current),
        "top_share": top_share(design.current, 1),
        "top_two_share": top_share(design.current, 2),
    }
    return {name: (float(truths[name]), estimate) for name, estimate in concentration(counts).items()}


def _changes(design: Design, base: ReplicateCounts, current: ReplicateCounts) -> dict[str, tuple]:
    found = {}
    for name, members in {"largest": [0], "pair": [0, 1], "seventh": [6], "eighth": [7]}.items():

        def share(shares: Floats, members: list[int] = members) -> Floats:
            return shares[..., members].sum(axis=-1)

        before, after = base.measured(share), current.measured(share)
        moved = change(before, after, share_interval(before), share_interval(after))
        b, c = float(share(design.base)), float(share(design.current))
        is_rare = min(b * base.posts.mean(), c * current.posts.mean()) < RARE
        found[f"share of {name}"] = (c, share_interval(after), is_rare)
        found[f"difference of {name}"] = (c - b, moved.difference, is_rare)
        found[f"ratio of {name}"] = (c / b, moved.ratio, is_rare)
    before, after = base.measured(herfindahl), current.measured(herfindahl)
    limits = [concentration(counts)["herfindahl"] for counts in (base, current)]
    moved = change(before, after, *limits)
    found["difference of herfindahl"] = (float(herfindahl(design.current) - herfindahl(design.base)), moved.difference)
    return found


def _row(name: str, truth: float, estimate: tuple[Floats, ...], is_rare: bool = False) -> dict[str, object]:
    known = ~np.isnan(estimate[0])
    value, low, high = (part[known] for part in estimate)
    means = {
        "mean_estimate": value,
        "covered": (low <= truth) & (truth <= high),
        "truth_below": truth < low,
        "truth_above": truth > high,
        "mean_width": high - low,
    }
    found = {column: values.mean() if known.any() else np.nan for column, values in means.items()}
    return {"number": name, "truth": truth, **found, "known": known.mean(), "rare": is_rare}


if __name__ == "__main__":
    for title, design in (("AI spreads", SPREADING_WORLDS), ("RPA in few categories", NARROW_WORLDS)):
        print(title, coverage(design, worlds=1000, seed=2025).round(4).to_string(index=False), sep="\n")
