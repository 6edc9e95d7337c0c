"""Months as 'YYYY-MM': order, days and the days on which most clients rest."""

import datetime as dt
import re

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
