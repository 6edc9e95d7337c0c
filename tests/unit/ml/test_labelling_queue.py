"""What a labelling queue asks for, and what its readers see."""

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from ml.features.keywords import TECHNOLOGIES, load_terms
from ml.features.post_texts import DESCRIPTION_CHARS
from ml.labelling.design import AUDIT, REST, TRAINING, Choice, choose_posts
from ml.labelling.filled_queue import LABELS
from ml.labelling.queue_files import ANSWER_FIELDS, DESIGN, KEY, guarded, unguarded, write_queue
from ml.labels.labelled_posts import GUIDE_VERSION, LABELS_DIR
from tests.support.sample_month import MODEL_VERSIONS, sample_month, texts_of_month

SHOWN = ["post_id", "posted_month", "title", "description", "skills", "category"]


@pytest.fixture(scope="module")
def choice() -> Choice:
    return choose_posts(sample_month(), 7, 100, 50)


@pytest.fixture
def folder(choice: Choice, tmp_path: Path) -> Path:
    return write_queue(tmp_path / "queues", "2025-11", choice, texts_of_month(sample_month()), MODEL_VERSIONS, 7)


def read_queue(folder: Path) -> list[dict[str, str]]:
    with (folder / "queue.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_no_post_serves_audit_and_training(choice: Choice) -> None:
    assert choice.posts["post_id"].is_unique
    counts = choice.posts["purpose"].value_counts()
    assert counts[TRAINING] == 50 and 75 < counts[AUDIT] < 125
    training = choice.posts[choice.posts["purpose"].eq(TRAINING)]
    assert training["inclusion_probability"].isna().all()
    assert set(choice.posts.loc[choice.posts["purpose"].eq(AUDIT), "stratum"]) >= {REST, "wider net", "rpa accepted"}


def test_the_training_posts_are_the_nearest_to_one_half_with_a_part_for_each_technology(choice: Choice) -> None:
    posts = sample_month().set_index("post_id")
    trained = posts.loc[choice.posts.loc[choice.posts["purpose"].eq(TRAINING), "post_id"]]
    left = posts.drop(choice.posts["post_id"])
    for technology in TECHNOLOGIES:
        distance, others = (frame[f"{technology}_probability"].sub(0.5).abs() for frame in (trained, left))
        assert distance.nsmallest(10).max() <= others.min()


def test_a_post_that_the_feed_s_own_audit_holds_never_serves_training(choice: Choice) -> None:
    trained = choice.posts.loc[choice.posts["purpose"].eq(TRAINING), "post_id"].head(5)
    posts = sample_month().assign(is_audited=lambda month: month["post_id"].isin(trained))
    again = choose_posts(posts, 7, 100, 50).posts
    assert not set(trained) & set(again["post_id"]) and again["purpose"].eq(TRAINING).sum() == 50


def test_labels_already_made_are_not_asked_again() -> None:
    first = choose_posts(sample_month(), 7, 100, 50)
    labelled = first.posts.set_index("post_id")["purpose"].to_dict()
    second = choose_posts(sample_month(), 7, 150, 50, labelled=labelled, former=first.design)
    asked = set(second.posts.loc[second.posts["is_asked"], "post_id"])
    assert asked and not asked & set(labelled)
    sample = second.posts[second.posts["purpose"].eq(AUDIT)]
    assert {post for post, purpose in labelled.items() if purpose == AUDIT} <= set(sample["post_id"])
    taught = {post for post, purpose in labelled.items() if purpose == TRAINING}
    assert not taught & set(second.design["post_id"]), "posts that a model was trained on leave the audit's population"


def test_readers_see_nothing_that_gives_away_score_stratum_or_purpose(folder: Path, choice: Choice) -> None:
    rows = read_queue(folder)
    assert list(rows[0]) == [*SHOWN, *ANSWER_FIELDS, "labeller"]
    assert {row[field] for row in rows for field in (*ANSWER_FIELDS, "labeller")} == {""}
    tasks = json.loads((folder / "label_studio.json").read_text())
    assert {tuple(task) for task in tasks} == {("data",)} and {tuple(task["data"]) for task in tasks} == {tuple(SHOWN)}
    assert [task["data"]["post_id"] for task in tasks] == [row["post_id"] for row in rows]
    purposes = choice.posts.set_index("post_id")["purpose"]
    is_audit = [purposes[row["post_id"]] == AUDIT for row in rows]
    assert {is_audit[place] for place in range(20)} == {True, False}, "the order is mixed"
    assert [row["post_id"] for row in rows] != choice.posts["post_id"].tolist()


def test_readers_see_what_the_model_receives_and_no_spreadsheet_runs_it(folder: Path) -> None:
    rows = read_queue(folder)
    assert max(len(row["description"]) for row in rows) == DESCRIPTION_CHARS
    assert not any(row[field].startswith(("=", "+", "-", "@")) for row in rows for field in SHOWN)
    formula = next(row for row in rows if "SUM" in row["title"])
    assert formula["title"].startswith("'=SUM(") and unguarded(formula["title"]).startswith("=SUM(")
    assert "Python; Machine Learning" in {row["skills"] for row in rows}


@pytest.mark.parametrize("text", ["=1+1", " @x", "1234567890123456789", "'tis", "''=1", "-5", "plain", ""])
def test_text_comes_back_from_a_spreadsheet_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_the_key_holds_what_the_readers_must_not_see(folder: Path, choice: Choice) -> None:
    key = pd.read_parquet(folder / KEY)
    assert set(key["post_id"]) == set(choice.posts["post_id"])
    assert set(key["purpose"]) == {AUDIT, TRAINING}
    assert set(key["guide_version"]) == {GUIDE_VERSION} and set(key["ai_model_version"]) == {"ai model"}
    assert key["text_hash"].str.fullmatch("[0-9a-f]{16}").all()
    assert len(pd.read_parquet(folder / DESIGN)) == len(choice.design)


def test_posts_of_a_feed_without_skills_are_queued(choice: Choice, tmp_path: Path) -> None:
    """DuckDB gives a column of lists without a list as missing values."""
    texts = texts_of_month(sample_month()).assign(skills=pd.NA)
    rows = read_queue(write_queue(tmp_path / "queues", "2025-11", choice, texts, MODEL_VERSIONS, 7))
    assert {row["skills"] for row in rows} == {""}


def test_the_next_queue_of_a_month_gets_the_next_number(folder: Path, choice: Choice) -> None:
    posts = texts_of_month(sample_month())
    assert folder.name == "2025-11-001"
    assert write_queue(folder.parent, "2025-11", choice, posts, MODEL_VERSIONS, 7).name == "2025-11-002"
    with pytest.raises(ValueError, match="have no text"):
        write_queue(folder.parent, "2025-11", choice, posts.head(3), MODEL_VERSIONS, 7)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["2025-11-001", "2025-11-002"]


def test_the_labelling_interface_offers_the_allowed_answers_for_fields_that_the_tasks_have(folder: Path) -> None:
    view = ET.parse(folder / "label_studio_config.xml").getroot()
    controls = {control.attrib["name"]: control for control in view.findall("Choices")}
    assert set(controls) == set(ANSWER_FIELDS)
    for technology in TECHNOLOGIES:
        assert {choice.attrib["value"] for choice in controls[technology]} <= set(LABELS)
        assert controls[technology].attrib["required"] == "true"
    shown = {tag.attrib["value"][1:] for tag in view.iter() if tag.attrib.get("value", "").startswith("$")}
    assert shown == set(SHOWN) - {"post_id", "posted_month"}


def test_the_guide_that_labels_name_is_the_guide_in_the_tree() -> None:
    assert (LABELS_DIR / "GUIDE.md").read_text().splitlines()[0].endswith(f"version {GUIDE_VERSION}")


def test_wider_terms_change_no_candidate_and_no_feature() -> None:
    from ml.features.terms import keyword_groups

    terms = load_terms()
    groups = keyword_groups(terms)
    for technology, own in terms.items():
        assert 30 <= len(own.wider) <= 80
        listed = {term for name, group in groups.items() if name.startswith(f"{technology}: ") for term in group}
        assert not listed & set(own.wider)
    assert not terms["cloud"].is_candidate("cPanel and nginx tuning") and not terms["rpa"].is_candidate("paperwork")
