"""Which columns hold what is paid: a fixed budget, an hourly rate and its bounds, and in which currency."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dagster_project.sources.drafting.closed_words import contract_type
from dagster_project.sources.drafting.export_columns import ExportColumn, Proposal, words
from dagster_project.storage.sql import literal

_MONEY_NAMES = {
    *("budget", "amount", "price", "pay", "payment", "cost", "presupuesto", "precio", "importe", "monto", "orcamento"),
    *("preco", "valor", "prix", "montant", "preis", "betrag", "honorar", "vergutung", "salary", "compensation"),
    *("salario", "wage", "prezzo", "budzet", "бюджет", "цена", "стоимость", "tarifa", "rate", "hourly", "fixed"),
    *("gehalt", "remuneracion", "remuneration", "prijs", "fee", "stundensatz", "usd", "bounty", "reward", "salaire"),
}  # fmt: skip
_OTHER_NAMES = {
    *("spent", "spend", "total", "paid", "connect", "connects", "proposals", "hires", "rating", "feedback", "reviews"),
    *("score", "count", "bid", "bids", "views", "applies", "experience", "tax", "lat", "lon", "type", "currency"),
    *("freelancers", "weekly", "exchange", "tier", "id", "date", "time", "verified", "status", "period", "name"),
    *("average", "connects"),
    *("hours", "commitment", "upfront", "deposit", "balance", "earned", "unit", "model", "mode", "sign", "code"),
}  # fmt: skip
_HOURLY_NAMES = {"hourly", "rate", "hour", "hr", "stundensatz", "hora", "tarifa", "ph"}
_FIXED_NAMES = {"fixed", "fix", "fijo", "fixo", "forfait", "festpreis", "flat"}
_YEARLY_NAMES = {"salary", "yearly", "annual", "wage", "salario", "gehalt", "salaire"}
_LOW = {"min", "minimum", "low", "lower", "from", "start", "lo", "desde", "von", "minimo", "begin"}
_HIGH = {"max", "maximum", "high", "upper", "to", "hi", "end", "hasta", "bis", "maximo"}
_CURRENCY_NAMES = {"currency", "moneda", "wahrung", "devise", "valuta", "moeda", "валюта", "waluta"}
_SIGN = r"(?:[$€£₹¥₽₴]|(?:US|C|CA|A|AU|NZ|HK|S)\$|R\$|[A-Za-z]{3}|Rs\.?)?"
_ONE = rf"\s*-?{_SIGN}\s*-?\d[\d,.\s]*[kKmM]?\s*{_SIGN}\s*"
_MONEY = rf"\s*\[?\s*['\"]?{_ONE}(?:(?:-|–|—|to|a|bis)\s*{_ONE})?['\"]?(?:\s*,\s*'[^']*')?\s*\]?\s*\+?\s*"
_UNIT_WORDS = (
    r"(?i)\s*[/(]?\s*(?:per\s+|por\s+|an?\s+|pro\s+|la\s+)?(?:hourly|hours?|hrs?|hr|h|hora|stunde)\b\.?\)?\s*[:]?\s*"
)
_BETWEEN = r"(?:-|–|—|to|\.\.)"
_ENOUGH = 0.8
_MOST_UNIT_WORDS = 4


@dataclass(frozen=True)
class _Terms:
    """How an export tells fixed from hourly posts: the proposal, and SQL that is true for each; None is 'not told'."""

    proposal: Proposal | None
    fixed: str | None = None
    hourly: str | None = None
    is_hourly: Callable[[int], bool | None] = lambda row: None


def amount_proposals(columns: list[ExportColumn], terms: Proposal | None, day: str = "null") -> list[Proposal]:
    """Proposals for budget_usd and both hourly rates; and for contract_type where only the prices tell it.

    `terms` is the proposal for contract_type, None where no column says fixed or hourly; `day` the expression of the
    day whose exchange rate counts.
    """
    amounts = [column for column in columns if _is_amount(column)]
    told = _terms(terms, columns)
    currency = _currency(columns, amounts)
    made: list[Proposal] = []
    if told.proposal is None and (spoken := next((column for column in amounts if _names_hours(column)), None)):
        made.append(_type_from_price(spoken))
        told = _terms_from_price(spoken)
    hourly = _hourly(amounts, told)
    budget = _budget(amounts, told, hourly)
    if told.proposal is None and not made and budget and hourly and budget.column not in [p.column for p in hourly]:
        made.append(_type_from_columns(budget, hourly[0]))
    return [*made, *(_in_dollars(proposal, currency, day) for proposal in [*filter(None, [budget]), *hourly])]


def _is_amount(column: ExportColumn) -> bool:
    named = set(words(column.name))
    if not named & _MONEY_NAMES or named & _OTHER_NAMES - ({"total"} if "budget" in named else set()):
        return False
    if column.is_object or not column.filled:
        return False
    bare = [re.sub(_UNIT_WORDS, " ", value) for value in column.filled]
    return sum(1 for value in bare if _is_money(value)) > _ENOUGH * len(bare)


def _is_money(value: str) -> bool:
    return bool(re.fullmatch(_MONEY, value)) or not re.search(r"\w", value)


def _terms(proposal: Proposal | None, columns: Iterable[ExportColumn]) -> _Terms:
    column = proposal.column if proposal else _pay_period(columns)
    if column is None:
        return _Terms(None)
    translation = contract_type(column)
    if translation is None:
        return _Terms(None)
    said = translation.words_by_value

    def is_hourly(row: int) -> bool | None:
        word = said.get(column.values[row] or "")
        return None if word is None else word == "hourly"

    return _Terms(proposal, translation.condition(column, "fixed"), translation.condition(column, "hourly"), is_hourly)


def _pay_period(columns: Iterable[ExportColumn]) -> ExportColumn | None:
    """A column that says by which time a salary is counted: only what is paid by the hour has a place here."""
    for column in columns:
        translation = contract_type(column)
        if translation and {"period", "interval", "unit", "type"} & set(words(column.name)):
            others = {word for value in translation.unknown for word in words(value)}
            if others & {"yearly", "year", "annual", "monthly", "month", "weekly", "week", "annually"}:
                return column
    return None


def _currency(columns: list[ExportColumn], amounts: list[ExportColumn]) -> ExportColumn | None:
    """A column of currency codes beside the amounts, where it names more than dollars."""
    for column in columns:
        if (
            set(words(column.name)) & _CURRENCY_NAMES
            and column.share(r"[A-Z]{3}") > 0.9
            and set(column.counts) != {"USD"}
        ):
            beside = [column.values[row] for amount in amounts for row, value in enumerate(amount.values) if value]
            if beside and sum(1 for value in beside if value) > 0.5 * len(beside):
                return column
    return None


def _in_dollars(proposal: Proposal, currency: ExportColumn | None, day: str) -> Proposal:
    """The amount with its currency and day: dollars are taken, others become dollars by the rates of the mapping."""
    if currency is None:
        return proposal
    called = re.search(
        r"money(?:_low|_high)?\((?P<amount>.*?)(?P<sign>, decimal_sign := ',')?\)(?= end$|$)", proposal.expression
    )
    if called is None:
        return proposal
    put = called.end("amount")
    inside = f"{proposal.expression[:put]}, {currency.sql}, {day}{proposal.expression[put:]}"
    others = sorted(set(currency.counts) - {"USD"})
    doubt = f"amounts in {', '.join(others[:6])} have no USD value without a rates file"
    return Proposal(proposal.field, inside, proposal.score, proposal.column, (*proposal.doubts, doubt))


def _hourly(amounts: list[ExportColumn], told: _Terms) -> list[Proposal]:
    named = [column for column in amounts if set(words(column.name)) & _HOURLY_NAMES and not _is_fixed_name(column)]
    if named:
        low, high = _bounds(named)
        return _two(low, high, None, told)
    if told.hourly is None:
        return []
    paid_by_the_hour = [
        column for column in amounts if not _is_fixed_name(column) and _share_filled(column, told, hourly=True) > 0.2
    ]
    if not paid_by_the_hour:
        return []
    low, high = _bounds(paid_by_the_hour)
    return _two(low, high, told.hourly, told)


def _two(low: ExportColumn, high: ExportColumn, condition: str | None, told: _Terms) -> list[Proposal]:
    """Low and high of the rate; one column gives both, cut where it holds ranges."""
    if condition is None and _share_filled(low, told, hourly=False) > 0.2:
        condition = told.hourly
    pair = []
    for field, column, end in (("hourly_rate_low_usd", low, "_low"), ("hourly_rate_high_usd", high, "_high")):
        amount = _amount_sql(column, end if low is high and _holds_ranges(column) else "")
        if column is high and column.filled_share < low.filled_share:
            amount = f"money(coalesce(nullif({high.sql}, ''), {low.sql}))"
        expression = f"case when {condition} then {amount} end" if condition else amount
        pair.append(Proposal(field, expression, 0.85, column))
    return pair


def _budget(amounts: list[ExportColumn], told: _Terms, hourly: list[Proposal]) -> Proposal | None:
    by_the_hour = [
        column for column in amounts if set(words(column.name)) & _HOURLY_NAMES and not _is_fixed_name(column)
    ]
    candidates = [column for column in amounts if column not in by_the_hour and not _is_yearly(column)]
    if told.fixed:
        candidates = [column for column in candidates if _share_filled(column, told, hourly=False) > 0.1] or candidates
    if not candidates:
        return None
    fixed = [column for column in candidates if _is_fixed_name(column)]
    whole = [column for column in candidates if not set(words(column.name)) & (_LOW | _HIGH)]
    chosen = max(
        fixed or whole or candidates, key=lambda column: (column.filled_share, bool(set(words(column.name)) & _HIGH))
    )
    doubts: tuple[str, ...] = ()
    if not fixed and not whole:
        low, high = _bounds(candidates)
        chosen = high if _share_filled(high, told, hourly=False) > 0.5 * _share_filled(low, told, hourly=False) else low
        doubts = (
            (f"of the two bounds the {'upper' if chosen is high else 'lower'} one is taken",) if low is not high else ()
        )
    amount = _amount_sql(chosen)
    if told.fixed and (_share_filled(chosen, told, hourly=True) > 0.2 or chosen in [p.column for p in hourly]):
        amount = f"case when {told.fixed} then {amount} end"
    return Proposal("budget_usd", amount, 0.85, chosen, doubts)


def _is_fixed_name(column: ExportColumn) -> bool:
    return bool(set(words(column.name)) & _FIXED_NAMES)


def _is_yearly(column: ExportColumn) -> bool:
    return bool(set(words(column.name)) & _YEARLY_NAMES)


def _bounds(columns: list[ExportColumn]) -> tuple[ExportColumn, ExportColumn]:
    lows = [column for column in columns if set(words(column.name)) & _LOW]
    highs = [column for column in columns if set(words(column.name)) & _HIGH]
    fullest = max(columns, key=lambda column: column.filled_share)
    return (lows[0] if lows else highs[0] if highs else fullest), (highs[0] if highs else lows[0] if lows else fullest)


def _share_filled(column: ExportColumn, told: _Terms, *, hourly: bool) -> float:
    """The share of posts of one kind in which the column has a value; 1 where the kind is not told."""
    rows = [row for row in range(len(column.values)) if told.is_hourly(row) is hourly]
    if not rows:
        return 0.0 if told.fixed or told.hourly else 1.0
    return sum(1 for row in rows if column.values[row] is not None) / len(rows)


def _amount_sql(column: ExportColumn, end: str = "") -> str:
    """The amount of a column, without words that say 'an hour'; `end` is `_low` or `_high` of a range in one text."""
    text = column.sql
    for said in _unit_words(column):
        text = f"replace({text}, {literal(said)}, '')"
    decimals = ", decimal_sign := ','" if _has_decimal_commas(column) else ""
    return f"money{end}({text}{decimals})"


def _has_decimal_commas(column: ExportColumn) -> bool:
    """Amounts with a decimal comma and none with a point, some of which could be read either way without being told."""
    bare = [re.sub(r"[^\d.,]", "", value) for value in column.filled]
    by_comma = sum(1 for value in bare if re.fullmatch(r"[\d.]*\d,\d{1,2}", value))
    by_point = sum(1 for value in bare if re.fullmatch(r"[\d,]*\d\.\d{1,2}", value))
    either = sum(1 for value in bare if re.fullmatch(r"\d{1,3}[.,]\d{3}", value))
    return bool(by_comma and either and not by_point)


def _unit_words(column: ExportColumn) -> list[str]:
    """The ways in which the prices say 'an hour', the longest first."""
    found = {match[0].strip() for value in column.filled if (match := re.search(_UNIT_WORDS, value))}
    return sorted(found, key=lambda said: (-len(said), said))[:_MOST_UNIT_WORDS]


def _holds_ranges(column: ExportColumn) -> bool:
    ranges = [value for value in column.filled if re.search(rf"\d\S*\s*{_BETWEEN}\D*\d", value)]
    return bool(ranges)


def _names_hours(column: ExportColumn) -> bool:
    """Prices that say themselves, in some rows but not all, that they are by the hour."""
    said = sum(1 for value in column.filled if re.search(_UNIT_WORDS, value)) / max(len(column.filled), 1)
    return 0.03 < said < 1


def _type_from_price(column: ExportColumn) -> Proposal:
    expression = f"case when {_says_hours(column)} then 'hourly' when {column.sql} is not null then 'fixed' end"
    return Proposal("contract_type", expression, 0.7, column, ("told by the words of the price",))


def _terms_from_price(column: ExportColumn) -> _Terms:
    def is_hourly(row: int) -> bool | None:
        value = column.values[row]
        return None if value is None else bool(re.search(_UNIT_WORDS, value))

    return _Terms(None, f"not {_says_hours(column)}", _says_hours(column), is_hourly)


def _says_hours(column: ExportColumn) -> str:
    return f"({' or '.join(f'contains({column.sql}, {literal(said)})' for said in _unit_words(column))})"


def _type_from_columns(budget: Proposal, rate: Proposal) -> Proposal:
    assert budget.column is not None and rate.column is not None
    expression = (
        f"case when nullif({rate.column.sql}, '') is not null then 'hourly' "
        f"when nullif({budget.column.sql}, '') is not null then 'fixed' end"
    )
    return Proposal("contract_type", expression, 0.6, rate.column, ("told by which of the two amounts is there",))
