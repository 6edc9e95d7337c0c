"""Which currencies a sign, a code or a word may mean, and the dated rates by which their amounts become US dollars."""

import csv
import hashlib
import sys
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from babel.numbers import list_currencies

from dagster_project.sources.errors import SourceError

USD = "USD"

_DOLLARS = "AUD CAD NZD HKD SGD TWD MXN ARS CLP COP UYU BRL JMD TTD BSD BBD BZD FJD NAD BND XCD KYD LRD SRD GYD BMD"
_MEANT_BY = {
    "$": f"USD {_DOLLARS}",
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD",
    "sg$": "SGD", "nt$": "TWD", "mx$": "MXN", "r$": "BRL",
    "€": "EUR", "£": "GBP EGP GIP FKP LBP SYP SDG SSP SHP", "₹": "INR", "¥": "JPY CNY", "￥": "JPY CNY", "cn¥": "CNY",
    "元": "CNY TWD", "rmb": "CNY", "₽": "RUB", "руб": "RUB BYN", "руб.": "RUB BYN", "₺": "TRY", "tl": "TRY",
    "₴": "UAH", "грн": "UAH", "₦": "NGN", "₱": "PHP", "₫": "VND", "₩": "KRW KPW", "₪": "ILS", "฿": "THB",
    "₸": "KZT", "₵": "GHS", "৳": "BDT", "₨": "INR PKR LKR NPR MUR SCR", "rs": "INR PKR LKR NPR MUR SCR",
    "rs.": "INR PKR LKR NPR MUR SCR", "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK", "zł": "PLN", "zl": "PLN",
    "kč": "CZK", "ft": "HUF", "lei": "RON MDL", "лв": "BGN", "лв.": "BGN", "fr.": "CHF XAF XOF XPF", "sfr.": "CHF",
    "r": "ZAR", "rp": "IDR", "rm": "MYR", "ksh": "KES", "dh": "AED MAD", "dhs": "AED MAD",
    "usd": "USD", "eur": "EUR", "gbp": "GBP", "inr": "INR", "cad": "CAD", "aud": "AUD", "chf": "CHF", "pln": "PLN",
    "dollar": f"USD {_DOLLARS}", "dollars": f"USD {_DOLLARS}", "euro": "EUR", "euros": "EUR",
    "pound": "GBP EGP", "pounds": "GBP EGP", "rupee": "INR PKR LKR NPR MUR SCR", "rupees": "INR PKR LKR NPR MUR SCR",
}  # fmt: skip
"""In any letter case; of several currencies the sign alone tells none, but for those of `_TAKEN_ALONE`."""
_TAKEN_ALONE = {"$": "USD", "dollar": "USD", "dollars": "USD", "£": "GBP", "pound": "GBP", "pounds": "GBP"}

SIGNS = sorted(_MEANT_BY, key=len, reverse=True)
"""Signs and words, valid in any letter case, the longest first."""
CODES = sorted(list_currencies())
"""Codes (ISO 4217), valid in capitals, since 'all' and 'top' are words too."""
OTHER_SIGNS = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Sc")
"""Every character that Unicode calls a sign of a currency, as one text."""


@cache
def currencies_of(name: str) -> frozenset[str]:
    """The codes (ISO 4217) that a sign, a word or a code may mean; a sign of none that is known here means itself."""
    if name.lower() in _MEANT_BY:
        return frozenset(_MEANT_BY[name.lower()].split())
    return frozenset([name.strip().upper()])


def is_code(name: str) -> bool:
    """Whether ISO 4217 knows, or knew, the three letters as a currency."""
    return name in list_currencies()


def told_alone(name: str) -> str | None:
    """The one currency that the sign or code means where nothing else names one; None where it may be several."""
    meant = currencies_of(name)
    return _TAKEN_ALONE.get(name.lower()) or (next(iter(meant)) if len(meant) == 1 else None)


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
