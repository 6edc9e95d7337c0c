"""Labels that came back to the workspace are read beside the feed's files, without making the feed's months stale."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dagster_project.sources.contracts import AUDIT_LABELS
from dagster_project.sources.lake.accounting import source_summary
from dagster_project.sources.lake.load import ingest
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.sources.mapping.load import workspace_labels_mapping
from dagster_project.storage.workspace import Workspace

HEADER = ",".join(AUDIT_LABELS.column_names)


def write_labels(workspace: Workspace, *rows: str, name: str = "queue-1.csv") -> None:
    workspace.audit_labels.mkdir(parents=True, exist_ok=True)
    (workspace.audit_labels / name).write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")


def read_labels(workspace: Workspace) -> None:
    mapping = workspace_labels_mapping(workspace.audit_labels)
    assert mapping is not None
    ingest(
        workspace,
        mapping,
        workspace.audit_labels,
        now=datetime(2025, 12, 1, tzinfo=UTC),
        progress=print,
        memory_limit="1GB",
    )


def test_without_a_file_there_is_nothing_to_read(tmp_path: Path):
    assert workspace_labels_mapping(Workspace(tmp_path).audit_labels) is None


def test_labels_of_the_workspace_enter_the_lake_in_the_contract_s_columns(tmp_path: Path):
    workspace = Workspace(tmp_path)
    write_labels(workspace, "p1,2025-11-01,ai,true,false,0.25,accepted,v1,2025-12-01,reader")
    read_labels(workspace)
    rows = duckdb.sql(f"select * from read_parquet('{workspace.raw('audit_labels')}/month=2025-11/*.parquet')").df()
    assert rows.loc[0, ["post_id", "technology", "is_positive", "inclusion_probability"]].tolist() == [
        "p1",
        "ai",
        True,
        0.25,
    ]


def test_the_same_file_twice_changes_nothing(tmp_path: Path):
    workspace = Workspace(tmp_path)
    write_labels(workspace, "p1,2025-11-01,ai,true,,0.25,,v1,,")
    read_labels(workspace)
    read_labels(workspace)
    assert len(load_manifests(workspace, "audit_labels")) == 1


def test_impossible_labels_are_rejected_with_the_field(tmp_path: Path):
    workspace = Workspace(tmp_path)
    good = "p1,2025-11-01,ai,true,,0.25,,v1,,"
    write_labels(
        workspace,
        good,
        "p2,2025-11-01,ai,true,,1.5,,v1,,",
        "p3,2025-11-01,ai,true,,0,,v1,,",
        "p4,2025-11-01,blockchain,true,,0.5,,v1,,",
        "p5,2025-11-01,ai,perhaps,,0.5,,v1,,",
        "p6,2025-11-15,ai,true,,0.5,,v1,,",
    )
    read_labels(workspace)
    summary = source_summary(workspace)["audit_labels"]
    assert (summary["accepted"], summary["rejected"]) == (1, 5)
    fields = duckdb.sql(
        f"select field from read_parquet('{workspace.rejects('audit_labels')}/*/*.parquet') order by source_row"
    )
    assert [field for (field,) in fields.fetchall()] == [
        "inclusion_probability", "inclusion_probability", "technology", "is_positive", "posted_month",
    ]  # fmt: skip
