"""Dated exchange rates that a mapping gives, the only way in which an amount of another currency becomes USD."""

import csv
import hashlib
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from dagster_project.sources.errors import SourceError
from dagster_project.sources.values.currencies import USD, is_code

COLUMNS = ("date", "currency", "usd_per_unit")


@dataclass(frozen=True)
class Rates:
    """USD for one unit of a currency, by currency code and in the order of days (YYYY-MM-DD)."""

    by_currency: dict[str, list[tuple[str, Decimal]]] = field(default_factory=dict)

    def in_force(self, currency: str, day: str | None) -> Decimal | None:
        """The latest rate on or before the day; None before the first, for another currency and without a day."""
        if currency == USD:
            return Decimal(1)
        dated = self.by_currency.get(currency, [])
        place = bisect_right(dated, day or "", key=lambda rate: rate[0])
        return dated[place - 1][1] if place else None

    @property
    def content_hash(self) -> str:
        """16 hex digits over days, currencies and rates; neither the order of rows nor other columns count."""
        content = sorted((code, day, str(rate)) for code, dated in self.by_currency.items() for day, rate in dated)
        return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


NO_RATES = Rates()


def load_rates(path: Path) -> Rates:
    """The rates of a CSV file with the columns of COLUMNS; others may stand beside them.

    Raises SourceError that names the file, the line and the column.
    """
    rates: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for line, row in _rows(path):
        try:
            day, code, rate = _day(row["date"]), _code(row["currency"]), _rate(row["usd_per_unit"])
        except ValueError as error:
            raise SourceError(f"{path}, line {line}, {error}") from error
        if code == USD and rate != 1:
            raise SourceError(f"{path}, line {line}, usd_per_unit: a US dollar is 1 USD; remove the row")
        if rates[code].setdefault(day, rate) != rate:
            raise SourceError(f"{path}, line {line}: a second rate of {code} on {day}; keep one")
    if not rates:
        raise SourceError(f"{path}: no rates; each row is a {', a '.join(COLUMNS)}")
    return Rates({code: sorted(dated.items()) for code, dated in rates.items()})


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restval="", strict=True)
            absent = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
            if absent:
                raise SourceError(
                    f"{path}: a rates file needs the columns {', '.join(COLUMNS)}, comma between; "
                    f"absent: {', '.join(absent)} (it has: {', '.join(reader.fieldnames or ['none'])})"
                )
            return [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            f"{path}: the mapping's `rates` cannot be read as CSV in UTF-8 ({error}); "
            "its place is relative to the mapping"
        ) from error


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise ValueError(f"date: {text!r} is not a day; write YYYY-MM-DD") from error


def _code(text: str) -> str:
    if not is_code(text.strip().upper()):
        raise ValueError(f"currency: {text!r} is not a currency's code; write three letters such as EUR")
    return text.strip().upper()


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text.strip())
    except InvalidOperation:
        rate = Decimal(0)
    if not (rate.is_finite() and rate > 0):
        raise ValueError(f"usd_per_unit: {text!r} is not a number above 0; write USD for one unit, such as 1.085")
    return rate
