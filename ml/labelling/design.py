"""Which posts of a month to label next: a random sample for the audit, and the ones that a model is least sure of.

The sample has known inclusion probabilities and corrects published shares; the uncertain posts have none and serve
training alone. A post is never both.

`python -m ml.labelling.design` prints the table of docs/labelling.md. The variance of the difference estimator under
Poisson sampling is the sum of (1 / pi - 1) (y - f)**2 over the posts (Särndal, Swensson, Wretman 1992, 3.5). Before any
label is made, the expected error shares of the design stand in for (y - f)**2, all of them counted as errors of the one
technology: the width is rather too large than too small.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.cards.markdown import table

AUDIT, TRAINING = "audit", "training"
DEFAULT_AUDIT_POSTS, DEFAULT_TRAINING_POSTS = 100, 50
NEAR = 0.2
"""A probability less than this from one half is near it: the model has hardly decided."""
POWER = 0.5
RAREST_FIRST = ("rpa", "cloud", "ai")
"""A candidate of several technologies lies in the stratum of the rarest, which has the fewest posts to learn from."""
WIDER_NET, REST = "wider net", "rest"
EXPECTED_ERROR_SHARE = {"near one half": 0.35, "accepted": 0.08, "refused": 0.04, WIDER_NET: 0.01, REST: 0.002}
"""Guesses of how often the verdict is wrong. They steer precision alone: the estimate is unbiased whatever they are."""
Floats = npt.NDArray[np.float64]


def strata(posts: pd.DataFrame) -> "pd.Series[str]":
    """The stratum of each post: `<technology> near one half`, `... accepted` or `... refused` of a candidate,
    `wider net` (no candidate, hit by a wider term) or `rest`.

    posts: for each technology `<t>_probability` (missing: no candidate) and `<t>_accepted`, and `is_in_wider_net`.
    """
    probability = {t: posts[f"{t}_probability"] for t in RAREST_FIRST}
    tests = {
        **{f"{t} near one half": probability[t].sub(0.5).abs() < NEAR for t in RAREST_FIRST},
        **{f"{t} accepted": posts[f"{t}_accepted"].eq(True) for t in RAREST_FIRST},
        **{f"{t} refused": probability[t].notna() for t in RAREST_FIRST},
        WIDER_NET: posts["is_in_wider_net"],
    }
    chosen = np.select([test.to_numpy(dtype=bool) for test in tests.values()], list(tests), REST)
    return pd.Series(chosen, posts.index, dtype=object)


def allocation(sizes: "pd.Series[int]", expected_size: float) -> "pd.Series[float]":
    """Inclusion probability of each stratum, above 0 and at most 1; sizes: posts by stratum.

    Probabilities times sizes add up to `expected_size`, or to all posts where there are no more. A stratum whose share
    exceeds its posts is read whole, and what it leaves goes to the others.
    """
    if expected_size <= 0:
        raise ValueError(f"expected size {expected_size}: give a number above 0")
    expected_error = np.array([expected_error_share(name) for name in sizes.index], dtype=np.float64)
    posts = np.asarray(sizes, dtype=np.float64)
    share = (posts * np.sqrt(expected_error * (1 - expected_error))) ** POWER
    return pd.Series(_shared_out(posts, share, min(expected_size, posts.sum())) / posts, sizes.index)


def _shared_out(posts: Floats, share: Floats, total: float) -> Floats:
    """`total` in proportion to `share`, nowhere above `posts`."""
    is_whole = np.zeros(len(posts), dtype=bool)
    given = posts
    while not is_whole.all():
        left = total - posts[is_whole].sum()
        given = np.where(is_whole, posts, left * share / share[~is_whole].sum())
        exceeding = ~is_whole & (given >= posts)
        if not exceeding.any():
            break
        is_whole |= exceeding
    return np.minimum(given, posts)


def expected_error_share(stratum: str) -> float:
    """The entry of EXPECTED_ERROR_SHARE that a stratum's name ends with."""
    return next(share for name, share in EXPECTED_ERROR_SHARE.items() if stratum.endswith(name))


def sampling_design(posts: pd.DataFrame, expected_size: float, former: pd.DataFrame | None = None) -> pd.DataFrame:
    """post_id, stratum, inclusion_probability of every post of a month.

    former: the design of an earlier sample of the month. A post keeps its former probability where that was larger:
    with permanent random numbers the two samples together are then one Poisson sample with the larger probabilities.
    """
    stratum = strata(posts)
    own = stratum.map(allocation(stratum.value_counts(), expected_size)).astype(float)
    design = pd.DataFrame({"post_id": posts["post_id"], "stratum": stratum, "inclusion_probability": own})
    if former is not None:
        known = former.set_index("post_id")["inclusion_probability"]
        earlier = design["post_id"].map(known).fillna(0.0)
        design["inclusion_probability"] = np.maximum(design["inclusion_probability"], earlier)
    return design.reset_index(drop=True)


def drawn(design: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The posts of a design that are in the sample; the same ones in every call."""
    return design[permanent_numbers(design["post_id"], f"audit {seed}") < design["inclusion_probability"].to_numpy()]


def permanent_numbers(post_ids: Iterable[str], salt: str) -> Floats:
    """A number in [0, 1) for each post that never changes: the first 8 bytes of sha256(salt, id) over 2**64."""
    digests = (hashlib.sha256(f"{salt}\0{post_id}".encode()).digest() for post_id in post_ids)
    return np.array([int.from_bytes(digest[:8], "big") / 2**64 for digest in digests])


class NothingToLabelError(ValueError):
    """No queue can be made; the message says why and what to do."""


@dataclass(frozen=True)
class Choice:
    """design: post_id, stratum, inclusion_probability of every post of the month. posts: the drawn and the uncertain
    ones with purpose, stratum, inclusion_probability (missing for training) and is_asked (False: labelled before)."""

    design: pd.DataFrame
    posts: pd.DataFrame


def choose_posts(
    posts: pd.DataFrame,
    seed: int,
    audit_posts: int,
    training_posts: int,
    *,
    labelled: dict[str, str] | None = None,
    former: pd.DataFrame | None = None,
) -> Choice:
    """Draw the audit sample of a month, expected to hold `audit_posts`, and pick the most uncertain of the other posts.

    posts: post_id, the columns of `strata`, and is_audited (an audit label of the feed's own: such a post never serves
    training), a row a post. labelled: post_id -> purpose of labels already made; they
    are not asked again, and posts that a model was trained on leave the audit's population. former: as for
    `sampling_design`.
    """
    known = labelled or {}
    taught = posts["post_id"].map(known).eq(TRAINING)
    design = sampling_design(posts[~taught], audit_posts, former)
    audited = drawn(design, seed).assign(purpose=AUDIT)
    is_taken = posts["post_id"].isin(audited["post_id"]) | posts["post_id"].isin(known) | posts["is_audited"]
    left = posts[~taught & ~is_taken]
    uncertain = _most_uncertain(left, training_posts, seed).assign(purpose=TRAINING)
    chosen = pd.concat([audited, uncertain], ignore_index=True)
    chosen["is_asked"] = ~chosen["post_id"].isin(known)
    return Choice(design, chosen)


def _most_uncertain(posts: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """The `count` candidates nearest to one half, in turn by technology so that a rare one gets its part."""
    distance = pd.DataFrame({t: posts[f"{t}_probability"].astype(float).sub(0.5).abs() for t in RAREST_FIRST})
    ties = pd.Series(permanent_numbers(posts["post_id"], f"ties {seed}"), posts.index)
    turns = pd.DataFrame({t: _places(own, ties) for t, own in distance.items()})
    order = pd.DataFrame({"turn": turns.min(axis=1), "distance": distance.min(axis=1), "tie": ties}, posts.index)
    nearest = order.dropna().sort_values(["turn", "distance", "tie"]).head(count).index
    return pd.DataFrame({
        "post_id": posts.loc[nearest, "post_id"],
        "stratum": "uncertain",
        "inclusion_probability": np.nan,
    })  # fmt: skip


def _places(distance: "pd.Series[float]", ties: "pd.Series[float]") -> "pd.Series[float]":
    """Place of each candidate of one technology, the nearest to one half first; missing for other posts."""
    order = pd.DataFrame({"distance": distance, "tie": ties}).dropna().sort_values(["distance", "tie"]).index
    return pd.Series(np.arange(len(order), dtype=float), order).reindex(distance.index)


EXAMPLE_MONTHS: dict[str, dict[str, int]] = {
    "1,500 posts, 3 % AI": {
        "ai near one half": 5,
        "ai accepted": 50,
        "ai refused": 19,
        "cloud accepted": 35,
        "cloud refused": 178,
        "rpa near one half": 13,
        "rpa accepted": 5,
        "rpa refused": 45,
        "wider net": 300,
        "rest": 850,
    },
    "12,000 posts, 2 % AI": {
        "ai near one half": 17,
        "ai accepted": 214,
        "ai refused": 55,
        "cloud near one half": 19,
        "cloud accepted": 226,
        "cloud refused": 227,
        "rpa near one half": 4,
        "rpa accepted": 24,
        "rpa refused": 232,
        "wider net": 1441,
        "rest": 9541,
    },
}
AUDITED_POSTS = (50, 100, 200, 400, 800)
MONTHS_POOLED = (1, 12)


def half_width(sizes: dict[str, int], audited_posts: int, months: int = 1) -> float:
    """Half of the 95 % interval of a corrected penetration share in percentage points, for `months` like this one with
    `audited_posts` each; sizes: posts by stratum. The sampling of the audit alone: clients add theirs."""
    posts = pd.Series(sizes)
    probability = allocation(posts, audited_posts)
    errors = posts * [expected_error_share(str(name)) for name in posts.index]
    variance = float((errors * (1 / probability - 1)).sum()) / months
    return 100 * 1.96 * variance**0.5 / float(posts.sum())


def precision_table() -> str:
    """The Markdown table: a row a number of audited posts, a column an example month, alone and pooled over a year."""
    columns = list(product(EXAMPLE_MONTHS, MONTHS_POOLED))
    names = [f"{month}: {'one month' if pooled == 1 else f'{pooled} months'}" for month, pooled in columns]
    rows = [
        [str(count), *(f"± {half_width(EXAMPLE_MONTHS[month], count, pooled):.2f}" for month, pooled in columns)]
        for count in AUDITED_POSTS
    ]
    return table(["posts audited a month", *names], rows)


if __name__ == "__main__":
    print(precision_table())
