"""How a post speaks of a technology where it names it: as the work, as experience asked for, in a list, in passing."""

import re
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ml.features.term_finder import claim_columns
from ml.features.term_hits import Hit

CUES = {
    "work": "build building built builds develop developing development deploy deploying deployed deployment "
    "migrate migrating migration setup set setting configure configuring configuration install installing "
    "manage managing administer implement implementing implementation create creating design designing "
    "integrate integrating integration train training automate automating maintain maintaining secure "
    "securing optimize optimise optimizing host hosting architect troubleshoot fix fixing move moving "
    "test testing teach write writing generate generating edit editing",
    "experience": "experience experienced knowledge familiar familiarity understanding proficient proficiency exposure "
    "skilled strong",
    "wish": "nice plus bonus preferred prefer preferably ideally optional desirable advantage necessary",
    "alternative": "or similar like such example whatever any equivalent etc eg",
    "refusal": "no not don't dont never without avoid instead reject rejected ignore ignored exclude excluded "
    "nothing decline declined",
    "employer": "we're our company startup agency platform provider brand powered about offer offers sell sells",
    "existing": "from export exported existing already currently hosted stored runs run uses used connected sits live "
    "lives",
}
_CUE_OF = {word: number for number, words in enumerate(CUES.values()) for word in words.split()}
_WORD = re.compile(r"[a-z']+")
_SEPARATORS = re.compile(r"[,/;•·|*(\n]| - | and ")
_FULL_WINDOW, _FULL_TEXT = 5.0, 650.0  # separators of a long list, characters of a long text: brings both near 0 to 1
_LONG_PART = 300.0


class HitCues(TransformerMixin, BaseEstimator):
    """What stands around the places that name one technology; a fixed vocabulary, nothing is learnt.

    Parameters
    ----------
    groups : as for KeywordHits; `technology` : whose claims are looked at; `reach` : characters on each side.

    Output: array, a row a post: for every cue whether it stands near any claim, then the share of claims with it; the
    fewest and the mean separators around a claim; distinct terms, claims by length of text, length of text.
    """

    def __init__(self, groups: dict[str, list[str]], technology: str, reach: int = 50) -> None:
        self.groups = groups
        self.technology = technology
        self.reach = reach

    def fit(self, posts: pd.DataFrame, y: Any = None) -> "HitCues":
        self.n_features_in_ = posts.shape[1]
        return self

    def transform(self, posts: pd.DataFrame) -> np.ndarray:
        """posts: columns text and hits."""
        own = set(claim_columns(self.groups)[self.technology])
        values = np.zeros((len(posts), 2 * len(CUES) + 5))
        for row, (text, hits) in enumerate(zip(posts["text"], posts["hits"], strict=True)):
            values[row, -1] = len(text) / _FULL_TEXT
            if claims := [hit for hit in hits if not own.isdisjoint(hit[4])]:
                values[row, :-1] = self._around(text.lower(), claims)
        return values

    def _around(self, text: str, claims: list[Hit]) -> list[float]:
        windows = [text[max(0, start - self.reach) : end + self.reach] for _, _, start, end, _ in claims]
        near = np.zeros((len(windows), len(CUES)))
        for row, window in enumerate(windows):
            near[row, [_CUE_OF[word] for word in _WORD.findall(window) if word in _CUE_OF]] = 1.0
        separators = [len(_SEPARATORS.findall(window)) / _FULL_WINDOW for window in windows]
        terms = len({text[start:end] for _, _, start, end, _ in claims})
        density = np.log1p(len(claims)) / (1.0 + len(text) / _LONG_PART)
        return [
            *near.max(axis=0),
            *near.mean(axis=0),
            min(separators),
            float(np.mean(separators)),
            np.log1p(terms),
            density,
        ]
