"""Releases: whole, immutable, named by their content."""

import csv
import json
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from dagster_project.publishing.catalog import Release, ReleaseError, latest_release, list_releases, read_release
from dagster_project.publishing.dictionary import DataDictionary
from dagster_project.publishing.export import content_hash, export_marts
from dagster_project.publishing.release.publish import publish_release
from dagster_project.publishing.revisions.tables import REVISION_MARTS
from dagster_project.stages.provenance import findings
from dagster_project.storage.workspace import Workspace
from tests.support.small_release import DICTIONARY, EMPTY, GROWTH, NOW, build_warehouse, write_report

Publish = Callable[..., Release]


def tree(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}


def test_a_release_holds_marts_dictionary_report_and_record(publish: Publish, workspace: Workspace) -> None:
    release = publish()
    assert set(tree(workspace.releases / "latest")) == {
        "hiring_pulse.duckdb",
        "marts/monthly_growth.parquet",
        "marts/pulse_shares.parquet",
        "data_dictionary.md",
        "data_dictionary.csv",
        "report/hiring_report.html",
        "report/hiring_report.md",
        "report/claims.json",
        "report/technical_annex.html",
        "report/technical_annex.md",
        "report/technical_annex_claims.json",
        "report/technology_spread.html",
        "report/technology_spread.md",
        "report/technology_spread_claims.json",
        "report/technology_spread_annex.html",
        "report/technology_spread_annex.md",
        "report/technology_spread_annex_claims.json",
        "report/figures/growth.csv",
        "release.json",
        "revisions.parquet",
        "series_revisions.parquet",
    }
    assert release.id.startswith("2025-11-") and len(release.id) == len("2025-11-") + 12


def test_the_record_says_what_the_release_holds(publish: Publish) -> None:
    first, second = publish(120), publish(121)
    record = json.loads((second.path / "release.json").read_text())
    assert record["release_id"] == second.id and record["month"] == "2025-11"
    assert record["previous_release_id"] == first.id
    assert record["released_at"] == "2025-12-03T07:00:00+00:00"
    file = second.path / "marts" / "monthly_growth.parquet"
    assert record["marts"]["monthly_growth"] == {
        "sha256": content_hash(file),
        "row_count": 3,
        "primary_key": ["posted_month", "series_id"],
    }
    assert read_release(second.path) == second


def test_bi_reads_tables_with_keys_and_descriptions_from_the_database(publish: Publish) -> None:
    database = publish().path / "hiring_pulse.duckdb"
    with duckdb.connect(str(database), read_only=True) as bi:
        assert bi.sql("select sum(post_count) from monthly_growth").fetchone() == (228,)
        keys = bi.sql(
            "select constraint_column_names from duckdb_constraints() "
            "where table_name = 'monthly_growth' and constraint_type = 'PRIMARY KEY'"
        ).fetchall()
        comment = bi.sql("select comment from duckdb_tables() where table_name = 'monthly_growth'").fetchone()
    assert keys == [(["posted_month", "series_id"],)]
    assert comment == (GROWTH.description,)


def test_every_file_of_a_release_is_read_only(publish: Publish) -> None:
    files = [path for path in publish().path.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}


def test_the_same_content_makes_no_new_release_and_changes_no_byte(publish: Publish, workspace: Workspace) -> None:
    first = publish()
    before = tree(first.path)
    assert publish() == first
    assert tree(first.path) == before
    assert [release.id for release in list_releases(workspace.releases)] == [first.id]


def test_content_that_returns_becomes_latest_again(publish: Publish, workspace: Workspace) -> None:
    first, second, third = publish(120), publish(121), publish(120)
    assert third == first and second != first
    latest = latest_release(workspace.releases)
    assert latest is not None and latest.id == first.id
    assert len(list_releases(workspace.releases)) == 2


def test_a_release_of_an_older_month_leaves_latest_where_it_is(publish: Publish, workspace: Workspace) -> None:
    november, october = publish(120), publish(121, month="2025-10")
    assert latest_release(workspace.releases) == november
    assert [release.id for release in list_releases(workspace.releases)] == [november.id, october.id]
    december = publish(122, month="2025-12")
    assert latest_release(workspace.releases) == december and december.previous_id == november.id


def test_the_record_has_size_and_hash_of_every_file_but_itself(publish: Publish) -> None:
    release = publish()
    record = json.loads((release.path / "release.json").read_text())["files"]
    content = {name: text for name, text in tree(release.path).items() if name != "release.json"}
    assert record == {name: {"size": len(text), "sha256": sha256(text).hexdigest()} for name, text in content.items()}


@pytest.mark.parametrize(
    "name", ["hiring_pulse.duckdb", "marts/monthly_growth.parquet", "report/hiring_report.html", "data_dictionary.csv"]
)
def test_verify_names_each_file_that_is_not_as_released_and_publishing_again_heals(
    publish: Publish, workspace: Workspace, name: str
) -> None:
    release = publish()
    assert list(findings(workspace)) == []
    file = release.path / name
    content = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    [told] = findings(workspace)
    assert f"releases/{release.id}/{name} has other content than was released; `hiring-pulse report --month" in told
    file.unlink()
    assert [finding.split(";")[0] for finding in findings(workspace)] == [f"releases/{release.id}/{name} is gone"]
    assert publish().id == release.id
    assert list(findings(workspace)) == []
    assert (workspace.damaged / "releases" / release.id / "release.json").is_file()


def test_verify_finds_a_file_that_was_added_and_a_record_that_was_edited(
    publish: Publish, workspace: Workspace
) -> None:
    release = publish()
    (release.path / "marts" / "more.parquet").write_bytes(b"")
    record = release.path / "release.json"
    record.chmod(0o644)
    record.write_text(record.read_text().replace('"month": "2025-11"', '"month": "2025-10"'))
    told = "\n".join(findings(workspace))
    assert "marts/more.parquet was not released" in told and "release.json is not the record of this release" in told


def test_a_release_of_a_version_without_file_records_is_compared_by_its_rows_and_pages(
    publish: Publish, workspace: Workspace
) -> None:
    release = publish()
    record = release.path / "release.json"
    record.chmod(0o644)
    record.write_text(json.dumps({k: v for k, v in json.loads(record.read_text()).items() if k != "files"}))
    page, mart = release.path / "report" / "hiring_report.html", next(iter(release.mart_files().values()))
    for file in (page, mart):
        file.chmod(0o644)
        file.write_bytes(file.read_bytes()[:-1])
    told = list(findings(workspace))
    assert f"marts/{mart.name} cannot be read" in told[0] and "report/hiring_report.html is not the page" in told[1]


def test_a_changed_sentence_of_the_report_is_a_new_release(publish: Publish) -> None:
    assert publish(text="Posts rose.").id != publish(text="Posts fell.").id


def test_latest_is_a_relative_link_so_the_workspace_can_be_moved(publish: Publish, workspace: Workspace) -> None:
    release = publish()
    moved = workspace.root.rename(workspace.root.with_name("moved"))
    assert (moved / "releases" / "latest" / "release.json").is_file()
    assert (moved / "releases" / "latest").readlink() == Path(release.id)


def test_the_csv_dictionary_lists_every_column(publish: Publish) -> None:
    rows = list(csv.DictReader((publish().path / "data_dictionary.csv").open()))
    tables = [*DICTIONARY.marts, *REVISION_MARTS]
    assert [row["column"] for row in rows] == [column.name for table in tables for column in table.columns]


def test_a_mart_whose_key_repeats_is_refused_and_latest_stays(publish: Publish, workspace: Workspace) -> None:
    first = publish()
    wrong = DataDictionary([replace(GROWTH, primary_key=["posted_month"]), EMPTY])
    with pytest.raises(ReleaseError, match=r"mart monthly_growth: \(posted_month\) is no key"):
        publish(121, dictionary=wrong)
    assert [release.id for release in list_releases(workspace.releases)] == [first.id]
    assert latest_release(workspace.releases) == first


def test_an_undocumented_mart_is_refused_by_name(publish: Publish) -> None:
    with pytest.raises(ReleaseError, match="differ in: pulse_shares"):
        publish(dictionary=DataDictionary([GROWTH]))


@pytest.mark.parametrize("absent", ["hiring_report.html", "hiring_report.md", "claims.json", "technology_spread.md"])
def test_a_report_without_one_of_its_files_is_refused(workspace: Workspace, tmp_path: Path, absent: str) -> None:
    files = export_marts(build_warehouse(tmp_path / "w.duckdb"), DICTIONARY.primary_keys(), tmp_path / "e")
    report = write_report(tmp_path / "report")
    (report / absent).unlink()
    with pytest.raises(ReleaseError, match=absent):
        publish_release(workspace, "2025-11", files, report, DICTIONARY, NOW)
    assert not workspace.releases.exists()


@pytest.mark.parametrize(("month", "now"), [("2025-13", NOW), ("../x", NOW), ("2025-11", datetime(2025, 12, 1))])
def test_a_wrong_month_or_an_instant_without_zone_is_refused(workspace: Workspace, month: str, now: datetime) -> None:
    with pytest.raises(ReleaseError, match=r"YYYY-MM|time zone"):
        publish_release(workspace, month, {}, workspace.root, DICTIONARY, now)


def test_a_damaged_record_is_named(publish: Publish, workspace: Workspace) -> None:
    record = publish().path / "release.json"
    record.chmod(0o644)
    record.write_text('{"release_id": ')
    with pytest.raises(ReleaseError, match=r"release\.json: not a release record"):
        list_releases(workspace.releases)


def test_a_mart_of_an_earlier_release_is_found_under_its_present_name(publish: Publish) -> None:
    release = publish()
    (content,) = [content for name, content in release.marts.items() if name == "monthly_growth"]
    former = replace(release, marts={"contract_values": content})
    assert former.mart_files() == {"period_projected_values": release.path / "marts" / "contract_values.parquet"}
