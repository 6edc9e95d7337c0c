"""Worlds whose truth is known: clustered clients, a classifier that errs by category, a Poisson audit sample.

Drawn as counts, many worlds at once, for the coverage of the intervals in test_coverage.py.
"""

from dataclasses import dataclass

import numpy as np

from dagster_project.statistics.audit.classifier_audit import AuditErrors, WeightedCount
from dagster_project.statistics.core.estimates import ClusterSums

CLIENT_SIZES, CLIENT_CHANCES = (1, 2, 3, 6), (0.7, 0.17, 0.08, 0.05)
HIGH_VALUE, SKILLED, PLAIN = 0, 1, 2
COUNTED = ("accepted_true", "refused_true", "other_true", "accepted_false")
"""Cells of posts that change a corrected total: verdict of the model (`other`: no candidate) and truth."""


@dataclass(frozen=True)
class Design:
    """What a world is drawn from; tuples of three are by category.

    prevalence: share of truly positive posts; recall of the keyword step; sensitivity and false_accept of the model on
    candidates; false_candidates: share of other posts that are candidates; kinds: share of positive and of other posts
    that are of high value, carry the skill, or neither; pi: inclusion probability of candidates and of other posts.
    """

    clients: int
    category: tuple[float, float, float] = (0.2, 0.3, 0.5)
    prevalence: tuple[float, float, float] = (0.25, 0.08, 0.03)
    recall: tuple[float, float, float] = (0.98, 0.93, 0.85)
    sensitivity: tuple[float, float, float] = (0.97, 0.93, 0.88)
    false_candidates: tuple[float, float, float] = (0.15, 0.10, 0.06)
    false_accept: tuple[float, float, float] = (0.06, 0.10, 0.15)
    kinds: tuple[tuple[float, float, float], ...] = ((0.45, 0.15, 0.40), (0.30, 0.05, 0.65))
    pi: tuple[float, float] = (0.4, 0.06)
    concentration: float = 8.0
    """Of the beta distribution of a client's own prevalence; lower means that clients differ more."""

    @property
    def share(self) -> float:
        """The true penetration."""
        return float(np.dot(self.category, self.prevalence))

    def composition(self, category: int) -> float:
        return self.category[category] * self.prevalence[category] / self.share

    @property
    def keyword_recall(self) -> float:
        return sum(self.composition(k) * self.recall[k] for k in range(3))


@dataclass(frozen=True)
class Worlds:
    """category and size by (world, client); posts and audited ones of each cell by (world, client, kind)."""

    category: np.ndarray
    size: np.ndarray
    posts: dict[str, np.ndarray]
    audited: dict[str, np.ndarray]
    design: Design

    def weight(self, cell: str) -> float:
        return 1 / self.design.pi[cell.startswith("other")]

    def corrected(self) -> np.ndarray:
        """g = f + (y - f) / pi, summed by (world, client, kind)."""
        missed = sum(self.audited[cell] * self.weight(cell) for cell in ("refused_true", "other_true"))
        accepted = self.posts["accepted_true"] + self.posts["accepted_false"]
        return accepted + missed - self.audited["accepted_false"] * self.weight("accepted_false")

    def weighted(self, cell: str, domain: np.ndarray) -> WeightedCount:
        """Audited posts of a cell where `domain`, which broadcasts to (world, client, kind), is true."""
        found, weight = (self.audited[cell] * domain).sum(axis=(1, 2)), self.weight(cell)
        return WeightedCount.of(found * weight, found * weight**2, weight)

    def errors(self, domain: np.ndarray) -> AuditErrors:
        return AuditErrors(*(self.weighted(cell, domain) for cell in ("refused_true", "other_true", "accepted_false")))


def draw_worlds(design: Design, worlds: int, rng: np.random.Generator) -> Worlds:
    """Each client has one category and its own prevalence; its posts fall into the cells one by one."""
    shape = (worlds, design.clients)
    category = rng.choice(3, shape, p=design.category)
    prevalence, recall, sensitivity, candidates, false_accept = (
        np.array(values)[category]
        for values in (
            design.prevalence,
            design.recall,
            design.sensitivity,
            design.false_candidates,
            design.false_accept,
        )
    )
    own = rng.beta(prevalence * design.concentration, (1 - prevalence) * design.concentration)
    size = rng.choice(CLIENT_SIZES, shape, p=CLIENT_CHANCES)
    positive = rng.binomial(size, own)
    found = rng.binomial(positive, recall)
    kept = rng.binomial(found, sensitivity)
    taken = rng.binomial(rng.binomial(size - positive, candidates), false_accept)
    cells = dict(zip(COUNTED, (kept, found - kept, positive - found, taken), strict=True))
    posts = {name: _by_kind(count, design.kinds[name.endswith("false")], rng) for name, count in cells.items()}
    audited = {name: rng.binomial(count, design.pi[name.startswith("other")]) for name, count in posts.items()}
    return Worlds(category, size, posts, audited, design)


def _by_kind(count: np.ndarray, shares: tuple[float, float, float], rng: np.random.Generator) -> np.ndarray:
    """The counts split by kind along a new last axis."""
    high_value = rng.binomial(count, shares[HIGH_VALUE])
    skilled = rng.binomial(count - high_value, shares[SKILLED] / (1 - shares[HIGH_VALUE]))
    return np.stack([high_value, skilled, count - high_value - skilled], axis=-1)


def cluster_sums(numerator: np.ndarray, denominator: np.ndarray) -> ClusterSums:
    """Sums over the clients of (world, client) arrays."""
    y, n = numerator.astype(float), denominator.astype(float)
    sums = (np.einsum("wc,wc->w", left, right) for left, right in ((y, y), (y, n), (n, n)))
    return ClusterSums((n != 0).sum(axis=1).astype(float), *sums)
