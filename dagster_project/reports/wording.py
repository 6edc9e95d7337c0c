"""Numbers, months and populations in words. Every sentence and table takes them from here."""

import math
from dataclasses import dataclass

import pandas as pd

TECHNOLOGY_NAMES = {"ai": "AI", "cloud": "cloud", "rpa": "RPA"}
NO_VALUE = "–"
MINUS = "\u2212"


@dataclass(frozen=True)
class Population:
    """Whose posts a row counts: `code` as in the marts, `posts` in a sentence."""

    code: str
    posts: str


US_POSTS = Population("us", "US job posts")
ALL_POSTS = Population("all", "job posts of the feed")


def is_missing(value: object) -> bool:
    """None, NaN, NaT or NA."""
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def number(value: object) -> float | None:
    """A mart value as a float, None where it is null."""
    return None if is_missing(value) else float(value)  # type: ignore[arg-type]


def count(value: object) -> str:
    """`4,912`."""
    amount = number(value)
    return NO_VALUE if amount is None else f"{amount:,.0f}"


def share(value: object) -> str:
    """A fraction as a percentage: `7.4%`, `0.62%`, `under 0.01%`."""
    fraction = number(value)
    if fraction is None:
        return NO_VALUE
    percent = fraction * 100
    if 0 < percent < 0.01:
        return "under 0.01%"
    digits = 2 if 0 < percent < 1 else 1
    return "0%" if percent == 0 else f"{percent:.{digits}f}%".replace("100.0%", "100%")


def growth(value: object) -> str:
    """Percent with its sign: `+12.3%`, `−4.0%`, `0.0%`."""
    percent = number(value)
    if percent is None or math.isinf(percent):
        return NO_VALUE
    shown = f"{abs(percent):,.1f}%"
    if shown == "0.0%":
        return shown
    return f"{MINUS if percent < 0 else '+'}{shown}"


def usd(value: object) -> str:
    """`1,240 USD`, cents dropped."""
    amount = number(value)
    return NO_VALUE if amount is None else f"{amount:,.0f} USD"


def interval(low: object, high: object, form: object = share) -> str:
    """`7.1% to 7.7%`."""
    if is_missing(low) or is_missing(high):
        return NO_VALUE
    return f"{form(low)} to {form(high)}"  # type: ignore[operator]


def month_name(month: str | pd.Timestamp) -> str:
    """`November 2025`."""
    return pd.Timestamp(month).strftime("%B %Y")


def technology_name(technology: str, label: str | None = None) -> str:
    """The short name that sentences use; an unknown technology keeps its label."""
    return TECHNOLOGY_NAMES.get(technology, label or technology)


def direction(low: object, high: object) -> str | None:
    """`rose` or `fell` where the interval excludes 0, else None."""
    lower, upper = number(low), number(high)
    if lower is None or upper is None:
        return None
    if lower > 0:
        return "rose"
    return "fell" if upper < 0 else None


def capitalised(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
