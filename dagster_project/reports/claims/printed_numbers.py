"""Which numbers a sentence prints, and which ones its row may print: with units, so that 3 % is not 3 points."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from numbers import Number

import pandas as pd

from dagster_project.reports.claims.wording import (
    REVISED_UNITS,
    count,
    decimal_number,
    growth,
    number,
    point_change,
    points,
    revision_change,
    share,
    told_growth,
    told_points,
    told_share,
    usd,
)

Form = Callable[[object], str]
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
UNITS = {"percent": "%", "percentage points": "points", "point": "points", "percentage point": "points"}
UNIT = r"%|percentage points?\b|points?\b|percent\b|USD\b|times\b"
PRINTED = re.compile(rf"(?<![\w.])([+−]?)({NUMBER})(?:\s?({UNIT}))?")
TOLD = re.compile(rf"([+−]?{NUMBER})(%| points) \(([+−]?{NUMBER})(?:–| to )([+−]?{NUMBER})\)")
RANGE = re.compile(rf"({NUMBER})(?=( to [+−]?{NUMBER}\s?({UNIT})))")


@dataclass(frozen=True)
class Printed:
    """A number as printed: sign (`+`, `−` or none), digits and unit (`%`, `points`, `USD`, `times` or none)."""

    sign: str
    digits: str
    unit: str

    def __str__(self) -> str:
        return f"{self.sign}{self.digits}{'' if self.unit in ('', '%') else ' '}{self.unit}"

    @property
    def bare(self) -> "Printed":
        """The same number without its sign, as in `fell by 4.0%`."""
        return Printed("", self.digits, self.unit)


def _thousandths(value: object) -> str:
    return f"{number(value) or 0:.3f}"


def _p_value(value: object) -> str:
    """A p-value and its complement (the smaller of the two tests is printed); below 0.001 as that limit."""
    p = number(value) or 0
    return f"{max(p, 0.001):.3f} {max(1 - p, 0.001):.3f}"


def _rounded_share(value: object) -> str:
    """A share as a page tells it: in whole percent and in tenths."""
    percent = 100 * (number(value) or 0)
    return f"{percent:.0f}% {percent:.1f}%"


def _rounded_growth(value: object) -> str:
    percent = number(value) or 0
    sign = "\u2212" if percent < 0 else "+"
    return f"{sign}{abs(percent):,.0f}% {sign}{abs(percent):,.1f}%"


def _rounded_points(value: object) -> str:
    return _rounded_growth(value).replace("%", " points")


def _percent(value: object) -> str:
    """A mean answer in percent: in whole percent and in tenths."""
    return f"{number(value) or 0:.0f}% {decimal_number(value)}%"


def _times(value: object) -> str:
    return f"{decimal_number(value)} times"


COLUMN_FORMS: tuple[tuple[str, tuple[Form, ...]], ...] = (
    (r"(first|previous|latest)_value", (growth, share, count)),
    (r"half_widths", (decimal_number,)),
    (r"revision(?!_count)", tuple(partial(revision_change, unit=unit) for unit in REVISED_UNITS)),
    (r"growth_pct", (growth, _rounded_growth)),
    (r"points", (point_change, points, _rounded_points)),
    (r"p_value|q_value", (_p_value,)),
    (r"_usd|amount", (usd, count)),
    (r"odds", (decimal_number,)),
    (r"(^|_)ratio", (decimal_number, _times)),
    (r"estimate", (decimal_number, _percent, share, _rounded_share)),
    (r"effect$", (decimal_number,)),
    (r"effective_categories|lift|dispersion|index", (decimal_number,)),
    (r"herfindahl", (_thousandths,)),
    (r"(base|current)_share", (share, _rounded_share, _thousandths)),
    (r"share|(^|_)rate|sensitivity|specificity|precision|recall", (share, _rounded_share)),
)
"""Column name (first match) -> the forms in which its cells are printed; every other number is a count."""


def printed_numbers(text: str) -> list[Printed]:
    """Every number of the text in order; limits take the unit: `5.1 to 7.7 points`, `48% (37–60)`."""
    spread = RANGE.sub(lambda found: f"{found[1]} {found[3]}", TOLD.sub(r"\1\2 \3\2 \4\2", text))
    return [
        Printed(found[1], found[2], UNITS.get(found[3] or "", found[3] or "")) for found in PRINTED.finditer(spread)
    ]


def row_numbers(row: pd.Series) -> set[Printed]:
    """Every form of every number of a mart row, with and without its sign."""
    known: set[Printed] = set()
    for column, value in row.items():
        if not isinstance(value, Number) or isinstance(value, bool):
            continue
        text = " ; ".join(form(value) for form in _forms(str(column)))
        known.update(printed_numbers(text))
    return known | {one.bare for one in known}


TOLD_FORMS: tuple[tuple[str, tuple[Callable[..., str], ...]], ...] = (
    (r"points", (told_points,)),
    (r"growth_pct", (told_growth, partial(told_growth, signed=True))),
    (r"estimate", (told_growth, told_share)),
    (r"share|(^|_)rate|sensitivity|specificity|precision|recall", (told_share,)),
)
"""Column name (first match) -> how a page tells its number with its range."""


def told_ranges(row: pd.Series) -> set[str]:
    """Every number of a mart row with its range, as a page tells it: `19 points (11–26)`."""
    told: set[str] = set()
    names = {str(name) for name in row.index}
    for column in (name for name in names if {f"{name}_low", f"{name}_high"} <= names):
        forms = _told_forms(column)
        values = [number(row[name]) for name in (column, f"{column}_low", f"{column}_high")]
        if None not in values:
            told.update(form(*values) for form in forms)
    return told


@cache
def _told_forms(column: str) -> tuple[Callable[..., str], ...]:
    return next((forms for pattern, forms in TOLD_FORMS if re.search(pattern, column)), ())


@cache
def _forms(column: str) -> tuple[Form, ...]:
    return next((forms for pattern, forms in COLUMN_FORMS if re.search(pattern, column)), (count,))
