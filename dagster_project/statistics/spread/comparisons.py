"""Study periods of one technology beside each other: shares, sums of shares, concentration and stability."""

from itertools import combinations

import numpy as np
import pandas as pd

from dagster_project.statistics.core.holm import holm_rejections
from dagster_project.statistics.core.proportions import CONFIDENCE
from dagster_project.statistics.core.replicates import Estimate, Floats, ReplicateCounts
from dagster_project.statistics.core.shares import SHARE_DIGITS
from dagster_project.statistics.spread.comparison_series import NAMES, Series, comparison_series
from dagster_project.statistics.spread.counts import SpreadCounts, spread_counts
from dagster_project.statistics.spread.estimates import empty_estimates
from dagster_project.statistics.spread.period_comparison import Change, change
from dagster_project.statistics.spread.stability import METHOD_STABILITY, stability

KEYS = ["technology", "base_period_id", "current_period_id", "series_id"]
METRICS = [
    name
    for metric in ("base_share", "current_share", "difference_points", "ratio")
    for name in (metric, f"{metric}_low", f"{metric}_high")
]
NUMBERS = [*METRICS, "rise_p_value", "plain_distance_points", "chance_distance_points"]
CORRECTED_NUMBERS = [f"corrected_{name}" for name in NUMBERS]
ESTIMATES = [*NUMBERS, "verdict"]
COUNTS = ["base_post_count", "current_post_count"]
COLUMNS = [*KEYS, "series_kind", "series", *COUNTS, *ESTIMATES, "withheld_reason", "method",
           *CORRECTED_NUMBERS, "corrected_verdict", "correction"]  # fmt: skip
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
    return pd.concat(rows, ignore_index=True)[COLUMNS] if rows else none


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
        "withheld_reason": pd.Series(withheld, index=naive.index, dtype="str"),
        "correction": f"not corrected: {not_corrected}" if not_corrected else _corrected_by(spread, base, current),
    }
    return naive.join(corrected[ESTIMATES].add_prefix("corrected_")).assign(**keys)


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
    frame = pd.concat([frame, pd.DataFrame([_stability_row(base, current)])], ignore_index=True)
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
