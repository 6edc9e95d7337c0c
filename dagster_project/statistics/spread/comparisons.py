"""Study periods of one technology beside each other: shares, sums of shares, concentration and stability."""

from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from dagster_project.statistics.core.estimates import CONFIDENCE, SHARE_DIGITS, Floats, Statistic
from dagster_project.statistics.core.multiplicity import holm_rejections
from dagster_project.statistics.core.replicates import (
    Estimate,
    Measure,
    ReplicateCounts,
    Replicated,
    positive_interval,
    share_interval,
)
from dagster_project.statistics.spread.concentration import empty_estimates, herfindahl, top_share
from dagster_project.statistics.spread.counts import COUNTS_KEYS, INPUTS, SpreadCounts, spread_counts
from dagster_project.statistics.spread.stability import METHOD_STABILITY, least_change, stability


@dataclass(frozen=True)
class Change:
    """From a base to a current number: difference and ratio with 95 % intervals.

    rise_p_value: one-sided, of 'it did not rise'; 1 minus it is that of 'it did not fall'.
    """

    difference: Estimate
    ratio: Estimate
    rise_p_value: Floats


def change(base: Replicated, current: Replicated, base_limits: Estimate, current_limits: Estimate) -> Change:
    """Join the limits of two numbers (MOVER, Zou and Donner 2008) with the correlation that shared clients make."""
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = base.covariance(current) / np.sqrt(base.error_variance * current.error_variance)
    correlation = np.clip(np.nan_to_num(correlation), -1, 1)
    difference = joined_difference(base_limits, current_limits, correlation)
    quantile = np.fmax(base.quantile, current.quantile)
    groups = np.minimum(base.groups, current.groups)
    p_value = one_sided_p_value(difference, quantile, groups)
    return Change(difference, _ratio(base_limits, current_limits, correlation), p_value)


def joined_difference(base: Estimate, current: Estimate, correlation: Floats) -> Estimate:
    """current - base with the limits that their own limits imply."""
    (b, b_low, b_high), (c, c_low, c_high) = base, current
    value = c - b
    return (
        value,
        value - _joined_width(c - c_low, b_high - b, correlation),
        value + _joined_width(c_high - c, b - b_low, correlation),
    )


def _joined_width(current: Floats, base: Floats, correlation: Floats) -> Floats:
    return np.sqrt(np.maximum(current**2 + base**2 - 2 * correlation * current * base, 0))


def _ratio(base: Estimate, current: Estimate, correlation: Floats) -> Estimate:
    """current / base from the same limits on the log scale; NaN where one of the two is 0 or its limits hold 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = joined_difference(_log(base), _log(current), correlation)
        is_known = (base[1] > 0) & (current[1] > 0)
        value, low, high = (np.where(is_known, np.exp(part), np.nan) for part in logs)
    return value, low, high


def _log(limits: Estimate) -> Estimate:
    value, low, high = (np.log(part) for part in limits)
    return value, low, high


def one_sided_p_value(difference: Estimate, quantile: Floats, groups: Floats) -> Floats:
    """P-value of 'it did not rise' that agrees with the interval: below 0.025 exactly where its low is above 0."""
    value, low, high = difference
    with np.errstate(divide="ignore", invalid="ignore"):
        towards_zero = np.where(value > 0, value - low, high - value)
        statistic = np.where(value == 0, 0.0, value * quantile / towards_zero)
    return np.asarray(stats.t.sf(statistic, np.maximum(groups - 1, 1)))


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
METHOD_SETS = f"{METHOD_COMPARISON}; verdict by Holm over all sets of categories"
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
    series = [_sum_of(ids == name, name, "category") for name in categories]
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


def _sum_of(is_member: np.ndarray, id: str, kind: str) -> Series:
    return Series(id, kind, NAMES.get(id), lambda shares: shares[..., is_member].sum(axis=-1), METHOD_SETS)


KEYS = ["technology", "base_period_id", "current_period_id", "series_id"]
METRICS = [
    name
    for metric in ("base_share", "current_share", "difference_points", "ratio")
    for name in (metric, f"{metric}_low", f"{metric}_high")
]
NUMBERS = [*METRICS, "rise_p_value", "plain_distance_points", "chance_distance_points"]
CORRECTED_NUMBERS = [f"corrected_{name}" for name in NUMBERS]
ESTIMATES = [*NUMBERS, "verdict"]
CORRECTED_COUNTS = ["base_corrected_post_count", "current_corrected_post_count"]
COUNTS = ["base_post_count", "current_post_count", *CORRECTED_COUNTS]
COLUMNS = [*KEYS, "series_kind", "series", *COUNTS, *ESTIMATES, "withheld_reason", "method",
           *CORRECTED_NUMBERS, "corrected_verdict", "correction"]  # fmt: skip
SETS = ("category", "group", "pair")
"""Kinds of series that are the share of a set of categories."""
ROSE, FELL, NO_CHANGE = "rose", "fell", "no clear change"


def comparison_estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """A row a technology, pair of study periods (the earlier is the base) and series; see COLUMNS.

    Shares are fractions of 1, differences in percentage points (100 times the index for herfindahl). The estimates
    stand twice, as the classifier counts and, as `corrected_...`, by the audit samples of both periods.
    """
    studies = counts[counts["period_kind"] == "study"]
    none = empty_estimates(COLUMNS, [*NUMBERS, *CORRECTED_NUMBERS], COUNTS)
    if studies.empty:
        return none
    spread = spread_counts(studies, table)
    order = spread.domains.sort_values(["technology", "period_start", "period_id"])
    rows = [
        _pair(spread, base, current)
        for _, periods in order.groupby("technology", sort=True)
        for base, current in combinations(periods.index, 2)
    ]
    return pd.concat(rows, ignore_index=True)[COLUMNS].astype(dict.fromkeys(COUNTS, "Int64")) if rows else none


def _pair(spread: SpreadCounts, base: int, current: int) -> pd.DataFrame:
    """All series of one technology and two of its periods, given by their rows in `spread.domains`."""
    series = comparison_series(spread.categories, spread.is_technical)
    withheld = _reason(spread, spread.withheld_reason, base, current)
    not_corrected = _reason(spread, spread.not_corrected_reason, base, current)
    naive = _estimates(series, spread.counts.of(base), spread.counts.of(current), withheld)
    corrected = _estimates(series, spread.corrected.of(base), spread.corrected.of(current), not_corrected)
    posts = spread.counts.posts
    keys = {
        "technology": spread.domains["technology"].iloc[base],
        "base_period_id": spread.domains["period_id"].iloc[base],
        "current_period_id": spread.domains["period_id"].iloc[current],
        "base_post_count": int(posts[base]),
        "current_post_count": int(posts[current]),
        **_corrected_counts(spread, base, current, not_corrected),
        "withheld_reason": pd.Series(withheld, index=naive.index, dtype="str"),
        "correction": f"not corrected: {not_corrected}" if not_corrected else _corrected_by(spread, base, current),
    }
    return naive.join(corrected[ESTIMATES].add_prefix("corrected_")).assign(**keys)


def _corrected_counts(spread: SpreadCounts, base: int, current: int, reason: str | None) -> dict[str, int | None]:
    """The posts that decide whether a corrected composition can be called stable; null where there is a reason."""
    posts = spread.corrected.posts[[base, current]]
    return {name: None if reason else round(float(n)) for name, n in zip(CORRECTED_COUNTS, posts, strict=True)}


def _reason(spread: SpreadCounts, reasons: pd.Series, *rows: int) -> str | None:
    """Why the periods of these rows cannot be compared, None where they can."""
    periods = spread.domains["period_id"]
    words = [f"{periods.iloc[row]}: {reasons.iloc[row]}" for row in rows if pd.notna(reasons.iloc[row])]
    return "; ".join(words) or None


def _corrected_by(spread: SpreadCounts, base: int, current: int) -> str:
    audited = spread.domains["audited_count"].astype(int)
    return f"corrected by audit sample of {audited.iloc[base]:,} and {audited.iloc[current]:,} posts"


def _estimates(
    series: list[Series], base: ReplicateCounts, current: ReplicateCounts, reason: str | None
) -> pd.DataFrame:
    """A row a series; numbers and verdict are null where there is a reason."""
    frame = pd.DataFrame([_row(one, base, current) for one in series])
    frame["verdict"] = _verdicts(frame)
    moved = _stability_row(base, current, _sure_points(frame) / 100)
    frame = pd.concat([frame, pd.DataFrame([moved])], ignore_index=True)
    frame[NUMBERS] = frame[NUMBERS].astype("Float64").round(SHARE_DIGITS)
    if reason:
        frame[ESTIMATES] = None
    return frame


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
    """`rose` or `fell` where the change is clear, at the two-sided 5 %."""
    rise = frame["rise_p_value"].fillna(0.5).to_numpy(float)
    is_clear = clear_changes(rise, frame["series_id"].to_numpy(), frame["series_kind"].to_numpy())
    return pd.Series(np.where(is_clear, np.where(rise < 0.5, ROSE, FELL), NO_CHANGE), index=frame.index)


def clear_changes(rise: Floats, ids: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Which series changed at the two-sided 5 %; rise: one-sided p-values of a rise, (..., series), of ids and kinds.

    Sets of categories are one family (Holm 1979), as their distance is no less than the change of any: what the words
    call a change must be sure of all at once. The second group is what the first leaves over, and changes as it does.
    Measures of concentration are tested alone.
    """
    two_sided = np.minimum(1.0, 2 * np.minimum(rise, 1 - rise))
    is_clear = two_sided < 1 - CONFIDENCE
    is_family = np.isin(kinds, SETS) & (ids != "non_technical")
    is_clear[..., is_family] = holm_rejections(two_sided[..., is_family])
    is_clear[..., ids == "non_technical"] = is_clear[..., ids == "technical"]
    return is_clear


def _sure_points(frame: pd.DataFrame) -> float:
    """Percentage points that a category, group or pair surely changed by: the least change of those with a verdict."""
    moved = frame[frame["series_kind"].isin(SETS) & frame["verdict"].isin([ROSE, FELL])]
    limits = moved[["difference_points_low", "difference_points_high"]].to_numpy(float)
    return float(least_change(limits[:, 0], limits[:, 1]))


def _stability_row(base: ReplicateCounts, current: ReplicateCounts, least: float) -> dict[str, object]:
    found = stability(base, current, least)
    points: dict[str, Floats] = {
        "difference_points": found.distance, "difference_points_low": found.low, "difference_points_high": found.high,
        "plain_distance_points": found.plain, "chance_distance_points": found.chance,
    }  # fmt: skip
    return {
        "series_id": "composition", "series_kind": "stability", "series": NAMES["composition"],
        "method": METHOD_STABILITY, "verdict": str(found.verdict), **{k: 100 * float(v) for k, v in points.items()},
    }  # fmt: skip


STATISTICS = [
    Statistic(
        id="study_period_comparisons",
        definition="A share of a technology's classified posts in a study period and in an earlier one: difference in "
        "percentage points, ratio, one-sided p-value; and how far the two compositions lie apart. Corrected: from the "
        "posts with the audit's errors added; errors that were not found widen the limits.",
        unit="fraction of 1; percentage points; ratio",
        method=METHOD_COMPARISON,
        counts_table="int_period_replicate_counts",
        keys=COUNTS_KEYS,
        inputs=["period_kind", "period_start", *INPUTS],
        function=partial(comparison_estimates, table="int_period_replicate_counts"),
        mart="study_period_comparisons",
        library="statsmodels.stats.proportion.proportion_confint, scipy.stats.hypergeom",
        grain=KEYS,
    ),
]
