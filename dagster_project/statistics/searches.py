"""Growth of talent searches over six months, with an over-dispersion taken from the series' own months.

Searches come in bursts, so a Poisson interval is too narrow. The dispersion of the quasi-Poisson model (McCullagh and
Nelder 1989, 9.2) is the mean squared deviation of a month from the geometric mean of its two neighbours over what
Poisson counts would give; a steady trend, also a steep one, does not count as variation.
"""

from functools import partial

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike
from scipy import stats

from dagster_project.statistics.core.estimates import CONFIDENCE, Floats, Statistic, numbers
from dagster_project.statistics.growth.raw import GROWTH_DIGITS, growth_interval, status_words

MONTHS_BACK = 6
WINDOW_MONTHS = 24
SMALLEST_SEARCH_BASE = 30
FEWEST_DEVIATIONS = 6
# Variance of the mean of squared second differences of independent noise over that of independent squares: neighbouring
# deviations share months, with correlations -2/3 and 1/6, so that 1 + 2 (4/9 + 1/36) squares tell as much as one.
SHARED_MONTHS = 1 + 2 * (4 / 9 + 1 / 36)
METHOD_SEARCHES = "score interval of a ratio of two counts, quasi-Poisson dispersion of the last 24 months, t quantile"


def month_to_month_dispersion(counts: ArrayLike) -> tuple[Floats, Floats]:
    """Dispersion and number of deviations behind it, of counts by month along the last axis.

    NaN marks a month that is not complete; it and months without a search take no part. Never below 1 (Poisson); NaN
    without any deviation.
    """
    y = np.asarray(counts, float)
    y = np.where(y > 0, y, np.nan)
    before, middle, after = y[..., :-2], y[..., 1:-1], y[..., 2:]
    deviation = np.log(middle) - (np.log(before) + np.log(after)) / 2
    poisson_variance = 1 / middle + (1 / before + 1 / after) / 4
    squares = deviation**2 / poisson_variance
    n = np.isfinite(squares).sum(axis=-1).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(n > 0, np.nansum(squares, axis=-1) / n, np.nan)
    return np.maximum(mean, 1.0), n


def search_growth_interval(
    current: ArrayLike, base: ArrayLike, dispersion: ArrayLike, deviations: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Growth in percent with low and high of its 95 % interval: 100 -> 400 is +300.

    The score interval of `growth_interval`, its dispersion raised by (t / z)^2 because it is estimated from few months.
    """
    quantile = (1 + CONFIDENCE) / 2
    freedom = np.maximum(np.asarray(deviations, float) / SHARED_MONTHS, 1.0)
    raised = np.asarray(dispersion, float) * (stats.t.ppf(quantile, freedom) / stats.norm.ppf(quantile)) ** 2
    return growth_interval(current, base, raised, raised)


def search_growth(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """One row a month and series: growth over the month six before, or the reason why it is withheld.

    counts: search_month, series_id, search_count, status, status_reason; every month of the log has a row.
    """
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime(counts["search_month"]),
            "series_id": counts["series_id"],
            "count": numbers(counts, "search_count", table),
            "status": counts["status"],
            "status_reason": counts["status_reason"],
        }
    ).sort_values(["series_id", "month"])
    frame = _with_dispersion(frame).sort_index()
    pairs = _with_base(frame)
    reason = _withheld_reason(pairs)
    growth = search_growth_interval(pairs["count"], pairs["base_count"], pairs["dispersion"], pairs["deviations"])
    estimates = {
        name: pd.Series(np.round(values, GROWTH_DIGITS)).where(reason.isna()).astype("Float64")
        for name, values in zip(("growth_pct", "growth_pct_low", "growth_pct_high"), growth, strict=True)
    }
    return counts[["search_month", "series_id"]].assign(
        base_month=pairs["base_month"],
        base_search_count=pairs["base_count"].astype("Int64"),
        dispersion=pairs["dispersion"].round(GROWTH_DIGITS).astype("Float64"),
        **estimates,
        is_withheld=reason.notna(),
        withheld_reason=reason,
        method=pd.Series(METHOD_SEARCHES, index=pairs.index, dtype="str"),
    )


def _with_dispersion(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame, ordered by series and month, with the dispersion known in each month."""
    complete = frame["count"].where(frame["status"] == "complete")
    dispersion, deviations = pd.Series(np.nan, frame.index), pd.Series(0.0, frame.index)
    for _, counts in complete.groupby(frame["series_id"]):
        padded = np.concatenate([np.full(WINDOW_MONTHS, np.nan), counts.to_numpy(dtype=float)])
        values = month_to_month_dispersion(sliding_window_view(padded, WINDOW_MONTHS + 1))
        dispersion[counts.index], deviations[counts.index] = values
    return frame.assign(dispersion=dispersion, deviations=deviations)


def _with_base(frame: pd.DataFrame) -> pd.DataFrame:
    pairs = frame.assign(base_month=frame["month"] - pd.DateOffset(months=MONTHS_BACK))
    base = frame[["month", "series_id", "count", "status", "status_reason"]].set_axis(
        ["base_month", "series_id", "base_count", "base_status", "base_status_reason"], axis=1
    )
    return pairs.merge(base, how="left", on=["base_month", "series_id"])


def _withheld_reason(pairs: pd.DataFrame) -> pd.Series:
    """The first reason that forbids a growth figure, null where none does."""
    month, base_month = (pairs[column].dt.strftime("%Y-%m") for column in ("month", "base_month"))
    deviations = pairs["deviations"].astype("Int64").astype("str")
    tests = [
        (pairs["status"] != "complete", month + " is " + status_words(pairs["status"], pairs["status_reason"])),
        (pairs["base_status"].isna(), "base month " + base_month + " lies before the search log"),
        (pairs["base_status"] != "complete",
         "base month " + base_month + " is " + status_words(pairs["base_status"], pairs["base_status_reason"])),
        (pairs["base_count"] < SMALLEST_SEARCH_BASE,
         f"fewer than {SMALLEST_SEARCH_BASE} searches in base month " + base_month),
        (pairs["deviations"] < FEWEST_DEVIATIONS,
         "only " + deviations + " months to take the variation from month to month from"),
    ]  # fmt: skip
    reason = pd.Series(None, index=pairs.index, dtype="str")
    for applies, words in reversed(tests):
        reason = reason.mask(applies.to_numpy(dtype=bool), words)
    return reason


STATISTICS = [
    Statistic(
        id="monthly_search_growth",
        definition="Talent searches of a series of terms over those of the month six before, minus 1. Withheld where a "
        "month is not complete, the base has fewer than 30 searches or the log is too short to show its variation.",
        unit="percent",
        method=METHOD_SEARCHES,
        counts_table="int_monthly_search_counts",
        keys=["search_month", "series_id"],
        inputs=["search_count", "status", "status_reason"],
        function=partial(search_growth, table="int_monthly_search_counts"),
        mart="monthly_search_growth",
        library="statsmodels.stats.proportion.proportion_confint",
    ),
]
