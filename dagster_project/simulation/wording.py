"""What a post says: whom its words speak of, titles as they come out of a keyboard, descriptions, and skill
tags, some of the occupation's and the technology's own by their planted weight."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.simulation.market.market import Market
from dagster_project.simulation.market.posts import TECHNOLOGIES, Posts, World
from dagster_project.simulation.vocabulary import Context, Grammar, scatter
from dagster_project.simulation.worlds.planted import Technology

TECHNICAL = (
    "Data Science & Analytics",
    "Engineering & Architecture",
    "IT & Networking",
    "Web, Mobile & Software Dev",
)
ROLE_TITLE_SHARE = 0.2


@lru_cache
def _grammar(rules: tuple[tuple[str, tuple[str, ...]], ...]) -> Grammar:
    return Grammar({name: list(phrases) for name, phrases in rules}, ("role", "task", "also", "detail"))


def grammar_of(world: World) -> Grammar:
    """The vocabulary's grammar together with the technologies' planted skills (`skills:<technology>`)."""
    rules = {name: tuple(phrases) for name, phrases in world.market.vocabulary.phrases.items()}
    for name, technology in world.market.planted.technologies.items():
        rules[f"skills:{name}"] = tuple(technology.skills)
    return _grammar(tuple(rules.items()))


@dataclass(frozen=True)
class Subject:
    """What each post is about, shape (n,); `technology` and `second` are -1 where there is none."""

    technology: np.ndarray
    second: np.ndarray
    in_title: np.ndarray
    implicit: np.ndarray
    negative: np.ndarray


def draw_subjects(world: World, posts: Posts, month: str, has_text: np.ndarray, rng: np.random.Generator) -> Subject:
    """Decide for each post how its technology shows. Without a description a title never hides it."""
    factor = text_error_factors(world.market, month)[posts.category]
    planted, n = world.market.planted, len(posts)
    preference = np.where(posts.technologies, rng.random((n, len(TECHNOLOGIES))), -1.0)
    ranked = np.argsort(-preference, axis=1)
    count = posts.technologies.sum(axis=1)
    technology = np.where(count > 0, ranked[:, 0], -1)
    rows = [planted.technologies[name] for name in TECHNOLOGIES]
    plain = np.array([row.plain_title for row in rows] + [0.0])[technology]
    implicit = np.array([row.implicit for row in rows] + [0.0])[technology]
    return Subject(
        technology=technology,
        second=np.where(count > 1, ranked[:, 1], -1),
        in_title=(technology >= 0) & ~(has_text & (rng.random(n) < plain * factor)),
        implicit=rng.random(n) < implicit * factor,
        negative=(technology < 0) & (rng.random(n) < planted.hard_negative_share * factor),
    )


def text_error_factors(market: Market, month: str) -> np.ndarray:
    """How much harder than planted the texts of each category are to read in that month, shape (categories,)."""
    errors = market.planted.text_errors
    since = max((since for since in errors if since <= month), default=None)
    return np.array([errors[since].get(name, 1.0) if since else 1.0 for name in market.vocabulary.categories])


def context_of(world: World, posts: Posts, subject: Subject, rng: np.random.Generator) -> Context:
    """The rules of each post's {role}, {task}, {also} and {detail}, and the words that stay the same."""
    grammar, vocabulary = grammar_of(world), world.market.vocabulary
    ordinary = {kind: _rules(grammar, kind, vocabulary.occupations)[posts.occupation] for kind in ("roles", "tasks")}
    details = _rules(grammar, "details", vocabulary.categories)[posts.category]
    task = np.where(
        subject.negative,
        _rules(grammar, "negatives", vocabulary.categories)[posts.category],
        ordinary["tasks"],
    )
    task = np.where(subject.technology >= 0, technology_tasks(world, posts, subject.technology), task)
    task = np.where(subject.implicit, _rules(grammar, "implicit", TECHNOLOGIES)[subject.technology], task)
    technical = np.isin(np.array(vocabulary.categories), TECHNICAL)[posts.category]
    named = (subject.technology >= 0) & ~subject.implicit
    speaks = named & (rng.random(len(posts)) < 0.5)
    rules = {
        "role": np.where(
            named & technical, _rules(grammar, "roles", TECHNOLOGIES)[subject.technology], ordinary["roles"]
        ),
        "task": task,
        "also": ordinary["tasks"],
        "detail": np.where(speaks, _rules(grammar, "details", TECHNOLOGIES)[subject.technology], details),
    }
    same = {name: np.full(len(posts), grammar.rule(name)) for name in ("language", "industry", "product")} | {
        "task": task
    }
    return Context(rules, {slot: grammar.choose(rule, rng) for slot, rule in same.items()})


def technology_tasks(world: World, posts: Posts, technology: np.ndarray) -> np.ndarray:
    """Rule of the tasks of a technology in each post's category; meaningless where `technology` is -1."""
    grammar, categories = grammar_of(world), world.market.vocabulary.categories
    table = np.array([[grammar.rule(f"tasks:{name}:{category}") for category in categories] for name in TECHNOLOGIES])
    return table[technology, posts.category]


def _rules(grammar: Grammar, kind: str, names: tuple[str, ...]) -> np.ndarray:
    return np.array([grammar.rule(f"{kind}:{name}") for name in names])


def title_context(world: World, posts: Posts, subject: Subject, context: Context, rng: np.random.Generator) -> Context:
    """The same, with ordinary role and task where the title does not show the technology."""
    grammar, occupations = grammar_of(world), world.market.vocabulary.occupations
    hidden = (subject.technology >= 0) & ~subject.in_title
    role, task = (_rules(grammar, kind, occupations)[posts.occupation] for kind in ("roles", "tasks"))
    rules = {
        "role": np.where(hidden, role, context.rules["role"]),
        "task": np.where(hidden, task, context.rules["task"]),
    }
    bound = {"task": np.where(hidden, grammar.choose(task, rng), context.bound["task"])}
    return Context(context.rules | rules, context.bound | bound)


def write_titles(world: World, posts: Posts, subject: Subject, context: Context, rng: np.random.Generator) -> pa.Array:
    """One title a post, strings of shape (n,), before typing errors."""
    grammar, n = grammar_of(world), len(posts)
    by_role = rng.random(n) < ROLE_TITLE_SHARE
    ordinary = np.where(by_role, grammar.rule("titles_with_role"), grammar.rule("titles_with_task"))
    shows = subject.in_title | subject.negative
    pattern = grammar.choose(np.where(shows, grammar.rule("titles_of_technology"), ordinary), rng)
    titles = grammar.expand(pattern, title_context(world, posts, subject, context, rng), rng)
    rows = np.flatnonzero(subject.in_title & (subject.second >= 0))
    more = grammar.expand(
        grammar.choose(technology_tasks(world, posts, subject.second)[rows], rng), context.rows(rows), rng
    )
    addition = pc.binary_join_element_wise(pa.array([" + "] * len(rows), pa.string()), more, "")
    return pc.binary_join_element_wise(titles, scatter(addition, rows, n), "")


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
