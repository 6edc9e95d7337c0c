"""Scoring a file end to end: any posts in, one row a post and technology out, the workspace as it was."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.stages.score import ScoreResult, posts_mapping, score_posts
from dagster_project.storage.workspace import REPOSITORY
from ml import classify
from ml.features.keywords import TECHNOLOGIES
from ml.training.artifact import StoredModel
from tests.support.job_runs import Place, new_place
from tests.support.written_feed import month_posts, write_mapping, write_posts

FEEDS = REPOSITORY / "tests" / "feeds"

PLAIN = {"body": "", "tags": ""}
POSTS = {
    "robot": {"name": "UiPath developer", "body": "RPA robot that logs in to SAP and types invoices"},
    "song": {"name": "Promote my song on SoundCloud"},
    "file": {"name": "Logo wanted", "body": "Send it as .ai file and EPS"},
    "=1+1": {"name": "Machine learning engineer", "body": "Train a deep learning model with PyTorch"},
    "state": {"name": "AWS migration", "seen": "2025-01-02 10:00:00"},
    "tagged": {"name": "Help wanted", "tags": "Amazon Web Services|Kubernetes"},
    "the robot again": {"name": "UiPath developer", "body": "RPA robot that logs in to SAP and types invoices"},
    "late term": {"name": "Shop", "body": f"{'We sell cakes. ' * 60} Later perhaps Kubernetes."},
}


@pytest.fixture
def fresh_place(champions: Path, tmp_path: Path) -> Place:
    """The written feed with models and nothing else in its workspace."""
    return new_place(tmp_path, champions)


@pytest.fixture
def scored(champions: Path, tmp_path: Path) -> tuple[Place, list[dict[str, str]], list[str]]:
    """The place, the rows of the CSV and the closing lines for a file with a changed post and two bad rows."""
    place = Place(tmp_path)
    write_mapping(place.mapping_file)
    models = place.workspace.models
    models.parent.mkdir(parents=True)
    models.symlink_to(champions)
    blank = month_posts("2025-01", per_day=1, days=1)[0]
    posts = [blank | PLAIN | {"id": name} | changes for name, changes in POSTS.items()]
    changed = [posts[4] | {"name": "Bakery flyer", "seen": "2025-01-09 10:00:00"}]
    rejected = [posts[0] | {"id": "no title", "name": " "}, posts[0] | {"id": "", "name": "x"}]
    write_posts(place.feed / "posts" / "b.csv", posts)
    write_posts(place.feed / "posts" / "a.csv", [*changed, *rejected])
    with place.configured() as settings:
        result = score_posts(settings, tmp_path / "new folder" / "scores.csv", print)
    with (tmp_path / "new folder" / "scores.csv").open(newline="") as file:
        return place, list(csv.DictReader(file)), result.lines()


def test_every_post_has_one_row_a_technology_and_only_candidates_a_probability(
    scored: tuple[Place, list[dict[str, str]], list[str]],
) -> None:
    place, rows, lines = scored
    verdict = {(row["post_id"], row["technology"]): row for row in rows}
    assert len(rows) == len(verdict) == len(POSTS) * len(TECHNOLOGIES)
    assert verdict["robot", "rpa"]["is_positive"] == "true" and float(verdict["robot", "rpa"]["probability"]) > 0.5
    assert verdict["=1+1", "ai"]["is_candidate"] == "true"
    assert verdict["tagged", "cloud"]["is_candidate"] == verdict["late term", "cloud"]["is_candidate"] == "true"
    for unscored in (("song", "cloud"), ("file", "ai"), ("state", "cloud")):
        row = verdict[unscored]
        assert (row["is_candidate"], row["probability"], row["is_positive"]) == ("false", "", "false")
        assert row["model_version"]
    assert rows[0]["post_id"] == "state", "rows follow the files, and the later state of a post counts"
    assert verdict["robot", "rpa"] | {"post_id": "the robot again"} == verdict["the robot again", "rpa"]
    assert lines[1:5] == [
        "rows read 11, kept 8, duplicate 1, rejected 2",
        "1 rows are earlier states or repeats of posts and were not scored",
        "1 posts repeat the text of another, word for word; each text was scored once",
        "1 ids begin like a formula; they are written as they are, so that they join; for a spreadsheet score with "
        "--for-spreadsheets",
    ]
    assert lines[5] == "2 of 11 rows rejected (missing 2):"
    assert lines[6].startswith("  posts/a.csv row 2, title:") and "row 3, post_id" in lines[7]
    assert {path.name for path in place.workspace.root.iterdir()} == {"dagster"}
    assert [path.name for path in (place.root / "new folder").iterdir()] == ["scores.csv"]


def test_one_file_is_read_whatever_its_name(fresh_place: Place) -> None:
    file = write_posts(fresh_place.root / "other [1].csv", month_posts("2025-01", per_day=1))
    with fresh_place.configured() as settings:
        settings.data = str(file)
        result = score_posts(settings, fresh_place.root / "out.csv", print)
    assert result.posts == 31


def test_a_mapping_without_posts_is_refused(fresh_place: Place) -> None:
    with fresh_place.configured() as settings:
        answers = {"pulse_answers": settings.mapping.tables["pulse_answers"]}
        with pytest.raises(SourceError, match="maps no job_posts"):
            posts_mapping(settings.mapping.model_copy(update={"tables": answers}), None)


def score_file(place: Place, *posts: dict[str, str], **options: bool) -> tuple[ScoreResult, list[dict[str, str]]]:
    """What scoring these posts of the written feed came to, and the rows of its CSV."""
    blank = month_posts("2025-01", per_day=1, days=1)[0]
    file = write_posts(place.root / "these.csv", [blank | PLAIN | post for post in posts])
    with place.configured() as settings:
        settings.data = str(file)
        result = score_posts(settings, place.root / "out.csv", print, **options)
    with (place.root / "out.csv").open(newline="", encoding="utf-8") as rows:
        return result, list(csv.DictReader(rows))


def test_for_a_spreadsheet_an_id_that_it_would_run_has_an_apostrophe(fresh_place: Place) -> None:
    ids = ["=1+1", "@cell", "-5", "plain", " =1"]
    result, rows = score_file(fresh_place, *({"id": name, "name": "Cakes"} for name in ids), for_spreadsheets=True)
    assert [row["post_id"] for row in rows[::3]] == ["'=1+1", "'@cell", "'-5", "plain", "' =1"]
    assert result.lines()[-1] == (
        "4 ids begin like a formula; they have an apostrophe before them, so that no spreadsheet runs them"
    )


def test_a_text_that_comes_again_is_given_to_the_classifier_once(
    fresh_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, int] = {}
    score_chunk = classify.score_chunk

    def counted(chunk: pa.RecordBatch, model: StoredModel) -> pa.RecordBatch:
        given[model.card.technology] = len(chunk)
        return score_chunk(chunk, model)

    monkeypatch.setattr(classify, "score_chunk", counted)
    robot, other = {"name": "UiPath robot"}, {"name": "UiPath robots"}
    posts = [robot | {"id": "1"}, robot | {"id": "2"}, other | {"id": "3"}, robot | {"id": "4", "body": "UiPath"}]
    result, rows = score_file(fresh_place, *posts)
    assert given["rpa"] == 3
    assert (result.posts, result.texts) == (4, 3)
    rpa = {row["post_id"]: row["probability"] for row in rows if row["technology"] == "rpa"}
    assert rpa["1"] == rpa["2"] != "" and rpa["3"] and rpa["4"]


def test_a_post_that_no_classifier_can_read_is_not_silently_a_no(fresh_place: Place) -> None:
    spanish = {"id": "1", "name": "Se necesita un diseñador gráfico para una tienda de muebles"}
    _, rows = score_file(fresh_place, spanish, {"id": "2", "name": "Need a cook for the summer"})
    assert [(row["language"], row["is_positive"]) for row in rows[::3]] == [("es", ""), ("en", "false")]


@pytest.mark.parametrize(
    ("case", "first_id", "said"),
    [
        ("14a-no-date-score", "p-001", []),
        ("14d-text-alone", "posts.csv:1", ["the mapping has no post_id: ids are file and row, as in posts.csv:1"]),
    ],
)
def test_a_mapping_without_date_or_id_is_scored(
    champions: Path, tmp_path: Path, case: str, first_id: str, said: list[str]
) -> None:
    mapping = FEEDS / case / "mapping.yml"
    place = Place(tmp_path, sources=str(mapping), data=FEEDS / case / "files", name="any")
    place.workspace.models.parent.mkdir(parents=True)
    place.workspace.models.symlink_to(champions)
    with place.configured() as settings:
        result = score_posts(settings, tmp_path / "out.csv", print)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as rows:
        ids = [row["post_id"] for row in csv.DictReader(rows)]
    assert result.lines()[1:] == ["rows read 40, kept 40, duplicate 0, rejected 0", *said]
    assert (ids[0], len(set(ids)), len(ids)) == (first_id, 40, 120)


def test_models_are_trained_only_after_the_files_were_read(tmp_path: Path) -> None:
    place = new_place(tmp_path)
    with place.configured() as settings:
        settings.data = str(write_posts(tmp_path / "none.csv", []))
        settings.mapping.tables["job_posts"][0].columns["title"] = "nme"
        with pytest.raises(SourceError, match="needs the column 'nme'"):
            score_posts(settings, tmp_path / "out.csv", print, train=lambda: pytest.fail("was trained"))
