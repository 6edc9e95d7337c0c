"""Which stored model is in use: a challenger must be no worse than the champion on the frozen evaluation posts."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ml.cards import pages
from ml.cards.model_card import ModelCard
from ml.features.keywords import TechnologyTerms
from ml.scores import RULE, Score, bootstrap, brier, f1, replaces
from ml.training import artifact
from ml.training.artifact import StoredModel
from ml.training.champion import ArtifactError, champion_version, set_champion
from ml.training.frozen_scores import chain_probabilities


def promote(card: ModelCard, frozen: pd.DataFrame, models_dir: Path, terms: TechnologyTerms) -> ModelCard:
    """Make a stored model the champion unless RULE refuses it, and record the outcome in its stored card.

    frozen: the frozen evaluation posts. The returned card tells the outcome in `is_champion`, `promotion` (a sentence)
    and `decision` (rule, posts, scores of both, differences with paired bootstrap intervals).
    """
    if champion_version(models_dir, card.technology) == card.model_version:
        return replace(card, is_champion=True, promotion=f"same model as the one in use, {card.model_version}")
    judged = _judged(card, frozen, models_dir, terms)
    pages.write(models_dir / card.technology / card.model_version, judged)
    if judged.is_champion:
        set_champion(models_dir, judged, judged.promotion)
    return judged


def _judged(card: ModelCard, frozen: pd.DataFrame, models_dir: Path, terms: TechnologyTerms) -> ModelCard:
    if champion_version(models_dir, card.technology) is None:
        return _decided(card, True, "first model")
    try:
        present = artifact.load_champion(models_dir, card.technology)
    except ArtifactError as error:
        return _decided(card, True, f"the model in use cannot be loaded: {error}")
    challenger = artifact.load(models_dir / card.technology / card.model_version)
    return _contest(challenger, present, frozen, terms)


def _contest(challenger: StoredModel, champion: StoredModel, frozen: pd.DataFrame, terms: TechnologyTerms) -> ModelCard:
    truth = frozen[terms.technology].to_numpy()
    own, theirs = (
        chain_probabilities(model.pipeline, frozen, model.card.text_setting, terms) for model in (challenger, champion)
    )
    thresholds = challenger.card.threshold, champion.card.threshold
    verdicts = [(p >= t).astype(int) for p, t in zip((own, theirs), thresholds, strict=True)]
    gain = bootstrap(lambda y, a, b: f1(y, a) - f1(y, b), truth, *verdicts)
    loss = bootstrap(lambda y, a, b: brier(y, a) - brier(y, b), truth, own, theirs)
    trained_on_more = challenger.card.labels["train"] > champion.card.labels["train"]
    is_accepted = replaces(gain[0], loss[0], trained_on_more)
    scores = [{"f1": f1(truth, v), "brier": brier(truth, p)} for v, p in zip(verdicts, (own, theirs), strict=True)]
    return _decided(
        challenger.card,
        is_accepted,
        _sentence(is_accepted, scores, champion.card.model_version),
        posts=len(frozen),
        champion_version=champion.card.model_version,
        challenger=_rounded(scores[0]),
        champion=_rounded(scores[1]),
        f1_difference=_ends(gain),
        brier_difference=_ends(loss),
    )


def _sentence(is_accepted: bool, scores: list[dict[str, float]], version: str) -> str:
    own, theirs = scores
    return (
        f"{'replaces' if is_accepted else 'refused against'} {version}: F1 {own['f1']:.4f} against {theirs['f1']:.4f}, "
        f"Brier {own['brier']:.4f} against {theirs['brier']:.4f} on the frozen posts"
    )


def _decided(card: ModelCard, is_champion: bool, reason: str, **details: Any) -> ModelCard:
    return replace(card, is_champion=is_champion, promotion=reason, decision={"rule": RULE, **details})


def _rounded(scores: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in scores.items()}


def _ends(score: Score) -> dict[str, float]:
    return dict(zip(("value", "low", "high"), (round(end, 4) for end in score), strict=True))
