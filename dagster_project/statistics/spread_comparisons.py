"""Study periods of one technology beside each other: shares, sums of shares, concentration and stability."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from dagster_project.statistics.concentration import herfindahl, top_share
from dagster_project.statistics.holm import holm_rejections
from dagster_project.statistics.period_comparison import Change, change
from dagster_project.statistics.proportions import CONFIDENCE
from dagster_project.statistics.replicates import (
    Estimate,
    Floats,
    Measure,
    ReplicateCounts,
    positive_interval,
    share_interval,
)
from dagster_project.statistics.shares import SHARE_DIGITS
from dagster_project.statistics.stability import METHOD_STABILITY, stability
from dagster_project.statistics.technology_spread import SpreadCounts, empty_estimates, spread_counts

KEYS = ["technology", "base_period_id", "current_period_id", "series_id"]
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
METRICS = [
    name
    for metric in ("base_share", "current_share", "difference_points", "ratio")
    for name in (metric, f"{metric}_low", f"{metric}_high")
]
NUMBERS = [*METRICS, "rise_p_value", "plain_distance_points", "chance_distance_points"]
COUNTS = ["base_post_count", "current_post_count"]
COLUMNS = [*KEYS, "series_kind", "series", *COUNTS, *NUMBERS, "verdict", "withheld_reason", "method"]
ROSE, FELL, NO_CHANGE = "rose", "fell", "no clear change"
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


def comparison_estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """A row a technology, pair of study periods (the earlier is the base) and series; see COLUMNS.

    Shares are fractions of 1, differences in percentage points (100 times the index for herfindahl).
    """
    studies = counts[counts["period_kind"] == "study"]
    if studies.empty:
        return empty_estimates(COLUMNS, NUMBERS, COUNTS)
    spread = spread_counts(studies, table)
    order = spread.domains.sort_values(["technology", "period_start", "period_id"])
    rows = [
        _pair(spread, base, current)
        for _, periods in order.groupby("technology", sort=True)
        for base, current in combinations(periods.index, 2)
    ]
    return pd.concat(rows, ignore_index=True)[COLUMNS] if rows else empty_estimates(COLUMNS, NUMBERS, COUNTS)


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


def _pair(spread: SpreadCounts, base: int, current: int) -> pd.DataFrame:
    """All series of one technology and two of its periods, given by their rows in `spread.domains`."""
    before, after = (ReplicateCounts(spread.counts.counts[row]) for row in (base, current))
    series = comparison_series(spread.categories, spread.is_technical)
    frame = pd.DataFrame([_row(one, before, after) for one in series])
    frame["verdict"] = _verdicts(frame)
    frame = pd.concat([frame, pd.DataFrame([_stability_row(before, after)])], ignore_index=True)
    frame[NUMBERS] = frame[NUMBERS].astype("Float64").round(SHARE_DIGITS)
    reason = _withheld_reason(spread, base, current)
    if reason:
        frame[[*NUMBERS, "verdict"]] = None
    keys = {
        "technology": spread.domains["technology"].iloc[base],
        "base_period_id": spread.domains["period_id"].iloc[base],
        "current_period_id": spread.domains["period_id"].iloc[current],
        "base_post_count": int(before.posts),
        "current_post_count": int(after.posts),
        "withheld_reason": pd.Series(reason, index=frame.index, dtype="str"),
    }
    return frame.assign(**keys)


def _withheld_reason(spread: SpreadCounts, *rows: int) -> str | None:
    """Why the periods of these rows cannot be compared, None where they can."""
    periods, reasons = spread.domains["period_id"], spread.withheld_reason
    words = [f"{periods.iloc[row]}: {reasons.iloc[row]}" for row in rows if pd.notna(reasons.iloc[row])]
    return "; ".join(words) or None


def _row(series: Series, base: ReplicateCounts, current: ReplicateCounts) -> dict[str, object]:
    limits = series.limits(base), series.limits(current)
    moved: Change = change(base.measured(series.measure), current.measured(series.measure), *limits)
    points: Estimate = tuple(100 * part for part in moved.difference)  # type: ignore[assignment]
    estimates = (*limits, points, moved.ratio)
    values = dict(zip(METRICS, (float(part) for estimate in estimates for part in estimate), strict=True))
    return {
        "series_id": series.id, "series_kind": series.kind, "series": series.name, "method": series.method,
        **values, "rise_p_value": float(moved.rise_p_value),
    }  # fmt: skip


def _verdicts(frame: pd.DataFrame) -> pd.Series:
    """`rose` or `fell` at the two-sided 5 %; the categories of a pair of periods are one family (Holm 1979)."""
    rise = frame["rise_p_value"].fillna(0.5).to_numpy(float)
    two_sided = np.minimum(1.0, 2 * np.minimum(rise, 1 - rise))
    is_category = (frame["series_kind"] == "category").to_numpy()
    is_clear = two_sided < 1 - CONFIDENCE
    is_clear[is_category] = holm_rejections(two_sided[is_category])
    return pd.Series(np.where(is_clear, np.where(rise < 0.5, ROSE, FELL), NO_CHANGE), index=frame.index)


def _stability_row(base: ReplicateCounts, current: ReplicateCounts) -> dict[str, object]:
    found = stability(base, current)
    points: dict[str, Floats] = {
        "difference_points": found.distance, "difference_points_low": found.low, "difference_points_high": found.high,
        "plain_distance_points": found.plain, "chance_distance_points": found.chance,
    }  # fmt: skip
    return {
        "series_id": "composition", "series_kind": "stability", "series": NAMES["composition"],
        "method": METHOD_STABILITY, "verdict": str(found.verdict), **{k: 100 * float(v) for k, v in points.items()},
    }  # fmt: skip
