"""Loading again changes nothing; new content, a fixed mapping or a killed run each leave an exact lake."""

from pathlib import Path

import pytest

from dagster_project.sources.lake import publication
from dagster_project.sources.lake.accounting import input_hashes, judge_months, months_in_lake, source_summary
from dagster_project.sources.lake.load import ingest
from dagster_project.sources.lake.manifests import left_out_loads, load_manifests
from dagster_project.sources.lake.publication import repair
from tests.support.small_feed import COLUMNS, NOW, Feed

JANUARY = "1,2025-01-05,Write a text,Writing,10"
FEBRUARY = "2,2025-02-05,Write more,Writing,20"


def left_out(feed: Feed) -> dict[str, set[str]]:
    return left_out_loads(feed.workspace, load_manifests(feed.workspace, "job_posts"))


def assert_exact(feed: Feed) -> None:
    """The manifests count exactly the rows that lie in the lake, and read = accepted + rejected."""
    summary = source_summary(feed.workspace)["job_posts"]
    assert summary["rows_read"] == summary["accepted"] + summary["rejected"]
    assert summary["accepted"] == len(feed.accepted())
    assert summary["rejected"] == len(feed.rejects()) == sum(summary["by_reason"].values())


def test_a_file_is_split_over_its_months(feed: Feed) -> None:
    feed.write("a.csv", JANUARY, FEBRUARY, "3,2025-01-07T23:59:59-02:00,T,,")
    feed.load()
    assert months_in_lake(feed.workspace, "job_posts") == ["2025-01", "2025-02"]
    columns = "post_id, month, posted_at::varchar, observed_at::varchar"
    assert feed.accepted(columns) == [
        ("1", "2025-01", "2025-01-05 00:00:00", "2025-01-05 00:00:00"),
        ("2", "2025-02", "2025-02-05 00:00:00", "2025-02-05 00:00:00"),
        ("3", "2025-01", "2025-01-08 01:59:59", "2025-01-08 01:59:59"),
    ]


def test_the_same_file_again_changes_nothing(feed: Feed) -> None:
    feed.write("a.csv", JANUARY, "2,2025-01-06,,,")
    feed.load()
    before = feed.snapshot()
    feed.write("copy_of_a.csv", JANUARY, "2,2025-01-06,,,")
    result = feed.load()
    assert (result.loads, result.unchanged_files) == ([], 2)
    assert feed.snapshot() == before


def test_one_post_in_three_files_is_three_facts_with_its_months_touched(feed: Feed) -> None:
    feed.write("a.csv", JANUARY)
    feed.load()
    january = input_hashes(feed.workspace).get("2025-01")
    feed.write("b.csv", JANUARY.replace("text", "long text"))
    feed.write("c.csv", JANUARY.replace("2025-01-05", "2025-02-01"))
    result = feed.load()
    assert [load.touched_months for load in result.loads] == [["2025-01", "2025-02"], ["2025-01", "2025-02"]]
    assert feed.accepted() == ["1", "1", "1"]
    assert input_hashes(feed.workspace).get("2025-01") != january


def test_another_month_is_not_touched(feed: Feed) -> None:
    feed.write("a.csv", JANUARY)
    feed.load()
    january = input_hashes(feed.workspace).get("2025-01")
    feed.write("b.csv", FEBRUARY)
    assert feed.load().touched_months == ["2025-02"]
    assert input_hashes(feed.workspace).get("2025-01") == january


def test_the_input_hash_of_a_month_does_not_depend_on_the_time_of_loading(feed: Feed) -> None:
    feed.write("a.csv", JANUARY)
    feed.load()
    first = input_hashes(feed.workspace).get("2025-01")
    for manifest in feed.workspace.manifests("job_posts").iterdir():
        manifest.unlink()
    feed.load(now=NOW.replace(month=7))
    assert input_hashes(feed.workspace).get("2025-01") == first


def test_a_fixed_mapping_reads_the_file_anew_in_place_of_its_load(feed: Feed) -> None:
    feed.write("a.csv", JANUARY, "2,2025-02-06,T,Unknown,")
    [first] = feed.load().loads
    feed.map(COLUMNS | {"category": "null", "posted_at": "'2025-03-01'"})
    [second] = feed.load().loads
    assert second.load_id == first.load_id
    assert second.touched_months == ["2025-01", "2025-02", "2025-03"]
    assert feed.accepted("post_id, month") == [("1", "2025-03"), ("2", "2025-03")]
    assert feed.rejects() == []
    assert_exact(feed)


def test_a_corrected_file_closes_the_rejects_of_its_former_load(feed: Feed) -> None:
    feed.write("a.csv", JANUARY, "2,2025-01-06,,,")
    feed.load()
    assert not judge_months(feed.workspace, feed.mapping)["2025-01"].passed
    feed.write("a.csv", JANUARY, "2,2025-01-06,Now with a title,,")
    [second] = feed.load().loads
    former = next(m for m in load_manifests(feed.workspace, "job_posts") if m.load_id != second.load_id)
    assert former.superseded_by == second.load_id
    assert judge_months(feed.workspace, feed.mapping)["2025-01"].passed
    assert feed.accepted() == ["1", "1", "2"]
    assert source_summary(feed.workspace)["job_posts"]["rejected_superseded"] == 1
    assert_exact(feed)


def test_a_file_that_returns_to_its_former_content_is_open_again(feed: Feed) -> None:
    feed.write("a.csv", JANUARY, "2,2025-01-06,,,")
    feed.load()
    feed.write("a.csv", JANUARY)
    feed.load()
    feed.write("a.csv", JANUARY, "2,2025-01-06,,,")
    feed.load()
    assert not judge_months(feed.workspace, feed.mapping)["2025-01"].passed


def test_what_a_newer_file_no_longer_holds_is_counted_and_still_counts(feed: Feed) -> None:
    feed.write("a.csv", JANUARY, FEBRUARY, "3,2025-02-07,Draw,Writing,")
    feed.load()
    feed.write("a.csv", JANUARY, "4,2025-02-08,Sing,Writing,")
    [newer] = feed.load().loads
    assert newer.withdrawn == {"2025-02": 2}
    assert sorted(feed.accepted()) == ["1", "1", "2", "3", "4"] and left_out(feed) == {}
    assert "a.csv: rows of the version before that are no longer in it: 2; they still count" in feed.messages
    feed.map(COLUMNS | {"category": "null"})
    [again] = feed.load().loads
    assert again.withdrawn == {"2025-02": 2}, "reading the newer version anew forgets nothing"


def test_a_newer_file_that_replaces_takes_the_place_of_the_former_in_every_month(feed: Feed) -> None:
    feed.map(newer_version="replaces")
    feed.write("a.csv", JANUARY, FEBRUARY)
    [former] = feed.load().loads
    before = {month: input_hashes(feed.workspace).get(month) for month in ("2025-01", "2025-02")}
    feed.write("a.csv", JANUARY)
    [newer] = feed.load().loads
    assert newer.withdrawn == {"2025-02": 1}
    assert left_out(feed) == {month: {former.load_id} for month in before}
    assert all(input_hashes(feed.workspace).get(month) != hash_ for month, hash_ in before.items())
    assert "a.csv: rows of the version before that are no longer in it: 1; they are withdrawn" in feed.messages


def _die(*args: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["write_manifest", "_roll_forward"])
def test_a_run_killed_while_publishing_is_repaired_by_the_next(
    feed: Feed, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    feed.write("a.csv", JANUARY, "2,2025-01-06,,,")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(publication, step, _die)
        feed.load()
    feed.load()
    assert feed.accepted() == ["1"]
    assert_exact(feed)
    assert not list(feed.workspace.lake.glob(".staging*")) + list(feed.workspace.lake.glob(".committed*"))


def test_a_run_killed_between_two_renames_is_completed(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    feed.write("a.csv", JANUARY, FEBRUARY)
    renamed: list[Path] = []
    replace = Path.replace

    def replace_once(self: Path, target: Path) -> Path:
        if renamed:
            raise KeyboardInterrupt
        renamed.append(target)
        return replace(self, target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "replace", replace_once)
        feed.load()
    assert len(renamed) == 1
    assert load_manifests(feed.workspace, "job_posts") == []
    repair(feed.workspace)
    assert feed.accepted() == ["1", "2"]
    assert_exact(feed)


def test_files_without_a_manifest_are_swept(feed: Feed) -> None:
    feed.write("a.csv", JANUARY)
    feed.load()
    stray = feed.workspace.raw("job_posts") / "month=2025-01" / "load=0123456789abcdef.parquet"
    stray.write_bytes(b"left by a killed run")
    feed.load()
    assert not stray.exists()
    assert_exact(feed)


def test_a_month_over_its_reject_limit_is_named_and_the_others_go_on(feed: Feed) -> None:
    feed.write("a.csv", JANUARY, FEBRUARY, "3,2025-02-06,,,", "4,2025-02-06,T,,x", "5,2025-02-07,,,")
    feed.load()
    verdicts = judge_months(feed.workspace, feed.mapping)
    assert {month: verdict.passed for month, verdict in verdicts.items()} == {
        "2025-01": True,
        "2025-02": False,
    }
    february = verdicts["2025-02"]
    assert february.top_reasons == {"missing": 2, "unparsable": 1}
    assert february.reject_share == 0.75
    for part in ("2025-02", "3 of 4", "75.0%", "5.0%", "missing 2"):
        assert part in february.message


def test_a_share_of_exactly_the_limit_goes_on(feed: Feed) -> None:
    feed.write("a.csv", JANUARY, "2,2025-01-06,,,")
    feed.map(reject_limit=0.5)
    feed.load()
    assert judge_months(feed.workspace, feed.mapping)["2025-01"].passed


def test_a_table_that_is_not_mapped_is_not_provided(feed: Feed) -> None:
    feed.write("a.csv", JANUARY)
    feed.load()
    assert load_manifests(feed.workspace, "pulse_answers") == []
    assert source_summary(feed.workspace)["pulse_answers"]["rows_read"] == 0


def test_a_field_that_is_not_mapped_is_a_typed_null(feed: Feed) -> None:
    feed.write("a.csv", JANUARY)
    [load] = feed.load().loads
    assert feed.accepted("typeof(skills), skills, typeof(hourly_rate_low_usd)") == [
        ("VARCHAR[]", None, "DECIMAL(18,2)")
    ]
    assert load.provided_fields == list(COLUMNS)


def test_pulse_answers_are_loaded_by_their_wave(feed: Feed) -> None:
    columns = {
        "respondent_id": "who", "wave_month": "wave", "question_id": "question",
        "wording_version": "wording", "answer": "said", "weight": "weight",
    }  # fmt: skip
    feed.write(
        "pulse.csv",
        "r1,2025-03-01,hires,1,yes,1.5",
        "r2,2025-03-02,hires,1,yes,1",
        "r3,2025-03-01,hire,1,yes,1",
        "r4,2025-03-01,hires,1,no,0",
        header="who,wave,question,wording,said,weight",
    )
    feed.map_tables({"pulse_answers": {"files": ["pulse.csv"], "format": "csv", "columns": columns}})
    feed.load()
    assert feed.accepted("respondent_id, month, weight::varchar", "pulse_answers") == [("r1", "2025-03", "1.500000")]
    assert feed.rejects("field, reason", "pulse_answers") == [
        ("wave_month", "out_of_range"),
        ("question_id", "unknown_pulse_question"),
        ("weight", "out_of_range"),
    ]


def test_a_relative_pattern_without_data_asks_for_it(feed: Feed) -> None:
    with pytest.raises(Exception, match="DATA="):
        ingest(feed.workspace, feed.mapping, None, now=NOW, progress=print, memory_limit="500MB", seeds=feed.seeds)
