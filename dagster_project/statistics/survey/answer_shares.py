"""Shares of answers: for every question, population and measure, an option or a cut of a scale."""

from collections.abc import Iterator

import pandas as pd

from dagster_project.statistics.survey.frames import estimates_frame, rounded
from dagster_project.statistics.survey.replicated_shares import replicated_share, share_interval
from dagster_project.statistics.survey.wave import Question, Wave, questions_of, waves_of
from dagster_project.statistics.survey.weighting import REPLICATES

METHOD = "Wilson, effective n from Rao-Wu bootstrap replicates within groups; a top quartile cut anew in each"
KEYS = ["wave_month", "question_id", "wording_version", "measure", "population_id"]
COLUMNS = [
    *KEYS,
    "population",
    "countries",
    "answer_count",
    "respondent_count",
    "effective_respondent_count",
    "answer_share",
    "answer_share_low",
    "answer_share_high",
    "weighting",
    "method",
]


def study_shares(rows: pd.DataFrame, replicates: int = REPLICATES) -> pd.DataFrame:
    """COLUMNS from int_study_answers; shares are fractions of 1, empty where nobody of the population answered."""
    made = [
        row
        for wave, of_wave in waves_of(rows, replicates)
        for question in questions_of(wave, of_wave)
        if question.response_kind != "numeric"
        for row in _question_rows(wave, question)
    ]
    return estimates_frame(made, COLUMNS)


def _question_rows(wave: Wave, question: Question) -> Iterator[dict[str, object]]:
    for population_id in question.populations:
        domain = wave.domain(population_id)
        is_answered = question.is_answered[domain.positions]
        for measure in question.measures:
            is_counted = question.counts_in(measure)[domain.positions]
            share = replicated_share(domain.weights, is_answered, is_counted)
            yield {
                "wave_month": wave.wave_month,
                "question_id": question.question_id,
                "wording_version": question.wording_version,
                "measure": measure,
                "population_id": population_id,
                "population": domain.population.label,
                "countries": domain.countries,
                "answer_count": share.count,
                "respondent_count": share.n,
                "effective_respondent_count": round(share.effective_n, 1),
                **rounded("answer_share", share_interval(share)),
                "weighting": wave.weights.words,
                "method": METHOD,
            }
