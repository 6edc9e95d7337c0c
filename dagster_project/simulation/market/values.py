"""Money of a post: contract type, fixed budget or hourly rate, and the bands of time that clients tick."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from dagster_project.simulation.market.market import Market

HOURS_BANDS = ("under_30", "30_plus")
DURATION_BANDS = ("under_1_month", "1_to_3_months", "3_to_6_months", "over_6_months")
HOURS_A_WEEK = np.array([15.0, 35.0])
WEEKS = np.array([2.0, 9.0, 20.0, 39.0])
DURATION_WEIGHTS = np.array([0.30, 0.28, 0.13, 0.29])
FIXED_DURATION_WEIGHTS = np.array([0.55, 0.25, 0.08, 0.12])
# Small jobs are more often fixed, large ones hourly.
FIXED_FACTOR_HIGH, FIXED_FACTOR_LOW = 0.6, 1.3
FULL_TIME_SHARE = 0.23
LEAST_BUDGET = 5.0
LEAST_RATE = 3.0


@dataclass(frozen=True)
class Money:
    """One value a post, shape (n,); NaN and -1: the client left it open, in `fixed` the contract type."""

    fixed: np.ndarray
    budget: np.ndarray
    rate_low: np.ndarray
    rate_high: np.ndarray
    hours_band: np.ndarray
    duration_band: np.ndarray


def draw_money(market: Market, category: np.ndarray, is_ai: np.ndarray, rng: np.random.Generator) -> Money:
    """Draw the money of posts; a known projected value is high with the planted chance of its category."""
    n, limit = len(category), market.planted.high_value_usd
    of = _planted_columns(market, category)
    high = rng.random(n) < np.where(is_ai, of["ai_high_value_share"], of["high_value_share"])
    fixed = rng.random(n) < np.minimum(0.97, of["fixed"] * np.where(high, FIXED_FACTOR_HIGH, FIXED_FACTOR_LOW))
    low, upper = _rates(of["rate_median"], of["rate_sigma"], rng)
    # A rate that no short job can bring below the limit becomes a small fixed price.
    fixed |= ~high & ((low + upper) / 2 * HOURS_A_WEEK[0] * WEEKS[0] > limit)
    budget = _budgets(of["budget_median"], of["budget_sigma"], high, limit, rng)
    hours, hourly_duration = _bands_on_side((low + upper) / 2, high, limit, rng)
    duration = np.where(fixed, rng.choice(4, n, p=FIXED_DURATION_WEIGHTS), hourly_duration)
    money = Money(
        fixed=fixed.astype(np.int8),
        budget=np.where(fixed, budget, np.nan),
        rate_low=np.where(fixed, np.nan, low),
        rate_high=np.where(fixed, np.nan, upper),
        hours_band=np.where(fixed, -1, hours),
        duration_band=duration,
    )
    return _leave_open(money, rng.random(n) < market.planted.unknown_value_share, rng)


def _planted_columns(market: Market, category: np.ndarray) -> dict[str, np.ndarray]:
    rows = [market.planted.values[name] for name in market.vocabulary.categories]
    columns = (
        "fixed",
        "budget_median",
        "budget_sigma",
        "rate_median",
        "rate_sigma",
        "high_value_share",
        "ai_high_value_share",
    )
    return {column: np.array([getattr(row, column) for row in rows])[category] for column in columns}


def _rates(median: np.ndarray, sigma: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    middle = median * np.exp(sigma * rng.standard_normal(len(median)))
    step = np.where(middle < 15, 1.0, 5.0)
    spread = rng.uniform(0.05, 0.35, len(median))
    low = np.maximum(LEAST_RATE, np.round(middle * (1 - spread) / step) * step)
    return low, np.maximum(low + step, np.round(middle * (1 + spread) / step) * step)


def tidy(amount: np.ndarray, rounding: Callable[[np.ndarray], np.ndarray] = np.round) -> np.ndarray:
    """Round amounts as people do: to 5 below 100, to 50 below 1,000, to 100 below 5,000, to 500 above."""
    step = np.select([amount < 100, amount < 1000, amount < 5000], [5.0, 50.0, 100.0], 500.0)
    return rounding(amount / step) * step


def _budgets(
    median: np.ndarray, sigma: np.ndarray, high: np.ndarray, limit: float, rng: np.random.Generator
) -> np.ndarray:
    # Inverse of the log-normal distribution, cut at the limit on the wanted side.
    below = ndtr(np.log(limit / median) / sigma)
    u = rng.random(len(median))
    quantile = np.where(high, below + u * (1 - below), u * below).clip(1e-9, 1 - 1e-9)
    amount = median * np.exp(sigma * ndtri(quantile))
    above = np.maximum(tidy(np.nextafter(amount, np.inf), np.ceil), limit + 100)
    return np.where(high, above, tidy(amount, np.floor).clip(LEAST_BUDGET, limit))


def _bands_on_side(
    rate: np.ndarray, high: np.ndarray, limit: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    hours = (rng.random(len(rate)) < FULL_TIME_SHARE).astype(int)
    duration = rng.choice(4, len(rate), p=DURATION_WEIGHTS)
    is_high = rate * HOURS_A_WEEK[hours] * WEEKS[duration] > limit
    too_high, too_low = is_high & ~high, ~is_high & high
    part_time = rate[:, None] * HOURS_A_WEEK[0] * WEEKS[None, :] > limit
    hours = np.where(too_high | too_low, 0, hours)
    duration = np.where(too_high, 0, duration)
    return hours, np.where(too_low, np.argmax(part_time, axis=1), duration)


def _leave_open(money: Money, unknown: np.ndarray, rng: np.random.Generator) -> Money:
    kind = rng.integers(0, 3, len(unknown))
    no_type, no_hours = unknown & (kind == 0), unknown & (kind == 1) & (money.fixed == 0)
    no_money = unknown & ~no_hours
    return Money(
        fixed=np.where(no_type, -1, money.fixed),
        budget=np.where(no_money, np.nan, money.budget),
        rate_low=np.where(no_money, np.nan, money.rate_low),
        rate_high=np.where(no_money, np.nan, money.rate_high),
        hours_band=np.where(no_hours | no_type, -1, money.hours_band),
        duration_band=money.duration_band,
    )
