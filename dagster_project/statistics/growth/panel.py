"""Monthly counts as arrays of (series, months), and standard days: what weekdays and holidays promise of a month."""

from collections.abc import Sequence
from dataclasses import dataclass

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dagster_project.statistics.core.estimates import CountsError, Floats, numbers
from dagster_project.statistics.growth.raw import HELD, SERIES_KEYS, dispersion

HOLIDAY = 7
DAY_TYPES = 8
CALENDAR_MONTHS = 36
FEWEST_MONTHS = 3
ROUNDS = 20


def day_types(days: pd.DatetimeIndex) -> NDArray[np.int64]:
    """0 Monday to 6 Sunday, 7 a US public holiday from Monday to Friday."""
    weekday = days.dayofweek.to_numpy()
    observed = holidays.country_holidays("US", years=sorted(set(days.year)))
    is_holiday = np.array([day in observed for day in days.date], dtype=bool)
    return np.where(is_holiday & (weekday < 5), HOLIDAY, weekday)


def day_weights(posts: Floats, days: Floats) -> Floats:
    """Expected posts of each day type relative to a standard day, from (months, types) posts and days; shape (types,).

    Maximum likelihood of the Poisson model posts = month level x days x weight, by iterative proportional fitting
    (Deming and Stephan 1940; the GLM with month effects of a daily count). A type without a day weighs 1 where it is
    a weekday; a holiday without a day weighs like the mean weekend day, which it resembles most.
    """
    weights = np.ones(DAY_TYPES)
    is_seen = days.sum(axis=0) > 0
    for _ in range(ROUNDS):
        level = posts.sum(axis=1) / (days @ weights)
        expected = level @ days
        weights = np.divide(posts.sum(axis=0), expected, out=np.ones(DAY_TYPES), where=expected > 0)
    if not is_seen[HOLIDAY]:
        weights[HOLIDAY] = weights[5:7].mean()
    return np.asarray(weights / weights[:HOLIDAY].mean())


def standard_days(months: pd.DatetimeIndex, daily_posts: Sequence[Sequence[int]], is_complete: NDArray) -> Floats:
    """Expected standard days of each month, weights from the up to 36 complete months before it; shape (months,).

    months: without a gap; daily_posts: posts of each day of each month. A month with fewer than three complete months
    before it takes the weights of the first three of the history, so that the months at its beginning have a calendar.
    """
    posts, days = _by_type(months, daily_posts)
    complete = np.flatnonzero(is_complete)
    result = np.empty(len(months))
    for t in range(len(months)):
        before = complete[complete < t][-CALENDAR_MONTHS:]
        used = before if len(before) >= FEWEST_MONTHS else complete[:FEWEST_MONTHS]
        weights = day_weights(posts[used], days[used]) if posts[used].sum() > 0 else np.ones(DAY_TYPES)
        result[t] = days[t] @ weights
    return result


def _by_type(months: pd.DatetimeIndex, daily_posts: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
    """Posts and days of each month by day type, each (months, types)."""
    posts, days = np.zeros((len(months), DAY_TYPES)), np.zeros((len(months), DAY_TYPES))
    span = pd.date_range(months[0], months[-1] + pd.offsets.MonthEnd(0))
    types = np.split(day_types(span), np.cumsum(months.days_in_month)[:-1])
    for t, (of_month, counts) in enumerate(zip(types, daily_posts, strict=True)):
        days[t] = np.bincount(of_month, minlength=DAY_TYPES)
        posts[t] = np.bincount(of_month, weights=np.asarray(counts, float), minlength=DAY_TYPES)
    return posts, days


PANEL_KEYS = ["posted_month", *SERIES_KEYS]
LATE_COUNTS = ("late_count_1", "late_count_2", "late_count_3")
PANEL_INPUTS = [
    *("parent_series_id", "post_count", "sum_client_squares", "daily_post_counts", *LATE_COUNTS),
    *("maturity_days", "status", "status_reason"),
]
CALENDAR_LEVEL = "total"
LEVEL_ABOVE = {"sub_category": "category", "category": "total", "total": "total", "composite": "composite"}
"""A composite spans categories: like a total it has nothing above it, and a season of its own."""


@dataclass(frozen=True)
class Panel:
    """Arrays over (series, months) unless said otherwise.

    series: frame of level, series_id, population; parent: row of the series above, (series,); months: first days
    without a gap; posts: as known now; dispersion: variance over mean of a count from posts per client; late: posts not
    known yet when the month was as old as the month 1, 2, 3 later is now, (3, series, months); maturity: days that a
    month has been known after its end, (months,); status, reason: collection, (months,); held: months in which people
    hold the series; standard_days: of the series' population.
    """

    series: pd.DataFrame
    parent: NDArray[np.int64]
    months: pd.DatetimeIndex
    posts: Floats
    dispersion: Floats
    late: Floats
    maturity: NDArray[np.int64]
    status: NDArray[np.object_]
    reason: NDArray[np.object_]
    held: NDArray[np.bool_]
    standard_days: Floats

    @property
    def is_complete(self) -> NDArray[np.bool_]:
        """Months collected completely, (months,)."""
        return np.asarray(self.status == "complete")

    def base_posts(self, steps: int) -> Floats:
        """Posts of the month `steps` before each month, known when it was as old as that month is now; NaN at first."""
        return shifted(self.posts - self.late[steps - 1], steps)


def shifted(values: Floats, steps: int) -> Floats:
    """(series, months): the values of `steps` months before, NaN at the beginning."""
    result = np.full(values.shape, np.nan)
    result[:, steps:] = values[:, :-steps]
    return result


def panel(counts: pd.DataFrame, table: str) -> Panel:
    """The panel of a counts frame with PANEL_KEYS and PANEL_INPUTS; every series has a row in every month.

    Raises CountsError where a series lacks a month or a population lacks its `total` series.
    """
    ordered = counts.assign(posted_month=pd.to_datetime(counts["posted_month"])).sort_values(
        [*SERIES_KEYS, "posted_month"], ignore_index=True
    )
    months = pd.DatetimeIndex(sorted(ordered["posted_month"].unique()))
    series = ordered[SERIES_KEYS].drop_duplicates(ignore_index=True)
    shape = (len(series), len(months))
    if len(ordered) != shape[0] * shape[1]:
        raise CountsError(f"{table}: {shape[0]} series and {shape[1]} months make {len(ordered)} rows; fill the gaps")
    posts = numbers(ordered, "post_count", table).reshape(shape)
    squares = numbers(ordered, "sum_client_squares", table).reshape(shape)
    held = ordered["status"].eq(HELD).to_numpy().reshape(shape)
    status, reason = (_of_months(ordered[name], held) for name in ("status", "status_reason"))
    return Panel(
        series=series,
        parent=_parents(series, ordered["parent_series_id"].iloc[:: len(months)], table),
        months=months,
        posts=posts,
        dispersion=dispersion(posts, squares),
        late=np.stack([numbers(ordered, name, table).reshape(shape) for name in LATE_COUNTS]),
        maturity=ordered["maturity_days"].iloc[: len(months)].to_numpy(dtype=np.int64),
        status=status,
        reason=reason,
        held=held,
        standard_days=_standard_days(ordered, series, months, status == "complete", table),
    )


def _of_months(values: pd.Series, held: NDArray[np.bool_]) -> NDArray[np.object_]:
    """What stands of each month with a series that nobody holds, (months,): the total of posts is no category."""
    rows = np.argmin(held, axis=0)
    return np.asarray(values.to_numpy(dtype=object).reshape(held.shape)[rows, np.arange(held.shape[1])])


def _parents(series: pd.DataFrame, parent_ids: pd.Series, table: str) -> NDArray[np.int64]:
    """Row of each series' parent; raises CountsError where it has none in the frame."""
    above = pd.MultiIndex.from_arrays([series["level"].map(LEVEL_ABOVE), parent_ids, series["population"]])
    rows = pd.MultiIndex.from_frame(series).get_indexer(above)
    if (rows < 0).any():
        orphan = series[rows < 0].iloc[0].to_dict()
        raise CountsError(f"{table}: series {orphan} has no row for the level above it; add its category and total")
    return np.asarray(rows, dtype=np.int64)


def _standard_days(
    ordered: pd.DataFrame, series: pd.DataFrame, months: pd.DatetimeIndex, is_complete: NDArray[np.bool_], table: str
) -> Floats:
    """Standard days by (series, months): those of the population's total."""
    result = np.empty((len(series), len(months)))
    for population in series["population"].unique():
        is_total = (ordered["level"] == CALENDAR_LEVEL) & (ordered["population"] == population)
        if not is_total.any():
            raise CountsError(f"{table}: population {population} has no series of level {CALENDAR_LEVEL}")
        days = standard_days(months, ordered.loc[is_total, "daily_post_counts"].tolist(), is_complete)
        result[(series["population"] == population).to_numpy()] = days
    return result
