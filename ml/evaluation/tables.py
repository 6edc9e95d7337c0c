"""The tables of docs/classifier.md, each from what was judged."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.cards.markdown import number, p_value, table, with_interval
from ml.evaluation.predictors import MAJORITY, MODEL, PUBLISHED, RULE, TELLING_POSITIVES, Judged
from ml.scores import (
    auroc,
    bootstrap,
    brier,
    compare,
    evaluate_labels,
    expected_calibration_error,
    f1,
    hidden_posts_bound,
    keyword_recall,
    reliability,
    weighted_f1,
    weighted_precision,
    weighted_recall,
)

Array = npt.NDArray[Any]
PREDICTORS = (MODEL, PUBLISHED, RULE, MAJORITY)
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def score_table(judged: dict[str, Judged]) -> str:
    """Scores by technology and predictor; Wilson intervals for shares, bootstrap for the rest."""
    rows = [
        [_counted(technology, own) if name == MODEL else "", name, *_scores(own, name)]
        for technology, own in judged.items()
        for name in PREDICTORS
    ]
    return table(["technology", "predictor", "accuracy", "precision", "recall", "F1", "AUROC", "Brier"], rows)


def _counted(technology: str, judged: Judged) -> str:
    return f"{technology} ({int(judged.truth.sum())} of {len(judged.truth)})"


def _scores(judged: Judged, name: str) -> list[str]:
    verdict = judged.verdicts[name]
    cells = [*_shares(evaluate_labels(judged.truth, verdict)), with_interval(*bootstrap(f1, judged.truth, verdict))]
    if name not in judged.probabilities:
        return [*cells, "–", "–"]
    probability = judged.probabilities[name]
    return [*cells, *(with_interval(*bootstrap(measure, judged.truth, probability)) for measure in (auroc, brier))]


def _shares(scores: dict[str, Any]) -> list[str]:
    """Of `evaluate_labels`."""
    names = ("accuracy", "precision", "recall")
    return [with_interval(scores[name], scores[f"{name}_low"], scores[f"{name}_high"]) for name in names]


def comparison_table(judged: dict[str, Judged]) -> str:
    """Exact McNemar tests of the model against each other predictor."""
    rows = []
    for technology, own in judged.items():
        for other in PREDICTORS[1:]:
            test = compare(own.truth, own.verdicts[MODEL], own.verdicts[other])
            differing = (test["only_one_right"], test["only_other_right"])
            rows.append([technology, other, *differing, p_value(test["p_value"])])
    return table(["technology", "against", "only the model right", "only the other right", "exact p"], rows)


def prevalence_table(judged: dict[str, Judged], corpora: "pd.Series[str]", weight: Array) -> str:
    """Weighted precision, recall and F1: what the same verdicts come to in the feeds that the posts were drawn from."""
    rows = []
    for corpus, technology, part, own_weight in _by_feed(judged, corpora, weight):
        share = number(float(np.average(part.truth, weights=own_weight)))
        for name in (MODEL, RULE):
            columns = (part.truth, part.verdicts[name], own_weight)
            measures = (weighted_precision, weighted_recall, weighted_f1)
            scores = [with_interval(*bootstrap(measure, *columns)) for measure in measures]
            rows.append([corpus, technology, share, name, *scores])
    header = ["feed", "technology", "share in the feed", "predictor", "precision", "recall", "F1"]
    return table(header, rows)


def _by_feed(
    judged: dict[str, Judged], corpora: "pd.Series[str]", weight: Array
) -> Iterator[tuple[str, str, Judged, Array]]:
    for corpus in corpora.unique():
        chosen = corpora.eq(corpus).to_numpy()
        for technology, own in judged.items():
            yield corpus, technology, own.only(chosen), weight[chosen]


def agreement_table(agreement: pd.DataFrame) -> str:
    """Of `ml.labels.labelled_posts.agreement`."""
    rows = [
        [row["technology"], row["posts"], row["n"], number(row["agreement_share"]), number(row["kappa"])]
        for row in agreement.to_dict("records")
    ]
    return table(["technology", "posts", "labelled twice", "agreement", "Cohen's kappa"], rows)


def rows_table(rows: dict[str, list[dict[str, object]]]) -> str:
    """rows: technology -> rows of the same keys, which head the columns."""
    lines = [[technology, *map(_cell, row.values())] for technology, own in rows.items() for row in own]
    return table(["technology", *next(iter(rows.values()))[0]], lines)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, float) else str(value)


def summary_table(clear: dict[str, Judged], writers: dict[str, dict[str, Judged]]) -> str:
    """How good each classifier is, in a row: on the real posts, and over the writers that it did not see, as written
    and with posts near the technology counted as a feed holds them.

    Of the writers those with TELLING_POSITIVES true posts or more.
    """
    rows = []
    for technology, own in clear.items():
        accuracy = evaluate_labels(own.truth, own.verdicts[MODEL])["accuracy"]
        unseen = [of for of in writers[technology].values() if of.truth.sum() >= TELLING_POSITIVES]
        rows.append(
            [
                technology,
                f"{number(accuracy)} / {number(f1(own.truth, own.verdicts[MODEL]))}",
                number(f1(own.truth, own.verdicts[RULE])),
                _range(evaluate_labels(of.truth, of.verdicts[MODEL])["accuracy"] for of in unseen),
                _range(f1(of.truth, of.verdicts[MODEL]) for of in unseen),
                _range(weighted_f1(of.truth, of.verdicts[MODEL], of.weights) for of in unseen),
                _range(weighted_f1(of.truth, of.verdicts[RULE], of.weights) for of in unseen),
            ]
        )
    header = ["", "accuracy / F1 on real posts", "F1 of the keyword rule there"]
    unseen_header = ["accuracy on writers not seen", "F1 there", "F1 at a feed's shares", "F1 of the keyword rule so"]
    return table([*header, *unseen_header], rows)


def _range(values: Iterable[float]) -> str:
    """Lowest to highest."""
    ordered = sorted(values)
    return f"{number(ordered[0])}–{number(ordered[-1])}" if ordered else "–"


def parts_table(judged: dict[str, dict[str, Judged]], part: str) -> str:
    """judged: technology -> part (a writer, a language) -> its posts."""
    rows = [[technology, name, *_score_cells(own)] for technology, of in judged.items() for name, own in of.items()]
    return table(["technology", part, *_SCORE_COLUMNS], rows)


def writers_table(judged: dict[str, dict[str, Judged]]) -> str:
    """The same by writer, and F1 with posts near the technology counted as a feed holds them."""
    rows = [
        [
            technology,
            name,
            *_score_cells(own),
            *(number(weighted_f1(own.truth, own.verdicts[by], own.weights)) for by in (MODEL, RULE)),
        ]
        for technology, of in judged.items()
        for name, own in of.items()
    ]
    return table(["technology", "writer", *_SCORE_COLUMNS, "F1 at a feed's shares", "the rule's"], rows)


LENGTHS = ((0, 100, "under 100"), (100, 400, "100 to 399"), (400, 10**9, "400 and more"))
CLAIMED_ACCURACY = 0.97  # what the published recipe is said to reach


def accuracy_table(sets: dict[str, dict[str, Judged]]) -> str:
    """Accuracy of model and published recipe, and whether 97 % lies in its Wilson interval; sets: name -> technology ->
    judged."""
    rows = []
    for name, judged in sets.items():
        for technology, own in judged.items():
            for predictor in (MODEL, PUBLISHED):
                score = evaluate_labels(own.truth, own.verdicts[predictor])
                low, high = score["accuracy_low"], score["accuracy_high"]
                rows.append([name, technology, predictor, *_accuracy(score), _against_claim(low, high)])
    return table(["posts", "technology", "predictor", "right", "accuracy", "97 %"], rows)


def _accuracy(score: dict[str, Any]) -> list[str]:
    right = score["confusion"]["tp"] + score["confusion"]["tn"]
    return [f"{right} of {score['n']}", _shares(score)[0]]


def _against_claim(low: float, high: float) -> str:
    if low > CLAIMED_ACCURACY:
        return "surpassed"
    return "missed" if high < CLAIMED_ACCURACY else "neither shown nor ruled out"


def confusion_table(judged: dict[str, Judged]) -> str:
    """Verdicts counted, by technology and predictor."""
    rows = []
    for technology, own in judged.items():
        for name, verdict in own.verdicts.items():
            counts = evaluate_labels(own.truth, verdict)["confusion"]
            rows.append([technology, name, *(counts[key] for key in ("tp", "fp", "fn", "tn"))])
    return table(["technology", "predictor", "rightly accepted", "wrongly accepted", "missed", "rightly refused"], rows)


def calibration_table(judged: dict[str, Judged]) -> str:
    """Reliability of the model on candidates by bin of probability; the first row of a technology has its error."""
    rows = []
    for technology, own in judged.items():
        scored = own.only(own.is_candidate)
        said = scored.probabilities[MODEL]
        error = with_interval(*bootstrap(expected_calibration_error, scored.truth, said))
        for row in reliability(scored.truth, said).to_dict("records"):
            share = with_interval(row["observed_share"], row["observed_low"], row["observed_high"])
            bin_name = f"{row['low']:.1f} to {row['high']:.1f}"
            rows.append([technology, error, bin_name, row["posts"], number(row["mean_probability"]), share])
            technology = error = ""
    columns = ["technology", "expected calibration error", "probability", "posts", "mean", "share of true posts"]
    return table(columns, rows)


def settings_table(settings: pd.DataFrame) -> str:
    """Of `ml.evaluation.predictors.compare_settings`."""
    rows = [
        [
            *(row[key] for key in ("technology", "setting", "recipe")),
            number(row["log_loss"]),
            *(with_interval(*row[key]) for key in ("held_out", "real", "rule")),
        ]
        for row in settings.to_dict("records")
    ]
    columns = ["log loss, cross-validated", "F1 on held-out posts", "F1 on real posts with text", "the rule's F1 there"]
    return table(["technology", "text", "recipe", *columns], rows)


def category_table(judged: dict[str, Judged], categories: "dict[str, pd.Series[str]]") -> str:
    """Scores by category; categories: those of each technology's posts ('' is left out)."""
    rows = []
    for technology, own in judged.items():
        names = categories[technology].to_numpy()
        for name in sorted(set(names) - {""}):
            rows.append([technology, name, *_score_cells(own.only(names == name))])
    return table(["technology", "category", *_SCORE_COLUMNS], rows)


def length_table(judged: dict[str, Judged], lengths: dict[str, Array]) -> str:
    """Scores by characters of text; lengths: those of each technology's posts."""
    rows = []
    for technology, own in judged.items():
        for low, high, name in LENGTHS:
            part = own.only((lengths[technology] >= low) & (lengths[technology] < high))
            if len(part.truth):
                rows.append([technology, name, *_score_cells(part)])
    return table(["technology", "characters", *_SCORE_COLUMNS], rows)


_SCORE_COLUMNS = ["posts", "positives", "accuracy", "precision", "recall", "F1", "the rule's accuracy", "the rule's F1"]


def _score_cells(part: Judged) -> list[str]:
    own, rule = (evaluate_labels(part.truth, part.verdicts[name]) for name in (MODEL, RULE))
    scores = [with_interval(*bootstrap(f1, part.truth, part.verdicts[name])) for name in (MODEL, RULE)]
    return [str(own["n"]), str(own["positives"]), *_shares(own), scores[0], number(rule["accuracy"]), scores[1]]


def keyword_table(judged: dict[str, Judged], corpora: "pd.Series[str]", weight: Array) -> str:
    """Recall of the keyword step by feed, at the weights of the sample; a bound where no lost post was found."""
    rows = []
    for corpus, technology, part, own_weight in _by_feed(judged, corpora, weight):
        lost = int(((part.truth == 1) & ~part.is_candidate).sum())
        recall = keyword_recall(part.truth, part.is_candidate, own_weight)
        bound = _bound(part, own_weight, lost)
        rows.append([corpus, technology, int(part.truth.sum()), lost, with_interval(*recall), bound])
    columns = ["true posts in the sample", "of these no candidates", "weighted recall", "hidden posts, upper bound"]
    return table(["feed", "technology", *columns], rows)


def _bound(part: Judged, weight: Array, lost: int) -> str:
    """Posts of the feed that may be true and are no candidates, where the sample holds none."""
    if lost:
        return "–"
    bound = hidden_posts_bound(weight[~part.is_candidate])
    return f"{bound:.0f} of {np.sum(weight):.0f}"


def threshold_table(
    writers: dict[str, dict[str, Judged]], clear: dict[str, Judged], corpora: "dict[str, pd.Series[str]]"
) -> str:
    """What both errors cost at each threshold, for the quantities that are published, shares and F1.

    A row a technology and threshold: posts of unseen writers missed and invented, as many as a feed would hold, by
    how much the counted share is off, F1 there and on each real feed; corpora: those of the clear posts.
    """
    feeds = sorted(set(next(iter(corpora.values()))))
    rows = []
    for technology, of in writers.items():
        unseen = _pooled([own for own in of.values() if own.truth.sum() >= TELLING_POSITIVES])
        own, names = clear[technology], corpora[technology].to_numpy()
        for threshold in THRESHOLDS:
            scores = [f1(own.truth[names == feed], _verdict(own, threshold)[names == feed]) for feed in feeds]
            rows.append([technology, number(threshold), *_costs(unseen, threshold), *map(number, scores)])
    header = ["technology", "threshold", "missed", "invented", "share off by", "F1"]
    return table([*header, *(f"F1 in {feed}" for feed in feeds)], rows)


def _pooled(parts: list[Judged]) -> Judged:
    truth, candidate, weight, said = (
        np.concatenate([get(part) for part in parts])
        for get in (lambda j: j.truth, lambda j: j.is_candidate, lambda j: j.weights, lambda j: j.probabilities[MODEL])
    )
    return Judged(truth, candidate, {}, {MODEL: said}, weight)


def _verdict(judged: Judged, threshold: float) -> Array:
    return (judged.probabilities[MODEL] >= threshold).astype(int)


def _costs(judged: Judged, threshold: float) -> list[str]:
    verdict, weight = _verdict(judged, threshold), judged.weights
    missed, invented = (float((weight * (judged.truth == true) * (verdict != true)).sum()) for true in (1, 0))
    off = (invented - missed) / float((weight * judged.truth).sum())
    return [f"{missed:.0f}", f"{invented:.0f}", f"{off:+.1%}", number(weighted_f1(judged.truth, verdict, weight))]
