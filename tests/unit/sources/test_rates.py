"""The rates file of a mapping: what is wrong with it is named by line, and its content decides what is read anew."""

from decimal import Decimal
from pathlib import Path

import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.mapping.load import load_mapping
from dagster_project.sources.mapping.model import Mapping
from dagster_project.sources.values.currencies import load_rates
from tests.support.small_feed import COLUMNS, HEADER, Feed

HEAD = "date,currency,usd_per_unit\n"


@pytest.fixture
def rates_file(feed: Feed) -> Path:
    return feed.mapping_file.parent / "rates.csv"


def mapped(feed: Feed) -> Mapping:
    """The feed's mapping with the currency in column `topic` and `rates: rates.csv`."""
    feed.map(COLUMNS | {"category": "null", "budget_usd": "money(price, topic, published)"})
    feed.mapping_file.write_text(feed.mapping_file.read_text() + "rates: rates.csv\n")
    return load_mapping(feed.mapping_file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("day,currency,usd_per_unit\n", r"absent: date \(it has: day, currency, usd_per_unit\)"),
        ("", "absent: date, currency, usd_per_unit"),
        (HEAD, "no rates"),
        (HEAD + "2025-13-01,EUR,1.1\n", r"line 2, date: '2025-13-01' is not a day"),
        (HEAD + "2025-01-01,EUR,1.1\n2025-01-01,Euro,1.1\n", r"line 3, currency: 'Euro'"),
        (HEAD + "2025-01-01,EUR,\n", r"line 2, usd_per_unit: ''"),
        (HEAD + '2025-01-01,EUR,"1,1"\n', r"line 2, usd_per_unit: '1,1'"),
        (HEAD + "2025-01-01,EUR,-1\n", "is not a number above 0"),
        (HEAD + "2025-01-01,EUR\n", r"line 2, usd_per_unit: ''"),
        (HEAD + "2025-01-01,EUR,1.1\n2025-01-01,eur,1.2\n", "line 3: a second rate of EUR on 2025-01-01"),
        (HEAD + "2025-01-01,USD,1.1\n", "line 2, usd_per_unit: a US dollar is 1 USD"),
    ],
)
def test_a_mistake_in_the_rates_is_named_with_its_line(rates_file: Path, content: str, message: str) -> None:
    rates_file.write_text(content)
    with pytest.raises(SourceError, match=message) as caught:
        load_rates(rates_file)
    assert str(rates_file) in str(caught.value)


def test_rates_that_are_not_there_are_named_when_the_mapping_is_loaded(feed: Feed, rates_file: Path) -> None:
    with pytest.raises(SourceError, match=r"rates\.csv: the mapping's `rates` cannot be read"):
        mapped(feed)


def test_rows_may_come_in_any_order_beside_other_columns(rates_file: Path) -> None:
    rates_file.write_text("\ufeffsource,usd_per_unit,currency,date\nx,1.2,eur,2025-02-01\nx,1.1,EUR,2025-01-01\n")
    rates = load_rates(rates_file)
    assert [rates.in_force("EUR", day) for day in ("2024-12-31", "2025-01-31", "2025-02-01")] == [
        None, Decimal("1.1"), Decimal("1.2"),
    ]  # fmt: skip


def test_amounts_become_usd_by_the_rates_and_other_rates_read_the_file_anew(feed: Feed, rates_file: Path) -> None:
    rates_file.write_text(HEAD + "2025-01-01,EUR,1.1\n")
    first = mapped(feed).mapping_hash
    feed.write("a.csv", "1,2025-01-05,A,EUR,100", "2,2025-01-05,B,GBP,100", "3,2024-12-05,C,EUR,100", header=HEADER)
    assert len(feed.load().loads) == 1
    assert feed.accepted("budget_usd::varchar") == ["110.00", None, None]
    assert feed.load().unchanged_files == 1
    rates_file.write_text(HEAD + "2025-01-01,EUR,1.2\n")
    assert mapped(feed).mapping_hash != first
    assert len(feed.load().loads) == 1
    assert feed.accepted("budget_usd::varchar") == ["120.00", None, None]
