"""What a month's candidates look like to the stored model: words it does not know, verdicts in doubt, scores by bin.

Counted when a month is scored, words on a sample of its candidates that the hash of their ids fixes; compared with
other months where the counts lie side by side. docs/drift.md says what is made of them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ml.features.keywords import TechnologyTerms
from ml.features.letters import Documents
from ml.features.terms import are_candidates
from ml.features.transformers import CombinedNGrams, NGrams
from ml.semantic import fast_model
from ml.training.artifact import StoredModel
from ml.training.training_set import texts_of

SAMPLE_POSTS = 2_000
SCORE_BINS = 20
NEAR_THRESHOLD = 0.2
FAMILIAR_POSTS = 0.95
TEXT_WORDS = "text_words"
_COUNTS = (
    *("sampled_count", "near_threshold_count", "unfamiliar_count", "doubtful_count"),
    *("token_count", "unseen_token_count", "unseen_cluster_count", "unseen_sum_yy", "unseen_sum_yn", "unseen_sum_nn"),
    *("held_out_token_count", "held_out_unseen_token_count"),
)
SUMMARY_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("month", "technology", "model_version")),
        ("score_counts", pa.list_(pa.int64())),
        *((name, pa.int64()) for name in _COUNTS),
    ]
)
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class WordCounts:
    """Word tokens of each post, and how many of them the model's vectoriser does not know; the same length."""

    tokens: Ints
    unseen: Ints

    @property
    def unseen_share(self) -> npt.NDArray[np.float64]:
        """By post; 1 for a post without a word, of which the model knows nothing."""
        return np.where(self.tokens > 0, self.unseen / np.maximum(self.tokens, 1), 1.0)


@dataclass(frozen=True)
class Familiarity:
    """What a stored model is used to.

    words: its word vectoriser, None where its recipe reads no words. limit: unseen share that 95 of 100 held-out
    labelled candidates do not exceed. held_out: their word counts.
    """

    words: NGrams | None
    limit: float
    held_out: WordCounts

    def is_unfamiliar(self, counts: WordCounts) -> npt.NDArray[np.bool_]:
        """Whether a post has a larger share of unseen words than the held-out candidates have."""
        return (counts.unseen_share > self.limit) & (self.words is not None)


def familiarity(model: StoredModel, labels: pd.DataFrame, terms: TechnologyTerms) -> Familiarity:
    """Measure a model's vocabulary on the held-out labelled posts that its terms make candidates.

    labels: the frame of `ml.labels.labelled_posts.load_labels`.
    """
    words = text_vectoriser(fast_model(model.pipeline))
    text = texts_of(labels[labels["is_held_out"]], model.card.text_setting)["text"]
    counts = word_counts(text[are_candidates(text.tolist(), terms)], words)
    shares = counts.unseen_share
    limit = float(np.quantile(shares, FAMILIAR_POSTS, method="higher")) if shares.size else 1.0
    return Familiarity(words, limit, counts)


def text_vectoriser(step: Any) -> NGrams | None:
    """The fitted word vectoriser of the whole text within a pipeline; None where there is none."""
    if isinstance(step, CombinedNGrams):
        return next((ngrams for name, _, ngrams, _ in step.parts if name == TEXT_WORDS), None)
    parts = getattr(step, "steps", None) or getattr(step, "transformer_list", [])
    return next((found for _, part in parts if (found := text_vectoriser(part)) is not None), None)


def word_counts(texts: "pd.Series[str]", words: NGrams | None) -> WordCounts:
    """Words of each text as the vectoriser splits them, and those outside its vocabulary; zeros without one."""
    if words is None:
        return WordCounts(np.zeros(len(texts), np.int64), np.zeros(len(texts), np.int64))
    row, word = Documents.of_texts(texts.tolist()).words
    is_unseen = words.places.of(word) < 0
    tokens, unseen = (np.bincount(of, minlength=len(texts)) for of in (row, row[is_unseen]))
    return WordCounts(tokens, unseen)


def month_summary(
    month: str,
    model: StoredModel,
    usual: Familiarity,
    probability: npt.NDArray[np.float64],
    sampled: npt.NDArray[np.float64],
    texts: "pd.Series[str]",
) -> dict[str, Any]:
    """One row of SUMMARY_SCHEMA.

    probability: of every candidate of the month; sampled, texts: probability and text of the sampled ones. A verdict is
    in doubt where the probability lies within NEAR_THRESHOLD of the threshold or the text is unfamiliar.
    """
    counts = word_counts(texts, usual.words)
    is_near = np.abs(sampled - model.card.threshold) <= NEAR_THRESHOLD
    is_unfamiliar = usual.is_unfamiliar(counts)
    return {
        "month": month,
        "technology": model.card.technology,
        "model_version": model.card.model_version,
        "score_counts": np.histogram(probability, SCORE_BINS, (0.0, 1.0))[0].tolist(),
        "sampled_count": len(sampled),
        "near_threshold_count": int(is_near.sum()),
        "unfamiliar_count": int(is_unfamiliar.sum()),
        "doubtful_count": int((is_near | is_unfamiliar).sum()),
        "token_count": int(counts.tokens.sum()),
        "unseen_token_count": int(counts.unseen.sum()),
        "unseen_cluster_count": int((counts.tokens > 0).sum()),
        "unseen_sum_yy": int((counts.unseen**2).sum()),
        "unseen_sum_yn": int((counts.unseen * counts.tokens).sum()),
        "unseen_sum_nn": int((counts.tokens**2).sum()),
        "held_out_token_count": int(usual.held_out.tokens.sum()),
        "held_out_unseen_token_count": int(usual.held_out.unseen.sum()),
    }
