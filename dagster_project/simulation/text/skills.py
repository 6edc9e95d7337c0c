"""Skill tags: some of the occupation's, and the technology's own by their planted weight."""

import numpy as np
import pyarrow as pa

from dagster_project.simulation.market.market import Market
from dagster_project.simulation.market.posts import TECHNOLOGIES, Posts, World
from dagster_project.simulation.text.grammar import Context
from dagster_project.simulation.text.wording import Subject, grammar_of
from dagster_project.simulation.worlds.planted import Technology

NO_SKILLS_SHARE = 0.06
MOST_TECHNOLOGY_SKILLS = 4
MOST_ORDINARY_SKILLS = 5


def write_skills(
    world: World, posts: Posts, subject: Subject, context: Context, month: str, rng: np.random.Generator
) -> pa.ListArray:
    """Skill lists, list<string> of shape (n,); empty where the client gave none."""
    n = len(posts)
    own = np.full((n, MOST_TECHNOLOGY_SKILLS), -1)
    for i, technology in enumerate(TECHNOLOGIES):
        rows = np.flatnonzero((subject.technology == i) & ~subject.implicit)
        own[rows] = _weighted_skills(world, technology, month, posts.category[rows], rng)
    phrases = np.hstack([own, _ordinary_skills(world, posts, own[:, 0] >= 0, rng)])
    phrases[rng.random(n) < NO_SKILLS_SHARE] = -1
    row, _ = np.nonzero(phrases >= 0)
    flat = grammar_of(world).expand(phrases[phrases >= 0], context.rows(row), rng)
    offsets = np.concatenate([[0], np.cumsum((phrases >= 0).sum(axis=1))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), flat)


def skill_weights(market: Market, technology: str, month: str) -> np.ndarray:
    """Weight of each planted skill of the technology by category, shape (categories, skills)."""
    planted = market.planted.technologies[technology]
    weight = np.array([skill.weight if skill.since <= month else 0.0 for skill in planted.skills.values()])
    return weight * np.array(
        [[_factor(planted, skill, category) for skill in planted.skills] for category in market.vocabulary.categories]
    )


def _factor(planted: Technology, skill: str, category: str) -> float:
    """How much more or less often posts of the category name the skill; 0 where it is not asked for there."""
    asking = planted.skills[skill].categories
    if asking and category not in asking:
        return 0.0
    return planted.skill_factors.get(category, {}).get(skill, 1.0)


def _weighted_skills(
    world: World, technology: str, month: str, category: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Two to four different skills a row by weight (Gumbel top-k, Vieira 2014), shape (n, 4), -1 for none."""
    weight, n = skill_weights(world.market, technology, month)[category], len(category)
    with np.errstate(divide="ignore"):
        keys = np.log(weight) + rng.gumbel(size=weight.shape)
    best = np.argsort(-keys, axis=1)[:, :MOST_TECHNOLOGY_SKILLS]
    rules = np.full(n, grammar_of(world).rule(f"skills:{technology}"))
    phrases = grammar_of(world).nth(rules[:, None], best)
    count = rng.integers(2, MOST_TECHNOLOGY_SKILLS + 1, n)
    return np.where(np.arange(MOST_TECHNOLOGY_SKILLS) < count[:, None], phrases, -1)


def _ordinary_skills(world: World, posts: Posts, has_own: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    grammar = grammar_of(world)
    rules = np.array([grammar.rule(f"skills:{name}") for name in world.market.vocabulary.occupations])[posts.occupation]
    first = rng.integers(0, 1 << 20, len(posts))
    count = np.minimum(rng.integers(1, MOST_ORDINARY_SKILLS + 1, len(posts)) - has_own, grammar.sizes(rules))
    position = np.arange(MOST_ORDINARY_SKILLS)
    phrases = grammar.nth(rules[:, None], first[:, None] + position)
    return np.where(position < count[:, None], phrases, -1)
