"""Scores of a model on the frozen evaluation posts: one function for cards, promotion and reports."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.pipeline import Pipeline

from ml.features.keywords import TechnologyTerms
from ml.features.post_texts import TextSetting
from ml.features.terms import are_claimed
from ml.scores import auroc, bootstrap, brier, compare_with_rules, expected_calibration_error, f1, reliability
from ml.training.training_set import candidates_of, texts_of

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
