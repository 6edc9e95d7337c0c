"""A technology's posts of a calendar year over those of the year before, in all, technical and other categories.

The ratio of two years' posts has a delete-a-group jackknife interval on the log scale: clients are hashed into groups,
the same in both years, so that clients who post in both are no independent evidence (Kott 2001).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from dagster_project.statistics.audit.correction import NOTHING_AUDITED, Z, correction_words
from dagster_project.statistics.core.estimates import CONFIDENCE, Floats, Statistic
from dagster_project.statistics.core.replicates import ReplicateCounts, jackknife_quantile, shrink
from dagster_project.statistics.growth.raw import GROWTH_DIGITS, SMALLEST_BASE
from dagster_project.statistics.spread.counts import (
    COUNTS_KEYS,
    DOMAIN,
    INPUTS,
    SMALLEST_GROUPS,
    SpreadCounts,
    spread_counts,
)

KEYS = [*DOMAIN, "series_id"]
SERIES = {
    "all": "all categories",
    "technical": "the four technical categories",
    "non_technical": "the eight non-technical categories",
}
GROWTH = ["growth_pct", "growth_pct_low", "growth_pct_high"]
COLUMNS = [*KEYS, "base_period_id", "series", "post_count", "base_post_count", *GROWTH, "corrected_post_count",
           "corrected_base_post_count", *(f"corrected_{name}" for name in GROWTH), "withheld_reason", "method",
           "correction"]  # fmt: skip
METHOD_YEARS = "ratio of counts: delete-a-group jackknife over clients, log scale, at least Poisson"


def yearly_growth(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """Keys period_id (a year), technology, series_id; growth in percent, naive and corrected, each _low and _high.

    counts: int_period_replicate_counts. A year without the year before has no row. Withheld where the base has fewer
    than ten posts or the two years fewer than ten client groups; not corrected where either year is not, or where the
    audit leaves one of them fewer than ten posts, or an error that reaches 0 posts.
    """
    years = counts[counts["period_kind"] == "year"]
    if years.empty:
        return _typed(pd.DataFrame(columns=COLUMNS))
    spread = spread_counts(years, table)
    domains = spread.domains
    place = {(str(year), str(name)): row for row, (year, name) in enumerate(domains[DOMAIN].to_numpy())}
    pairs = [
        (row, place[before]) for (year, technology), row in place.items()
        if (before := (str(int(year) - 1), technology)) in place
    ]  # fmt: skip
    rows = [record for pair in pairs for record in _records(spread, *pair)]
    return _typed(pd.DataFrame(rows, columns=COLUMNS))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    whole = [name for name in COLUMNS if name.endswith("post_count")]
    numbers = [name for name in COLUMNS if "growth_pct" in name]
    texts = [name for name in COLUMNS if name not in (*whole, *numbers)]
    types = dict.fromkeys(whole, "Int64") | dict.fromkeys(numbers, "Float64") | dict.fromkeys(texts, "str")
    return frame.astype(types).sort_values(KEYS, ignore_index=True)


def _records(spread: SpreadCounts, current: int, base: int) -> list[dict[str, object]]:
    """The rows of one technology's year, a row a series."""
    year, technology = spread.domains.loc[current, DOMAIN]
    not_corrected = next((r for r in spread.domains.loc[[base, current], "not_corrected_reason"] if pd.notna(r)), None)
    records = []
    for series_id, chosen in _series(spread.is_technical).items():
        naive = [_total(spread.counts, row, chosen) for row in (current, base)]
        reason = _withheld(*naive)
        corrected = [_total(spread.corrected, row, chosen) for row in (current, base)]
        audited = [int(spread.audited[row, chosen].sum()) for row in (base, current)]
        left = not_corrected or (None if all(audited) else NOTHING_AUDITED) or reason or _not_estimable(*corrected)
        words = correction_words(pd.Series([sum(audited)]), pd.Series([left], dtype="str")).iloc[0]
        records.append({
            "period_id": year, "technology": technology, "series_id": series_id, "series": SERIES[series_id],
            "base_period_id": str(int(str(year)) - 1), "withheld_reason": reason, "method": METHOD_YEARS,
            "correction": words, "post_count": round(naive[0].posts), "base_post_count": round(naive[1].posts),
            "corrected_post_count": None if left else round(corrected[0].posts),
            "corrected_base_post_count": None if left else round(corrected[1].posts),
            **_growth("", naive, reason), **_growth("corrected_", corrected, left),
        })  # fmt: skip
    return records


def _series(is_technical: np.ndarray) -> dict[str, np.ndarray]:
    return {"all": np.ones_like(is_technical), "technical": is_technical, "non_technical": ~is_technical}


@dataclass(frozen=True)
class _Total:
    """Posts of one year and series: in all, by client group, their Poisson variance, what no audit found (down, up)."""

    posts: float
    groups: Floats
    squares: float
    unfound: tuple[float, float]


def _total(counts: ReplicateCounts, domain: int, chosen: np.ndarray) -> _Total:
    groups = counts.counts[domain][chosen].sum(axis=0)
    unfound = [np.asarray(posts)[domain][chosen] for posts in getattr(counts, "unfound", ())]
    up = float(sum(max(posts.max(), 0) ** 2 for posts in unfound)) ** 0.5
    down = float(sum(min(posts.min(), 0) ** 2 for posts in unfound)) ** 0.5
    return _Total(max(float(groups.sum()), 0.0), groups, float(counts.squares[domain][chosen].sum()), (down, up))


def _withheld(current: _Total, base: _Total) -> str | None:
    groups = int(((current.groups != 0) | (base.groups != 0)).sum())
    if base.posts < SMALLEST_BASE:
        return f"fewer than {SMALLEST_BASE} posts in the base year"
    return f"fewer than {SMALLEST_GROUPS} client groups" if groups < SMALLEST_GROUPS else None


def _not_estimable(current: _Total, base: _Total) -> str | None:
    """Why growth of corrected posts is not estimable.

    False accepts of large weight can take a year to 0 or below. Its total is then no count of posts, and no count's
    interval says how far the audit leaves it from 0. Where the error reaches 0, growth has no bound: the log scale then
    gives limits of any size.
    """
    for total, year in ((base, "the base year"), (current, "the year")):
        if total.posts < SMALLEST_BASE:
            return f"the audit leaves fewer than {SMALLEST_BASE} posts in {year}"
        if np.hypot(Z * total.squares**0.5, total.unfound[0]) >= total.posts:
            return f"the audit's error reaches 0 posts in {year}"
    return None


def _growth(prefix: str, pair: list[_Total], reason: str | None) -> dict[str, float | None]:
    names = [f"{prefix}{name}" for name in GROWTH]
    if reason is not None:
        return dict.fromkeys(names)
    return dict(zip(names, (round(value, GROWTH_DIGITS) for value in growth_interval(*pair)), strict=True))


def growth_interval(current: _Total, base: _Total) -> tuple[float, float, float]:
    """Growth in percent with its 95 % limits; the base above 0.

    Counts without a post in the current year: -100, up to the exact limit of a ratio of two counts, given their sum
    (Przyborowski and Wilenski 1940): the chance that all posts fall into the base year is 2.5 % at that ratio.
    """
    if current.posts == 0:
        return -100.0, -100.0, 100 * (((1 - CONFIDENCE) / 2) ** (-1 / base.posts) - 2)
    ratio = np.log(current.posts / base.posts)
    rest = [np.maximum(one.posts - one.groups, 0.5) for one in (current, base)]
    has_posts = (current.groups != 0) | (base.groups != 0)
    deviations = np.where(has_posts, np.log(rest[0] / rest[1]) - ratio, 0.0)
    number = np.asarray(float(has_posts.sum()))
    poisson = current.squares / current.posts**2 + base.squares / base.posts**2
    error = float(jackknife_quantile(number) * np.sqrt(max(float(shrink(number)) * (deviations**2).sum(), poisson)))
    down = np.hypot(current.unfound[0] / current.posts, base.unfound[1] / base.posts)
    up = np.hypot(current.unfound[1] / current.posts, base.unfound[0] / base.posts)
    limits = ratio - np.hypot(error, down), ratio + np.hypot(error, up)
    value, low, high = (100 * (float(np.exp(one)) - 1) for one in (ratio, *limits))
    return value, low, high


STATISTICS = [
    Statistic(
        id="yearly_growth",
        definition="A technology's classified posts of a calendar year over those of the year before, minus 1: all "
        "categories, the technical ones, the others. Corrected: both years with the audit's errors added. Withheld "
        "where a year is not complete, the base has fewer than 10 posts or the years fewer than 10 client groups; not "
        "corrected where the audit leaves fewer than 10 posts in either year, or an error that reaches 0 posts.",
        unit="percent",
        method=METHOD_YEARS,
        counts_table="int_period_replicate_counts",
        keys=COUNTS_KEYS,
        inputs=["period_kind", "period_start", *INPUTS],
        function=partial(yearly_growth, table="int_period_replicate_counts"),
        mart="yearly_technology_growth",
        library="scipy.stats.t",
        grain=KEYS,
    ),
]
