"""Months as 'YYYY-MM': order, days, holidays; and random streams that depend on seed, month and purpose alone."""

import datetime as dt
import re
import zlib

import numpy as np


def month_number(month: str) -> int:
    """Months since year 0; raises ValueError for anything but 'YYYY-MM'."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month)
    if match is None:
        raise ValueError(f"{month!r} is no month: write it like 2025-11")
    return int(match[1]) * 12 + int(match[2]) - 1


def month_name(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def previous_month(month: str) -> str:
    return month_name(month_number(month) - 1)


def next_month(month: str) -> str:
    return month_name(month_number(month) + 1)


def first_ms(month: str) -> int:
    """Milliseconds from 1970 to the month's first instant in UTC."""
    return int(np.datetime64(month, "ms").astype(np.int64))


def month_range(first: str, last: str) -> list[str]:
    """All months from first to last, both included."""
    return [month_name(number) for number in range(month_number(first), month_number(last) + 1)]


def days_of(month: str) -> list[dt.date]:
    number = month_number(month)
    first = dt.date(number // 12, number % 12 + 1, 1)
    following = dt.date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return [first + dt.timedelta(days=i) for i in range((following - first).days)]


def is_holiday(day: dt.date) -> bool:
    """New Year, Independence Day, Labor Day, Thanksgiving and the day after, Christmas to New Year's Eve."""
    fixed = {(1, 1), (7, 4), (12, 24), (12, 25), (12, 26), (12, 31)}
    labor_day = day.month == 9 and day.weekday() == 0 and day.day <= 7
    thanksgiving = day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28
    day_after = day.month == 11 and day.weekday() == 4 and 23 <= day.day <= 29
    return (day.month, day.day) in fixed or labor_day or thanksgiving or day_after


def day_factors(month: str, weekday: list[float], holiday: float) -> np.ndarray:
    """The expected weight of each day of a month, shape (days,)."""
    return np.array([weekday[day.weekday()] * (holiday if is_holiday(day) else 1.0) for day in days_of(month)])


def stream(seed: int, month: str, purpose: str) -> np.random.Generator:
    """A generator of its own for one purpose of one month."""
    return np.random.default_rng([seed, month_number(month), zlib.crc32(purpose.encode())])


def scrambled(numbers: np.ndarray, salt: int) -> np.ndarray:
    """A fixed pseudo-random uint64 for each whole number (SplitMix64, Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        z = numbers.astype(np.uint64) + np.uint64(salt) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniform_of(numbers: np.ndarray, salt: int) -> np.ndarray:
    """A fixed uniform number in [0, 1) for each whole number."""
    return (scrambled(numbers, salt) >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def draw_from(shares: dict, uniform: np.ndarray) -> np.ndarray:
    """Positions in `shares` (key: weight) that uniform numbers fall on, by the cumulative weights."""
    cumulative = np.cumsum(np.fromiter(shares.values(), float))
    return np.searchsorted(cumulative / cumulative[-1], uniform, side="right").clip(max=len(shares) - 1)
