"""The features of a post written down post by post, with patterns and scikit-learn's own vectoriser: what the arrays of
`ml.features` must equal."""

import re
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline

from ml.features.cues import CUES
from ml.features.keywords import term_pattern
from ml.features.post_texts import FIELDS, SEPARATOR
from ml.features.terms import claim_columns
from ml.features.transformers import CombinedNGrams, HitContexts, HitCues, KeywordHits

Hit = tuple[int, int, int, int, list[int]]
"""Number of the field, start in the field, start and end in `text`, numbers of the term's groups."""
_SEPARATORS = re.compile(r"[,/;•·|*(\n]| - | and ")


def plain_features(pipeline: Pipeline, posts: pd.DataFrame) -> csr_matrix:
    """The matrix of the `features` of a model for a frame of `post_texts`."""
    posts = posts.map(str.lower)  # first, because a letter may become two
    groups = pipeline["terms"].groups
    hits = [plain_hits(fields, groups) for fields in zip(*(posts[name] for name in FIELDS), strict=True)]
    parts = [step for _, step in pipeline["columns"].transformer_list] if "columns" in pipeline.named_steps else []
    return hstack([_matrix(part, posts, hits) for part in parts or [pipeline["ngrams"]]]).tocsr()


def plain_hits(fields: tuple[str, ...], groups: dict[str, list[str]]) -> list[Hit]:
    """Where two terms overlap the one that begins first counts, of those the longest."""
    return _plain_hits(fields, tuple(map(tuple, groups.values())))


@cache
def _plain_pattern(groups: tuple[tuple[str, ...], ...]) -> tuple[re.Pattern[str], list[str], dict[str, list[int]]]:
    """One alternation of all terms, the terms in its order, and the numbers of their groups."""
    columns: dict[str, list[int]] = {}
    for number, terms in enumerate(groups):
        for term in terms:
            columns.setdefault(term, []).append(number)
    ordered = sorted(columns, key=lambda term: (-len(term), term))
    return re.compile("|".join(f"({term_pattern(term)})" for term in ordered), re.ASCII), ordered, columns


@cache  # the technologies share their terms
def _plain_hits(fields: tuple[str, ...], groups: tuple[tuple[str, ...], ...]) -> list[Hit]:
    pattern, ordered, columns = _plain_pattern(groups)
    found: list[Hit] = []
    offset = 0
    for field, text in enumerate(fields):
        end = 0
        for word in re.finditer(r"\b[a-z0-9][a-z0-9_]*|\.(?=[a-z])", text):
            if word.start() >= end and (match := pattern.match(text, word.start())):
                end = match.end()
                own = columns[ordered[int(match.lastindex or 0) - 1]]
                found.append((field, match.start(), offset + match.start(), offset + end, own))
        offset += len(text) + len(SEPARATOR) if text else 0
    return found


def _matrix(step: Any, posts: pd.DataFrame, hits: list[list[Hit]]) -> csr_matrix:
    if isinstance(step, CombinedNGrams):
        return _ngrams(step, posts, hits)
    row_of = {KeywordHits: _keyword_row, HitCues: _cue_row}[type(step)]
    return csr_matrix([row_of(step, post, own) for post, own in zip(posts.itertuples(), hits, strict=True)])


def _keyword_row(step: KeywordHits, post: Any, hits: list[Hit]) -> np.ndarray:
    counts = np.zeros((len(step.groups), len(FIELDS)))
    for field, _, _, _, groups in hits:
        counts[groups, field] += 1
    values = [*np.log1p(np.minimum(counts, 3)).ravel()]
    for own in claim_columns(step.groups).values():
        claimed = counts[own].sum(axis=0)
        starts = [start for field, start, _, _, groups in hits if field == 2 for group in groups if group in own]
        title, skills, description = claimed > 0
        early = 1.0 / (1.0 + min(starts) / 100.0) if starts else 0.0
        alone, bare = skills and not title and not description, title and not post.description
        values += [title, skills, description, *np.log1p(claimed), early, title and description, alone, bare]
    return np.array([*values, post.description != ""], float)


def _cue_row(step: HitCues, post: Any, hits: list[Hit]) -> np.ndarray:
    text, own = post.text, set(claim_columns(step.groups)[step.technology])
    claims = [(start, end) for _, _, start, end, groups in hits if own & set(groups)]
    if not claims:
        return np.array([0.0] * (2 * len(CUES) + 4) + [len(text) / 650])
    windows = [text[max(0, start - step.reach) : end + step.reach] for start, end in claims]
    near = np.array([[_stands_in(window, words) for words in CUES.values()] for window in windows], float)
    separators = np.array([len(_SEPARATORS.findall(window)) / 5 for window in windows])
    distinct = np.log1p(len({text[start:end] for start, end in claims}))
    density = np.log1p(len(claims)) / (1 + len(text) / 300)
    some = [separators.min(), separators.mean(), distinct, density, len(text) / 650]
    return np.array([*near.max(axis=0), *near.mean(axis=0), *some])


def _stands_in(window: str, words: str) -> bool:
    return not set(words.split()).isdisjoint(re.findall(r"[a-z']+", window))


def _ngrams(step: CombinedNGrams, posts: pd.DataFrame, hits: list[list[Hit]]) -> csr_matrix:
    matrices = []
    for _, source, ngrams, weight in step.parts:
        texts = posts[source] if isinstance(source, str) else _contexts(source, posts["text"], hits)
        matrices.append(TfidfVectorizer.transform(ngrams, texts) * weight)
    return hstack(matrices).tocsr()[:, step.is_kept_]


def _contexts(step: HitContexts, texts: "pd.Series[str]", hits: list[list[Hit]]) -> list[str]:
    own = {number for number, group in enumerate(step.groups) if group.startswith(step.prefix)}
    contexts = []
    for text, found in zip(texts, hits, strict=True):
        spans: list[list[int]] = []
        for _, _, start, end, groups in found:
            if own & set(groups):
                window = [max(0, start - step.reach), end + step.reach]
                if spans and window[0] <= spans[-1][1]:
                    spans[-1][1] = window[1]
                else:
                    spans.append(window)
        contexts.append(SEPARATOR.join(text[start:end] for start, end in spans))
    return contexts
