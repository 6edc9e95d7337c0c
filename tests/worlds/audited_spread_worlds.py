"""Worlds of known compositions, seen by a classifier that errs by category and by an audit sample of its verdicts.

`python -m tests.worlds.audited_spread_worlds` prints how often the corrected intervals hold the truth.
"""

import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dagster_project.statistics.audit.classifier_audit import AuditErrors, WeightedCount
from dagster_project.statistics.core.estimates import Floats
from dagster_project.statistics.core.replicates import ReplicateCounts
from dagster_project.statistics.spread.counts import AuditedCounts
from tests.worlds.spread_worlds import (
    GROUPS,
    LOYALTY,
    NARROW_WORLDS,
    RETURNING,
    SPREADING_WORLDS,
    Design,
    post_cells,
    rows_of,
)

CATEGORIES = 12
SENSITIVITY = np.array([0.95, 0.92, 0.90, 0.85, 0.93, 0.90, 0.88, 0.95, 0.90, 0.90, 0.85, 0.90])
KEYWORD_RECALL = np.array([0.99, 0.98, 0.97, 0.95, 0.99, 0.96, 0.97, 0.98, 0.95, 0.96, 0.96, 0.98])
FALSE_COMPOSITION = np.array([0.14, 0.16, 0.10, 0.10, 0.08, 0.10, 0.12, 0.04, 0.04, 0.04, 0.04, 0.04])
FALSE_ACCEPTS = 0.10
"""Falsely accepted posts over true ones."""


@dataclass(frozen=True)
class Audit:
    """Inclusion probabilities of candidates and of other posts, at most.

    growth: a marketplace grows by this factor within a period while as many posts are read each month, so that most
    posts are of its last months and the last one is read with a chance so many times smaller than the first.
    """

    candidates: float
    others: float
    growth: float = 1.0

    def chances(self, highest: float, posts: int, rng: np.random.Generator) -> Floats:
        """Of each post, whose month is drawn as often as it has posts."""
        return highest / (1 + rng.random(posts) * (self.growth - 1))

    def unfound_weight(self, highest: float) -> float:
        """Root mean square of the weights of audited posts, of which every month has as many."""
        weights = self.growth ** np.linspace(0, 1, 1001) / highest
        return float(np.sqrt((weights**2).mean()))


DENSE, SPARSE, GROWING = Audit(0.8, 0.2), Audit(0.4, 0.1), Audit(0.9, 0.3, growth=9.0)


@dataclass(frozen=True)
class Seen:
    """One period: posts as the classifier counts them and as the audit corrects them, by (world, category, group)."""

    classified: ReplicateCounts
    corrected: AuditedCounts


def draw_seen(design: Design, audit: Audit, worlds: int, rng: np.random.Generator) -> tuple[Seen, Seen]:
    """Both periods of every world; a fifth of the clients post in both."""
    shape = (worlds, design.clients)
    group = rng.integers(GROUPS, size=shape)
    is_loyal, quantile, period = rng.random(shape) < LOYALTY, rng.random(shape), rng.random(shape)
    takes_part = (period < (1 + RETURNING) / 2, period > (1 - RETURNING) / 2)
    found = []
    for composition, takes in zip((design.base, design.current), takes_part, strict=True):
        true = post_cells(composition / composition.sum(), group, is_loyal, quantile, takes, rng)
        is_erring = takes & (rng.random(shape) < FALSE_ACCEPTS)
        false = post_cells(FALSE_COMPOSITION, group, is_loyal, rng.random(shape), is_erring, rng)
        found.append(_seen(true, false, audit, worlds, rng))
    return found[0], found[1]


def _seen(true: np.ndarray, false: np.ndarray, audit: Audit, worlds: int, rng: np.random.Generator) -> Seen:
    category = true // GROUPS % CATEGORIES
    is_candidate = rng.random(len(true)) < KEYWORD_RECALL[category]
    is_accepted = is_candidate & (rng.random(len(true)) < SENSITIVITY[category])
    classified = _array(true[is_accepted], worlds) + _array(false, worlds)
    classes = (
        (true[is_candidate & ~is_accepted], audit.candidates),
        (true[~is_candidate], audit.others),
        (false, audit.candidates),
    )
    found = [_audited(cells, audit, highest, worlds, rng) for cells, highest in classes]
    (candidates, others, falsely), errors = [posts for posts, _ in found], [count for _, count in found]
    corrected = AuditedCounts(classified + candidates + others - falsely, AuditErrors(*errors))
    return Seen(ReplicateCounts(classified), corrected)


def _audited(
    cells: np.ndarray, audit: Audit, highest: float, worlds: int, rng: np.random.Generator
) -> tuple[Floats, WeightedCount]:
    """What the audited posts of a class of errors stand for: by client group, and as a weighted count by category."""
    chances = audit.chances(highest, len(cells), rng)
    is_read = rng.random(len(cells)) < chances
    cells, weights = cells[is_read], 1 / chances[is_read]
    posts, squares = (_array(cells, worlds, values) for values in (weights, weights**2))
    return posts, WeightedCount.of(posts.sum(axis=-1), squares.sum(axis=-1), audit.unfound_weight(highest))


def _array(cells: np.ndarray, worlds: int, weights: Floats | None = None) -> Floats:
    counts = np.bincount(cells, weights, minlength=worlds * CATEGORIES * GROUPS)
    return counts.reshape(worlds, CATEGORIES, GROUPS).astype(float)


def coverage(design: Design, audit: Audit, worlds: int, seed: int) -> pd.DataFrame:
    """As spread_worlds.coverage of the corrected numbers; naive_covered: that of the classifier's own numbers.

    unfound: the part of the mean width that stands for errors which the audit did not find.
    """
    base, current = draw_seen(design, audit, worlds, np.random.default_rng(seed))
    corrected = rows_of(design, base.corrected, current.corrected)
    naive = rows_of(design, base.classified, current.classified)
    found = rows_of(design, _of_found_errors(base.corrected), _of_found_errors(current.corrected))
    return corrected.assign(naive_covered=naive["covered"], unfound=1 - found["mean_width"] / corrected["mean_width"])


def _of_found_errors(counts: AuditedCounts) -> AuditedCounts:
    """The same counts, as if errors that were not found had no weight."""
    errors = counts.errors
    classes = (errors.missed_candidate, errors.missed_other, errors.false_accept)
    found = [WeightedCount(one.total, one.squares, np.zeros_like(one.unfound)) for one in classes]
    return AuditedCounts(counts.counts, AuditErrors(*found))


if __name__ == "__main__":
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for title, design in (("AI spreads", SPREADING_WORLDS), ("RPA in few categories", NARROW_WORLDS)):
        for audit in (DENSE, SPARSE, GROWING):
            table = coverage(design, audit, worlds, seed=2025).drop(columns=["known"])
            print(f"{title}, {audit}", table.round(4).to_string(index=False), sep="\n")
