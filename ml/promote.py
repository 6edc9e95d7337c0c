"""Which stored model is in use: a challenger must do as well as the champion on the same held-out posts."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from ml import artifact
from ml.artifact import ArtifactError, ModelCard
from ml.evaluate import evaluate
from ml.training_set import texts_of


def promote(card: ModelCard, held_out: pd.DataFrame, models_dir: Path) -> ModelCard:
    """Make a stored model the champion unless the one in use does better on the same held-out posts; the
    card tells the outcome."""
    is_champion, reason = _judge(card, held_out, models_dir)
    if is_champion:
        artifact.set_champion(models_dir, card, reason)
    return replace(card, is_champion=is_champion, promotion=reason)


def _judge(card: ModelCard, held_out: pd.DataFrame, models_dir: Path) -> tuple[bool, str]:
    if artifact.champion_version(models_dir, card.technology) is None:
        return True, "first model"
    try:
        present = artifact.load_champion(models_dir, card.technology)
    except ArtifactError as error:
        return True, f"the model in use cannot be loaded: {error}"
    if present.card.model_version == card.model_version:
        return True, present_reason(present.card)
    own, theirs = (
        _f1_and_brier(artifact.load(models_dir / card.technology / c.model_version), held_out)
        for c in (card, present.card)
    )
    return own >= theirs, f"held-out F1 {own[0]:.4f} against {theirs[0]:.4f} of {present.card.model_version}"


def present_reason(card: ModelCard) -> str:
    """The outcome where training reproduces the model in use."""
    return f"same model as the one in use, {card.model_version}"


def _f1_and_brier(model: artifact.StoredModel, held_out: pd.DataFrame) -> tuple[float, float]:
    """Larger is better in both: F1, then the negative Brier score."""
    probability = model.pipeline.predict_proba(texts_of(held_out, model.card.text_setting))[:, 1]
    scores = evaluate(held_out[model.card.technology].to_numpy(), probability, model.card.threshold)
    return scores["f1"], -scores["brier"]
