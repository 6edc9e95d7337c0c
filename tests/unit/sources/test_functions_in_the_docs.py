"""What docs/inputs.md says of the functions of a mapping is what they do."""

import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dagster_project.sources.values.currencies import Rates
from dagster_project.sources.values.functions import define_functions

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
