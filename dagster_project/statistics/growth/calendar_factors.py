"""Standard days of a month: what its weekdays and holidays promise before anything else is known.

A standard day is the mean day of a week without a holiday. Day types are the seven weekdays and the US public holiday
that falls on a working day (`holidays` package, observed days included); a holiday at the weekend is a weekend day.
"""

from collections.abc import Sequence

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
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
