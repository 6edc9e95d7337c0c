"""A release says which tables and columns changed since the one before it."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from dagster_project.publishing.catalog import Release
from dagster_project.publishing.dictionary import Column, DataDictionary
from dagster_project.publishing.release.bundle import next_schema
from dagster_project.publishing.revisions.tables import REVISION_MARTS
from tests.support.small_release import EMPTY, GROWTH

Publish = Callable[..., Release]
NEW_COLUMN = replace(GROWTH, columns=[*GROWTH.columns, Column("note", "varchar", "A note.")])
RETYPED = replace(GROWTH, columns=[*GROWTH.columns[:3], Column("growth_pct", "double", "Percent.")])


def test_the_record_and_the_dictionary_tell_the_schema_of_a_release(publish: Publish) -> None:
    first, second = publish(1), publish(2)
    record = json.loads((second.path / "release.json").read_text())
    assert (record["schema_version"], record["schema_changes"]) == ("1.0", [])
    assert "Schema 1.0; there is no earlier release" in (first.path / "data_dictionary.md").read_text()
    told = f"Schema 1.0. Tables and columns that changed since release {first.id}: nothing."
    assert told in (second.path / "data_dictionary.md").read_text()


@pytest.mark.parametrize(
    ("marts", "version", "changes"),
    [
        ([GROWTH, EMPTY], "1.0", []),
        ([NEW_COLUMN, EMPTY], "1.1", ["column monthly_growth.note is new"]),
        ([GROWTH, EMPTY, replace(EMPTY, name="other")], "1.1", ["table other is new"]),
        ([GROWTH], "2.0", ["table pulse_shares is gone"]),
        ([RETYPED, EMPTY], "2.0", ["column monthly_growth.growth_pct was decimal(14,4), is double"]),
        (
            [replace(GROWTH, columns=[*GROWTH.columns[:3], Column("note", "varchar", "A note.")]), EMPTY],
            "2.0",
            ["column monthly_growth.growth_pct is gone", "column monthly_growth.note is new"],
        ),
    ],
)
def test_what_is_gone_raises_the_first_number_what_is_new_the_second(
    publish: Publish, marts: list, version: str, changes: list[str]
) -> None:
    released = publish()
    state = next_schema(released, DataDictionary([*marts, *REVISION_MARTS]))
    assert (state.version, state.changes, state.compared_with) == (version, changes, released.id)


def test_a_release_of_an_earlier_version_of_the_project_counts_as_the_first_schema(publish: Publish) -> None:
    former = replace(publish(), schema_version="")
    assert next_schema(former, DataDictionary([GROWTH])).version == "2.0"
