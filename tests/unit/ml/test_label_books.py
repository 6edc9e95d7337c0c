"""Labels that come back: every refusal, both formats, and that the same file twice changes nothing."""

import csv
import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml.features.keywords import TECHNOLOGIES
from ml.labelling.books import USER_STRATUM, Imported, import_labels, labelled_posts
from ml.labelling.design import AUDIT, TRAINING, choose_posts
from ml.labelling.filled_queue import UnreadableFileError
from ml.labelling.queue_files import DESIGN, KEY, write_queue
from ml.labels.labelled_posts import load_training_labels
from tests.support.sample_month import MODEL_VERSIONS, sample_month, texts_of_month

TODAY, LATER = date(2025, 12, 3), date(2025, 12, 9)
Row = dict[str, str]
Change = Callable[[list[Row]], None]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The labelling folder of a workspace with one queue of 60 drawn and 20 uncertain posts."""
    posts = sample_month()
    choice = choose_posts(posts, 7, 60, 20)
    write_queue(tmp_path / "labelling" / "queues", "2025-11", choice, texts_of_month(posts), MODEL_VERSIONS, 7)
    return tmp_path / "labelling"


def truth(post: str, technology: str) -> int:
    posts = sample_month().set_index("post_id")
    return int(posts.loc[post, f"{technology}_truth"])


def filled(workspace: Path, name: str = "filled.csv", change: Change = lambda rows: None, **csv_options: Any) -> Path:
    """The queue's rows as a careful reader fills them, then changed; written beside the workspace."""
    with (workspace / "queues" / "2025-11-001" / "queue.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    posts = sample_month().set_index("post_id")
    for row in rows:
        row |= {t: str(int(posts.loc[row["post_id"], f"{t}_truth"])) for t in TECHNOLOGIES} | {"labeller": "ann"}
    change(rows)
    path = workspace.parent / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), **csv_options)
        writer.writeheader()
        writer.writerows(rows)
    return path


def label_studio_export(workspace: Path, change: Callable[[list[dict[str, Any]]], None] = lambda tasks: None) -> Path:
    """Label Studio's JSON export of the queue's tasks after one user answered them, with all its fields."""
    tasks = json.loads((workspace / "queues" / "2025-11-001" / "label_studio.json").read_text(encoding="utf-8"))
    posts = sample_month().set_index("post_id")
    exported = []
    for number, task in enumerate(tasks, start=1):
        answers = {t: "yes" if posts.loc[task["data"]["post_id"], f"{t}_truth"] else "no" for t in TECHNOLOGIES}
        exported.append(_exported_task(number, task["data"], answers))
    change(exported)
    path = workspace.parent / "project-1-at-2025-12-03.json"
    path.write_text(json.dumps(exported), encoding="utf-8")
    return path


def _exported_task(number: int, data: dict[str, str], answers: dict[str, str]) -> dict[str, Any]:
    result = [
        {
            "value": {"choices": [choice]},
            "id": f"{number}-{name}",
            "from_name": name,
            "to_name": "post",
            "type": "choices",
            "origin": "manual",
        }
        for name, choice in answers.items()
    ]
    annotation = {
        "id": number,
        "completed_by": 1,
        "result": result,
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2025-12-03T09:14:12.512Z",
        "updated_at": "2025-12-03T09:14:12.512Z",
        "draft_created_at": None,
        "lead_time": 12.8,
        "prediction": {},
        "result_count": 3,
        "unique_id": "0c8f6a3e-0000-4000-8000-000000000000",
        "import_id": None,
        "last_action": None,
        "task": number,
        "project": 1,
        "updated_by": 1,
        "parent_prediction": None,
        "parent_annotation": None,
        "last_created_by": None,
    }
    return {
        "id": number,
        "annotations": [annotation],
        "file_upload": "a1b2c3-label_studio.json",
        "drafts": [],
        "predictions": [],
        "data": data,
        "meta": {},
        "created_at": "2025-12-03T09:00:00Z",
        "updated_at": "2025-12-03T09:14:12Z",
        "inner_id": number,
        "total_annotations": 1,
        "cancelled_annotations": 0,
        "total_predictions": 0,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": 1,
        "updated_by": 1,
        "comment_authors": [],
    }


def audit(workspace: Path) -> pd.DataFrame:
    (path,) = (workspace / "audit_labels").glob("*.csv")
    return pd.read_csv(path, dtype={"guide_version": str})


def key(workspace: Path) -> pd.DataFrame:
    return pd.read_parquet(workspace / "queues" / "2025-11-001" / KEY)


def content(workspace: Path) -> dict[str, str]:
    files = [path for path in workspace.rglob("*") if path.is_file()]
    return {str(path.relative_to(workspace)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def put_in(workspace: Path, *files: Path, day: date = TODAY) -> Imported:
    return import_labels(workspace, list(files), day)


@pytest.mark.parametrize("kind", ["csv", "label studio", "semicolons"])
def test_labels_go_to_audit_and_training_as_the_key_says(workspace: Path, kind: str) -> None:
    if kind == "label studio":
        path = label_studio_export(workspace)
    else:
        path = filled(workspace, delimiter=";" if kind == "semicolons" else ",")
    imported = put_in(workspace, path)
    assert imported.problems.empty and imported.unread == 0 and imported.coverage == []
    asked = key(workspace)
    drawn = asked[asked["purpose"].eq(AUDIT)].set_index("post_id")
    rows = audit(workspace)
    assert imported.new_posts == {AUDIT: len(drawn), TRAINING: 20}
    assert list(rows.columns) == [
        "post_id", "posted_month", "technology", "is_positive", "is_unsure", "inclusion_probability", "stratum",
        "guide_version", "labelled_on", "labeller",
    ]  # fmt: skip
    assert len(rows) == 3 * len(drawn) and not rows.duplicated(["post_id", "technology"]).any()
    assert set(rows["posted_month"]) == {"2025-11-01"} and set(rows["labelled_on"]) == {"2025-12-03"}
    assert all(truth(row.post_id, row.technology) == row.is_positive for row in rows.head(30).itertuples())
    expected = rows["post_id"].map(drawn["inclusion_probability"])
    assert rows["inclusion_probability"].to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-8)
    taught = load_training_labels(workspace / "training_labels")
    assert set(taught["post_id"]) == set(asked.loc[asked["purpose"].eq(TRAINING), "post_id"])
    assert set(taught["stratum"]) == {USER_STRATUM} and not taught["is_held_out"].any()
    assert labelled_posts(workspace) == asked.set_index("post_id")["purpose"].to_dict()


def test_the_same_file_twice_changes_nothing_under_either_format(workspace: Path) -> None:
    def spoil_one(rows: list[Row]) -> None:
        rows[0]["ai"] = "maybe"

    path = filled(workspace, change=spoil_one)
    put_in(workspace, path)
    before = content(workspace)
    again = put_in(workspace, path, day=LATER)
    assert content(workspace) == before
    assert again.new_posts == {} and again.written == [] and again.repeats == len(key(workspace)) - 1


def spoil(field: str, answer: str) -> Change:
    def change(rows: list[Row]) -> None:
        rows[4][field] = answer

    return change


@pytest.mark.parametrize(
    ("change", "reason", "field", "advice"),
    [
        (spoil("post_id", "1.23457E+18"), "unknown_post", "post_id", "put the post_id of the queue.csv back"),
        (spoil("ai", "maybe"), "unknown_label", "ai", "'maybe'; write 0 or no or 1 or yes"),
        (spoil("rpa", ""), "empty_label", "rpa", "empty; write 0 or no or 1 or yes"),
        (spoil("unsure_cloud", "perhaps"), "unknown_label", "unsure_cloud", "leave it empty or write"),
        (spoil("title", "Another post"), "changed_text", "text", "label the text of the queue.csv"),
    ],
)
def test_a_bad_row_is_kept_aside_and_the_good_ones_are_used(
    workspace: Path, change: Change, reason: str, field: str, advice: str
) -> None:
    imported = put_in(workspace, filled(workspace, change=change))
    (problem,) = imported.problems.to_dict("records")
    assert (problem["file"], problem["row"], problem["field"], problem["reason"]) == ("filled.csv", 5, field, reason)
    assert problem["message"].startswith(f"filled.csv row 5, {field}: ") and advice in problem["message"]
    assert problem["message"] == imported.lines()[0]
    (rejected,) = (workspace / "rejected").glob("*.csv")
    kept = pd.read_csv(rejected, dtype=str, keep_default_na=False)
    assert kept["reason"].tolist() == [reason] and {"ai", "cloud", "rpa", "labeller"} <= set(kept.columns)
    assert sum(imported.new_posts.values()) == len(key(workspace)) - 1


def test_a_mended_row_is_taken_in_later(workspace: Path) -> None:
    put_in(workspace, filled(workspace, change=spoil("ai", "maybe")))
    imported = put_in(workspace, filled(workspace), day=LATER)
    assert sum(imported.new_posts.values()) == 1 and imported.repeats == len(key(workspace)) - 1


def second_reader(places: dict[int, dict[str, str]]) -> Change:
    """Ben reads what Ann read, and answers some rows his own way."""

    def change(rows: list[Row]) -> None:
        for place, row in enumerate(rows):
            row |= {"labeller": "ben"} | places.get(place, {})

    return change


def other(answer: str) -> str:
    return "1" if answer == "0" else "0"


@pytest.mark.parametrize("together", [True, False])
def test_contradicting_passes_are_kept_aside_unless_marked_unsure(workspace: Path, together: bool) -> None:
    ann = filled(workspace)
    with ann.open(newline="") as file:
        answers = [row["ai"] for row in csv.DictReader(file)]
    differing = {2: {"ai": other(answers[2])}, 3: {"ai": other(answers[3]), "unsure_ai": "1"}}
    ben = filled(workspace, "ben.csv", second_reader(differing))
    if together:
        imported = put_in(workspace, ann, ben)
    else:
        put_in(workspace, ann)
        imported = put_in(workspace, ben, day=LATER)
    asked = key(workspace)
    conflicts = imported.problems
    assert set(conflicts["reason"]) == {"conflict"} and set(conflicts["row"]) == {3}
    assert len(conflicts) == (2 if together else 1)
    said = "neither is used" if together else "the earlier one stays"
    assert all(said in message and "settle it with the guide" in message for message in conflicts["message"])
    used = labelled_posts(workspace)
    assert len(used) == len(asked) - (1 if together else 0)
    doubtful = asked["post_id"].iloc[3]
    if used[doubtful] == AUDIT:
        rows = audit(workspace).set_index(["post_id", "technology"])
        assert rows.loc[(doubtful, "ai"), "is_unsure"] and rows.loc[(doubtful, "ai"), "is_positive"] == (
            answers[3] == "1"
        )
    assert imported.kappa["technology"].tolist() == list(TECHNOLOGIES)
    assert imported.kappa["kappa"].between(0.5, 1).all() and imported.kappa["n"].ge(len(asked) - 1).all()
    assert any(line.startswith("kappa of two labellers, ai: ") for line in imported.lines())


def test_a_sample_labelled_in_part_still_stands_for_the_whole_month(workspace: Path) -> None:
    def leave_every_third(rows: list[Row]) -> None:
        for row in rows[::3]:
            row |= dict.fromkeys(TECHNOLOGIES, "")

    imported = put_in(workspace, filled(workspace, change=leave_every_third))
    drawn = key(workspace)[key(workspace)["purpose"].eq(AUDIT)]
    rows = audit(workspace).drop_duplicates("post_id")
    assert imported.unread > 0 and len(rows) < len(drawn)
    assert f"{len(rows)} of {len(drawn)} drawn posts are labelled" in imported.coverage[0]
    weights = drawn.assign(weight=1 / drawn["inclusion_probability"]).groupby("stratum")["weight"].sum()
    own = rows.assign(weight=1 / rows["inclusion_probability"]).groupby("stratum")["weight"].sum()
    assert own.to_numpy() == pytest.approx(weights[own.index].to_numpy(), rel=1e-6)

    put_in(workspace, filled(workspace), day=LATER)
    complete = audit(workspace)
    assert complete["post_id"].nunique() == len(drawn) and set(complete["labelled_on"]) == {"2025-12-09"}
    (path,) = (workspace / "audit_labels").iterdir()
    assert path.name.startswith("2025-11-001-002-"), "one file a month; the later one sorts after the former"


def test_a_larger_queue_of_the_month_gives_earlier_labels_their_new_probability(workspace: Path) -> None:
    put_in(workspace, filled(workspace))
    before = audit(workspace).drop_duplicates("post_id").set_index("post_id")["inclusion_probability"]
    posts = sample_month()
    former = pd.read_parquet(workspace / "queues" / "2025-11-001" / DESIGN)
    larger = choose_posts(posts, 7, 200, 0, labelled=labelled_posts(workspace), former=former)
    folder = write_queue(workspace / "queues", "2025-11", larger, texts_of_month(posts), MODEL_VERSIONS, 7)
    asked = pd.read_csv(folder / "queue.csv", dtype=str, keep_default_na=False)
    asked[list(TECHNOLOGIES)] = "0"
    asked.to_csv(workspace.parent / "larger.csv", index=False)
    put_in(workspace, workspace.parent / "larger.csv", day=LATER)
    after = audit(workspace).drop_duplicates("post_id").set_index("post_id")["inclusion_probability"]
    assert set(before.index) < set(after.index)
    assert (after[before.index] >= before - 1e-8).all() and (1 / after).sum() == pytest.approx(980, rel=0.35)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("absent.csv", None, "no such file"),
        ("empty.csv", "", "no table of rows"),
        ("other.csv", "a,b\n1,2\n", "column post_id is missing"),
        ("latin.csv", b"post_id,title\n1,caf\xe9\n", "encoding UTF-8"),
        ("cut.json", '[{"id": 1,', "no JSON"),
        ("min.json", '[{"id": 1, "post_id": "post 1", "ai": "yes"}]', "not as JSON-MIN"),
        ("object.json", '{"id": 1}', "a list of tasks"),
    ],
)
def test_an_unreadable_file_stops_before_anything_changes(workspace: Path, name: str, text: Any, said: str) -> None:
    path = workspace.parent / name
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = content(workspace)
    with pytest.raises(UnreadableFileError, match=said):
        put_in(workspace, filled(workspace), path)
    assert content(workspace) == before


def test_labels_without_any_queue_are_refused(workspace: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="run make queue"):
        put_in(tmp_path / "elsewhere", filled(workspace))


def test_skipped_and_unanswered_tasks_are_not_labelled_yet_and_marks_are_read(workspace: Path) -> None:
    def change(tasks: list[dict[str, Any]]) -> None:
        tasks[0]["annotations"][0]["was_cancelled"] = True
        tasks[1]["annotations"] = []
        mark = tasks[2]["annotations"][0]["result"][0] | {"from_name": "unsure_ai", "value": {"choices": ["unsure"]}}
        tasks[2]["annotations"][0]["result"].append(mark)
        tasks[2]["annotations"][0]["completed_by"] = {"id": 4, "email": "ann@example.com"}

    imported = put_in(workspace, label_studio_export(workspace, change))
    assert imported.unread == 2 and imported.problems.empty
    (passes,) = (workspace / "passes").glob("*.parquet")
    stored = pd.read_parquet(passes).set_index("post_id")
    marked = stored.loc[key(workspace)["post_id"].iloc[2]]
    assert marked["unsure_ai"] == 1 and marked["labeller"] == "ann@example.com"
    assert set(stored["labeller"]) == {"1", "ann@example.com"}
