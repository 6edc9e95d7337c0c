"""What workspaces of earlier versions hold is read by this one; `records/` are files that an earlier version wrote.

They are of commit 47ad7e7, which recorded no files of a load and neither files nor a schema version of a release.
"""

import shutil
from pathlib import Path

import duckdb

from dagster_project.publishing.catalog import read_release
from dagster_project.publishing.dictionary import Column, DataDictionary, Mart
from dagster_project.publishing.release.bundle import next_schema, released_schema
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.sources.lake.publication import damaged_files
from dagster_project.storage.plan import STATE_COLUMNS, built_states
from dagster_project.storage.workspace import Workspace

RECORDS = Path(__file__).parent / "records"
GROWTH = "monthly_search_growth"


def test_a_load_that_recorded_no_files_is_read_and_has_nothing_to_prove(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.manifests("talent_searches").mkdir(parents=True)
    shutil.copy(RECORDS / "manifest.json", workspace.manifests("talent_searches"))
    loads = load_manifests(workspace, "talent_searches")
    assert [(load.accepted, load.files, load.replaces, load.withdrawn) for load in loads] == [(4, {}, False, {})]
    assert list(damaged_files(workspace, loads)) == []


def test_a_release_without_a_schema_version_is_the_first_schema_of_those_after_it() -> None:
    release = read_release(RECORDS)
    assert (release.month, release.schema_version, release.files) == ("2025-02", "", {})
    columns = [Column(name, kind, "") for name, kind in released_schema(release)[GROWTH].items()]
    with_one_more = Mart(GROWTH, "", release.marts[GROWTH].primary_key, [*columns, Column("note", "varchar", "")])
    state = next_schema(release, DataDictionary([with_one_more]))
    assert (state.version, state.changes) == ("1.1", [f"column {GROWTH}.note is new"])


def test_months_whose_state_lacks_a_column_are_built_anew(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    columns = ", ".join(f"'x' as {name}" for name in STATE_COLUMNS)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            f"create table intermediate.int_month_states as select date '2025-02-01' as posted_month, {columns}"
        )
    assert list(built_states(warehouse)) == ["2025-02"]
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"alter table intermediate.int_month_states drop column {STATE_COLUMNS[-1]}")
    assert built_states(warehouse) == {}
