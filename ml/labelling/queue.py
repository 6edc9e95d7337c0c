"""Which posts of a month to label next: a random sample for the audit, and the ones that a model is least sure of.

The sample has known inclusion probabilities and corrects published shares; the uncertain posts have none and serve
training alone. A post is never both.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.labelling.design import RAREST_FIRST, drawn, permanent_numbers, sampling_design

AUDIT, TRAINING = "audit", "training"
DEFAULT_AUDIT_POSTS, DEFAULT_TRAINING_POSTS = 100, 50


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
