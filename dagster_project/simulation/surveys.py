"""Waves of the simulated surveys in the columns of the input contract: the business pulse and the worker study."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from dagster_project.simulation.market.months import days_of, draw_from, stream, uniform_of
from dagster_project.simulation.market.posts import World
from dagster_project.simulation.worlds.planted import Pulse, Study
from dagster_project.storage.workspace import SEEDS

QUESTIONS_PATH = SEEDS / "pulse_questions.csv"


@lru_cache
def _offered(path: Path) -> dict[str, frozenset[str]]:
    """The answers of each question's wording."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(f"{row['question_id']}/{row['wording_version']}", row["answer"]) for row in csv.DictReader(file)]
    return {key: frozenset(answer for k, answer in rows if k == key) for key, _ in rows}


def wave_questions(pulse: Pulse, month: str, path: Path = QUESTIONS_PATH) -> list[str]:
    """The `question_id/wording_version` of a wave; ValueError where seed and planted answers differ."""
    asked = _offered(path)
    for key, answers in pulse.answers.items():
        if asked.get(key) != set(answers):
            raise ValueError(f"planted.yml, pulse.answers, {key}: {path.name} has {sorted(asked.get(key, ()))}")
    begun = {key for key in pulse.answers if pulse.wording_from.get(key, "") <= month}
    replaced = {key for key in begun for newer in begun if newer.split("/")[0] == key.split("/")[0] and newer > key}
    return sorted(begun - replaced)


def pulse_answers(world: World, month: str) -> pa.Table | None:
    """One row an answer, or None before the first wave.

    Columns: respondent_id, wave_month (date), question_id, wording_version, answer, business_size, industry,
    country, weight.
    """
    pulse = world.market.planted.pulse
    if month < pulse.first_wave:
        return None
    rng = stream(world.seed, month, "pulse")
    respondents = np.sort(rng.choice(pulse.panel, min(pulse.respondents, pulse.panel), replace=False))
    weight = np.round(rng.gamma(12, 1 / 12, len(respondents)).clip(0.3, 3.0), 3)
    waves = [_answers(world, key, respondents, weight, rng) for key in wave_questions(pulse, month)]
    table = pa.concat_tables(waves)
    dates = pa.array([days_of(month)[0]] * len(table), pa.date32())
    return table.add_column(1, "wave_month", dates).sort_by(
        [("respondent_id", "ascending"), ("question_id", "ascending")]
    )


def _answers(world: World, key: str, respondents: np.ndarray, weight: np.ndarray, rng: np.random.Generator) -> pa.Table:
    pulse, n = world.market.planted.pulse, len(respondents)
    question_id, wording_version = key.split("/")
    firm = respondents + world.seed * pulse.panel
    return pa.table(
        {
            "respondent_id": [f"B{number:05d}" for number in respondents],
            "question_id": [question_id] * n,
            "wording_version": [wording_version] * n,
            "answer": np.array(list(pulse.answers[key]))[draw_from(pulse.answers[key], rng.random(n))],
            "business_size": np.array(list(pulse.sizes))[draw_from(pulse.sizes, uniform_of(firm, 11))],
            "industry": np.array(list(pulse.industries))[draw_from(pulse.industries, uniform_of(firm, 12))],
            "country": np.array(list(pulse.countries))[draw_from(pulse.countries, uniform_of(firm, 13))],
            "weight": pa.array(weight).cast(pa.decimal128(12, 6)),
        }
    )


OLDEST = 78
# each breaks one rule of eligibility: the column and what stands in it
INELIGIBLE = (
    ("age", (16, 17, 79, 84)),
    ("education", ("less_than_high_school",)),
    ("computer_at_work", ("never", "rarely")),
    ("country", ("DE", "IN")),
)


@dataclass(frozen=True)
class Drawn:
    """The respondents of a wave before they answer: object and integer arrays of one length; gain in percent."""

    respondent_id: np.ndarray
    group: np.ndarray
    facts: dict[str, np.ndarray]
    gain: np.ndarray
    day: np.ndarray


def draw_respondents(world: World, month: str) -> Drawn:
    """Eligible respondents in the size of the quotas, and some who are not, in random order."""
    study, rng = world.market.planted.study, stream(world.seed, month, "study respondents")
    eligible = np.repeat(list(study.quotas), list(study.quotas.values()))
    extra = rng.choice(eligible, round(study.ineligible * len(eligible)))
    group = np.concatenate([eligible, extra]).astype(object)
    facts = _facts(study, len(group), rng)
    _spoil(facts, np.arange(len(eligible), len(group)), rng)
    order = rng.permutation(len(group))
    return Drawn(
        respondent_id=np.array([f"W{number:05d}" for number in range(len(group))], dtype=object),
        group=group[order],
        facts={name: values[order] for name, values in facts.items()},
        gain=drawn(study.gain, len(group), rng).astype(int),
        day=rng.integers(0, len(days_of(month)), len(group)),
    )


def drawn(shares: Mapping, count: int, rng: np.random.Generator) -> np.ndarray:
    """Keys drawn by their weights, as an object array."""
    return np.array(list(shares), dtype=object)[draw_from(dict(shares), rng.random(count))]


def _facts(study: Study, count: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    lowest = drawn(study.ages, count, rng).astype(int)
    ends = dict(zip(study.ages, [*list(study.ages)[1:], OLDEST + 1], strict=True))
    width = np.array([ends[age] - age for age in lowest])
    return {
        "country": drawn(study.countries, count, rng),
        "age": (lowest + np.floor(rng.random(count) * width)).astype(int).astype(object),
        "gender": drawn(study.genders, count, rng),
        "education": drawn(study.educations, count, rng),
        "computer_at_work": drawn(study.computer_use, count, rng),
    }


def _spoil(facts: dict[str, np.ndarray], positions: np.ndarray, rng: np.random.Generator) -> None:
    for position, rule in zip(positions, rng.integers(0, len(INELIGIBLE), len(positions)), strict=True):
        name, values = INELIGIBLE[rule]
        facts[name][position] = values[rng.integers(0, len(values))]


def study_respondents(world: World, month: str) -> pa.Table | None:
    """One row a respondent, or None in a month without a wave.

    Columns: respondent_id, wave_month, fielded_on (dates), respondent_group, country, age, gender, education,
    computer_at_work.
    """
    if month not in world.market.planted.study.waves:
        return None
    respondents, days = draw_respondents(world, month), days_of(month)
    return pa.table(
        {
            "respondent_id": pa.array(respondents.respondent_id, pa.string()),
            "wave_month": pa.array([days[0]] * len(respondents.group), pa.date32()),
            "fielded_on": pa.array([days[day] for day in respondents.day], pa.date32()),
            "respondent_group": pa.array(respondents.group, pa.string()),
            **{name: pa.array(list(values)) for name, values in respondents.facts.items()},
        }
    )


STUDY_QUESTIONS_PATH = SEEDS / "study_questions.csv"
AI_USE, GAIN, NONE_CHOSEN = "ai_use_past_year/v1", "ai_productivity_gain/v1", "None of these"

Answers = Iterator[tuple[str, np.ndarray, np.ndarray]]
"""question_id/wording_version, positions of respondents, their answers."""


def study_answers(world: World, month: str) -> pa.Table | None:
    """One row an answer, or None in a month without a wave.

    Columns: respondent_id, wave_month (date), question_id, wording_version, answer. Raises ValueError where the
    planted answers are not those of the questionnaire.
    """
    study = world.market.planted.study
    if month not in study.waves:
        return None
    require_offered(study)
    respondents, rng = draw_respondents(world, month), stream(world.seed, month, "study answers")
    table = pa.concat_tables(_table(respondents, *answers) for answers in _all_answers(study, respondents, rng))
    dates = pa.array([days_of(month)[0]] * len(table), pa.date32())
    columns = ("respondent_id", "question_id", "answer")
    return table.add_column(1, "wave_month", dates).sort_by([(name, "ascending") for name in columns])


def _all_answers(study: Study, respondents: Drawn, rng: np.random.Generator) -> Answers:
    uses_ai = np.zeros(len(respondents.group), bool)
    for group, shares in study.answers[AI_USE].items():
        positions = _answering(study, np.flatnonzero(respondents.group == group), rng)
        answers = drawn(shares, len(positions), rng)
        uses_ai[positions] = answers == "Yes"
        yield AI_USE, positions, answers
    populations = _populations(study, respondents, uses_ai)
    users = _answering(study, populations["full_time_ai_users"], rng)
    yield GAIN, users, respondents.gain[users].astype(str).astype(object)
    for key, planted in study.answers.items():
        for population, shares in planted.items() if key != AI_USE else ():
            positions = _answering(study, populations[population], rng)
            yield key, positions, drawn(shares, len(positions), rng)
    for key, planted in study.choices.items():
        for population, shares in planted.items():
            yield from _choices(key, _answering(study, populations[population], rng), shares, rng)


def _answering(study: Study, positions: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The respondents who do not leave the question out."""
    return positions[rng.random(len(positions)) >= study.missing_answer]


def _populations(study: Study, respondents: Drawn, uses_ai: np.ndarray) -> dict[str, np.ndarray]:
    groups = {group: np.flatnonzero(respondents.group == group) for group in study.quotas}
    is_user = uses_ai & (respondents.group == "full_time")
    is_freelancer = respondents.group == "freelance"
    is_top = respondents.gain >= study.gain_top
    return groups | {
        "ai_users": np.flatnonzero(uses_ai),
        "full_time_ai_users": np.flatnonzero(is_user),
        "freelance_ai_users": np.flatnonzero(uses_ai & is_freelancer),
        "full_time_ai_gainers": np.flatnonzero(is_user & (respondents.gain > 0)),
        "full_time_top_quartile": np.flatnonzero(is_user & is_top),
        "full_time_peers": np.flatnonzero(is_user & ~is_top),
    }


def _choices(key: str, positions: np.ndarray, shares: dict[str, float], rng: np.random.Generator) -> Answers:
    chosen = rng.random((len(positions), len(shares))) < np.array(list(shares.values()))
    for column, answer in enumerate(shares):
        takers = positions[chosen[:, column]]
        yield key, takers, np.full(len(takers), answer, dtype=object)
    without = positions[~chosen.any(axis=1)]
    yield key, without, np.full(len(without), NONE_CHOSEN, dtype=object)


def _table(respondents: Drawn, key: str, positions: np.ndarray, answers: np.ndarray) -> pa.Table:
    question_id, wording_version = key.split("/")
    count = len(positions)
    return pa.table(
        {
            "respondent_id": pa.array(respondents.respondent_id[positions], pa.string()),
            "question_id": pa.array([question_id] * count, pa.string()),
            "wording_version": pa.array([wording_version] * count, pa.string()),
            "answer": pa.array(answers, pa.string()),
        }
    )


def require_offered(study: Study, path: Path = STUDY_QUESTIONS_PATH) -> None:
    """ValueError where a planted answer is not an option of the questionnaire."""
    offered = _offered(path)
    planted = [(key, shares) for answers in (study.answers, study.choices) for key, shares in answers.items()]
    for key, populations in planted:
        unknown = {answer for shares in populations.values() for answer in shares} - offered.get(key, frozenset())
        if unknown:
            raise ValueError(f"planted.yml, study, {key}: {path.name} does not offer {', '.join(sorted(unknown))}")
