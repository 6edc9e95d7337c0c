"""How often the 95 % intervals hold the truth, over sample worlds.

`python -m tests.worlds.coverage_table` prints the tables.
"""

import numpy as np
import pandas as pd

from dagster_project.statistics.audit.classifier_audit import weighted_rate
from dagster_project.statistics.audit.correction import corrected_share
from tests.worlds.drawn_counts import HIGH_VALUE, SKILLED, Design, Worlds, cluster_sums, draw_worlds

DENSE = (0.8, 0.2)
"""Inclusion probabilities of candidates and of other posts."""
YEAR, MONTH = Design(clients=10_000, pi=DENSE), Design(clients=900, pi=DENSE)
SPARSE = Design(clients=10_000)
"""About 15,800 posts, 1,420 in a month; SPARSE is a year of which but 1,850 posts are audited."""
Interval = tuple[np.ndarray, np.ndarray, np.ndarray]


def coverage(design: Design, worlds: int, seed: int, chunk: int = 50) -> pd.DataFrame:
    """A row a statistic: truth, mean estimate, share of intervals that hold the truth, and misses by side."""
    rng = np.random.default_rng(seed)
    chunks = [_intervals(design, chunk, rng) for _ in range(worlds // chunk)]
    return pd.DataFrame([_row(name, truth, [part[name] for part in chunks]) for name, truth in truths(design).items()])


def truths(design: Design) -> dict[str, float]:
    """What each interval has to hold."""
    shares = {f"composition {k + 1}": design.composition(k) for k in range(3)}
    positives = design.kinds[0]
    return {
        "penetration": design.share,
        **shares,
        "high-value share": positives[HIGH_VALUE],
        "ai_share of a skill": positives[SKILLED],
        "keyword recall": design.keyword_recall,
    }


def _intervals(design: Design, worlds: int, rng: np.random.Generator) -> dict[str, Interval]:
    drawn, everywhere = draw_worlds(design, worlds, rng), np.array(True)
    found = {f"composition {k + 1}": composition(drawn, k) for k in range(3)}
    hits = drawn.weighted("accepted_true", everywhere) + drawn.weighted("refused_true", everywhere)
    return found | {
        "penetration": penetration(drawn),
        "high-value share": share_of_kind(drawn, HIGH_VALUE),
        "ai_share of a skill": share_of_kind(drawn, SKILLED),
        "keyword recall": weighted_rate(hits, drawn.weighted("other_true", everywhere)),
    }


def penetration(worlds: Worlds) -> Interval:
    """Corrected posts over all posts."""
    y, n = worlds.corrected().sum(axis=2), worlds.size
    return corrected_share(y.sum(axis=1), n.sum(axis=1), cluster_sums(y, n), worlds.errors(np.array(True)))


def composition(worlds: Worlds, category: int) -> Interval:
    """Corrected posts of a category over corrected posts."""
    inside = (worlds.category == category)[:, :, None]
    total = worlds.corrected().sum(axis=2)
    y = total * inside[:, :, 0]
    return _corrected_part(worlds, y, total, inside)


def share_of_kind(worlds: Worlds, kind: int) -> Interval:
    """Corrected posts of a kind over corrected posts."""
    inside = (np.arange(3) == kind)[None, None, :]
    by_kind = worlds.corrected()
    return _corrected_part(worlds, by_kind[:, :, kind], by_kind.sum(axis=2), inside)


def _corrected_part(worlds: Worlds, y: np.ndarray, total: np.ndarray, inside: np.ndarray) -> Interval:
    sums = cluster_sums(y, total)
    return corrected_share(y.sum(axis=1), total.sum(axis=1), sums, worlds.errors(inside), worlds.errors(~inside))


def _row(name: str, truth: float, intervals: list[Interval]) -> dict[str, object]:
    estimate, low, high = (np.concatenate(parts) for parts in zip(*intervals, strict=True))
    return {
        "statistic": name,
        "truth": truth,
        "mean_estimate": estimate.mean(),
        "covered": np.mean((low <= truth) & (truth <= high)),
        "truth_below": np.mean(truth < low),
        "truth_above": np.mean(truth > high),
        "mean_width": np.mean(high - low),
    }


if __name__ == "__main__":
    for title, design in (("Year", YEAR), ("Sparse year", SPARSE), ("Month", MONTH)):
        print(title, coverage(design, worlds=1000, seed=2025).round(4).to_string(index=False), sep="\n")
