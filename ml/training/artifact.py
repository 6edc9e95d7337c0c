"""The stored classifier: a skops file, a model card, and the pointer to the champion (ml.training.champion).

    <models>/<technology>/<model_version>/model.skops, model_card.json (and .html, .md: the card as pages)
    <models>/<technology>/champion.json                       {"model_version": ..., "reason": ...}

skops reads no code from the file: only the types in TRUSTED_TYPES and those that skops itself holds safe
are built. Nothing is unpickled.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, Pipeline

from ml import semantic
from ml.cards.model_card import CARD_FILE, FEATURES_VERSION, ModelCard
from ml.features.terms import TermHits
from ml.features.transformers import CombinedNGrams
from ml.training.champion import RETRAIN, ArtifactError, champion_version

MODEL_FILE = "model.skops"
FORMER_FEATURES = "3"
"""Of models stored before posts were read in blocks: loaded in the shape of today, the same numbers, learnt once."""
TRUSTED_TYPES = [
    "ml.training.recipes.MostTelling",
    "ml.training.recipes.PlattScaled",
    "ml.features.transformers.CombinedNGrams",
    "ml.semantic.SecondReader",
    "ml.features.transformers.HitContexts",
    "ml.features.transformers.KeywordHits",
    "ml.features.transformers.NGrams",
    "ml.features.transformers.HitCues",
    "ml.features.terms.TermHits",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.feature_selection._univariate_selection.chi2",
    "sklearn.tree._tree.Tree",
    "sklearn.utils._bunch.Bunch",
]


@dataclass(frozen=True)
class StoredModel:
    """A loaded pipeline with its card and the directory it came from."""

    pipeline: Pipeline
    card: ModelCard
    directory: Path


def save(pipeline: Pipeline, card: ModelCard, models_dir: Path) -> tuple[Path, ModelCard]:
    """Write model and card into a directory that appears complete or not at all; an equal version that can be used is
    kept.

    Returns the directory and the card as stored (with the file's hash).
    """
    directory = models_dir / card.technology / card.model_version
    if _is_usable(directory):
        return directory, read_card(directory)
    import skops.io  # takes seconds: it searches all loaded modules for the names of numpy's functions

    from ml.cards import pages  # draws charts, for which nothing is installed where models are only applied

    with _published(directory) as staging:
        skops.io.dump(pipeline, staging / MODEL_FILE, compression=zipfile.ZIP_DEFLATED)
        stored = ModelCard(**{**asdict(card), "model_hash": _file_hash(staging / MODEL_FILE)})
        pages.write(staging, stored)
    return directory, stored


def load(directory: Path) -> StoredModel:
    """Read a stored model.

    Raises ArtifactError for a missing or changed file, a file that is no skops archive (a pickle, say), a
    type outside TRUSTED_TYPES, or a model made by another minor version of a library.
    """
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    card = read_card(directory)
    path = directory / MODEL_FILE
    _check_file(path, card)
    _check_libraries(path, card)
    try:
        pipeline = skops.io.load(path, trusted=TRUSTED_TYPES)  # looks at all types before it builds the first
    except UntrustedTypesFoundException as error:
        raise ArtifactError(f"{path}: refused, no model of this project is made so ({error}). {RETRAIN}") from error
    if reason := semantic.unusable(pipeline):
        raise ArtifactError(f"{path}: {reason}. {RETRAIN}")
    if card.features_version == FORMER_FEATURES:
        pipeline = _converted(pipeline)
    return StoredModel(pipeline, card, directory)


def read_card(directory: Path) -> ModelCard:
    """The model card of a directory; ArtifactError when it is absent, incomplete or does not hash to its
    version."""
    path = directory / CARD_FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        card = ModelCard(**{f.name: stored[f.name] for f in fields(ModelCard)})
    except FileNotFoundError as error:
        raise ArtifactError(f"{path}: no model card here. {RETRAIN}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{path}: unreadable model card ({error!r}). {RETRAIN}") from error
    if card.model_version != directory.name:
        raise ArtifactError(f"{path}: the card was changed, it hashes to {card.model_version}. {RETRAIN}")
    return card


def load_champion(models_dir: Path, technology: str) -> StoredModel:
    """The model in use for a technology; ArtifactError where none exists or it is refused."""
    found = champion_version(models_dir, technology)
    if found is None:
        raise ArtifactError(f"{models_dir / technology}: no {technology} model is trained yet. {RETRAIN}")
    return load(models_dir / technology / found)


def _converted(pipeline: Pipeline) -> Pipeline:
    """Of a pipeline of FORMER_FEATURES one of today's features that predicts the same."""
    *terms, (_, columns) = pipeline["features"].steps
    steps = {name: step for name, step, _ in columns.transformers_}
    if "text_words" in steps:
        ngrams = _combined(columns, np.ones(len(steps["text_words"].vocabulary_), bool))
        features = Pipeline([("terms", TermHits({})), ("ngrams", ngrams)])
    else:
        if "ngrams" in steps:
            steps["ngrams"] = _combined(steps["ngrams"]["columns"], steps["ngrams"]["selection"].get_support())
        parts = [(name, steps[name]) for name in ("hits", "cues", "ngrams") if name in steps]
        features = Pipeline([*terms, ("columns", FeatureUnion(parts))])
    return Pipeline([("features", features), ("classifier", pipeline["classifier"])])


def _combined(columns: ColumnTransformer, is_kept: np.ndarray) -> CombinedNGrams:
    parts = []
    for name, step, source in columns.transformers_:
        weight = (columns.transformer_weights or {}).get(name, 1.0)
        if isinstance(step, Pipeline):
            parts.append((name, step["windows"], step["words"], weight))
        elif step != "drop":
            parts.append((name, source, step, weight))
    combined = CombinedNGrams(parts)
    combined.is_kept_ = is_kept
    return combined


def _is_usable(directory: Path) -> bool:
    try:
        load(directory)
    except ArtifactError:
        return False
    return True


def _check_file(path: Path, card: ModelCard) -> None:
    if not path.exists():
        raise ArtifactError(f"{path}: the model file is missing. {RETRAIN}")
    if not zipfile.is_zipfile(path):
        raise ArtifactError(f"{path}: refused, this is no skops file (a pickle is never read). {RETRAIN}")
    if _file_hash(path) != card.model_hash:
        raise ArtifactError(f"{path}: refused, the file is not the one its card describes (hash differs). {RETRAIN}")


def _check_libraries(path: Path, card: ModelCard) -> None:
    if card.features_version not in (FORMER_FEATURES, FEATURES_VERSION):
        raise ArtifactError(f"{path}: made by features {card.features_version}, now {FEATURES_VERSION}. {RETRAIN}")
    for name, trained in card.libraries.items():
        if trained.split(".")[:2] != version(name).split(".")[:2]:
            raise ArtifactError(f"{path}: made by {name} {trained}, installed is {version(name)}. {RETRAIN}")


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _published(directory: Path) -> Iterator[Path]:
    directory.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=directory.parent, prefix=f".{directory.name}."))
    try:
        yield staging
        if directory.exists():
            shutil.rmtree(directory)
        staging.replace(directory)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
