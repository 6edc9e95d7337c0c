"""The files: the same from the same parameters, whole or not at all, of the size asked for."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.simulation import feed as feed_module
from dagster_project.simulation.feed import write_months
from tests.support.small_marketplace import POSTS, SEED


def test_a_month_has_the_same_bytes_whichever_months_are_asked_for(feed: Path, tmp_path: Path) -> None:
    written = write_months(tmp_path, ["2025-11"], seed=SEED, posts_per_month=POSTS)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "job_posts/2025-11.parquet",
        "pulse_answers/2025-11.parquet",
        "audit_labels/2025-11.parquet",
        "contracts/2025-11.parquet",
        "talent_searches/2025-11.parquet",
    ]
    for path in written:
        assert path.read_bytes() == (feed / path.relative_to(tmp_path)).read_bytes()


def test_another_seed_gives_another_month(november, tmp_path: Path) -> None:
    path, *_ = write_months(tmp_path, ["2025-11"], seed=SEED + 1, posts_per_month=POSTS)
    other = pq.read_table(path).to_pandas()
    assert not set(other["post_id"]) & set(november["post_id"])
    assert not set(other["client_id"]) & set(november["client_id"])


def test_a_file_with_the_same_parameters_is_left_untouched_and_others_are_replaced(tmp_path: Path) -> None:
    path, *_ = write_months(tmp_path, ["2025-01"], seed=1, posts_per_month=50)
    before = path.stat()
    write_months(tmp_path, ["2025-01"], seed=1, posts_per_month=50)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    write_months(tmp_path, ["2025-01"], seed=1, posts_per_month=400)
    assert pq.read_metadata(path).num_rows > 200


def test_a_killed_writer_leaves_no_file_that_a_reader_would_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(table: pa.Table, where: Path, **_: object) -> None:
        Path(where).write_bytes(b"half a file")
        raise KeyboardInterrupt

    monkeypatch.setattr(feed_module.pq, "write_table", die)
    with pytest.raises(KeyboardInterrupt):
        write_months(tmp_path, ["2020-01"], seed=1, posts_per_month=50)
    assert not list(tmp_path.rglob("*.parquet"))


def test_progress_names_the_month_and_how_far_it_is(tmp_path: Path) -> None:
    said: list[str] = []
    write_months(tmp_path, ["2020-01", "2020-02"], seed=1, posts_per_month=20, progress=said.append)
    assert said == ["simulating 2020-01 (1 of 2)", "simulating 2020-02 (2 of 2)"]


def test_processes_write_the_same_files_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "POOL_PAYS_FROM_POSTS", 0)
    months = ["2024-12", "2025-01"]
    files = [write_months(tmp_path / str(n), months, seed=1, posts_per_month=50, workers=n) for n in (1, 2)]
    contents = [{path.relative_to(tmp_path / str(n)): path.read_bytes() for path in files[n - 1]} for n in (1, 2)]
    assert contents[0] == contents[1]


def test_the_size_and_the_share_of_texts_are_switches(tmp_path: Path) -> None:
    path, *_ = write_months(tmp_path, ["2025-05"], seed=3, posts_per_month=20_000, long_text_share=0.1)
    texts = pq.read_table(path, columns=["description"]).to_pandas()["description"]
    assert 18_000 < len(texts) < 23_000
    assert texts.notna().mean() == pytest.approx(0.1, abs=0.01)
    assert texts.str.len().mean() == pytest.approx(840, rel=0.05)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"months": ["2019-12"]}, "begins in 2020-01"),
        ({"months": ["2025-13"]}, "2025-13"),
        ({"posts_per_month": 0}, "posts_per_month"),
        ({"long_text_share": 1.5}, "long_text_share"),
    ],
)
def test_impossible_parameters_are_refused_before_anything_is_written(
    tmp_path: Path, change: dict, message: str
) -> None:
    months = change.pop("months", ["2020-01"])
    with pytest.raises(ValueError, match=message):
        write_months(tmp_path, months, **({"seed": 1, "posts_per_month": 20} | change))
    assert not list(tmp_path.iterdir())
