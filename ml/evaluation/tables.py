"""The tables of docs/classifier.md, each from what was judged."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.cards.markdown import number, table, with_interval
from ml.evaluation.predictors import MAJORITY, MODEL, PUBLISHED, RULE, Judged
from ml.scores.evaluate import compare, evaluate_labels
from ml.scores.intervals import auroc, bootstrap, brier, f1, weighted_f1, weighted_precision, weighted_recall

Array = npt.NDArray[Any]
PREDICTORS = (MODEL, PUBLISHED, RULE, MAJORITY)


def score_table(judged: dict[str, Judged]) -> str:
    """Scores by technology and predictor; Wilson intervals for shares, bootstrap for the rest."""
    rows = [
        [
            _counted(technology, own) if name == MODEL else "",
            name,
            *_scores(own, name),
        ]
        for technology, own in judged.items()
        for name in PREDICTORS
    ]
    return table(["technology", "predictor", "accuracy", "precision", "recall", "F1", "AUROC", "Brier"], rows)


def _counted(technology: str, judged: Judged) -> str:
    return f"{technology} ({int(judged.truth.sum())} of {len(judged.truth)})"


def _scores(judged: Judged, name: str) -> list[str]:
    verdict = judged.verdicts[name]
    shares = evaluate_labels(judged.truth, verdict)
    cells = [
        with_interval(shares[k], shares[f"{k}_low"], shares[f"{k}_high"]) for k in ("accuracy", "precision", "recall")
    ]
    cells.append(with_interval(*bootstrap(f1, judged.truth, verdict)))
    if name not in judged.probabilities:
        return [*cells, "–", "–"]
    probability = judged.probabilities[name]
    return [*cells, *(with_interval(*bootstrap(measure, judged.truth, probability)) for measure in (auroc, brier))]


def comparison_table(judged: dict[str, Judged]) -> str:
    """Exact McNemar tests of the model against each other predictor."""
    rows = []
    for technology, own in judged.items():
        for other in PREDICTORS[1:]:
            test = compare(own.truth, own.verdicts[MODEL], own.verdicts[other])
            p_value = "< .001" if test["p_value"] < 0.001 else number(test["p_value"])
            rows.append([technology, other, test["only_one_right"], test["only_other_right"], p_value])
    return table(["technology", "against", "only the model right", "only the other right", "exact p"], rows)


def prevalence_table(judged: dict[str, Judged], corpora: "pd.Series[str]", weight: Array) -> str:
    """Weighted precision, recall and F1: what the same verdicts come to in the feeds that the posts were drawn from."""
    rows = []
    for corpus in corpora.unique():
        chosen = corpora.eq(corpus).to_numpy()
        for technology, own in judged.items():
            part, own_weight = own.only(chosen), weight[chosen]
            share = number(float(np.average(part.truth, weights=own_weight)))
            for name in (MODEL, RULE):
                columns = (part.truth, part.verdicts[name], own_weight)
                measures = (weighted_precision, weighted_recall, weighted_f1)
                scores = [with_interval(*bootstrap(measure, *columns)) for measure in measures]
                rows.append([corpus, technology, share, name, *scores])
    header = ["feed", "technology", "share in the feed", "predictor", "precision", "recall", "F1"]
    return table(header, rows)


def agreement_table(agreement: pd.DataFrame) -> str:
    """Of `ml.labels.labelled_posts.agreement`."""
    rows = [
        [row["technology"], row["posts"], row["n"], number(row["agreement_share"]), number(row["kappa"])]
        for row in agreement.to_dict("records")
    ]
    return table(["technology", "posts", "labelled twice", "agreement", "Cohen's kappa"], rows)


def curve_table(curve: dict[str, dict[int, tuple[int, float, float]]]) -> str:
    """curve: technology -> percent of the training posts -> (posts, F1 on held-out, F1 on real posts)."""
    rows = [
        [technology, f"{percent} %", posts, number(held_out), number(real)]
        for technology, steps in curve.items()
        for percent, (posts, held_out, real) in steps.items()
    ]
    return table(["technology", "share of labels", "posts", "F1 on held-out posts", "F1 on real posts"], rows)
