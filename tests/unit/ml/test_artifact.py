import json
import pickle
import shutil
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.pipeline import Pipeline

from ml.classify import probabilities
from ml.features.transformers import HitContexts, NGrams
from ml.training import artifact
from ml.training.artifact import StoredModel
from ml.training.champion import ArtifactError
from ml.training.training_set import texts_of


@pytest.fixture
def directory(model: StoredModel, tmp_path: Path) -> Path:
    """A copy of the stored model that a test may spoil."""
    return Path(shutil.copytree(model.directory, tmp_path / model.directory.name))


def rehash(directory: Path) -> None:
    """What somebody would do who wants a foreign file accepted."""
    path = directory / "model_card.json"
    card = json.loads(path.read_text())
    card["model_hash"] = artifact._file_hash(directory / "model.skops")
    path.write_text(json.dumps(card))


def test_a_pickle_in_place_of_the_model_is_refused_and_never_run(directory: Path, tmp_path: Path) -> None:
    trap = tmp_path / "was_run"

    class Trap:
        def __reduce__(self) -> tuple:
            return (Path.touch, (trap,))

    (directory / "model.skops").write_bytes(pickle.dumps(Trap()))
    rehash(directory)
    with pytest.raises(ArtifactError, match="a pickle is never read"):
        artifact.load(directory)
    assert not trap.exists()


def test_a_changed_file_is_refused(directory: Path, model: StoredModel) -> None:
    skops.io.dump({"other": "model"}, directory / "model.skops")
    with pytest.raises(ArtifactError, match="hash differs"):
        artifact.load(directory)


def test_a_type_that_no_model_has_is_refused_even_with_a_fitting_hash(directory: Path) -> None:
    skops.io.dump({"estimator": Fraction(1, 2)}, directory / "model.skops")
    rehash(directory)
    with pytest.raises(ArtifactError, match=r"fractions\.Fraction"):
        artifact.load(directory)


def test_training_again_replaces_a_model_that_cannot_be_used(model: StoredModel, tmp_path: Path) -> None:
    """A model of an earlier version of the project names modules that have moved; its labels give the same version."""
    stored = tmp_path / model.card.technology / model.card.model_version
    shutil.copytree(model.directory, stored)
    skops.io.dump({"estimator": Fraction(1, 2)}, stored / "model.skops")
    rehash(stored)
    artifact.save(model.pipeline, model.card, tmp_path)
    assert artifact.load(stored).card.model_version == model.card.model_version


def of_features_3(pipeline: Pipeline) -> Pipeline:
    """A model as it was stored before posts were read in blocks: frames by columns, n-grams by scikit-learn alone."""
    terms, union = pipeline["features"]["terms"], dict(pipeline["features"]["columns"].transformer_list)
    combined = union["ngrams"]
    inner, outer = ColumnTransformer([]), ColumnTransformer([])
    inner.transformers_ = [
        (name, ngrams, source) if isinstance(source, str) else (name, in_windows(source, ngrams), ["text", "hits"])
        for name, source, ngrams, _ in combined.parts
    ]
    inner.transformer_weights = {name: weight for name, *_, weight in combined.parts}
    selection = SelectKBest(chi2, k=int(combined.is_kept_.sum()))
    selection.scores_ = combined.is_kept_.astype(float)
    ngrams = Pipeline([("columns", inner), ("selection", selection)])
    parts = {"hits": union["hits"], "cues": union["cues"], "ngrams": ngrams}
    outer.transformers_ = [*((name, part, ["text"]) for name, part in parts.items()), ("remainder", "drop", [0])]
    return Pipeline([("features", Pipeline([("terms", terms), ("columns", outer)])), pipeline.steps[1]])


def in_windows(contexts: HitContexts, ngrams: NGrams) -> Pipeline:
    return Pipeline([("windows", contexts), ("words", ngrams)])


def test_a_model_stored_by_features_3_gives_the_same_probabilities(
    model: StoredModel, labels: pd.DataFrame, tmp_path: Path
) -> None:
    card = replace(model.card, features_version="3")
    former = artifact.load(artifact.save(of_features_3(model.pipeline), card, tmp_path)[0])
    posts = texts_of(labels, "full")
    assert (probabilities(posts, former) == probabilities(posts, model)).all()


def test_the_n_grams_that_features_3_left_out_stay_left_out(
    model: StoredModel, labels: pd.DataFrame, tmp_path: Path
) -> None:
    pipeline, posts = deepcopy(model.pipeline), texts_of(labels, "full")
    dict(pipeline["features"]["columns"].transformer_list)["ngrams"].is_kept_[::2] = False
    card = replace(model.card, features_version="3")
    former = artifact.load(artifact.save(of_features_3(pipeline), card, tmp_path)[0])
    own, read = pipeline["features"].transform(posts), former.pipeline["features"].transform(posts)
    assert read.shape == own.shape and (read != own).nnz == 0


def test_a_changed_card_no_longer_fits_its_version(directory: Path) -> None:
    path = directory / "model_card.json"
    path.write_text(path.read_text().replace('"seed": 7', '"seed": 8'))
    with pytest.raises(ArtifactError, match="the card was changed"):
        artifact.load(directory)


def test_a_model_of_another_library_version_asks_for_training(model: StoredModel, monkeypatch) -> None:
    monkeypatch.setattr(artifact, "version", lambda name: "99.0")
    with pytest.raises(ArtifactError, match=r"installed is 99\.0.*train again"):
        artifact.load(model.directory)


def test_no_champion_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no ai model is trained yet"):
        artifact.load_champion(tmp_path, "ai")


def test_a_failed_save_leaves_no_directory(model: StoredModel, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(skops.io, "dump", lambda *args, **kwargs: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        artifact.save(model.pipeline, model.card, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert list((tmp_path / "rpa").iterdir()) == []
