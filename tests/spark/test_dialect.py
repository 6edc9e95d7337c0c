"""A statement of the models gives the same rows on DuckDB and, translated, on Sail and on real Spark."""

import json
import os
import subprocess
from typing import Any

import duckdb
import pytest
from jinja2 import Environment

from dagster_project.spark.start import SPARK_PYTHON
from dagster_project.storage.workspace import REPOSITORY
from tests.spark.engines import ENGINES

POSTS = """
with posts as (
    select * from (values
        (date '2025-01-01', 'a', 1, cast(1.10 as decimal(9, 2)), 'x|y'),
        (date '2025-02-01', 'a', 2, cast(2.20 as decimal(9, 2)), null),
        (date '2025-03-01', 'b', 3, cast(3.30 as decimal(9, 2)), 'z'),
        (date '2025-04-01', 'b', 40, null, 'x'),
        (date '2025-05-01', 'b', 5, cast(7.70 as decimal(9, 2)), 'y|z'),
    ) as written (month, client, post_count, budget_usd, tags)
)
"""
STATEMENTS = {
    "a comma at the end of a list": "select month, client, from posts order by month",
    "unknown values come last": "select budget_usd from posts order by budget_usd",
    "decimals divide as floats": "select round(budget_usd / 3, 12) from posts order by month",
    "a list in the order of another column": "select client, list(tags order by post_count) from posts group by all",
    "a list sorted by its members": "select list(client order by client) from posts",
    "members of a list": "select len(string_split(tags, '|')), list_contains(string_split(tags, '|'), 'x') from posts",
    "texts joined in order": "select string_agg(client || post_count, ', ' order by post_count desc) from posts",
    "distinct texts joined in order": (
        "select month, string_agg(distinct client, '|' order by client), coalesce(string_agg(distinct client, '|'"
        " order by client) filter (where tags = 'z'), 'none') from posts group by month"
    ),
    "a function of a list's members": "select client, upper(unnest(string_split(tags, '|'))) as tag from posts",
    "distinct members": "select distinct lower(unnest(string_split(tags, '|'))) as tag from posts",
    "months between the first and the last": (
        "select cast(unnest(generate_series(min(month), max(month), interval 1 month)) as date) as month from posts"
    ),
    "boundaries between two days": (
        "select date_diff('month', date '2024-11-30', month), date_diff('day', date '2025-01-31', month) from posts"
    ),
    "names of months": "select strftime(month, '%Y-%m'), strftime(month, '%B %Y'), last_day(month) from posts",
    "quantiles that are values": (
        "select list_sum([1, 2]), cast(quantile_disc(post_count, [0.25, 0.5, 0.75])[2] as double) from posts"
    ),
    "a median of the neighbours": (
        "select month, median(nullif(post_count, 40)) over (order by month rows between 2 preceding and 2 following"
        " exclude current row) from posts"
    ),
    "a named window": "select month, sum(post_count) over of_client from posts"
    " window of_client as (partition by client)",
    "rows kept by a window": (
        "select others.month, posts.client as month_client, posts.month as client from posts"
        " inner join posts as others using (client) qualify count(*) over (partition by others.month) = 3"
    ),
    "keys of a join by either side": (
        "select posts.client, totals.client is null, total from posts left join"
        " (select client, sum(post_count) as total from posts where client = 'a' group by client) as totals"
        " using (client)"
    ),
    "columns but two": "select posts.* exclude (tags, month) from posts",
    "a value of each group": "select client, any_value(client) from posts group by client",
    "groups within groups": (
        "select case when grouping(client) = 1 then 'all' else client end, sum(post_count) from posts"
        " group by grouping sets ((), (client))"
    ),
    "a list without some": "select list_filter(string_split(tags, '|'), lambda tag: tag != 'x') from posts",
}
CLIENT = "client || post_count"
CLIENT_NUMBERS = 9223372036854775800
MACROS = REPOSITORY / "dbt" / "macros" / "spark" / "functions.sql"
UNTRANSLATABLE = (
    "select sum(post_count) over (order by month rows between 1 preceding and 1 following exclude ties) from posts"
)


@pytest.fixture(scope="module", params=ENGINES)
def on_spark(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The rows of every statement, as texts."""
    folder = tmp_path_factory.mktemp("statements")
    of_clients = f"select {client_number()} from posts order by month"
    named = STATEMENTS | {"untranslatable": UNTRANSLATABLE, "client number": of_clients}
    sql, rows = folder / "sql.json", folder / "rows.json"
    sql.write_text(json.dumps([POSTS + statement for statement in named.values()]))
    command = [str(SPARK_PYTHON), "-m", "tests.spark.run_statements", request.param, str(sql), str(rows)]
    variables = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, env=variables)
    assert ended.returncode == 0, ended.stderr[-3000:]
    return dict(zip(named, json.loads(rows.read_text()), strict=True))


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_means_on_spark_what_it_means_on_duckdb(name: str, on_spark: dict[str, Any]) -> None:
    expected = [[_text(value) for value in row] for row in duckdb.execute(POSTS + STATEMENTS[name]).fetchall()]
    found = on_spark[name]
    if "order by" not in STATEMENTS[name].rsplit(")", 1)[-1]:  # the rows of other statements come in any order
        expected, found = sorted(expected, key=str), sorted(found, key=str)
    assert expected == found
    assert expected


def test_a_client_has_the_same_number_on_spark(on_spark: dict[str, Any]) -> None:
    number = f"md5_number_lower({CLIENT}) % {CLIENT_NUMBERS}::ubigint"
    expected = duckdb.execute(f"{POSTS} select {number} from posts order by month").fetchall()
    assert on_spark["client number"] == [[str(number)] for (number,) in expected]


def client_number() -> str:
    """The macro's SQL for the clients of the statements."""
    given = {"client_numbers": lambda: CLIENT_NUMBERS}
    macros = Environment().from_string(MACROS.read_text(encoding="utf-8"), globals=given)
    return str(macros.module.spark__client_number(CLIENT))  # type: ignore[attr-defined]


def test_what_spark_has_not_is_an_error_and_not_left_out(on_spark: dict[str, Any]) -> None:
    assert "exclude ties" in on_spark["untranslatable"].lower()


def _text(value: Any) -> Any:
    return [_text(member) for member in value] if isinstance(value, list) else None if value is None else str(value)
