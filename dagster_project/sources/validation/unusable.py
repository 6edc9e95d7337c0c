"""Why no row of a file has a usable date, so that the file as a whole is refused."""

import duckdb

from dagster_project.sources.validation.month_files import message_sql
from dagster_project.sources.validation.rules import Rule


def why_no_month(connection: duckdb.DuckDBPyConnection, rules: list[Rule], field: str) -> str:
    """What is wrong with most values of `field` in `judged_rows`, with one of them, for the end of an error's text."""
    numbers = [number for number, rule in enumerate(rules) if rule.field == field]
    found = connection.execute(
        f"""
        select first(said order by source_row), count(*), min(source_row)
        from (
            select {message_sql(rules)} as said, source_row, regexp_replace(said, '''.*''', '') as kind
            from judged_rows
            where list_contains($numbers, rule_number)
        )
        group by kind
        order by count(*) desc, min(source_row)
        limit 1
        """,
        {"numbers": numbers},
    ).fetchone()
    if found is None:
        return f"every row was rejected before its {field} was looked at; see the columns before it in the mapping"
    said, count, row = found
    return f"{said} (row {row}, and so in {count:,} rows)"
