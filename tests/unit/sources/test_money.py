"""Amounts as people write them: either decimal sign, any separator, signs, codes, ranges; doubt is never a number."""

from decimal import Decimal
from itertools import product

import duckdb
import pytest

from dagster_project.sources.values.currencies import Rates
from dagster_project.sources.values.functions import define_functions
from dagster_project.sources.values.money import in_usd

RATES = Rates({"EUR": [("2025-10-01", Decimal("1.10")), ("2025-11-01", Decimal("1.15"))]})
SEPARATORS = {"none": "", "comma": ",", "point": ".", "blank": " ", "narrow": "\u202f", "quote": "'", "curly": "’"}
AMOUNTS = ["7", "45", "811", "1234", "45811", "811000", "1234567", "1000000000"]


def grouped(digits: str, separator: str) -> str:
    """'1234567' as '1.234.567'."""
    return f"{int(digits):,}".replace(",", separator)


@pytest.mark.parametrize("digits", AMOUNTS)
def test_every_separator_with_every_decimal_sign_is_the_same_amount(digits: str) -> None:
    for separator, sign, decimals in product(SEPARATORS.values(), ".,", ["", "5", "50", "05", "1234"]):
        if separator == sign:
            continue
        text = grouped(digits, separator) + (sign + decimals if decimals else "")
        is_in_doubt = separator == "." and not decimals and 4 <= len(digits) <= 6
        read = in_usd(text)
        if is_in_doubt:
            assert read is not None and read.startswith(f"{text} (") and read.endswith(f" or {int(digits):,})"), text
        else:
            assert read is not None and Decimal(read) == Decimal(f"{digits}.{decimals or 0}"), text


@pytest.mark.parametrize("pattern", ["${}", "$ {}", "{} $", "US${}", "USD {}", "{} USD", "{}USD", "usd {}", "$ {} USD"])
def test_a_dollar_may_stand_anywhere(pattern: str) -> None:
    for number, value in (("1,250.50", "1250.50"), ("1.250,50", "1250.50"), ("40", "40")):
        assert in_usd(pattern.format(number)) == value


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        ("$1,250.00", "1250.00"), ("$15K", "15000"), ("$1.1K", "1100.0"), ("$2M", "2000000"), ("$ 2 m", "2000000"),
        ("['$50.00']", "50.00"), ("['$50.00', '']", "50.00"), (" $40.00", "40.00"), ("$500.00 ", "500.00"),
        (".5", "0.5"), (",5", "0.5"), ("0.125", "0.125"), ("-$5", "-5"), ("$-5", "-5"), ("−5", "-5"),
        ("100,-", "100"), ("1.250,-", "1250"), ("Fr. 5", None), ("1,00,000", "100000"), ("12,34,567.5", "1234567.5"),
        ("1.234.567", "1234567"), ("1,2345", "1.2345"), ("12.500000", "12.500000"), ("1234.567", "1234.567"),
        ("['']", None), ("[]", None), ("", None), (" ", None), ("' '", None), (None, None),
    ],
)  # fmt: skip
def test_an_amount_is_understood(given: str | None, amount: str | None) -> None:
    assert in_usd(given) == amount


@pytest.mark.parametrize(
    "given",
    ["['$15.00', '$30.00']", "['15', '300']", "ten", "$", "1.23.4", "1,25,50", "1 23", "5 apples", "500 all",
     "10/hr", "9" * 30, "$5K-$1K", "$5-€9", "£5 $", "5--9", "1.234.56"],
)  # fmt: skip
def test_what_is_no_amount_comes_back_as_it_is(given: str) -> None:
    assert in_usd(given) == given


@pytest.mark.parametrize(
    ("given", "low", "middle", "high"),
    [
        ("$1K-$5K", "1000", "3000", "5000"), ("$10 – $20", "10", "15", "20"), ("10 to 20 USD", "10", "15", "20"),
        ("$500-1K", "500", "750", "1000"), ("1.000,50-2.000,50", "1000.50", "1500.5", "2000.50"),
        ("1.000-2.500,50", "1000", "1750.25", "2500.50"), ("$15", "15", "15", "15"),
    ],
)  # fmt: skip
def test_a_range_gives_its_middle_or_the_end_that_is_asked_for(given: str, low: str, middle: str, high: str) -> None:
    read = [in_usd(given, end=end) for end in ("low", "middle", "high")]
    assert [Decimal(value or 0) for value in read] == [Decimal(low), Decimal(middle), Decimal(high)]


@pytest.mark.parametrize(
    ("given", "readings"),
    [
        ("45.811", "45.81 or 45,811"), ("$1.234", "1.23 or 1,234"), ("1.234K", "1,234 or 1,234,000"),
        ("$1-5K", "1 to 5,000 or 1,000 to 5,000"), ("1.500-2.500", "1.50 to 2.50 or 1,500 to 2,500"),
    ],
)  # fmt: skip
def test_two_readings_are_both_named_and_no_number(given: str, readings: str) -> None:
    assert in_usd(given) == f"{given} ({readings})"


def test_a_declared_decimal_sign_ends_the_doubt() -> None:
    assert in_usd("45.811", decimal_sign=".") == "45.811"
    assert in_usd("45.811", decimal_sign=",") == "45811"
    assert in_usd("1,400", decimal_sign=",") == "1.400"
    assert in_usd("1,5", decimal_sign=".") == "1,5", "no amount where the comma parts thousands"


@pytest.mark.parametrize(
    "given",
    ["£140", "£2K", "18,40 €", "€2.750", "€ 90", "Rs 40,000", "₹2,000", "INR 3,500", "A$30", "$450 CAD", "CAD $450",
     "R$ 1.500,00", "kr 500", "500 kr.", "5 MXN", "CHF 1'200.-", "¥9000", "₿1", "20 euros", "£1K-£5K", "zł 40"],
)  # fmt: skip
def test_a_foreign_amount_is_never_usd_and_no_reject(given: str) -> None:
    assert in_usd(given) is None


def test_the_column_of_currencies_and_the_sign_must_agree() -> None:
    assert in_usd("$500", "USD") == "500" and in_usd("500", "usd") == "500" and in_usd("500", "") == "500"
    assert in_usd("$500", "CAD") is None, "every dollar has this sign"
    assert in_usd("500", "BTC") is None
    assert in_usd("£500", "USD") == "£500 (in USD)"


@pytest.mark.parametrize(
    ("day", "usd"), [("2025-09-30", None), ("2025-10-01", "110.00"), ("2025-10-31", "110.00"), ("2026-01-01", "115.00")]
)
def test_the_rate_in_force_is_the_latest_on_or_before_the_day(day: str, usd: str | None) -> None:
    assert in_usd("100", "EUR", day, rates=RATES) == usd
    assert in_usd("€100", None, day, rates=RATES) == usd
    assert in_usd("100", "GBP", day, rates=RATES) is None
    assert in_usd("$100", "USD", day, rates=RATES) == "100"


def test_with_a_rate_a_foreign_amount_in_doubt_is_a_reject_and_without_a_day_it_has_no_value() -> None:
    assert in_usd("€2.750", "EUR", "2025-11-05", rates=RATES) == "€2.750 (2.75 or 2,750)"
    assert in_usd("€2.750", "EUR", None, rates=RATES) is None


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    define_functions(connection, RATES)
    return connection


def test_mappings_call_it_with_texts_numbers_and_times(connection: duckdb.DuckDBPyConnection) -> None:
    query = """select money('$1K-$5K'), money_low('$1K-$5K'), money_high('$1K-$5K'), money(45.811::double), money(null),
        money('1.234', decimal_sign := ','), money('1.234', 'EUR', '2025-11-05', decimal_sign := ','),
        money_low('€10-20', null, timestamp '2025-11-05 10:00'), money(9, 'EUR', 'Wed, 05 Nov 2025 10:00:00 GMT')"""
    assert connection.execute(query).fetchone() == (
        "3000", "1000", "5000", "45.811", None, "1234", "1419.10", "11.50", "10.35",
    )  # fmt: skip


def test_an_unknown_decimal_sign_is_named(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error, match="decimal_sign ';' is not known"):
        connection.execute("select money('1', decimal_sign := ';')")
