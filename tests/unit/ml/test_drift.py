"""What a month's candidates look like to a model: words counted by hand, a month of posts about an unknown product."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.registry import compute
from ml.classify import probabilities
from ml.drift import SCORE_BINS, SUMMARY_SCHEMA, Familiarity, WordCounts, familiarity, month_summary, word_counts
from ml.features.keywords import load_terms
from ml.features.post_texts import post_texts
from ml.features.transformers import NGrams
from ml.training.artifact import StoredModel
from ml.training.recipes import REFERENCE
from ml.training.training_set import texts_of

NEW_PRODUCT = "Zorblax {n} flumeter quendir rpa: braskify our vintoplex with grelmish and snorvak quaddles"


@pytest.fixture(scope="module")
def usual(model: StoredModel, labels: pd.DataFrame) -> Familiarity:
    return familiarity(model, labels, load_terms()["rpa"])


@pytest.fixture(scope="module")
def ordinary(labels: pd.DataFrame) -> pd.DataFrame:
    """Texts of labelled candidates that no model was trained on."""
    posts = texts_of(labels[labels["is_held_out"]], "full")
    return posts[posts["text"].map(load_terms()["rpa"].is_candidate).astype(bool)].reset_index(drop=True)


def summary(month: str, model: StoredModel, usual: Familiarity, posts: pd.DataFrame) -> dict[str, object]:
    scores = probabilities(posts, model)
    return month_summary(month, model, usual, scores, scores, posts["text"])


def drift_of_last(rows: list[dict[str, object]]) -> pd.Series:
    frame = pd.DataFrame(rows).assign(post_count=2_000, classified_count=100)
    frame["candidate_count"] = frame["score_counts"].map(sum)
    return compute("classifier_drift", frame.assign(posted_month=frame["month"] + "-01")).iloc[-1]


def test_words_are_counted_as_the_vectoriser_splits_them() -> None:
    words = NGrams(ngram_range=(1, 2)).fit(["robots read invoices"])
    counts = word_counts(pd.Series(["Robots read a contract", "", "x y"]), words)
    assert counts.tokens.tolist() == [3, 0, 0]
    assert counts.unseen.tolist() == [1, 0, 0]
    assert counts.unseen_share.tolist() == pytest.approx([1 / 3, 1, 1])


def test_a_recipe_that_reads_no_words_counts_none_and_finds_nothing_unfamiliar() -> None:
    counts = word_counts(pd.Series(["Zorblax quendir"]), None)
    assert counts.tokens.tolist() == [0]
    nothing = WordCounts(np.zeros(0, int), np.zeros(0, int))
    assert not Familiarity(None, 0.5, nothing).is_unfamiliar(counts).any()


def test_the_limit_leaves_one_of_twenty_held_out_candidates_above_it(usual: Familiarity) -> None:
    assert usual.words is not None
    above = usual.held_out.unseen_share > usual.limit
    assert usual.held_out.tokens.size > 0
    assert above.mean() <= 0.05


def test_a_month_is_summed_by_hand(model: StoredModel, usual: Familiarity) -> None:
    known = sorted(word for word in usual.words.vocabulary_ if word.isalpha() and len(word) > 3)[:2]
    texts = pd.Series([f"{known[0]} {known[1]}", f"{known[0]} zorblax quendir vintoplex"])
    sure, near = 0.99, model.card.threshold + 0.1
    row = month_summary("2025-11", model, replace(usual, limit=0.7), np.array([sure, near, 0.0]),
                        np.array([near, sure]), texts)  # fmt: skip
    assert list(row) == SUMMARY_SCHEMA.names
    assert (row["token_count"], row["unseen_token_count"], row["unseen_sum_yn"]) == (6, 3, 12)
    assert (row["near_threshold_count"], row["unfamiliar_count"], row["doubtful_count"]) == (1, 1, 2)
    assert len(row["score_counts"]) == SCORE_BINS
    assert (row["score_counts"][0], row["score_counts"][-1]) == (1, 1)


def test_a_month_of_posts_about_an_unknown_product_asks_for_labels_and_an_ordinary_one_does_not(
    model: StoredModel, usual: Familiarity, ordinary: pd.DataFrame
) -> None:
    draw = np.random.default_rng(3)
    months = [ordinary.iloc[draw.integers(0, len(ordinary), 200)].reset_index(drop=True) for _ in range(4)]
    before = [summary(f"2025-0{number}", model, usual, posts) for number, posts in enumerate(months[:3], start=1)]
    like_before = drift_of_last([*before, summary("2025-04", model, usual, months[3])])
    assert not like_before["needs_labels"]
    planted = post_texts([NEW_PRODUCT.format(n=n) for n in range(100)], [""] * 100, [None] * 100)
    half = pd.concat([months[3].head(100), planted], ignore_index=True)
    new = drift_of_last([*before, summary("2025-04", model, usual, half)])
    assert new["needs_labels"]
    assert new["unseen_token_rate_low"] > new["reference_unseen_token_rate"]
    assert "label posts" in new["reason"]


def test_the_published_recipe_has_a_vocabulary_too(labels: pd.DataFrame) -> None:
    from ml.drift import text_vectoriser
    from ml.training.recipes import feature_transformer, recipes

    features = feature_transformer(recipes(7)[REFERENCE].feature_set, "rpa", {})
    features.fit(texts_of(labels.head(50), "full"))
    found = text_vectoriser(features)
    assert found is not None
    assert found.vocabulary_
