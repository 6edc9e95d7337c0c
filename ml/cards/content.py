"""What the pages of a model card say: fixed sentences, and words and table rows from the card's numbers."""

from typing import Any

from ml.cards.markdown import number, p_value, with_interval
from ml.cards.model_card import ModelCard
from ml.scores import RULE

LABELS = {"ai": "AI", "cloud": "cloud", "rpa": "RPA"}
SECTIONS = {
    "purpose": "What it is for",
    "scores": "Scores",
    "calibration": "Calibration",
    "promotion": "How it came into use",
    "data": "Data",
    "contest": "Contest",
    "limits": "Limits",
    "versions": "Versions",
}
RECIPES = {
    "tfidf_forest": "TF-IDF of words and a Random Forest (the published recipe)",
    "keyword_boosting": "keyword hits and cues, gradient boosting",
    "ngram_logistic": "keyword hits, cues and n-grams, logistic regression",
    "ngram_forest": "keyword hits, cues and n-grams, extra trees",
    "all_ngrams_logistic": "keyword hits, cues and all n-grams, logistic regression (a vote only, never used alone)",
    "ngram_ensemble": "mean of the first logistic regression and the extra trees",
    "three_votes": "mean of both logistic regressions and the extra trees",
    "second_reader": "the best of the others; where it doubts, a sentence encoder (all-MiniLM-L6-v2) reads again",
}
TEXTS = {
    "title": "title alone",
    "full": "title and the first 650 characters of the description; skill tags only where there is no description",
    "full_with_skills": "title, skill tags and the first 650 characters of the description",
}
WORK = {
    "ai": "machine learning or generative AI is what is built, the tool that must be used, or the subject of the work",
    "cloud": "a cloud platform is required and the work is to build on it, move to it, operate or secure it",
    "rpa": "software takes over a person's routine work on the screens of other applications",
}


def purpose(card: ModelCard) -> list[str]:
    """What the model answers, for whom, and what it is not for."""
    return [
        f"It says how likely a freelance job post in English asks for {LABELS[card.technology]} work: "
        f"{WORK[card.technology]} (the labelling guide in ml/labels/GUIDE.md decides). It reads the "
        f"{TEXTS[card.text_setting]}, and is asked only about posts that the keyword step finds.",
        f"A post is accepted when its calibrated probability is {card.threshold:g} or more, likelier than not: the "
        "verdicts are made for counting posts by month, where both kinds of error weigh the same. Every scored row "
        "names this model version.",
        "It is not made to judge people, clients or single posts, to rank applicants, or to read other kinds of text.",
    ]


def limits(card: ModelCard) -> list[str]:
    """What a reader must know before trusting a count."""
    return [
        "The posts it learnt from were written for this project: they are no sample of any feed.",
        "What the keyword step does not find is never scored; it is the floor of the error.",
        "Products named after the labels were written are unknown to it; the drift check of each month asks for "
        "new labels.",
        f"Rare work is hard to measure: with {card.labels['frozen_positives']} true posts in the frozen set, one post "
        f"more or less moves recall by {1 / max(card.labels['frozen_positives'], 1):.3f}.",
        "Counts of accepted posts carry its errors. Only an audited sample of the feed itself corrects them.",
        "docs/classifier.md holds the scores on real posts that no model was fitted on.",
    ]


PREDICTORS = ("model", "keyword_rule", "majority_class")
MEASURES = {
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "auroc": "AUROC",
    "brier": "Brier",
}
CONFUSION = {"tp": "rightly accepted", "fp": "wrongly accepted", "fn": "missed", "tn": "rightly refused"}
Rows = list[list[str]]


def card_content(card: ModelCard) -> dict[str, Any]:
    """Everything that the templates name; tables as columns and rows of text."""
    return {
        "card": card,
        "label": LABELS[card.technology],
        "sections": SECTIONS,
        "status": "Taken into use:" if card.is_champion else "Not taken into use:",
        "purpose": purpose(card),
        "rule": RULE,
        "outcome": _outcome(card),
        "limits": limits(card),
        "versions": _versions(card),
        **_score_tables(card),
        **_calibration_table(card),
        **_data_table(card),
        **_contest_table(card),
    }


def _score_tables(card: ModelCard) -> dict[str, Any]:
    labels, found = card.labels, card.scores
    note = (
        f"{labels['frozen']} written posts that no model is trained on, {labels['frozen_positives']} of them "
        f"{LABELS[card.technology]} work, most of them hard cases on purpose: scores compare methods and are lower "
        "than on a feed. What the keyword step does not find counts as a no. Brier: mean squared error of the "
        "probability."
    )
    scores = [
        [title, *(with_interval(*(found[n].get(f"{key}{end}") for end in ("", "_low", "_high"))) for n in PREDICTORS)]
        for key, title in MEASURES.items()
    ]
    counts = [[title, *(str(found[name]["confusion"][key]) for name in PREDICTORS)] for key, title in CONFUSION.items()]
    columns = [_named(name) for name in PREDICTORS]
    return {
        "scores_note": note,
        "score_columns": ["score", *columns],
        "scores": scores,
        "confusion_columns": ["posts", *columns],
        "confusion": counts,
        "test_columns": ["against", "only the model right", "only the other right", "exact McNemar p"],
        "tests": [_test(name, found[f"model_against_{name}"]) for name in PREDICTORS[1:]],
    }


def _test(name: str, test: dict[str, Any]) -> list[str]:
    return [_named(name), str(test["only_one_right"]), str(test["only_other_right"]), p_value(test["p_value"])]


def _calibration_table(card: ModelCard) -> dict[str, Any]:
    found = card.scores["calibration"]
    error = with_interval(found["error"], found["error_low"], found["error_high"])
    rows = [
        [
            f"{row['low']:.1f} to {row['high']:.1f}",
            str(row["posts"]),
            number(row["mean_probability"]),
            with_interval(row["observed_share"], row["observed_low"], row["observed_high"]),
        ]
        for row in found["bins"]
    ]
    note = (
        f"Expected calibration error over the candidates among the frozen posts: {error}. Probabilities are meant "
        "for a feed, where fewer hard negatives stand: here a model that is right about a feed says too much."
    )
    columns = ["probability", "posts", "mean probability", "share of true posts"]
    return {"calibration_note": note, "bin_columns": columns, "bins": rows}


def _data_table(card: ModelCard) -> dict[str, Any]:
    labels = card.labels
    second = labels["second_pass"]
    passes = (
        f" {second['n']} were labelled twice: the passes agree on {100 * second['agreement_share']:.1f} %, "
        f"Cohen's kappa {number(second['kappa'])} (an upper bound, see the project's docs/classifier.md)."
        if second
        else " No post was labelled twice."
    )
    note = (
        f"{labels['train']} posts trained on ({labels['train_positives']} {LABELS[card.technology]}, "
        f"{labels['train_unsure']} marked unsure), {labels['held_out']} held out; {labels['frozen']} of these are the "
        f"frozen evaluation set. Sources: {_listed(labels['sources'])}. "
        f"Labelling guide version: {_listed(labels['guide_versions'])}.{passes}"
    )
    columns = ["written as", "trained on", f"of these {LABELS[card.technology]}", "frozen"]
    rows = [[s, *(str(n[k]) for k in ("train", "train_positives", "frozen"))] for s, n in labels["strata"].items()]
    return {"data_note": note, "strata_columns": columns, "strata": rows}


def _contest_table(card: ModelCard) -> dict[str, Any]:
    ordered = sorted(card.contest.items(), key=lambda item: item[1]["log_loss"])
    rows = [
        [
            RECIPES.get(name, name) + (" – chosen" if name == card.recipe else ""),
            *(number(result[key]) for key in ("log_loss", "f1", "auroc", "brier")),
        ]
        for name, result in ordered
    ]
    note = (
        "Every contestant was cross-validated on the training posts alone and calibrated; the lowest weighted log loss "
        "wins, of those that may be used alone."
    )
    return {
        "contest_note": note,
        "contest_columns": ["recipe", "log loss", "F1", "AUROC", "Brier"],
        "contest": rows,
    }


def _outcome(card: ModelCard) -> str:
    decision = card.decision
    if "champion" not in decision:
        return f"Outcome: {card.promotion or 'not compared yet'}."
    gain, loss = decision["f1_difference"], decision["brier_difference"]
    return (
        f"Outcome on {decision['posts']} posts: {card.promotion}. Challenger less champion: F1 {_signed(gain)}, "
        f"Brier {_signed(loss)} (95 %, paired bootstrap over posts)."
    )


def _signed(ends: dict[str, float]) -> str:
    return f"{ends['value']:+.4f} ({ends['low']:+.4f} to {ends['high']:+.4f})"


def _versions(card: ModelCard) -> list[tuple[str, str]]:
    return [
        ("model version", card.model_version),
        ("trained", card.trained_at or "not recorded"),
        ("recipe", RECIPES.get(card.recipe, card.recipe)),
        ("text", TEXTS[card.text_setting]),
        ("threshold", f"{card.threshold:g}"),
        ("seed", str(card.seed)),
        ("labels", card.data_hash),
        ("frozen evaluation posts", card.frozen_hash),
        ("vocabulary", card.terms_hash),
        ("features", card.features_version),
        ("model file", card.model_hash),
        *((name, found) for name, found in card.libraries.items()),
    ]


def _named(predictor: str) -> str:
    return predictor.replace("_", " ")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} ({count} posts)" for name, count in counts.items())
