"""One wave of the worker study as arrays: respondents, replicate weights, who is in a population in every replicate."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dagster_project.statistics.core.estimates import Floats
from dagster_project.statistics.survey.replicated_shares import Flags, ReplicatedShare, replicated_share
from dagster_project.statistics.survey.weighting import Weights, wave_weights

Gain = Literal["any", "above_zero", "top_quartile", "below_top_quartile"]


@dataclass(frozen=True)
class Population:
    """Respondents of `groups`, AI users only or all; `gain`: by their reported productivity gain, `any` asks for none.

    `top_quartile`: gain at or above the weighted 75th percentile of the AI users among `groups` that report one.
    """

    id: str
    label: str
    groups: tuple[str, ...]
    uses_ai: bool = False
    gain: Gain = "any"


FULL_TIME = ("full_time",)
POPULATIONS = {
    population.id: population
    for population in (
        Population("c_suite", "C-suite leaders", ("c_suite",)),
        Population("full_time", "full-time employees", FULL_TIME),
        Population("freelance", "freelancers", ("freelance",)),
        Population(
            "c_suite_and_full_time", "C-suite leaders and full-time employees together", ("c_suite", *FULL_TIME)
        ),
        Population(
            "ai_users",
            "AI users among C-suite leaders, full-time employees and freelancers together",
            ("c_suite", *FULL_TIME, "freelance"),
            uses_ai=True,
        ),
        Population("full_time_ai_users", "full-time employees who use AI", FULL_TIME, uses_ai=True),
        Population("freelance_ai_users", "freelancers who use AI", ("freelance",), uses_ai=True),
        Population(
            "full_time_ai_gainers",
            "full-time employees who use AI and report a productivity gain",
            FULL_TIME,
            uses_ai=True,
            gain="above_zero",
        ),
        Population(
            "full_time_top_quartile",
            "full-time employees who use AI and whose gain is in the top quartile",
            FULL_TIME,
            uses_ai=True,
            gain="top_quartile",
        ),
        Population(
            "full_time_peers",
            "full-time employees who use AI and whose gain is below the top quartile",
            FULL_TIME,
            uses_ai=True,
            gain="below_top_quartile",
        ),
    )
}


_ROUNDING = 1e-9


def weighted_quantile(values: Floats, weights: Floats, level: float | Floats) -> Floats:
    """The smallest value at which the cumulative weight reaches `level`, for every row of `weights`.

    values: (n,); weights: (rows, n); level: one, or one a row. NaN in a row without weight.
    """
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[:, order], axis=1)
    if not len(values):
        return np.full(len(weights), np.nan)
    total = cumulative[:, -1]
    reached = cumulative >= (np.broadcast_to(level, total.shape) * total * (1 - _ROUNDING))[:, None]
    return np.where(total > 0, values[order][reached.argmax(axis=1)], np.nan)


def winsorised(values: Floats, weights: Floats, tail: float) -> Floats:
    """Values winsorised at the weighted quantiles `tail` and 1 - `tail`, for every row of `weights`."""
    low = weighted_quantile(values, weights, tail)[:, None]
    high = weighted_quantile(values, weights, 1 - tail)[:, None]
    return np.clip(values[None, :], low, high)


TOP_QUARTILE = 0.75
RESPONDENT_COLUMNS = (
    "respondent_group",
    "country_code",
    "generation",
    "gender",
    "weight",
    "country_population_share",
    "generation_population_share",
    "gender_population_share",
    "uses_ai",
    "gain_pct",
)
QUESTION_COLUMNS = (
    "response_kind",
    "populations",
    "comparison",
    "measures",
    "findings",
    "counted",
    "answer_value",
)
RESPONDENT_KEYS = ["wave_month", "respondent_id"]
ANSWER_KEYS = [*RESPONDENT_KEYS, "question_id", "wording_version"]
ANSWER_INPUTS = [*RESPONDENT_COLUMNS, *QUESTION_COLUMNS]
REPLICATES_BY = "svy.Sample.weighting.create_bs_wgts, rake"


@dataclass(frozen=True)
class Domain:
    """A population among the respondents at `positions`: its weights in every replicate, 0 for who is not in it.

    weights: (replicates + 1, positions); the cut of a top quartile is made anew in every row.
    """

    population: Population
    positions: NDArray[np.int64]
    weights: Floats
    countries: str

    @property
    def is_member(self) -> Flags:
        """Who belongs to the population in the sample itself."""
        return np.asarray(self.weights[0] > 0)


@dataclass(frozen=True)
class Question:
    """A question as asked: its measures, and for each respondent of the wave what the answer counts in."""

    question_id: str
    wording_version: str
    response_kind: str
    populations: list[str]
    comparison: tuple[str, str] | None
    measures: list[str]
    findings: list[str]
    counted: NDArray[np.object_]
    value: Floats

    @property
    def is_answered(self) -> Flags:
        return np.asarray(self.counted != "")

    def counts_in(self, measure: str) -> Flags:
        """Whose answer counts in a measure."""
        texts, places = np.unique(self.counted.astype(str), return_inverse=True)
        return np.array([measure in text.split("|") for text in texts])[places]

    def share(self, measure: str, domain: Domain) -> ReplicatedShare:
        """Of those of the domain who answered, the share whose answer counts in the measure."""
        is_answered, is_counted = self.is_answered[domain.positions], self.counts_in(measure)[domain.positions]
        return replicated_share(domain.weights, is_answered, is_counted)


@dataclass(frozen=True)
class Wave:
    """The respondents of one wave in the order of their ids, with the columns RESPONDENT_COLUMNS."""

    wave_month: pd.Timestamp
    respondents: pd.DataFrame
    weights: Weights

    @cached_property
    def gain(self) -> Floats:
        """Reported gain in percent, NaN where none is reported."""
        return self.respondents["gain_pct"].to_numpy(float, na_value=np.nan)

    def domain(self, population_id: str) -> Domain:
        """The members of a population; KeyError names an id that is not one."""
        if population_id not in POPULATIONS:
            raise KeyError(f"study_questions.csv names the population {population_id!r}; give one of {[*POPULATIONS]}")
        population = POPULATIONS[population_id]
        is_in = self.respondents["respondent_group"].isin(population.groups).to_numpy()
        if population.uses_ai:
            is_in = is_in & self.respondents["uses_ai"].to_numpy(bool)
        if population.gain != "any":
            is_in = is_in & ~np.isnan(self.gain)
        positions = np.flatnonzero(is_in)
        weights = self.weights.matrix[:, positions]
        weights = weights * gain_mask(population, self.gain[positions], weights)
        countries = self.respondents["country_code"].iloc[positions].dropna().unique()
        return Domain(population, positions, weights, ", ".join(sorted(countries)))


def gain_mask(population: Population, gain: Floats, weights: Floats) -> Flags:
    """Which respondents' gain is as the population asks, for every row of `weights`."""
    if population.gain == "any":
        return np.ones(weights.shape, bool)
    if population.gain == "above_zero":
        return np.broadcast_to(gain > 0, weights.shape)
    is_top = gain >= weighted_quantile(gain, weights, TOP_QUARTILE)[:, None]
    return is_top if population.gain == "top_quartile" else ~is_top


def waves_of(rows: pd.DataFrame, replicates: int) -> Iterator[tuple[Wave, pd.DataFrame]]:
    """Each wave with its rows; rows hold wave_month, respondent_id and RESPONDENT_COLUMNS."""
    for month, of_wave in rows.groupby("wave_month", sort=True):
        respondents = of_wave.drop_duplicates("respondent_id").sort_values("respondent_id", ignore_index=True)
        yield Wave(pd.Timestamp(str(month)), respondents, wave_weights(respondents, replicates)), of_wave


def questions_asked(rows: pd.DataFrame, replicates: int) -> Iterator[tuple[Wave, Question]]:
    """Every wave, the first one first, with each of its questions; rows are those of int_study_answers."""
    for wave, of_wave in waves_of(rows, replicates):
        yield from ((wave, question) for question in _questions_of(wave, of_wave))


def _questions_of(wave: Wave, rows: pd.DataFrame) -> Iterator[Question]:
    """The questions of a wave; rows hold respondent_id, question_id, wording_version and QUESTION_COLUMNS."""
    ids = wave.respondents["respondent_id"]
    for (question_id, wording), asked in rows.groupby(["question_id", "wording_version"], sort=True):
        first, answers = asked.iloc[0], asked.set_index("respondent_id").reindex(ids)
        comparison = tuple(str(first["comparison"]).split(":"))
        yield Question(
            question_id=str(question_id),
            wording_version=str(wording),
            response_kind=str(first["response_kind"]),
            populations=[name for name in str(first["populations"]).split("|") if name],
            comparison=(comparison[0], comparison[1]) if len(comparison) == 2 else None,
            measures=str(first["measures"]).split("|"),
            findings=[name for name in str(first["findings"]).split("|") if name],
            counted=answers["counted"].fillna("").to_numpy(object),
            value=answers["answer_value"].to_numpy(float, na_value=np.nan),
        )
