"""Judged rows to Parquet: for each month one file of accepted rows and one of rejects, in the order they were read."""

from pathlib import Path

import duckdb

from dagster_project.sources.contracts import Table
from dagster_project.sources.errors import nearest
from dagster_project.sources.validation.rules import Rule
from dagster_project.storage.sql import identifier, literal
from dagster_project.storage.workspace import Workspace

_KEY = r"""["']([^"']+)["']\s*:"""
_QUOTE = "'"


def write_accepted(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    labels: dict[str, str],
    months: list[str],
    staged: Workspace,
) -> None:
    """Contract columns, then source_file, source_row, load_id; `labels` gives source_file and load_id."""
    names = ", ".join(identifier(name) for name in table.column_names)
    for month in months:
        query = f"""
            select
                {names},
                {literal(labels["source_file"])} as source_file,
                source_row,
                {literal(labels["load_id"])} as load_id
            from judged_rows
            where rule_number is null and row_month = {literal(month)}
        """
        _copy(connection, query, staged.raw(table.name), month, labels["load_id"])


def write_rejects(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    labels: dict[str, str],
    rules: list[Rule],
    vocabularies: dict[str, list[str]],
    months: list[str],
    staged: Workspace,
) -> None:
    """Columns source_file, source_row, field, value, reason, message, raw_row, load_id."""
    if not months:
        return
    _name_nearest_values(connection, rules, vocabularies)
    _list_rules(connection, rules)
    for month in months:
        query = f"""
            select
                {literal(labels["source_file"])} as source_file,
                judged_rows.source_row,
                rules.field,
                judged_rows.rejected_value as value,
                rules.reason,
                replace({message_sql(rules)}, '{{nearest}}', coalesce('''' || nearest || '''', 'not known')) as message,
                judged_rows.raw_row,
                {literal(labels["load_id"])} as load_id
            from judged_rows
            inner join rules on judged_rows.rule_number = rules.rule_number
            left join nearest_values
                on judged_rows.rule_number = nearest_values.rule_number
                and judged_rows.rejected_value = nearest_values.value
            where judged_rows.row_month = {literal(month)}
            order by judged_rows.source_row
        """
        _copy(connection, query, staged.rejects(table.name), month, labels["load_id"])


def message_sql(rules: list[Rule]) -> str:
    """What is said of a row of `judged_rows` by the rule that it failed, but for the nearest value."""
    value = "judged_rows.rejected_value"
    said = [
        (
            f"judged_rows.rule_number = {number} and regexp_matches({value}, {literal(pattern)})",
            f"{rule.field} {{value}} {hint}",
        )
        for number, rule in enumerate(rules)
        for pattern, hint in rule.hints
    ]
    said += [(f"judged_rows.rule_number = {number}", rule.message) for number, rule in enumerate(rules)]
    message = f"case {' '.join(f'when {condition} then {literal(message)}' for condition, message in said)} end"
    keys = f"array_to_string(list_sort(list_distinct(regexp_extract_all({value}, {literal(_KEY)}, 1))), ', ')"
    quoted = f"coalesce({literal(_QUOTE)} || {value} || {literal(_QUOTE)}, 'NULL')"
    for place, filling in (("{keys}", keys), ("{problem}", value), ("{value}", quoted)):
        message = f"replace({message}, {literal(place)}, coalesce({filling}, ''))"
    return message


def _copy(connection: duckdb.DuckDBPyConnection, query: str, directory: Path, month: str, load_id: str) -> None:
    target = directory / f"month={month}" / f"load={load_id}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"copy ({query}) to {literal(str(target))} (format parquet, compression zstd)")


def _list_rules(connection: duckdb.DuckDBPyConnection, rules: list[Rule]) -> None:
    listed = [list(range(len(rules))), [rule.field for rule in rules], [rule.reason for rule in rules]]
    connection.execute(
        "create or replace temp table rules as select "
        "unnest(?::usmallint[]) as rule_number, unnest(?::varchar[]) as field, unnest(?::varchar[]) as reason",
        listed,
    )


def _name_nearest_values(
    connection: duckdb.DuckDBPyConnection, rules: list[Rule], vocabularies: dict[str, list[str]]
) -> None:
    connection.execute(
        "create or replace temp table nearest_values (rule_number usmallint, value varchar, nearest varchar)"
    )
    rejected = connection.execute(
        "select distinct rule_number, rejected_value from judged_rows where rule_number is not null"
    )
    named = [
        [number, value, nearest(value, vocabularies[vocabulary])]
        for number, value in rejected.fetchall()
        if (vocabulary := rules[number].vocabulary) is not None
    ]
    if named:
        connection.executemany("insert into nearest_values values (?, ?, ?)", named)
