"""Growth of a monthly count over an earlier month, with its interval, or the reason why none is printed."""

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from statsmodels.stats.proportion import proportion_confint

from dagster_project.statistics.core.estimates import CONFIDENCE, Floats, Statistic, numbers

GROWTH_DIGITS = 4
COMPARISONS = {"month": 1, "year": 12}
SMALLEST_BASE = 10
METHOD_GROWTH = "score interval of a ratio of two counts, over-dispersion from posts per client"
SERIES_KEYS = ["level", "series_id", "population"]
HELD, BY_HAND = "held", "by hand"
"""Status of a month in which people hold a series, and its reason; every other status is that of the whole month."""


def dispersion(post_count: ArrayLike, sum_client_squares: ArrayLike) -> Floats:
    """Variance of a monthly count over its mean when clients arrive at random: sum m_c^2 / sum m_c.

    The variance of a compound Poisson count is the sum of squared cluster sizes. Never below 1.
    """
    posts, squares = np.asarray(post_count, float), np.asarray(sum_client_squares, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(posts > 0, np.maximum(squares / posts, 1.0), 1.0)


def growth_interval(
    current: ArrayLike, base: ArrayLike, current_dispersion: ArrayLike, base_dispersion: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Growth in percent with a 95 % interval: 100 -> 400 is +300.

    Score interval of a ratio of Poisson rates: given both counts, the current one is binomial, so the Wilson
    limits of its part map to the ratio (Przyborowski and Wilenski 1940; Krishnamoorthy and Lee 2010). A count
    with dispersion d counts as count/d events seen during 1/d of the month. NaN or inf where base is 0.
    """
    x, b = np.asarray(current, float), np.asarray(base, float)
    d_x, d_b = np.asarray(current_dispersion, float), np.asarray(base_dispersion, float)
    events = x / d_x + b / d_b
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = proportion_confint(x / d_x, events, alpha=1 - CONFIDENCE, method="wilson")
        ratio_low, ratio_high = (part / (1 - part) * d_x / d_b for part in (low, high))
        ratio = x / b
    return (ratio - 1) * 100, (np.where(x == 0, 0, ratio_low) - 1) * 100, (ratio_high - 1) * 100


def monthly_growth(counts: pd.DataFrame, table: str, noun: str = "post") -> pd.DataFrame:
    """One row a month, series and comparison (`month`, `year`): growth, or the reason why it is withheld.

    noun: what `post_count` counts, in the words of a reason.
    """
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime(counts["posted_month"]),
            **{key: counts[key] for key in SERIES_KEYS},
            "post_count": numbers(counts, "post_count", table),
            "sum_client_squares": numbers(counts, "sum_client_squares", table),
            "status": counts["status"],
            "status_reason": counts["status_reason"],
        }
    )
    keys = counts[["posted_month", *SERIES_KEYS]]
    return pd.concat([_compare(keys, frame, name, step, noun) for name, step in COMPARISONS.items()], ignore_index=True)


def _compare(keys: pd.DataFrame, frame: pd.DataFrame, comparison: str, months_back: int, noun: str) -> pd.DataFrame:
    """Estimates of every row against the same series `months_back` months earlier."""
    pairs = _with_base(frame, months_back)
    reason = withheld_reason(pairs, noun)
    growth = growth_interval(
        pairs["post_count"], pairs["base_count"],
        dispersion(pairs["post_count"], pairs["sum_client_squares"]),
        dispersion(pairs["base_count"], pairs["base_squares"]),
    )  # fmt: skip
    estimates = {
        name: pd.Series(np.round(values, GROWTH_DIGITS)).where(reason.isna()).astype("Float64")
        for name, values in zip(("growth_pct", "growth_pct_low", "growth_pct_high"), growth, strict=True)
    }
    return keys.reset_index(drop=True).assign(
        comparison=pd.Series(comparison, index=pairs.index, dtype="str"),
        base_month=pairs["base_month"],
        post_count=pairs["post_count"].astype("Int64"),
        base_post_count=pairs["base_count"].astype("Int64"),
        **estimates,
        is_withheld=reason.notna(),
        withheld_reason=reason,
        method=pd.Series(METHOD_GROWTH, index=pairs.index, dtype="str"),
    )


def _with_base(frame: pd.DataFrame, months_back: int) -> pd.DataFrame:
    """The frame with the base month's count, squares and collection status beside each row.

    A series without a row in a month that was collected had no post in it: its base count is 0, not unknown. A month is
    collected for all series alike, but held for each of its own.
    """
    pairs = frame.reset_index(drop=True)
    pairs["base_month"] = pairs["month"] - pd.DateOffset(months=months_back)
    base = frame[["month", *SERIES_KEYS, "post_count", "sum_client_squares"]].set_axis(
        ["base_month", *SERIES_KEYS, "base_count", "base_squares"], axis=1
    )
    months = (
        frame.loc[frame["status"] != HELD, ["month", "status", "status_reason"]]
        .drop_duplicates("month")
        .set_axis(["base_month", "base_status", "base_status_reason"], axis=1)
    )
    pairs = pairs.merge(base, how="left", on=["base_month", *SERIES_KEYS])
    pairs = pairs.merge(months, how="left", on="base_month")
    held = frame.loc[frame["status"] == HELD, ["month", *SERIES_KEYS]]
    is_base_held = pd.MultiIndex.from_frame(pairs[["base_month", *SERIES_KEYS]]).isin(pd.MultiIndex.from_frame(held))
    pairs.loc[is_base_held, ["base_status", "base_status_reason"]] = [HELD, BY_HAND]
    was_collected = pairs["base_status"].notna()
    for column in ("base_count", "base_squares"):
        pairs[column] = pairs[column].where(~was_collected, pairs[column].fillna(0.0))
    return pairs


def withheld_reason(pairs: pd.DataFrame, noun: str) -> pd.Series:
    """The first reason that forbids a growth figure, null where none does. A small count is not said: it may be hidden.

    pairs: month, status, status_reason, base_month, base_count, base_status, base_status_reason (null where the base
    month was not collected); noun: what is counted.
    """
    month, base_month = (pairs[column].dt.strftime("%Y-%m") for column in ("month", "base_month"))
    incomplete = month + " is " + status_words(pairs["status"], pairs["status_reason"])
    base_incomplete = (
        "base month " + base_month + " is " + status_words(pairs["base_status"], pairs["base_status_reason"])
    )
    tests = [
        (pairs["status"] != "complete", incomplete),
        (pairs["base_status"].isna(), "base month " + base_month + " was not collected"),
        (pairs["base_status"] != "complete", base_incomplete),
        (pairs["base_count"] == 0, f"no {noun} in base month " + base_month),
        (pairs["base_count"] < SMALLEST_BASE, f"fewer than {SMALLEST_BASE} {noun}s in base month " + base_month),
    ]  # fmt: skip
    reason = pd.Series(None, index=pairs.index, dtype="str")
    for applies, words in reversed(tests):
        reason = reason.mask(applies.to_numpy(dtype=bool), words)
    return reason


def status_words(status: pd.Series, detail: pd.Series) -> pd.Series:
    """`partial (6 of 30 days)`, or the status alone where it has no detail."""
    words = status.fillna("of unknown status").astype("str").str.replace("_", " ")
    has_detail = detail.notna() & (detail.astype("str") != "")
    return words.mask(has_detail, words + " (" + detail.astype("str") + ")")


STATISTICS = [
    Statistic(
        id="monthly_growth",
        definition="Posts of a month over posts of the month before, or of the same month a year before, "
        "minus 1. Withheld where a month is not complete, the base is absent or it has fewer than 10 posts.",
        unit="percent",
        method=METHOD_GROWTH,
        counts_table="int_monthly_growth_counts",
        keys=["posted_month", *SERIES_KEYS],
        inputs=["post_count", "sum_client_squares", "status", "status_reason"],
        function=partial(monthly_growth, table="int_monthly_growth_counts"),
        mart="monthly_category_growth",
        library="statsmodels.stats.proportion.proportion_confint",
    ),
]
