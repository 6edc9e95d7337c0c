"""What the study periods of a technology are compared by: categories, sums of categories, measures of concentration."""

from dataclasses import dataclass

import numpy as np

from dagster_project.statistics.core.replicates import (
    Estimate,
    Measure,
    ReplicateCounts,
    positive_interval,
    share_interval,
)
from dagster_project.statistics.spread.concentration import herfindahl, top_share

PAIRS = {
    "data_science_and_web": ("data_science_analytics", "web_mobile_software_dev"),
    "it_and_web": ("it_networking", "web_mobile_software_dev"),
}
NAMES = {
    "data_science_and_web": "Data Science & Analytics and Web, Mobile & Software Dev together",
    "it_and_web": "IT & Networking and Web, Mobile & Software Dev together",
    "technical": "The four technical categories",
    "non_technical": "The eight non-technical categories",
    "herfindahl": "Herfindahl index",
    "top_share": "The largest category",
    "top_two_share": "The two largest categories",
    "composition": "Distance of the compositions",
}
METHOD_COMPARISON = "MOVER of Wilson limits with correlation, delete-a-group jackknife over clients"
METHOD_CATEGORIES = f"{METHOD_COMPARISON}; verdict by Holm over the categories"
METHOD_HERFINDAHL = "MOVER of bias-free limits on the log scale, delete-a-group jackknife over clients"


@dataclass(frozen=True)
class Series:
    """A number between 0 and 1 that is computed from a composition; `smallest`: its least value where not a share."""

    id: str
    kind: str
    name: str | None
    measure: Measure
    method: str
    smallest: float | None = None

    def limits(self, counts: ReplicateCounts) -> Estimate:
        measured = counts.measured(self.measure)
        return share_interval(measured) if self.smallest is None else positive_interval(measured, self.smallest, 1.0)


def comparison_series(categories: list[str], is_technical: np.ndarray) -> list[Series]:
    """Every category, the two groups, the named pairs and the measures of concentration."""
    ids = np.array(categories)
    series = [_sum_of(ids == name, name, "category", METHOD_CATEGORIES) for name in categories]
    series += [_sum_of(is_technical, "technical", "group"), _sum_of(~is_technical, "non_technical", "group")]
    series += [_sum_of(np.isin(ids, members), name, "pair") for name, members in PAIRS.items()]
    smallest = 1 / len(categories)
    return [
        *series,
        Series("herfindahl", "concentration", NAMES["herfindahl"], herfindahl, METHOD_HERFINDAHL, smallest),
        *(_top(places, name) for places, name in ((1, "top_share"), (2, "top_two_share"))),
    ]


def _top(places: int, id: str) -> Series:
    return Series(id, "concentration", NAMES[id], lambda shares: top_share(shares, places), METHOD_COMPARISON)


def _sum_of(is_member: np.ndarray, id: str, kind: str, method: str = METHOD_COMPARISON) -> Series:
    return Series(id, kind, NAMES.get(id), lambda shares: shares[..., is_member].sum(axis=-1), method)
