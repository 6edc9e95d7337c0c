"""Fixed sentences of the model card's pages."""

from ml.cards.model_card import ModelCard

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
    "ngram_ensemble": "mean of the logistic regression and the extra trees",
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
