"""Descriptions: an opening, the task, details, remarks and an end, short or long as clients write."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.simulation.market.posts import Posts, World
from dagster_project.simulation.text.grammar import Context, scatter
from dagster_project.simulation.text.wording import Subject, grammar_of, technology_tasks

# Chosen so that a description has about 840 characters on average.
SHORT_SHARE = 0.2
MEAN_REMARKS = 13.3
MOST_REMARKS = 24
MOST_DETAILS = 5
MEAN_DETAILS = 3.5
OPENING, SECOND, CLOSING = 0.75, 0.35, 0.55


def write_descriptions(
    world: World,
    posts: Posts,
    subject: Subject,
    context: Context,
    has_text: np.ndarray,
    rng: np.random.Generator,
) -> pa.Array:
    """Descriptions, strings of shape (n,), null where `has_text` is false."""
    rows = np.flatnonzero(has_text)
    plan = _plan(world, posts, subject, context, rows, rng)
    grammar, own = grammar_of(world), context.rows(rows)
    parts = []
    for phrases in plan:
        used = np.flatnonzero(phrases >= 0)
        sentence = grammar.expand(phrases[used], own.rows(used), rng)
        spaced = pc.binary_join_element_wise(sentence, pa.array([" "] * len(used), pa.string()), "")
        parts.append(scatter(spaced, used, len(rows)))
    texts = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*parts, ""))
    return pc.if_else(pa.array(has_text), scatter(texts, rows, len(posts)), pa.scalar(None, pa.string()))


def _plan(
    world: World, posts: Posts, subject: Subject, context: Context, rows: np.ndarray, rng: np.random.Generator
) -> list[np.ndarray]:
    """The sentences in order: arrays of phrase numbers over `rows`, -1 where a post leaves one out."""
    grammar, n = grammar_of(world), len(rows)
    short = rng.random(n) < SHORT_SHARE

    def sometimes(rule: str, share: float) -> np.ndarray:
        phrases = grammar.choose(np.full(n, grammar.rule(rule)), rng)
        return np.where(rng.random(n) < share, phrases, -1)

    second = subject.second[rows]
    also = grammar.choose(technology_tasks(world, posts, subject.second)[rows], rng)
    details = _different(
        world, context.rules["detail"][rows], 1 + rng.poisson(MEAN_DETAILS, n) * ~short, MOST_DETAILS, rng
    )
    fillers = np.full(n, grammar.rule("fillers"))
    remarks = _different(world, fillers, rng.poisson(MEAN_REMARKS, n) * ~short, MOST_REMARKS, rng)
    return [
        np.where(short, -1, sometimes("openings", OPENING)),
        grammar.choose(np.full(n, grammar.rule("asks")), rng),
        np.where(second >= 0, also, -1),
        *details,
        *remarks,
        np.where(short, -1, sometimes("seconds", SECOND)),
        sometimes("incidental", world.market.planted.incidental_mention_share),
        sometimes("closings", CLOSING),
    ]


def _different(
    world: World, rules: np.ndarray, wanted: np.ndarray, most: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """Up to `most` phrases of each row's rule, none twice in a row's text."""
    grammar, n = grammar_of(world), len(rules)
    size = grammar.sizes(rules)
    keys = rng.random((n, int(size.max(initial=1))))
    keys[np.arange(keys.shape[1]) >= size[:, None]] = 2.0
    order = np.argsort(keys, axis=1)[:, :most]
    wanted = np.minimum(wanted, np.minimum(size, most))
    return [np.where(k < wanted, grammar.nth(rules, order[:, k]), -1) for k in range(order.shape[1])]
