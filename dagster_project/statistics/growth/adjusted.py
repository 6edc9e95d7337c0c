"""Growth on the month before: raw, calendar-adjusted and seasonally adjusted side by side, with its verdict.

Method: docs/growth.md.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from dagster_project.statistics.core.estimates import CONFIDENCE, Floats, Statistic
from dagster_project.statistics.growth.panel import PANEL_INPUTS, PANEL_KEYS, Panel, panel, shifted
from dagster_project.statistics.growth.raw import (
    BY_HAND,
    GROWTH_DIGITS,
    HELD,
    SERIES_KEYS,
    growth_interval,
    withheld_reason,
)
from dagster_project.statistics.growth.seasonal import YEAR, Projection, projected_factors, rolling_variance
from dagster_project.statistics.growth.verdicts import SMALLEST_FAMILY_BASE, with_verdicts

SEASONAL_FROM = 36
"""Complete months before the printed one from which on its growth is seasonally adjusted."""
HALF_POST = 0.5


@dataclass(frozen=True)
class Growth:
    """Log growth of (series, months) with its standard error; NaN where a month has none.

    freedom: degrees of freedom of the error, 0 where nothing but the counts says how large it is; errors: number of
    one-step-ahead errors behind it.
    """

    log: Floats
    error: Floats
    freedom: Floats
    errors: NDArray[np.int64]

    def percent(self) -> tuple[Floats, Floats, Floats]:
        """Growth in percent with its 95 % interval (Student's t; normal without degrees of freedom)."""
        half = _quantile(self.freedom) * self.error
        return tuple(100 * np.expm1(self.log + sign * half) for sign in (0, -1, 1))  # type: ignore[return-value]

    def p_rise(self) -> Floats:
        """One-sided p-values of 'no rise'."""
        with np.errstate(divide="ignore", invalid="ignore"):
            t = self.log / self.error
            return np.where(self.freedom > 0, stats.t.sf(t, np.maximum(self.freedom, 1e-9)), stats.norm.sf(t))


def _quantile(freedom: Floats) -> Floats:
    """Of a two-sided interval; the normal one where no freedom is known."""
    level = (1 + CONFIDENCE) / 2
    return np.where(freedom > 0, stats.t.ppf(level, np.maximum(freedom, 1.0)), stats.norm.ppf(level))


def calendar_levels(panel: Panel) -> Floats:
    """Log of posts per standard day; half a post where there is none."""
    return np.log(np.maximum(panel.posts, HALF_POST)) - np.log(panel.standard_days)


def calendar_growth(panel: Panel, steps: int = 1) -> Growth:
    """Posts per standard day against those of `steps` months before."""
    return _growth(panel, steps, np.zeros_like(panel.posts), counting_variance(panel, steps))


def seasonal_growth(panel: Panel, projection: Projection, steps: int = 1) -> Growth:
    """The same after taking out the projected seasonal factors of both months."""
    return _growth(panel, steps, season_change(panel, projection, steps), season_noise(panel, projection, steps))


def season_change(panel: Panel, projection: Projection, steps: int = 1) -> Floats:
    """Log seasonal factor of each month over that of `steps` months before; NaN before there are any."""
    season = np.full_like(panel.posts, np.nan)
    for t in range(steps, len(panel.months)):
        season[:, t] = projection.change(t, steps)
    return season


def projection_of(panel: Panel) -> Projection:
    """Seasonal factors of the panel's months, each projected from the months before it."""
    noise = panel.dispersion / np.maximum(panel.posts, HALF_POST)
    return projected_factors(calendar_levels(panel), panel.posts, noise, panel.is_complete, panel.parent)


def history_months(panel: Panel) -> NDArray[np.int64]:
    """Complete months before each month, (months,)."""
    return np.cumsum(panel.is_complete) - panel.is_complete


def counting_variance(panel: Panel, steps: int) -> Floats:
    """Variance of the log of a month's posts over the base month's when clients arrive at random, (series, months)."""
    base, current = np.maximum(panel.base_posts(steps), HALF_POST), np.maximum(panel.posts, HALF_POST)
    return np.asarray(panel.dispersion / current + shifted(panel.dispersion, steps) / base)


def season_noise(panel: Panel, projection: Projection, steps: int) -> Floats:
    """Variance that is known of a seasonally adjusted change: counting and the season; (series, months), NaN at first.

    With the credibility z: counting through the filter of z times the own factors, (1 - z)^2 of the noise of the
    total's factors, and (1 - z)^2 of the variance between series of a change of factors. That is twice the variance of
    one factor, and 12/11 of it, as the factors of a year sum to 0.
    """
    z, counting = projection.credibility, counting_variance(panel, steps)
    own, of_total = _filter_variances(projection.weights, z, steps)
    between = 2 * YEAR / (YEAR - 1) * projection.between
    return np.asarray(own * counting + (1 - z) ** 2 * (of_total * counting[projection.total] + between))


def _growth(panel: Panel, steps: int, season: Floats, noise: Floats) -> Growth:
    """season: log seasonal factor over that of the base month; noise: variance of the change that is known."""
    base = np.maximum(panel.base_posts(steps), HALF_POST)
    current = np.maximum(panel.posts, HALF_POST)
    calendar = np.log(panel.standard_days) - np.log(shifted(panel.standard_days, steps))
    log = np.log(current / base) - calendar - season
    complete = panel.is_complete.astype(float)[None]
    log[:, (complete * shifted(complete, steps))[0] != 1] = np.nan
    log[panel.held | (shifted(panel.held.astype(float), steps) == 1)] = np.nan
    return _by_level(panel, log, noise)


def _by_level(panel: Panel, log: Floats, noise: Floats) -> Growth:
    """Errors of the series of one level and population speak for each other."""
    variance, freedom = np.full_like(log, np.nan), np.zeros_like(log)
    errors = np.zeros(log.shape, dtype=np.int64)
    for rows in panel.series.groupby(["level", "population"]).indices.values():
        group = rolling_variance(log[rows], noise[rows])
        variance[rows], freedom[rows], errors[rows] = group.variance, group.freedom, group.errors
    return Growth(log, np.sqrt(variance), freedom, errors)


def _filter_variances(weights: Floats, z: Floats, steps: int) -> tuple[Floats, Floats]:
    """Variance under equal independent noise, over that of a plain difference: of a change less z times that of its
    factors, (series, months), and of the change of the factors alone, (months,); NaN at first.

    Both are linear in the levels: 1 on the month, -1 on its base, and the weights of the two factors.
    """
    adjusted, factors = np.full_like(z, np.nan), np.full(len(weights), np.nan)
    for t in range(steps, len(weights)):
        season = weights[t] - weights[t - steps]
        across = season[t] - season[t - steps]
        factors[t] = season @ season / 2
        adjusted[:, t] = 1 - z[:, t] * across + z[:, t] ** 2 * factors[t]
    return adjusted, factors


FEWEST_ERRORS = 6
NO_LIMIT_PCT = 1_000_000.0
"""An upper limit beyond ten thousand times the base says nothing; it is null, as an infinite one is."""
METHOD_SEASONAL = (
    "posts per standard day over seasonal factors projected by STL from the months before, drawn towards those of all "
    "posts by a credibility weight (Buehlmann-Straub); t interval from rolling one-step-ahead errors, variance never "
    "below that of clients arriving at random plus that of seasons between series"
)
METHOD_CALENDAR = (
    "posts per standard day (weekday and holiday weights); t interval from rolling month-to-month changes, variance "
    "never below that of clients arriving at random"
)
PARTS = ("", "_low", "_high")
FLOATS = [
    *("standard_days", "base_standard_days", "expected_season_pct"),
    *(f"{kind}_growth_pct{part}" for kind in ("raw", "calendar", "seasonal", "adjusted") for part in PARTS),
    *(f"{span}_month_growth_pct{part}" for span in ("two", "three") for part in PARTS),
    *("p_value", "q_value"),
]
COUNTS = [
    *("post_count", "base_post_count", "maturity_days", "history_months", "error_count"),
    *("family_count", "family_unmoved_count"),
]
TEXTS = ["adjustment", "verdict", "trend", "no_verdict_reason", "withheld_reason", "method"]
COLUMNS = [
    *("posted_month", *SERIES_KEYS, "base_month"),
    *COUNTS,
    *FLOATS,
    *("is_in_family", "is_withheld"),
    *TEXTS,
]


def monthly_adjusted_growth(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """One row a month and series of growth on the month before, as COLUMNS; counts as `growth_panel.panel` takes them.

    Growth columns are percent with their 95 % interval and null where withheld; adjusted is the seasonally adjusted
    growth from 36 complete months before on and the calendar-adjusted one until then. Verdicts: `verdicts`.
    """
    if counts.empty:
        return _typed(pd.DataFrame(columns=COLUMNS))
    return growth_rows(panel(counts, table))


def growth_rows(data: Panel) -> pd.DataFrame:
    """The rows of a panel, a series after the other and its months in order."""
    rows = _pairs(data)
    growths = _growths(data)
    estimates = rows.assign(**{name: values.ravel() for name, values in growths.items()})
    estimates["method"] = np.where(estimates["adjustment"] == "seasonal", METHOD_SEASONAL, METHOD_CALENDAR)
    estimates["withheld_reason"] = withheld_reason(estimates, "post")
    estimates["is_withheld"] = estimates["withheld_reason"].notna()
    estimates["no_verdict_reason"] = _no_verdict_reason(estimates)
    estimates["is_in_family"] = ~estimates["is_withheld"] & estimates["no_verdict_reason"].isna()
    shown = [name for name in FLOATS if name.endswith(PARTS) and "growth_pct" in name] + ["p_value"]
    estimates[shown] = estimates[shown].where(~estimates["is_withheld"])
    return _typed(with_verdicts(estimates))


def _pairs(data: Panel) -> pd.DataFrame:
    """Keys, counts and collection of month and base month, a row a series and month in the panel's order."""
    series, months = len(data.series), len(data.months)
    rows = data.series.loc[data.series.index.repeat(months)].reset_index(drop=True)

    def of_month(values: object) -> NDArray:
        return np.tile(np.asarray(values), series)

    held = data.held.ravel()
    base_held = (shifted(data.held.astype(float), 1) == 1).ravel()
    base_status, base_reason = np.r_[[None], data.status[:-1]], np.r_[[None], data.reason[:-1]]
    return rows.assign(
        posted_month=of_month(data.months),
        month=of_month(data.months),
        base_month=of_month(data.months - pd.DateOffset(months=1)),
        status=np.where(held, HELD, of_month(data.status)),
        status_reason=np.where(held, BY_HAND, of_month(data.reason)),
        base_status=np.where(base_held, HELD, of_month(base_status)),
        base_status_reason=np.where(base_held, BY_HAND, of_month(base_reason)),
        post_count=data.posts.ravel(),
        base_post_count=data.base_posts(1).ravel(),
        base_count=data.base_posts(1).ravel(),
        maturity_days=of_month(data.maturity),
        history_months=of_month(history_months(data)),
        standard_days=data.standard_days.ravel(),
        base_standard_days=shifted(data.standard_days, 1).ravel(),
    )


def _growths(data: Panel) -> dict[str, Floats | NDArray]:
    """Every growth of (series, months) by column name."""
    projection = projection_of(data)
    calendar, seasonal = calendar_growth(data), seasonal_growth(data, projection)
    is_seasonal = (history_months(data) >= SEASONAL_FROM) & ~np.isnan(seasonal.log)
    adjusted = _chosen(is_seasonal, seasonal, calendar)
    last = [adjusted.percent()[0], shifted(adjusted.percent()[0], 1), shifted(adjusted.percent()[0], 2)]
    spans = {
        span: _chosen(is_seasonal, seasonal_growth(data, projection, steps), calendar_growth(data, steps))
        for span, steps in (("two", 2), ("three", 3))
    }
    raw = growth_interval(data.posts, data.base_posts(1), data.dispersion, shifted(data.dispersion, 1))
    return {
        **_columns("raw_growth_pct", raw),
        **_columns("calendar_growth_pct", calendar.percent()),
        **_columns("seasonal_growth_pct", tuple(np.where(is_seasonal, part, np.nan) for part in seasonal.percent())),
        **_columns("adjusted_growth_pct", adjusted.percent()),
        **_columns("two_month_growth_pct", spans["two"].percent()),
        **_columns("three_month_growth_pct", spans["three"].percent()),
        "expected_season_pct": np.where(is_seasonal, 100 * np.expm1(season_change(data, projection)), np.nan),
        "adjustment": np.where(is_seasonal, "seasonal", "calendar"),
        "error_count": adjusted.errors,
        "p_value": adjusted.p_rise(),
        "smallest_rise_pct": np.minimum.reduce(last),
        "largest_rise_pct": np.maximum.reduce(last),
    }


def _chosen(is_seasonal: NDArray[np.bool_], seasonal: Growth, calendar: Growth) -> Growth:
    names = ("log", "error", "freedom", "errors")
    return Growth(*(np.where(is_seasonal, getattr(seasonal, name), getattr(calendar, name)) for name in names))


def _columns(name: str, values: tuple[Floats, ...]) -> dict[str, Floats]:
    return {f"{name}{part}": value for part, value in zip(PARTS, values, strict=True)}


def _no_verdict_reason(estimates: pd.DataFrame) -> pd.Series:
    """Why a row that is not withheld is no member of the family, null for members and for withheld rows."""
    small = estimates["base_post_count"] < SMALLEST_FAMILY_BASE
    short = estimates["error_count"] < FEWEST_ERRORS
    reason = pd.Series(None, index=estimates.index, dtype="str")
    reason = reason.mask(short, f"fewer than {FEWEST_ERRORS} months of change before to judge it by")
    reason = reason.mask(small, f"fewer than {SMALLEST_FAMILY_BASE} posts in the base month")
    return reason.where(~estimates["is_withheld"])


def _typed(estimates: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS in their types, growth and days rounded, an interval without upper limit null."""
    frame = estimates[COLUMNS].replace([np.inf, -np.inf], np.nan)
    limits = [name for name in FLOATS if name.endswith("_high")]
    frame[limits] = frame[limits].where(~(frame[limits].astype(float) > NO_LIMIT_PCT))
    frame = frame.astype(dict.fromkeys(FLOATS, "Float64") | dict.fromkeys(COUNTS, "Int64"))
    frame = frame.astype(dict.fromkeys(TEXTS, "str") | dict.fromkeys(("is_in_family", "is_withheld"), "bool"))
    digits = {name: 6 if name.endswith("_value") else GROWTH_DIGITS for name in FLOATS}
    return frame.round(digits).reset_index(drop=True)


STATISTICS = [
    Statistic(
        id="monthly_adjusted_growth",
        definition="Posts of a month over posts of the month before, both complete and counted at the same age, "
        "minus 1: raw, per standard day (weekdays and holidays), and from 36 complete months on over seasonal factors "
        "projected from the months before, those of a series drawn towards those of all posts. Rose: one-sided test of "
        "no rise, Benjamini-Hochberg at 10 % over the series with a base of at least 100 posts, and the 95 % interval "
        "above 0. Surged: rose by at least 25 %. Steady: three rises, none of 25 % or more, three-month interval above "
        "0. Continued: two-month interval above 0.",
        unit="percent",
        method=METHOD_SEASONAL,
        counts_table="int_monthly_adjusted_growth_counts",
        keys=PANEL_KEYS,
        inputs=PANEL_INPUTS,
        function=partial(monthly_adjusted_growth, table="int_monthly_adjusted_growth_counts"),
        mart="monthly_adjusted_growth",
        library="statsmodels.tsa.seasonal.STL, statsmodels.stats.multitest.multipletests, holidays",
    ),
]
