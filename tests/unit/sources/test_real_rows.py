"""The two real sets load with their known counts, and spoiled copies of their files stop."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.lake.accounting import judge_months, source_summary
from dagster_project.sources.lake.load import IngestResult
from dagster_project.sources.mapping.load import load_mapping
from dagster_project.storage.workspace import Workspace

Load = Callable[..., tuple[Workspace, IngestResult]]
GENERAL, TRACKS = "upwork_general_2023", "upwork_tracks_2025"


def _posts(workspace: Workspace, query: str) -> tuple[int, ...]:
    posts = f"read_parquet('{workspace.raw('job_posts')}/*/*.parquet')"
    result = duckdb.execute(query.replace("posts", posts, 1)).fetchone()
    assert result is not None
    return result


def test_the_whole_feed_of_2023_is_accepted_over_four_months(load_real: Load) -> None:
    workspace, result = load_real(GENERAL)
    assert (result.rows_read, result.rejected) == (14_981, 0)
    assert result.touched_months == ["2021-04", "2022-11", "2022-12", "2023-01"]
    assert _posts(workspace, "select count(distinct post_id) from posts") == (14_719,)
    first = (
        "select count(*) from (select min(posted_at) as first from posts group by post_id) where first >= '2023-01-01'"
    )
    assert _posts(workspace, first) == (11_887,)


def test_the_tracks_of_2025_reject_the_rows_that_hold_only_a_url(load_real: Load) -> None:
    workspace, result = load_real(TRACKS)
    assert (result.rows_read, result.accepted, result.rejected) == (3_656, 3_284, 372)
    assert source_summary(workspace)["job_posts"]["by_reason"] == {"missing": 372}
    assert all(verdict.passed for verdict in judge_months(workspace, load_mapping(TRACKS)).values())
    assert _posts(workspace, "select count(distinct post_id) from posts") == (3_172,)
    assert _posts(workspace, "select count(category), count(*) filter (len(skills) = 0) from posts")[0] == 0


@pytest.fixture
def copy(real_data: Path, tmp_path: Path) -> Path:
    """A copy of the 2023 files, to be spoiled."""
    return Path(shutil.copytree(real_data / "upwork-general-2023", tmp_path / "copy"))


def _rename_column(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"published_on", b"publishedon", 1))


def _other_encoding(path: Path) -> None:
    path.write_bytes(path.read_bytes().decode().encode("utf-16"))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_rename_column, "nearest that exists is 'publishedon'"),
        (_other_encoding, "encoding utf-8"),
    ],
)
def test_a_spoiled_file_stops_the_load_and_leaves_no_lake(
    load_real: Load, copy: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(copy / "1_6_2023_general.csv")
    with pytest.raises(SourceError, match=message):
        load_real(GENERAL, copy)
    assert not list(copy.parent.rglob("load=*"))


def test_a_file_cut_in_quotes_loses_its_last_row_alone(load_real: Load, copy: Path) -> None:
    path = copy / "1_6_2023_general.csv"
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b',"') + 5])
    _, result = load_real(GENERAL, copy)
    assert result.loads[-1].reject_reasons == {"unreadable": 1}
    assert result.rows_read == 1 + result.accepted
