"""Values that our closed vocabularies know by other words: fixed or hourly, weekly hours, durations, categories."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dagster_project.sources.drafting.export_columns import ExportColumn, says_nothing, words
from dagster_project.sources.errors import nearest
from dagster_project.storage.sql import literal

_MOST_VALUES = 60
_REPEATED = 2
"""Words of a closed list come again: on average a value stands in so many rows at least."""
_HOURLY = {
    *(
        "hourly",
        "hour",
        "hours",
        "hr",
        "hora",
        "horas",
        "stundlich",
        "stunde",
        "stundenbasis",
        "heure",
        "ora",
        "oraria",
    ),
    *("godzinowa", "почасовая", "uur", "time"),
}
_FIXED = {
    *(
        "fixed",
        "fijo",
        "fija",
        "fixo",
        "fixa",
        "fix",
        "flat",
        "festpreis",
        "pauschal",
        "forfait",
        "fisso",
        "fixedprice",
    ),
    *("ryczalt", "фиксированная", "vast"),
}
_TRUE, _FALSE = {"true", "t", "1", "yes", "y", "1.0"}, {"false", "f", "0", "no", "n", "0.0"}
_UNITS = {
    1 / 720: "h hour hours hora horas stunden heures",
    1 / 30: "d day days dia dias tag tage tagen jour jours giorni",
    7 / 30: "w wk week weeks semana semanas woche wochen semaine semaines",
    1: "m mo mon month months mes meses monat monate monaten mois mesi mese",
    12: "y yr year years ano anos jahr jahre an ans anni",
}
_UNIT_MONTHS = {word: months for months, words_ in _UNITS.items() for word in words_.split()}
_BELOW = {"less", "under", "up", "below", "within", "menos", "hasta", "moins", "weniger", "bis", "unter", "meno", "max"}
_ABOVE = {"more", "over", "above", "least", "mas", "mais", "plus", "mehr", "uber", "piu", "min", "ongoing", "desde"}
_HAS_CURRENCY = re.compile(r"[$€£₹]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Translation:
    """`expression` brings a column to our words; `share` of its filled values are understood, 0..1.

    `words_by_value` says what became of each value, None where it stands for none or for nothing of ours.
    """

    expression: str
    share: float
    words_by_value: dict[str, str | None]
    unknown: tuple[str, ...]

    def condition(self, column: ExportColumn, word: str) -> str | None:
        """SQL that is true where the column says `word`; None where no value does."""
        values = [value for value, ours in self.words_by_value.items() if ours == word]
        if not values:
            return None
        sql = _text_sql(column)
        if len(values) == 1:
            return f"{sql} = {literal(values[0])}"
        return f"{sql} in ({', '.join(literal(value) for value in values)})"


def contract_type(column: ExportColumn) -> Translation | None:
    """`fixed` or `hourly`, from words or from a flag whose name says what is true."""
    named = set(words(column.name))
    if set(map(str.lower, column.counts)) <= _TRUE | _FALSE and (named & (_HOURLY | _FIXED)):
        when_true = ("hourly", "fixed") if named & _HOURLY else ("fixed", "hourly")
        return _translate(column, lambda value: when_true[value.lower() in _FALSE])
    return _translate(column, _contract_word)


def weekly_hours(column: ExportColumn) -> Translation | None:
    return _translate(column, _hours_word)


def duration(column: ExportColumn) -> Translation | None:
    return _translate(column, _duration_word)


def category(column: ExportColumn, ours: list[str]) -> Translation | None:
    """Our categories under the same words; a value that is none of them becomes NULL, beside the nearest of ours."""
    by_words = {_category_key(name): name for name in sorted(ours, reverse=True)}

    def known(value: str) -> str | None:
        return by_words.get(_category_key(value))

    def remark(value: str) -> str:
        return f" /* nearest: {nearest(value, ours)} */"

    return _translate(column, known, remark, exact=set(ours))


def _category_key(name: str) -> tuple[str, ...]:
    return tuple(word for word in words(name) if word not in ("and", "y", "und", "et"))


def _translate(
    column: ExportColumn,
    word_of: Callable[[str], str | None],
    remark: Callable[[str], str] = lambda value: " /* none of ours */",
    exact: set[str] | None = None,
) -> Translation | None:
    """A case over the column's values; None where it has too many, or none is understood."""
    if (
        column.is_object
        or not 0 < len(column.counts) <= min(_MOST_VALUES, len(column.filled) / _REPEATED)
        or column.sql_type.endswith("[]")
    ):
        return None
    sql = _text_sql(column)
    spoken = {value: count for value, count in column.counts.items() if not says_nothing(value)}
    found = {value: word_of(value.strip()) for value in spoken}
    understood = sum(count for value, count in spoken.items() if found[value])
    if not understood:
        return None
    silent = [value for value in column.counts if value not in spoken]
    unknown = tuple(value for value in spoken if not found[value])
    share = understood / sum(spoken.values())
    by_value = found | dict.fromkeys(silent)
    as_they_are = exact if exact is not None else set(filter(None, found.values()))
    if not silent and not unknown and set(spoken) <= as_they_are and all(found[value] == value for value in spoken):
        return Translation(column.sql, share, by_value, ())
    known = [f"when {literal(value)} then {literal(word)}" for value, word in found.items() if word]
    none = [f"when {literal(value)} then null" for value in silent]
    lost = [f"when {literal(value)} then null{remark(value)}" for value in unknown]
    cases = "\n  ".join([*known, *none, *lost])
    return Translation(f"case {sql}\n  {cases}\n  else {sql}\nend", share, by_value, unknown)


def _text_sql(column: ExportColumn) -> str:
    """Flags and numbers of a typed file are compared as text."""
    return column.sql if column.sql_type == "VARCHAR" else f"{column.sql}::varchar"


def _contract_word(value: str) -> str | None:
    said = set(words(value))
    is_hourly, is_fixed = bool(said & _HOURLY), bool(said & _FIXED)
    return None if is_hourly == is_fixed else "hourly" if is_hourly else "fixed"


def _hours_word(value: str) -> str | None:
    if _HAS_CURRENCY.search(value):
        return None
    said = set(words(value))
    if {"part", "parttime"} & said or re.search(r"(?i)part.?time", value):
        return "under_30"
    if {"full", "fulltime"} & said or re.search(r"(?i)full.?time", value):
        return "30_plus"
    numbers = [float(number.replace(",", ".")) for number in _NUMBER.findall(value)]
    if not numbers or (
        said & (set(_UNIT_MONTHS) - _HOURLY - {"h", "w", "wk", "week", "weeks", "woche", "semana", "semaine"})
    ):
        return None
    top = max(numbers)
    if said & _BELOW or "<" in value:
        return "under_30" if top <= 30 else None
    if said & _ABOVE or "+" in value or ">" in value:
        return "30_plus" if top >= 30 else None
    if len(numbers) == 1 and not said & (_HOURLY | {"h", "week", "wk", "weekly"}):
        return None
    return "under_30" if top < 30 or (top == 30 and len(numbers) > 1) else "30_plus"


def _duration_word(value: str) -> str | None:
    if _HAS_CURRENCY.search(value):
        return None
    said = words(value)
    units = [word for word in said if word in _UNIT_MONTHS] or re.findall(r"\d\s*([a-z]+)", value.lower())
    numbers = [float(number.replace(",", ".")) for number in _NUMBER.findall(value)]
    if not units or units[-1] not in _UNIT_MONTHS or not numbers:
        return None
    months = [number * _UNIT_MONTHS[units[-1]] for number in numbers]
    low, high = min(months), max(months)
    if set(said) & _BELOW or "<" in value:
        low = high - 0.01
    elif (set(said) & _ABOVE or "+" in value or ">" in value) and len(numbers) == 1:
        low = high = high + 0.01
    middle = (low + high) / 2
    for limit, word in ((1, "under_1_month"), (3, "1_to_3_months"), (6, "3_to_6_months")):
        if middle < limit or (len(numbers) == 1 and low == high == limit and limit > 1):
            return word
    return "over_6_months"
