"""A sample of each month's posts that a reader labelled: the only part of the feed that knows the truth of its posts.

Poisson sampling with permanent random numbers (Ohlsson 1995): a post is drawn when its own fixed uniform number lies
below its inclusion probability, which depends on nothing but whether its text mentions a technology word.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.simulation.market.market import market_size
from dagster_project.simulation.market.months import days_of, uniform_of
from dagster_project.simulation.market.posts import CARRIED, MAIN, TECHNOLOGIES, Piece, World, draw_posts, is_late
from dagster_project.simulation.tables.job_posts import piece_rows

SALT = 21
GUIDE_VERSION, LABELLER = "simulated", "simulated reader"


def audit_labels(world: World, month: str, long_text_share: float) -> pa.Table:
    """One row a drawn post and technology, in the columns of the input contract."""
    pieces = [_labels(world, month, piece, long_text_share) for piece in (MAIN, CARRIED)]
    return pa.concat_tables(pieces).sort_by([("post_id", "ascending"), ("technology", "ascending")])


def _labels(world: World, month: str, piece: Piece, long_text_share: float) -> pa.Table:
    audit = world.market.planted.audit
    posts, rows = draw_posts(world, month, piece), piece_rows(world, month, piece, long_text_share)
    mentions = _mentions(rows, audit.words)
    expected = np.where(mentions, audit.mentioned, audit.other)
    probability = np.minimum(1.0, expected / (market_size(world.market.planted, month) * world.posts_per_month))
    # A reader can only be given what the month's own file holds.
    offered = ~is_late(world, posts) if piece == CARRIED else np.ones(len(posts), bool)
    drawn = np.flatnonzero(offered & (uniform_of(posts.post_id, world.seed + SALT) < probability))
    post, technology = np.repeat(drawn, len(TECHNOLOGIES)), np.tile(np.arange(len(TECHNOLOGIES)), len(drawn))
    return pa.table(
        {
            "post_id": pa.array(posts.post_id[post]).cast(pa.string()),
            "posted_month": _repeated(days_of(month)[0], len(post), pa.date32()),
            "technology": pa.array(TECHNOLOGIES).take(pa.array(technology)),
            "is_positive": pa.array(posts.technologies[post, technology]),
            "is_unsure": _repeated(False, len(post), pa.bool_()),
            "inclusion_probability": pa.array(probability[post]),
            "stratum": pa.array(["other text", "mentions a technology"]).take(pa.array(mentions[post].astype(int))),
            "guide_version": _repeated(GUIDE_VERSION, len(post), pa.string()),
            "labelled_on": _repeated(days_of(month)[-1], len(post), pa.date32()),
            "labeller": _repeated(LABELLER, len(post), pa.string()),
        }
    )


def _mentions(rows: pa.Table, words: str) -> np.ndarray:
    """Whether title, description or skills hold one of the words, given as patterns divided by spaces."""
    pattern = rf"\b({'|'.join(words.split())})\b"
    skills = pc.binary_join(rows["skills"].combine_chunks(), " ")
    texts = (rows["title"], rows["description"], skills)
    hits = [pc.fill_null(pc.match_substring_regex(text, pattern, ignore_case=True), False) for text in texts]
    return np.logical_or.reduce([hit.to_numpy(zero_copy_only=False) for hit in hits])


def _repeated(value: object, count: int, data_type: pa.DataType) -> pa.Array:
    return pa.repeat(pa.scalar(value, data_type), count)
