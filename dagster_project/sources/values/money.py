"""Amounts of money as people write them, brought to US dollars.

A mapping calls `money`, `money_low` or `money_high`. The reading is Python, cached by text: as SQL it took ten times
as long and could not be read. A text that is not understood comes back as it is, one that can be read two ways comes
back with both readings, so that neither becomes a number and the row is rejected. An amount in another currency, for
which no rate is given, is NULL: it is kept without a USD value and counted.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

import duckdb
import pyarrow as pa
from duckdb.func import ARROW, SPECIAL

from dagster_project.sources.values.currencies import (
    CODES,
    NO_RATES,
    OTHER_SIGNS,
    SIGNS,
    USD,
    Rates,
    currencies_of,
    told_alone,
)

End = Literal["low", "middle", "high"]
_CACHED_TEXTS = 1 << 17
_MOST_DIGITS = 18
_CENT = Decimal("0.01")


def _any_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, names))


_CURRENCY = rf"(?=[^\d\s.,'-])(?:(?i:{_any_of(SIGNS)})|{_any_of(CODES)}|[{re.escape(OTHER_SIGNS)}])"
_NUMBER = r"[.,]?\d+(?:[.,' ]\d+)*"
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}


def _amount(end: str) -> str:
    """One amount with what may stand around its number; the names of its groups end in `end`."""
    return (
        rf"(?P<minus{end}>-?)\s*(?P<first{end}>{_CURRENCY})?\s*(?P<before{end}>{_CURRENCY})?\s*"
        rf"(?P<minus_inside{end}>-?)\s*"
        rf"(?P<number{end}>{_NUMBER})(?:(?P<dash{end}>[.,])-+)?\s*"
        rf"(?P<scale{end}>[KkMm]?)\s*(?P<after{end}>{_CURRENCY})?"
    )


_CURRENCY_GROUPS = [name + end for end in ("", "_high") for name in ("first", "before", "after")]
_MONEY = re.compile(rf"{_amount('')}(?:\s*(?:-|to|\.\.\.?)\s*{_amount('_high')})?")
_SAME = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "’": "'", "ʼ": "'", "`": "'", "´": "'"})

_WHOLE = r"\d+|[1-9]\d{0,2}(?:(?:'\d{3})+|(?: \d{3})+|(?:%s\d{3})+)|"
_NUMBER_BY_SIGN = {
    ".": re.compile(rf"({_WHOLE % ','}|[1-9]\d?(?:,\d{{2}})+,\d{{3}})(?:\.(\d+))?"),
    ",": re.compile(rf"({_WHOLE % '[.]'})(?:,(\d+))?"),
}
"""By decimal sign: a whole number, in groups of one separator (with the point also those of India, 1,00,000)."""
_ONE_COMMA_AND_THREE_DIGITS = re.compile(r"[1-9]\d{0,2},\d{3}")


def readings(numbers: list[str], decimal_sign: str | None = None) -> list[list[Decimal]]:
    """What numbers that stand together can mean: nothing, one list of values, or two where nobody can tell.

    A comma before three digits parts thousands, as money has no three decimals. A point before three digits may do
    either, since computed amounts have any number of decimals. A given `decimal_sign` decides.
    """
    if decimal_sign is None and any(map(_ONE_COMMA_AND_THREE_DIGITS.fullmatch, numbers)):
        decimal_sign = "."
    found = []
    for sign in [decimal_sign] if decimal_sign else _NUMBER_BY_SIGN:
        matches = [_NUMBER_BY_SIGN[sign].fullmatch(number) for number in numbers]
        values = [_decimal(m[1], m[2]) for m in matches if m]
        if len(values) == len(numbers) and values not in found:
            found.append(values)
    return found


def _decimal(whole: str, decimals: str | None) -> Decimal:
    digits = re.sub(r"[^0-9]", "", whole) or "0"
    return Decimal(f"{digits}.{decimals}" if decimals else digits)


def in_usd(
    text: str | None,
    currency: str | None = None,
    day: str | None = None,
    decimal_sign: str | None = None,
    end: End = "middle",
    rates: Rates = NO_RATES,
) -> str | None:
    """The amount in USD as a decimal text, the `end` of a range (its middle where one number is needed).

    currency: a code or sign that the feed gives in a column of its own; day: YYYY-MM-DD, chooses the rate. None for
    nothing, and for an amount in a currency without a rate. The text itself, with the doubt in brackets, where it is
    no amount or not one amount.
    """
    if decimal_sign not in (None, *_NUMBER_BY_SIGN):
        raise ValueError(f"decimal_sign {decimal_sign!r} is not known: write '.' or ','")
    plain = _only_item(" ".join((text or "").translate(_SAME).split()))
    if text is None or not plain:
        return None
    match = _MONEY.fullmatch(plain)
    if match is None or len(re.sub(r"\D", "", plain)) > _MOST_DIGITS:
        return text
    column = (currency or "").strip()
    agreed = _agreed([name for name in match.group(*_CURRENCY_GROUPS) if name], column)
    if not agreed:
        return f"{text} (in {column})" if column else text
    ranges = _ranges(match, decimal_sign)
    rate = rates.in_force(next(iter(agreed)), day) if len(agreed) == 1 else None
    if rate is None:
        return None if ranges else text
    if len(ranges) == 1:
        low, high = ranges[0]
        return f"{ {'low': low, 'middle': (low + high) / 2, 'high': high}[end] * rate:f}"
    return f"{text} ({' or '.join(map(_written, ranges))})" if ranges else text


def _agreed(named: list[str], column: str) -> frozenset[str]:
    """The currencies that all signs of the text and the column may mean: none in a contradiction, several in doubt."""
    names = [*named, column] if column else named
    if not names:
        return frozenset([USD])
    meant = frozenset.intersection(*map(currencies_of, names))
    alone = meant.intersection(filter(None, map(told_alone, names)))
    return alone if len(alone) == 1 else meant


def _ranges(match: re.Match[str], declared_sign: str | None) -> list[tuple[Decimal, Decimal]]:
    """Every low and high that the match can mean; of a single amount both are the same."""
    scale, high_scale = match["scale"].lower(), (match["scale_high"] or "").lower()
    numbers = [number for number in match.group("number", "number_high") if number]
    found = []
    for values in readings(numbers, declared_sign or match["dash"] or match["dash_high"]):
        # '$1-5K' leaves open whether its 1 is a 1K
        for low_scale in [scale] if scale or len(values) == 1 else dict.fromkeys(["", high_scale]):
            low = values[0] * _SCALES[low_scale] * (-1 if match["minus"] or match["minus_inside"] else 1)
            high = values[1] * _SCALES[high_scale] if len(values) == 2 else low
            is_upward = 0 <= low <= high and not (match["minus_high"] or match["minus_inside_high"])
            if len(values) == 1 or is_upward:
                found.append((low, high))
    return found


def _written(ends: tuple[Decimal, Decimal]) -> str:
    """A reading for a person: thousands by comma, decimals by point."""
    low, high = (f"{end.quantize(_CENT, ROUND_HALF_UP):,}".removesuffix(".00") for end in ends)
    return low if low == high else f"{low} to {high}"


def _only_item(text: str) -> str:
    """The text without quotes; of a list in text its only filled item, '' for none, the text itself for several."""
    if not text.startswith("["):
        return text.strip("'\" ")
    items = [item.strip("'\" ") for item in re.split(r",(?=\s*['\"])", text.strip("[] "))]
    filled = [item for item in items if item]
    return "".join(filled) if len(filled) < 2 else text


_CALLS = "given, decimal_sign := null", "given, currency, day, decimal_sign := null"


def _macro(name: str, end: End) -> str:
    sign = "case when typeof(given) in ('VARCHAR', 'JSON') then decimal_sign else '.' end"
    without, with_currency = (
        f"({call}) as _read_money(given::varchar, {currency}, {sign}, '{end}')"
        for call, currency in zip(_CALLS, ("null, null", "currency::varchar, utc_day(day)"), strict=True)
    )
    return f"create or replace temp macro {name} {without}, {with_currency};"


MACROS = _macro("money", "middle") + _macro("money_low", "low") + _macro("money_high", "high")
"""`money(text)`, `money(text, currency, day)`; a number of a typed column has its point as decimal sign."""


def register_money(connection: duckdb.DuckDBPyConnection, rates: Rates) -> None:
    """The function behind the macros, with the rates of the mapping; batches of texts in, batches of texts out."""

    @lru_cache(_CACHED_TEXTS)
    def read(text: str | None, currency: str | None, day: str | None, sign: str | None, end: End) -> str | None:
        return in_usd(text, currency, day, sign, end, rates)

    def read_batch(texts: pa.Array, currencies: pa.Array, days: pa.Array, signs: pa.Array, ends: pa.Array) -> pa.Array:
        columns = (column.to_pylist() for column in (texts, currencies, days, signs, ends))
        return pa.array(map(read, *columns), pa.string())

    connection.create_function("_read_money", read_batch, ["VARCHAR"] * 5, "VARCHAR", type=ARROW, null_handling=SPECIAL)
