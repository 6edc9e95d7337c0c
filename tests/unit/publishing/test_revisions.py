"""Revisions of four vintages worked by hand, and which vintages are never compared."""

import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dagster_project.publishing.catalog import FeedName, Release
from dagster_project.publishing.dictionary import Column, DataDictionary
from dagster_project.publishing.release import publish as publishing
from dagster_project.publishing.release.publish import describe_marts
from dagster_project.publishing.revisions.headline_series import HEADLINE_SERIES
from dagster_project.publishing.revisions.measures import measure_revisions
from dagster_project.publishing.revisions.tables import RevisionTables, revision_tables
from dagster_project.storage.workspace import Workspace
from tests.support.sample_searches import (
    COLUMNS,
    FEED,
    MART,
    MONTHS,
    TRIANGLE,
    PublishVintage,
    Vintage,
    publisher,
    write_mart,
)


@pytest.fixture
def publish(workspace: Workspace, tmp_path: Path) -> PublishVintage:
    return publisher(workspace, tmp_path)


def publish_four(publish: PublishVintage) -> list[Release]:
    return [publish(month, vintage) for month, vintage in zip(MONTHS, TRIANGLE, strict=True)]


@pytest.fixture(scope="module")
def four_releases(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    """For tests that only read them."""
    folder = tmp_path_factory.mktemp("four_releases")
    return publish_four(publisher(Workspace(folder / "workspace"), folder))


@pytest.fixture
def own_releases(publish: PublishVintage) -> list[Release]:
    """The same in the workspace of the test."""
    return publish_four(publish)


def revisions(release: Release, series_id: str = "search_counts") -> pd.DataFrame:
    """Rows of a series in the released DuckDB file, by month."""
    with duckdb.connect(str(release.path / "hiring_pulse.duckdb"), read_only=True) as bi:
        rows = bi.execute("from revisions where series_id = ? order by period_end", [series_id]).df()
    return rows.set_index(rows["period_end"].dt.strftime("%Y-%m"))


def summary(release: Release, series_id: str = "search_counts") -> pd.Series:
    rows = pd.read_parquet(release.path / "series_revisions.parquet").set_index("series_id")
    return pd.Series(rows.loc[series_id].to_dict())


def test_four_vintages_give_the_revisions_worked_by_hand(four_releases: list[Release]) -> None:
    rows = revisions(four_releases[-1])
    columns = ["first_value", "previous_value", "latest_value", "revision", "first_to_latest_revision"]
    assert rows[columns].astype(float).values.tolist() == [
        [100, 101, 101, 0, 1],
        [110, 110, 112, 2, 2],
        [120, 130, 128, -2, 8],
        [90, 90, 96, 6, 6],
    ]
    # successive: |4|, |-3|, 0; 0, 0, 2; 10, |-2|; 6
    assert rows["mean_absolute_revision"].astype(float).round(4).tolist() == [2.3333, 0.6667, 6, 6]
    assert rows["vintage_count"].tolist() == [4, 4, 3, 2]
    assert rows["revision_count"].tolist() == [2, 1, 2, 1]
    assert rows["status"].tolist() == ["unchanged", "revised", "revised", "revised"]


def test_a_series_is_summed_up_over_its_compared_values(four_releases: list[Release]) -> None:
    found = summary(four_releases[-1])
    assert (found["value_count"], found["compared_count"], found["revised_count"]) == (4, 4, 3)
    # 0, 2, -2, 6 against the release before; 1, 2, 8, 6 against the first
    assert float(found["mean_revision"]) == 1.5
    assert float(found["mean_absolute_revision"]) == 2.5
    assert float(found["first_to_latest_mean_absolute_revision"]) == 4.25
    assert float(found["largest_absolute_revision"]) == 6


def test_a_sign_that_flips_is_counted(four_releases: list[Release]) -> None:
    rows = revisions(four_releases[-1], "search_growth")
    assert rows["sign_flip_count"].to_dict() == {"2025-02": 0, "2025-03": 2, "2025-04": 0}  # -2, +3, -1
    assert summary(four_releases[-1], "search_growth")["sign_flip_count"] == 1


def test_a_revision_is_measured_against_the_interval_released_before(four_releases: list[Release]) -> None:
    row = revisions(four_releases[-1], "search_growth").loc["2025-03"].to_dict()
    assert row["revision_in_half_widths"] == 1  # from +3 +- 4 to -1


def test_a_value_that_is_withheld_now_is_withdrawn_and_no_revision(four_releases: list[Release]) -> None:
    row = revisions(four_releases[-1], "search_growth").loc["2025-04"]
    assert row["status"] == "withdrawn"
    assert row[["latest_value", "revision"]].isna().all()
    assert summary(four_releases[-1], "search_growth")["withdrawn_count"] == 1


def test_days_to_the_first_release_count_from_the_end_of_the_month(four_releases: list[Release]) -> None:
    rows = revisions(four_releases[-1])
    assert rows["first_release_id"].tolist() == [four_releases[number].id for number in (0, 0, 1, 2)]
    # released on 2 March, 3 April and 5 May
    assert rows["days_to_first_release"].tolist() == [30, 2, 3, 5]
    # January was history in the first release; the other months were released with their own reports
    assert float(summary(four_releases[-1])["median_days_to_first_release"]) == 3


def test_a_new_value_names_its_own_release_as_the_first(four_releases: list[Release]) -> None:
    row = revisions(four_releases[2]).loc["2025-04"]
    assert (row["status"], row["first_release_id"]) == ("new", four_releases[2].id)
    assert (row["first_released_at"], row["days_to_first_release"]) == (datetime(2025, 5, 5, 6), 5)


def test_in_the_first_release_everything_is_new(four_releases: list[Release]) -> None:
    assert set(revisions(four_releases[0])["status"]) == {"new"}
    assert summary(four_releases[0])["compared_count"] == 0


def test_a_new_release_changes_no_byte_of_an_old_one(publish: PublishVintage) -> None:
    first = publish(MONTHS[0], TRIANGLE[0])
    before = {path: path.read_bytes() for path in first.path.rglob("*") if path.is_file()}
    publish(MONTHS[1], TRIANGLE[1])
    assert {path: path.read_bytes() for path in first.path.rglob("*") if path.is_file()} == before


def test_the_same_marts_released_twice_are_one_vintage_and_no_revision(publish: PublishVintage) -> None:
    publish(MONTHS[0], TRIANGLE[0])
    again = publish(MONTHS[0], TRIANGLE[0], text="Other words.")
    assert set(revisions(again)["status"]) == {"new"}
    rows = revisions(publish(MONTHS[1], TRIANGLE[1]))
    assert rows["vintage_count"].tolist() == [2, 2, 1]


def test_the_same_release_again_has_the_same_comparison(
    publish: PublishVintage, workspace: Workspace, tmp_path: Path, own_releases: list[Release]
) -> None:
    before = compared(workspace, tmp_path, TRIANGLE[3])
    assert before.last_release_id == own_releases[2].id
    assert publish(MONTHS[3], TRIANGLE[3]) == own_releases[3]
    after = compared(workspace, tmp_path, TRIANGLE[3])
    pd.testing.assert_frame_equal(after.values, before.values)


def test_values_that_return_are_what_was_said_last(publish: PublishVintage) -> None:
    for vintage in (TRIANGLE[0], TRIANGLE[1], TRIANGLE[0]):
        publish(MONTHS[1], vintage)
    rows = revisions(publish(MONTHS[2], TRIANGLE[2]))
    assert rows["previous_value"].astype(float).tolist()[:3] == [100, 110, 120]
    assert rows["vintage_count"].tolist() == [4, 4, 2, 1]


def test_another_definition_is_not_compared(publish: PublishVintage, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(MONTHS[0], TRIANGLE[0])
    changed = [replace(one, definition_version=2) if one.id == "search_counts" else one for one in HEADLINE_SERIES]
    monkeypatch.setattr(publishing, "HEADLINE_SERIES", changed)
    second = publish(MONTHS[1], TRIANGLE[1])
    rows = revisions(second)
    assert set(rows["status"]) == {"not_comparable"}
    assert rows["previous_value"].isna().all()
    assert set(rows["not_comparable_count"]) == {1}
    assert revisions(second, "search_growth").loc["2025-02", "status"] == "revised"
    third = revisions(publish(MONTHS[2], TRIANGLE[2]))
    assert third["status"].tolist() == ["revised", "unchanged", "revised", "new"]
    assert third["first_value"].astype(float).tolist() == [104, 110, 120, 90]


def test_another_wording_is_not_compared_while_the_same_wording_is(publish: PublishVintage) -> None:
    """A row's own version column: the wording of a question, how a growth was adjusted."""
    row = {"series_id": "pulse_shares", "value_key": "answer=Yes", "label": "Yes", "period_end": "2025-01-31",
           "value_low": 0.1, "value_high": 0.9}  # fmt: skip
    vintages = [
        row | {"definition_version": "1, v1", "value": 0.5, "vintage": 0},
        row | {"definition_version": "1, v2", "value": 0.7, "vintage": 1},
        row | {"definition_version": "1, v2", "value": 0.6, "vintage": 2},
    ]
    (found,) = measure_revisions(pd.DataFrame(vintages), present=2).to_dict("records")
    assert (found["status"], found["first_value"], found["revision"]) == ("revised", 0.7, -0.1)
    assert (found["vintage_count"], found["not_comparable_count"]) == (2, 1)
    (changed,) = measure_revisions(pd.DataFrame(vintages[:2]), present=1).to_dict("records")
    assert (changed["status"], changed["vintage_count"]) == ("not_comparable", 1)


def test_a_release_whose_mart_lacks_the_series_is_not_compared_and_said(
    publish: PublishVintage, workspace: Workspace, tmp_path: Path
) -> None:
    kept = [Column(name, data_type, "A column.") for name, data_type in COLUMNS.items() if name != "search_count"]
    publish(MONTHS[0], TRIANGLE[0], replace(MART, columns=kept))
    tables = compared(workspace, tmp_path, TRIANGLE[1])
    assert (
        "Searches: not comparable in 1 earlier release (monthly_search_growth has no search_count)." in tables.remarks
    )
    counts = tables.values[tables.values["series_id"] == "search_counts"]
    assert set(counts["status"]) == {"not_comparable"}


def test_a_missing_release_is_said_and_the_others_are_compared(
    own_releases: list[Release], publish: PublishVintage, workspace: Workspace, tmp_path: Path
) -> None:
    shutil.rmtree(own_releases[1].path)
    vintage = TRIANGLE[3] | {"2025-01": (99, None)}
    tables = compared(workspace, tmp_path, vintage)
    assert tables.remarks[0] == f"Release {own_releases[1].id} is missing: its values cannot be compared."
    assert tables.values.set_index("label").loc["AI agents, 2025-01", "vintage_count"] == 4


def test_the_last_release_may_be_missing_too(
    own_releases: list[Release], publish: PublishVintage, workspace: Workspace, tmp_path: Path
) -> None:
    shutil.rmtree(own_releases[3].path)
    vintage = TRIANGLE[3] | {"2025-01": (99, None)}
    before = compared(workspace, tmp_path, vintage)
    assert before.remarks[0] == f"Release {own_releases[3].id} is missing: its values cannot be compared."
    assert publish(MONTHS[3], vintage).previous_id == own_releases[3].id
    assert compared(workspace, tmp_path, vintage).remarks == before.remarks


def test_a_release_of_another_feed_is_never_compared(
    publish: PublishVintage, workspace: Workspace, tmp_path: Path
) -> None:
    foreign = publish(MONTHS[0], TRIANGLE[0], feed=FeedName("sample_searches", is_simulated=True))
    tables = compared(workspace, tmp_path, TRIANGLE[1])
    assert f"Release {foreign.id} is of another feed: its values are not compared." in tables.remarks
    assert tables.last_release_id is None
    assert set(tables.values["status"]) == {"new"}


def test_a_value_is_printed_where_an_earlier_report_has_a_sentence_of_its_row(publish: PublishVintage) -> None:
    first = publish(MONTHS[0], TRIANGLE[0])
    claims = first.path / "report" / "claims.json"
    claims.chmod(0o644)
    key = {"search_month": "2025-02-01", "series_id": "ai_agents"}
    claim = {"mart": "monthly_search_growth", "metric": "growth_pct", "n_column": "search_count", "key": key}
    claims.write_text(json.dumps([claim]), encoding="utf-8")
    second = publish(MONTHS[1], TRIANGLE[1])
    for series_id in ("search_counts", "search_growth"):
        assert revisions(second, series_id)["was_printed"].loc["2025-02"]
        assert revisions(second, series_id)["was_printed"].sum() == 1


def compared(workspace: Workspace, folder: Path, vintage: Vintage) -> RevisionTables:
    """The comparison before a vintage is released."""
    files = {MART.name: write_mart(folder / "present.parquet", vintage, MART)}
    marts = describe_marts(files, DataDictionary([MART]))
    return revision_tables(workspace.releases, files, marts, FEED)
