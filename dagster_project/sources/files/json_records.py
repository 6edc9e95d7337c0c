"""Records of JSON lines and JSON documents: each is one JSON object, and a column is a key of it as text."""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import duckdb

from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.records import PROBLEM, RECORD, SOURCE_ROW, Record, printable
from dagster_project.storage.sql import file_literal, identifier, literal

TEXT = "text"
"""The column of a line's or a record's JSON."""
_LONGEST_START = 1 << 16
"""Characters of blank space before a document's first sign."""


def lines(stream: TextIO) -> Iterator[Record]:
    """Each line that is not blank as `text`, numbered as in the file."""
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield Record(number, [printable(line.strip())])


def line_texts(record_file: Path) -> str:
    """The written lines as a select statement of `__source_row` and `text`."""
    return f"select {SOURCE_ROW}, {TEXT} from read_parquet({file_literal(str(record_file))}, hive_partitioning = false)"


def document_texts(connection: duckdb.DuckDBPyConnection, document: Path, name: str, records: str) -> str:
    """The records of a JSON document in the same form: the items of its list, or the values of an object keyed by id.

    `document` is UTF-8 without a byte order mark. `records` names the keys that lead to the list, `a.b`. Raises
    SourceError where there is no such list.
    """
    content = f"read_json_objects({file_literal(str(document))}, maximum_object_size = {document.stat().st_size + 64}"
    with document.open(encoding="utf-8") as stream:
        begins_as_list = stream.read(_LONGEST_START).lstrip().startswith("[")
    if begins_as_list and not records:
        return f"select row_number() over () as {SOURCE_ROW}, json as {TEXT} from {content}, format = 'array')"
    whole = f"{content}, format = 'unstructured')"
    path = literal("$" + "".join(f'."{key}"' for key in records.split(".") if key))
    _require_list(connection, whole, path, name, records)
    return f"select row_number() over () as {SOURCE_ROW}, value as {TEXT} from {whole}, json_each(json, {path})"


def _require_list(connection: duckdb.DuckDBPyConnection, whole: str, path: str, name: str, records: str) -> None:
    found = connection.execute(f"select json_type(json, {path}), json_keys(json) from {whole}").fetchall()
    if len(found) != 1:
        raise SourceError(f"{name}: {len(found)} JSON documents in one file; say `format: jsonl` in the mapping")
    [(kind, names)] = found
    if kind not in ("ARRAY", "OBJECT"):
        place = f"`{records}`, the `records` of the options," if records else "the document"
        raise SourceError(f"{name}: {place} is neither a list nor an object; its keys are {', '.join(names or [])}")
    lists = f"select key from {whole}, json_each(json, {path}) where json_type(value) = 'ARRAY'"
    nested = [key for (key,) in connection.execute(lists).fetchall()] if kind == "OBJECT" else []
    if nested:
        paths = " or ".join(f"`records: {'.'.join(filter(None, [records, key]))}`" for key in nested)
        raise SourceError(f"{name}: the records stand in a list within the document; add {paths} to the options")


def keys(connection: duckdb.DuckDBPyConnection, texts: str) -> list[str]:
    """Every key of any record, in the order of first appearance; a whole pass, since a key may come late."""
    found = connection.execute(f"""
        with texts as ({texts}),
        found as (select {SOURCE_ROW}, unnest(json_keys({TEXT})) as key from texts where {_problem()} is null)
        select key from found group by key order by min({SOURCE_ROW}), key
    """)
    return [key for (key,) in found.fetchall()]


def columns_of(texts: str, names: dict[str, str]) -> str:
    """The records as a select statement of `__source_row`, `__problem`, `__record` and a column for each name: key."""
    pointers = ", ".join(literal("/" + key.replace("~", "~0").replace("/", "~1")) for key in names.values())
    values = ", ".join(f"found[{place}] as {identifier(name)}" for place, name in enumerate(names, start=1))
    return f"""
        with texts as ({texts}),
        judged as (select *, {_problem()} as {PROBLEM} from texts),
        extracted as (
            select *, json_extract_string(case when {PROBLEM} is null then {TEXT} end, [{pointers}]::varchar[]) as found
            from judged
        )
        select {SOURCE_ROW}, {PROBLEM}, case when {PROBLEM} is not null then {TEXT}::varchar end as {RECORD}
        {", " + values if values else ""}
        from extracted
    """


def _problem() -> str:
    """Why a text is no record, as SQL; NULL for a JSON object with distinct keys."""
    return f"""case
        when not json_valid({TEXT}) then 'cannot be read as JSON'
        when json_type({TEXT}) <> 'OBJECT' then 'is JSON of type ' || lower(json_type({TEXT})) || ', not an object'
        when len(json_keys({TEXT})) <> len(list_distinct(json_keys({TEXT}))) then 'holds a key twice'
    end"""
