"""A wave of the simulated business pulse survey in the columns of the input contract."""

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from dagster_project.simulation.market.months import days_of, draw_from, stream, uniform_of
from dagster_project.simulation.market.posts import World
from dagster_project.simulation.worlds.planted import Pulse
from dagster_project.storage.workspace import SEEDS

QUESTIONS_PATH = SEEDS / "pulse_questions.csv"


@lru_cache
def _asked_answers(path: Path) -> dict[str, frozenset[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(f"{row['question_id']}/{row['wording_version']}", row["answer"]) for row in csv.DictReader(file)]
    return {key: frozenset(answer for k, answer in rows if k == key) for key, _ in rows}


def wave_questions(pulse: Pulse, month: str, path: Path = QUESTIONS_PATH) -> list[str]:
    """The `question_id/wording_version` of a wave; ValueError where seed and planted answers differ."""
    asked = _asked_answers(path)
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
