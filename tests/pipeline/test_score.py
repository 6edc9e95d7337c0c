"""Scoring a file end to end: any posts in, one row a post and technology out, the workspace as it was."""

import csv
from pathlib import Path

import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.stages.score import posts_mapping, score_posts, untrained
from ml.features.keywords import TECHNOLOGIES
from tests.support.job_runs import Place, new_place
from tests.support.written_feed import month_posts, write_mapping, write_posts

PLAIN = {"body": "", "tags": ""}
POSTS = {
    "robot": {"name": "UiPath developer", "body": "RPA robot that logs in to SAP and types invoices"},
    "song": {"name": "Promote my song on SoundCloud"},
    "file": {"name": "Logo wanted", "body": "Send it as .ai file and EPS"},
    "=1+1": {"name": "Machine learning engineer", "body": "Train a deep learning model with PyTorch"},
    "state": {"name": "AWS migration", "seen": "2025-01-02 10:00:00"},
    "tagged": {"name": "Help wanted", "tags": "Amazon Web Services|Kubernetes"},
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
    assert verdict["'=1+1", "ai"]["is_candidate"] == "true"
    assert verdict["tagged", "cloud"]["is_candidate"] == verdict["late term", "cloud"]["is_candidate"] == "true"
    for unscored in (("song", "cloud"), ("file", "ai"), ("state", "cloud")):
        row = verdict[unscored]
        assert (row["is_candidate"], row["probability"], row["is_positive"]) == ("false", "", "false")
        assert row["model_version"]
    assert rows[0]["post_id"] == "state", "rows follow the files, and the later state of a post counts"
    assert lines[1].startswith("1 rows are earlier states")
    assert lines[2] == "2 of 10 rows rejected (missing 2):"
    assert lines[3].startswith("  posts/a.csv row 2, title:") and "row 3, post_id" in lines[4]
    assert {path.name for path in place.workspace.root.iterdir()} == {"models", "dagster"}
    assert [path.name for path in (place.root / "new folder").iterdir()] == ["scores.csv"]


def test_a_workspace_without_models_is_told_from_one_with_them(fresh_place: Place, tmp_path: Path) -> None:
    assert untrained(fresh_place.workspace) == []
    assert untrained(Place(tmp_path / "elsewhere").workspace) == list(TECHNOLOGIES)


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
