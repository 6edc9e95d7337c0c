"""Numbers, months and populations in words. Every sentence and table takes them from here."""

import math
from dataclasses import dataclass

import pandas as pd

TECHNOLOGY_NAMES = {"ai": "AI", "cloud": "cloud", "rpa": "RPA"}
NO_VALUE = "–"
MINUS = "\u2212"
REVISED_UNITS = ("percent", "fraction", "count", "rank")


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


def word(value: object) -> str:
    """A verdict as the mart has it."""
    return NO_VALUE if is_missing(value) else str(value)


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


def points(value: object) -> str:
    """Percentage points of a share: `3.39 points`."""
    known = number(value)
    return NO_VALUE if known is None else f"{known:.2f} points"


def usd(value: object) -> str:
    """`1,240 USD`, cents dropped."""
    amount = number(value)
    return NO_VALUE if amount is None else f"{amount:,.0f} USD"


def told_share(value: object, low: object, high: object) -> str:
    """A fraction with its range as a page tells it: `86% (83–89)`, `7.4% (7.1–7.7)`, `32%`."""
    known = [number(part) for part in (value, low, high)]
    return _told(*(None if part is None else 100 * part for part in known))


def told_growth(value: object, low: object, high: object, *, signed: bool = False) -> str:
    """A growth in percent with its range: `48% (37–60)`, and of a fall `5% (1–9)`: its verb says which way.

    signed: no verb does, so that all three carry their signs: `+48% (37–60)`, `−5% (−9 to −1)`.
    """
    return _told(*(number(part) for part in (value, low, high)), signed=signed)


WHOLE_FROM, WIDEST_OF_TENTHS = 10, 2


def told_points(value: object, low: object, high: object) -> str:
    """A difference of shares with its range, that of a fall as one: `34 points (25–43)`."""
    return told_growth(value, low, high).replace("%", " points")


def _told(value: float | None, low: float | None, high: float | None, *, signed: bool = False) -> str:
    """The one rule for digits and signs in prose, so that numbers told side by side have as many.

    Whole percent; tenths only for a number under 10 % whose range is narrower than 2 points, since 7.4 % is not 6.9 %.
    A range whose limits both round to the number is not printed: the number is sure to its last digit. One without an
    upper limit says so. Unless `signed`, a fall is told by its size, as is its range: smaller limit first, and a minus
    in it stands for a rise.
    """
    if value is None:
        return NO_VALUE
    if not signed and value < 0:
        value, low, high = -value, *(None if part is None else -part for part in (high, low))
    sign = "" if not signed or not value else MINUS if value < 0 else "+"
    if low is None or high is None:
        return f"{sign}{abs(value):,.0f}%"
    digits = 1 if abs(value) < WHOLE_FROM and high - low < WIDEST_OF_TENTHS else 0
    told, *limits = [_rounded(part, digits) for part in (value, low, high)]
    number_told = f"{sign if told.strip('0.' + MINUS) else ''}{told.lstrip(MINUS)}%"
    if math.isinf(high):
        return f"{number_told} ({limits[0]}% or more)"
    if limits == [told, told]:
        return number_told
    return f"{number_told} ({(' to ' if low < 0 else '–').join(limits)})"


def _rounded(percent: float, digits: int) -> str:
    return f"{MINUS if round(percent, digits) < 0 else ''}{abs(percent):,.{digits}f}"


def told_limits(told: str) -> str:
    """`48% (37–60)` -> `37% to 60%`; empty for a number told without a range."""
    low, _, high = told.partition(" (")[2].rstrip(")").replace("–", " to ").partition(" to ")
    return f"{low}% to {high}%" if high else ""


def interval(low: object, high: object, form: object = share) -> str:
    """`7.1% to 7.7%`, and with a unit that is a word `−15.8 to −7.1 points`."""
    if is_missing(low) or is_missing(high):
        return NO_VALUE
    lower, upper = form(low), form(high)  # type: ignore[operator]
    return f"{lower.removesuffix(' points')} to {upper}"


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


def point_change(value: object) -> str:
    """A difference of shares with its sign: `+3.4 points`, `−11.5 points`, `0.0 points`."""
    return growth(value).replace("%", " points")


def decimal_number(value: object) -> str:
    """`8.6`, `1,250.0`."""
    known = number(value)
    return NO_VALUE if known is None else f"{known:,.1f}"


def capitalised(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def within_sentence(name: str) -> str:
    """`all AI` for the series `All AI`, which stands at the beginning of a cell; other names are as they are."""
    return f"a{name[1:]}" if name.startswith("All ") else name


def revision_change(revision: object, unit: str) -> str:
    """A revision with its sign: `−1.8 points`, `+120`, `+2 ranks`; more digits where it would read as none."""
    known = number(revision)
    if known is None:
        return NO_VALUE
    sign = MINUS if known < 0 else "+" if known > 0 else ""
    return f"{sign}{revision_size(abs(known), unit)}"


def revision_size(amount: object, unit: str) -> str:
    """The size of a revision in its series' unit: `1.80 points`, `120`; `0.02 points` is no 0."""
    known = number(amount)
    if known is None:
        return NO_VALUE
    if unit in ("count", "rank"):
        return f"{known:,.2f}".rstrip("0").rstrip(".")
    points = known * 100 if unit == "fraction" else known
    return "0 points" if points == 0 else f"{points:.2g} points" if points < 0.1 else f"{points:,.2f} points"
