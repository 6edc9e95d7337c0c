"""A row that breaks a rule is kept beside the lake with field, value, reason and the raw row; the others go on."""

import json

import pytest

from tests.support.small_feed import COLUMNS, Feed

GOOD = "g,2025-01-05,Write a text,Writing,10"


@pytest.mark.parametrize(
    ("row", "field", "reason", "value"),
    [
        (",2025-01-05,T,Writing,10", "post_id", "missing", None),
        ("1,,T,Writing,10", "posted_at", "missing", None),
        ("1,soon,T,Writing,10", "posted_at", "unparsable", "soon"),
        ("1,2025-02-30,T,Writing,10", "posted_at", "unparsable", "2025-02-30"),
        ("1,2025-06-03,T,Writing,10", "posted_at", "out_of_range", "2025-06-03"),
        ("1,2025-01-05,,Writing,10", "title", "missing", None),
        ('1,2025-01-05," \t ",Writing,10', "title", "missing", " \t "),
        ("1,2025-01-05,T,Writing,ten dollars", "budget_usd", "unparsable", "ten dollars"),
        ("1,2025-01-05,T,Writing,-$5", "budget_usd", "negative", "-5"),
        ("1,2025-01-05,T,Writng,10", "category", "unknown_category", "Writng"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected(feed: Feed, row: str, field: str, reason: str, value: str | None) -> None:
    feed.write("a.csv", GOOD, row)
    feed.load()
    assert feed.rejects() == [(field, reason, value)]
    assert feed.accepted() == ["g"]


def test_a_reject_names_file_row_and_holds_the_raw_row(feed: Feed) -> None:
    feed.write("a.csv", GOOD, "1,2025-01-05,T,Data Sciense,10", "2,2025-01-05,T,Writing,10")
    feed.load()
    [(file, row, message, raw_row)] = feed.rejects("source_file, source_row, message, raw_row")
    assert (file, row) == ("a.csv", 2)
    assert "'Data Sciense'" in message
    assert "nearest is 'Data Science'" in message
    expected = {"id": "1", "published": "2025-01-05", "name": "T", "topic": "Data Sciense", "price": "10"}
    assert json.loads(raw_row) == expected
    assert feed.accepted("source_row") == [1, 3]


def test_a_row_has_one_reject_by_the_first_rule_that_failed(feed: Feed) -> None:
    feed.write("a.csv", GOOD, "1,2025-01-05,,Writng,-5")
    feed.load()
    assert feed.rejects("field") == ["title"]


def test_every_version_of_a_category_name_is_known(feed: Feed) -> None:
    feed.write("a.csv", "1,2025-01-05,T,Data Science,10", "2,2025-01-05,T,Data Science & Analytics,10")
    feed.load()
    assert feed.rejects() == []


def test_an_empty_optional_value_is_unknown_and_no_reject(feed: Feed) -> None:
    feed.write("a.csv", '1,2025-01-05,T,"",', "2,2025-01-05,T, ,")
    feed.load()
    assert feed.accepted("category, budget_usd") == [(None, None), (None, None)]


def test_a_row_of_unknown_month_is_counted_where_most_rows_are(feed: Feed) -> None:
    feed.write("a.csv", "1,2025-01-05,T,,", "2,2025-02-05,T,,", "3,2025-02-06,T,,", "4,soon,T,,", "5,2170-01-01,T,,")
    result = feed.load()
    counts = {month: (c.accepted, c.rejected) for month, c in result.loads[0].months.items()}
    assert counts == {"2025-01": (1, 0), "2025-02": (2, 2)}
    assert feed.rejects("month") == ["2025-02", "2025-02"]


def test_a_closed_list_of_values_names_the_nearest(feed: Feed) -> None:
    feed.map(COLUMNS | {"contract_type": "topic", "category": "null"})
    feed.write("a.csv", GOOD.replace("Writing", "fixed"), "1,2025-01-05,T,Fixd,10")
    feed.load()
    [(field, reason, message)] = feed.rejects("field, reason, message")
    assert (field, reason) == ("contract_type", "unknown_value")
    assert "'fixed'" in message


def test_the_manifest_counts_reasons_by_month(feed: Feed) -> None:
    feed.write("a.csv", GOOD, "1,2025-01-05,,,", "2,2025-01-05,T,,x", "3,2025-02-05,,,")
    [load] = feed.load().loads
    assert load.reject_reasons == {"missing": 2, "unparsable": 1}
    assert load.reject_reasons_by_month == {
        "2025-01": {"missing": 1, "unparsable": 1},
        "2025-02": {"missing": 1},
    }
    assert (load.rows_read, load.accepted, load.rejected) == (4, 1, 3)
