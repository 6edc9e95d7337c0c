"""Markets whose true growth is known, drawn as monthly counts, many worlds at once; `population` is the world.

A world has its series and, as the last `worlds` rows of a panel, the total of each.

Posts arrive through clients in clusters, at a rate with weekdays, holidays, noisy days, a season that drifts and
differs between series, a slow trend and autocorrelated disturbances of the series and of the market. The true weights
and holidays come from elsewhere than those of the code under test.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar

from dagster_project.statistics.growth.panel import Panel, standard_days

WEEKDAY, HOLIDAY = (1.08, 1.10, 1.10, 1.08, 1.00, 0.66, 0.64), 0.55
CLIENT_SIZES, CLIENT_CHANCES = (1, 2, 3, 6), (0.70, 0.17, 0.08, 0.05)
FIRST_MONTH = "2020-01-01"


@dataclass(frozen=True)
class Design:
    """Standard deviations are of logs. smallest, largest: expected posts of a series a month; drift: of a calendar
    month's factor from year to year."""

    series: int = 40
    months: int = 72
    smallest: float = 130
    largest: float = 1500
    season: float = 0.05
    own_season: float = 0.04
    drift: float = 0.01
    disturbance: float = 0.03
    market_disturbance: float = 0.01
    persistence: float = 0.5
    trend: float = 0.003
    day_noise: float = 0.06


@dataclass(frozen=True)
class Market:
    """panel: what is observed; of (worlds x series, months): change, true log growth beyond season, calendar and trend;
    season, true log factors."""

    panel: Panel
    change: np.ndarray
    season: np.ndarray

    @property
    def is_drawn(self) -> np.ndarray:
        """Rows of the panel that are no total."""
        return (self.panel.series["level"] != "total").to_numpy()


def draw_market(design: Design, worlds: int, rng: np.random.Generator, change: np.ndarray | None = None) -> Market:
    """`worlds` independent worlds under one calendar; change: (worlds x series, months), default nothing changes."""
    months = pd.date_range(FIRST_MONTH, periods=design.months, freq="MS")
    count = worlds * design.series
    change = np.zeros((count, design.months)) if change is None else change
    days, daily = _calendar(months, design, rng)
    level = rng.uniform(np.log(design.smallest), np.log(design.largest), count)[:, None]
    season = _season(design, worlds, rng)
    rate = np.exp(
        level + change.cumsum(axis=1) + design.trend * np.arange(design.months) + season
        + _disturbance(count, design.disturbance, design, rng)
        + np.repeat(_disturbance(worlds, design.market_disturbance, design, rng), design.series, axis=0)
    )  # fmt: skip
    posts, squares = (_with_totals(values, worlds) for values in _arrivals(rate * days / days.mean(), rng))
    with np.errstate(divide="ignore", invalid="ignore"):
        dispersion = np.where(posts > 0, np.maximum(squares / posts, 1), 1)
    world = np.repeat(np.arange(worlds), design.series)
    names = pd.DataFrame({
        "level": ["sub_category"] * count + ["total"] * worlds, "series_id": np.arange(count + worlds).astype(str),
        "population": np.r_[world, np.arange(worlds)],
    })  # fmt: skip
    complete = np.full(design.months, "complete", dtype=object)
    panel = Panel(
        series=names,
        parent=count + np.r_[world, np.arange(worlds)],
        months=months,
        posts=posts,
        dispersion=dispersion,
        late=np.zeros((3, *posts.shape)),
        maturity=np.zeros(design.months, dtype=np.int64),
        status=complete,
        reason=np.full(design.months, None, dtype=object),
        held=np.zeros(posts.shape, bool),
        standard_days=np.tile(standard_days(months, daily, complete == "complete"), (len(names), 1)),
    )
    return Market(panel, change, season)


def _with_totals(values: np.ndarray, worlds: int) -> np.ndarray:
    """Below the rows of the series one of their sum for each world; clients of two series are taken for two."""
    return np.concatenate([values, values.reshape(worlds, -1, values.shape[1]).sum(axis=1)])


def _calendar(months: pd.DatetimeIndex, design: Design, rng: np.random.Generator) -> tuple[np.ndarray, list[list[int]]]:
    """True weight of each month and the market's posts of each day."""
    holidays = USFederalHolidayCalendar().holidays(months[0], months[-1] + pd.offsets.MonthEnd(0))
    weights, daily = [], []
    for month in months:
        days = pd.date_range(month, periods=month.days_in_month)
        factor = np.array(WEEKDAY)[days.dayofweek] * np.where(days.isin(holidays), HOLIDAY, 1)
        factor = factor * np.exp(rng.normal(0, design.day_noise, len(days)))
        weights.append(factor.sum())
        daily.append(rng.poisson(2000 * factor).tolist())
    return np.array(weights), daily


def _season(design: Design, worlds: int, rng: np.random.Generator) -> np.ndarray:
    """Log factors of (series, months): a world's own, its series' own, drifting from year to year."""
    count = worlds * design.series
    factors = np.repeat(rng.normal(0, design.season, (worlds, 12)), design.series, axis=0)
    factors = factors + rng.normal(0, design.own_season, (count, 12))
    years = -(-design.months // 12)
    drift = rng.normal(0, design.drift, (count, years, 12)).cumsum(axis=1)
    return (factors[:, None] + drift).reshape(count, -1)[:, : design.months]


def _disturbance(count: int, deviation: float, design: Design, rng: np.random.Generator) -> np.ndarray:
    """First-order autoregressive noise of (count, months) with the given standard deviation."""
    noise = rng.normal(0, deviation, (count, design.months))
    for t in range(1, design.months):
        fresh = np.sqrt(1 - design.persistence**2) * noise[:, t]
        noise[:, t] = design.persistence * noise[:, t - 1] + fresh
    return noise


def _arrivals(rate: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Posts and the sum of squared posts of each client: clients of each size arrive at random."""
    arrivals = rate / np.dot(CLIENT_SIZES, CLIENT_CHANCES)
    clients = [rng.poisson(arrivals * chance) for chance in CLIENT_CHANCES]
    posts, squares = (
        sum(size**power * count for size, count in zip(CLIENT_SIZES, clients, strict=True)) for power in (1, 2)
    )
    return np.asarray(posts, float), np.asarray(squares, float)
