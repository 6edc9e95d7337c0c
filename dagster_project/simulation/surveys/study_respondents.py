"""The respondents of a wave of the simulated worker study in the columns of the input contract."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dagster_project.simulation.market.months import days_of
from dagster_project.simulation.market.posts import World
from dagster_project.simulation.market.randomness import draw_from, stream
from dagster_project.simulation.worlds.planted import Study

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
