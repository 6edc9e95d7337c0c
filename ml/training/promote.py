"""What a model is worth on the frozen evaluation posts: its scores, for cards and reports; and whether it replaces the
model in use, than which it must be no worse on the held-out posts, each counted as a feed holds its like."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.pipeline import Pipeline

from ml.cards import pages
from ml.cards.model_card import ModelCard
from ml.features.keywords import TechnologyTerms
from ml.features.post_texts import TextSetting
from ml.features.terms import are_claimed
from ml.scores import (
    RULE,
    Score,
    auroc,
    bootstrap,
    brier,
    compare_with_rules,
    expected_calibration_error,
    f1,
    reliability,
    replaces,
    weighted_brier,
    weighted_f1,
)
from ml.training import artifact
from ml.training.artifact import StoredModel
from ml.training.champion import ArtifactError, champion_version, set_champion
from ml.training.training_set import candidates_of, feed_weights, texts_of

Array = npt.NDArray[Any]


def chain_probabilities(
    pipeline: Pipeline, frozen: pd.DataFrame, setting: TextSetting, terms: TechnologyTerms
) -> Array:
    """Probability of each post as the chain gives it: 6 digits, and 0 where the keyword step finds nothing."""
    probability = pipeline.predict_proba(texts_of(frozen, setting))[:, 1].round(6)
    return np.where(candidates_of(frozen, terms), probability, 0.0)


def claims_of(posts: pd.DataFrame, setting: TextSetting, terms: TechnologyTerms) -> Array:
    """The keyword rule's verdicts (0/1) at its best: tags name much that the text does not want, so it reads them only
    where there is no description."""
    read: TextSetting = "title" if setting == "title" else "full"
    return are_claimed(texts_of(posts, read)["text"].tolist(), terms).astype(int)


def frozen_scores(
    pipeline: Pipeline, frozen: pd.DataFrame, setting: TextSetting, threshold: float, terms: TechnologyTerms
) -> dict[str, Any]:
    """Candidates + model, the keyword rule and the majority class on the frozen posts.

    `compare_with_rules` with intervals of F1, AUROC and Brier score (bootstrap over posts), and `calibration`:
    the reliability table of the candidates and their expected calibration error.
    """
    truth = frozen[terms.technology].to_numpy()
    probability = chain_probabilities(pipeline, frozen, setting, terms)
    claimed = claims_of(frozen, setting, terms)
    scores = compare_with_rules(truth, probability, threshold, claimed)
    verdict = (probability >= threshold).astype(int)
    scores["model"] |= {
        **_interval("f1", *bootstrap(f1, truth, verdict)),
        **_interval("auroc", *bootstrap(auroc, truth, probability)),
        **_interval("brier", *bootstrap(brier, truth, probability)),
    }
    scores["keyword_rule"] |= _interval("f1", *bootstrap(f1, truth, claimed))
    return scores | {"calibration": _calibration(truth, probability, candidates_of(frozen, terms))}


def _calibration(truth: Array, probability: Array, is_scored: Array) -> dict[str, Any]:
    scored = truth[is_scored], probability[is_scored]
    error = bootstrap(expected_calibration_error, *scored) if is_scored.any() else (float("nan"),) * 3
    return {"bins": reliability(*scored).to_dict("records"), **_interval("error", *error)}


def _interval(name: str, value: float, low: float, high: float) -> dict[str, float | None]:
    ends = {name: value, f"{name}_low": low, f"{name}_high": high}
    return {key: round(end, 4) if np.isfinite(end) else None for key, end in ends.items()}


def promote(card: ModelCard, held_out: pd.DataFrame, models_dir: Path, terms: TechnologyTerms) -> ModelCard:
    """Make a stored model the champion unless RULE refuses it, and record the outcome in its stored card.

    held_out: the labelled posts that no training sees, the frozen ones among them. The returned card tells the outcome
    in `is_champion`, `promotion` (a sentence) and `decision` (rule, posts, scores of both, differences with paired
    bootstrap intervals).
    """
    if champion_version(models_dir, card.technology) == card.model_version:
        return replace(card, is_champion=True, promotion=f"same model as the one in use, {card.model_version}")
    judged = _judged(card, held_out, models_dir, terms)
    pages.write(models_dir / card.technology / card.model_version, judged)
    if judged.is_champion:
        set_champion(models_dir, judged, judged.promotion)
    return judged


def _judged(card: ModelCard, held_out: pd.DataFrame, models_dir: Path, terms: TechnologyTerms) -> ModelCard:
    if champion_version(models_dir, card.technology) is None:
        return _decided(card, True, "first model")
    try:
        present = artifact.load_champion(models_dir, card.technology)
    except ArtifactError as error:
        return _decided(card, True, f"the model in use cannot be loaded: {error}")
    challenger = artifact.load(models_dir / card.technology / card.model_version)
    return contest(challenger, present, held_out, terms)


def contest(
    challenger: StoredModel, champion: StoredModel, held_out: pd.DataFrame, terms: TechnologyTerms
) -> ModelCard:
    """The challenger's card with RULE's decision against the champion on the held-out posts that a feed holds."""
    weight = feed_weights(held_out, terms)
    posts, weight = held_out[weight > 0], weight[weight > 0]
    truth = posts[terms.technology].to_numpy()
    own, theirs = (
        chain_probabilities(model.pipeline, posts, model.card.text_setting, terms) for model in (challenger, champion)
    )
    thresholds = challenger.card.threshold, champion.card.threshold
    verdicts = [(p >= t).astype(int) for p, t in zip((own, theirs), thresholds, strict=True)]
    gain = bootstrap(lambda w, y, a, b: weighted_f1(y, a, w) - weighted_f1(y, b, w), weight, truth, *verdicts)
    loss = bootstrap(lambda w, y, a, b: weighted_brier(y, a, w) - weighted_brier(y, b, w), weight, truth, own, theirs)
    trained_on_more = challenger.card.labels["train"] > champion.card.labels["train"]
    is_accepted = replaces(gain[0], loss[0], trained_on_more)
    scores = [
        {"f1": weighted_f1(truth, v, weight), "brier": weighted_brier(truth, p, weight)}
        for v, p in zip(verdicts, (own, theirs), strict=True)
    ]
    return _decided(
        challenger.card,
        is_accepted,
        _sentence(is_accepted, scores, champion.card.model_version),
        posts=len(posts),
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
        f"Brier {own['brier']:.4f} against {theirs['brier']:.4f} on posts held out"
    )


def _decided(card: ModelCard, is_champion: bool, reason: str, **details: Any) -> ModelCard:
    return replace(card, is_champion=is_champion, promotion=reason, decision={"rule": RULE, **details})


def _rounded(scores: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in scores.items()}


def _ends(score: Score) -> dict[str, float]:
    return dict(zip(("value", "low", "high"), (round(end, 4) for end in score), strict=True))
