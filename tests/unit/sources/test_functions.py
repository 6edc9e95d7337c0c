"""Functions of a mapping do what docs/inputs.md says; a language is told where it is sure, and not of a short title."""

import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dagster_project.sources.values.currencies import Rates
from dagster_project.sources.values.functions import define_functions, language
from ml.labels.labelled_posts import LABELS_DIR, read_both_passes
from tests.support.small_feed import COLUMNS, Feed

PAGE = (Path(__file__).parents[3] / "docs" / "inputs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+\(.*\))` \| (?:`(.*?)`|(NULL)) \|", re.MULTILINE)
EXAMPLES = [(expression, None if null else gives) for expression, gives, null in ROW.findall(PAGE)]


@pytest.mark.parametrize(("expression", "gives"), EXAMPLES)
def test_an_example_is_true(expression: str, gives: str | None) -> None:
    connection = duckdb.connect()
    define_functions(connection, Rates({"EUR": [("2025-10-31", Decimal("1.15"))]}))
    assert connection.execute(f"select ({expression})::varchar").fetchone() == (gives,)


def test_every_function_has_an_example() -> None:
    connection = duckdb.connect()
    define_functions(connection)
    query = "select distinct function_name from duckdb_functions() where function_type = 'macro' and not internal"
    defined = {name for (name,) in connection.execute(query).fetchall()}
    inner = {"name_of", "names_of", "listed", "without_blanks", "time_before", "utc_day", "told_language"}
    named = {name for name in defined if f"`{name}" in PAGE or f"{name}(" in PAGE}
    assert len(EXAMPLES) > 10 and defined - inner == named - inner


TITLES = {
    "Need a developer for a small web shop": "en",
    "Se necesita un diseñador gráfico para una tienda de muebles": "es",
    "Cherche développeur pour une boutique en ligne": "fr",
    "Wir suchen jemanden, der unsere Webseite übersetzt": "de",
    "Preciso de um tradutor para o manual de uma máquina": "pt",
    "Нужен переводчик с русского на немецкий язык": "ru",
    "محاضرة في التواصل الاجتماعي للشركات الصغيرة": "ar",
}


@pytest.mark.parametrize(("title", "expected"), TITLES.items())
def test_the_language_of_a_title_is_told(feed: Feed, title: str, expected: str) -> None:
    feed.write("a.csv", f'1,2025-01-05,"{title}",Writing,10')
    feed.load()
    assert feed.accepted("language") == [expected]


@pytest.mark.parametrize("title", ["Logo design", "WooCommerce", "12345", "Virtual assistant"])
def test_nothing_is_said_of_a_title_that_is_too_short_to_tell(feed: Feed, title: str) -> None:
    feed.write("a.csv", f"1,2025-01-05,{title},Writing,10")
    feed.load()
    assert feed.accepted("language") == [None]


def test_a_language_that_the_feed_names_goes_before_that_of_the_text(feed: Feed) -> None:
    feed.map(COLUMNS | {"language": "topic", "category": "null"})
    feed.write("a.csv", "1,2025-01-05,Need a cook for the summer,it,10", "2,2025-01-05,Need a cook for the summer,,10")
    feed.load()
    assert feed.accepted("language") == ["it", "en"]


def test_an_unsure_text_has_no_language() -> None:
    assert language("Egg timer") is None


def test_of_800_posts_in_four_languages_nineteen_of_twenty_are_told_right_and_one_of_a_hundred_as_english() -> None:
    posts = read_both_passes(LABELS_DIR / "other_languages")
    with duckdb.connect() as connection:
        define_functions(connection)
        connection.register("labelled", posts[["post_id", "title", "description"]])
        told = connection.execute(
            "select post_id[:2] as truth, told_language(title || ' ' || description) as told from labelled"
        ).df()
    assert told["told"].eq(told["truth"]).mean() >= 0.94
    assert told["told"].eq("en").mean() <= 0.01
