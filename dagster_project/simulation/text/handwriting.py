"""How titles come out of a keyboard: capitals, punctuation and slips."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.simulation.text.grammar import scatter

# Shares of titles by way of writing; the rest stays as worded.
FIRST_CAPITAL, EVERY_CAPITAL, SHOUTED = 0.68, 0.14, 0.03
ENDINGS = ("", " ", "!", "!!", ".", " ...")
ENDING_SHARES = (0.90, 0.04, 0.02, 0.01, 0.02, 0.01)


def handwrite(titles: pa.Array, typo_share: float, rng: np.random.Generator) -> pa.Array:
    """Titles as clients type them, strings of shape (n,)."""
    n = len(titles)
    written = _capitals(titles, rng.random(n))
    ending = pa.array(ENDINGS).take(pa.array(rng.choice(len(ENDINGS), n, p=ENDING_SHARES)))
    return _slips(pc.binary_join_element_wise(written, ending, ""), rng.random(n) < typo_share, rng)


def _capitals(titles: pa.Array, u: np.ndarray) -> pa.Array:
    first = pc.binary_join_element_wise(
        pc.utf8_upper(pc.utf8_slice_codeunits(titles, 0, 1)), pc.utf8_slice_codeunits(titles, 1), ""
    )
    written = pc.if_else(pa.array(u < FIRST_CAPITAL), first, titles)
    written = pc.if_else(
        pa.array((u >= FIRST_CAPITAL) & (u < FIRST_CAPITAL + EVERY_CAPITAL)), pc.utf8_title(titles), written
    )
    return pc.if_else(pa.array(u >= 1 - SHOUTED), pc.utf8_upper(titles), written)


def _slips(titles: pa.Array, chosen: np.ndarray, rng: np.random.Generator) -> pa.Array:
    rows = np.flatnonzero(chosen)
    kinds, places = rng.integers(0, 3, len(rows)), rng.random(len(rows))
    words = titles.take(pa.array(rows)).to_pylist()
    slipped = pa.array([_slip(*row) for row in zip(words, kinds, places, strict=True)], pa.string())
    return pc.if_else(pa.array(chosen), scatter(slipped, rows, len(titles)), titles)


def _slip(word: str, kind: int, place: float) -> str:
    """Leave out a letter, double it, or swap it with the next."""
    if len(word) < 4:
        return word
    at = 1 + int(place * (len(word) - 2))
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
