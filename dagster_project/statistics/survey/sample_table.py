"""Who answered: the sample by group, country, generation and gender, one and two at a time."""

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from dagster_project.statistics.core.estimates import Statistic
from dagster_project.statistics.survey.replicated_shares import estimates_frame
from dagster_project.statistics.survey.wave import RESPONDENT_COLUMNS, RESPONDENT_KEYS, Wave, waves_of
from dagster_project.statistics.survey.weighting import kish_effective

DIMENSIONS = {"group": "respondent_group", "country": "country_code", "generation": "generation", "gender": "gender"}
ALL, NOT_GIVEN = "all", "not given"
METHOD = "counts; effective n = (sum of weights)^2 / sum of squared weights, design effect = n / effective n (Kish)"
KEYS = ["wave_month", "dimension", "level", "second_dimension", "second_level"]
COLUMNS = [
    *KEYS,
    "respondent_count",
    "effective_respondent_count",
    "design_effect",
    "sample_share",
    "weighted_share",
    "weighting",
    "method",
]


def study_sample(respondents: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS from int_study_respondents; second_dimension is `all` in one-way rows, both in the row of everyone."""
    made = [row for wave, _ in waves_of(respondents, replicates=2) for row in _wave_rows(wave)]
    return estimates_frame(made, COLUMNS)


def _wave_rows(wave: Wave) -> Iterator[dict[str, object]]:
    facts = wave.respondents[list(DIMENSIONS.values())].fillna(NOT_GIVEN).assign(**{ALL: ALL})
    pairs = [(ALL, ALL), *((name, ALL) for name in DIMENSIONS), *combinations(DIMENSIONS, 2)]
    weights = wave.weights.matrix[0]
    for dimension, second in pairs:
        columns = [DIMENSIONS.get(dimension, ALL), DIMENSIONS.get(second, ALL)]
        cells = facts[columns[0]] + "\t" + facts[columns[1]]
        for cell, of_cell in facts.groupby(cells, sort=True):
            level, second_level = str(cell).split("\t")
            own = weights[of_cell.index]
            effective = kish_effective(own)
            yield {
                "wave_month": wave.wave_month,
                "dimension": dimension,
                "level": level,
                "second_dimension": second,
                "second_level": second_level,
                "respondent_count": len(of_cell),
                "effective_respondent_count": round(effective, 1),
                "design_effect": round(len(of_cell) / effective, 4),
                "sample_share": round(len(of_cell) / len(facts), 6),
                "weighted_share": round(float(own.sum() / weights.sum()), 6),
                "weighting": wave.weights.words,
                "method": METHOD,
            }


STATISTICS = [
    Statistic(
        id="study_sample",
        definition="Eligible respondents of the worker study by group, country, generation and gender, one and two at "
        "a time, with their part of the sample and of the weights.",
        unit="respondents; fraction of 1",
        method=METHOD,
        counts_table="int_study_respondents",
        keys=RESPONDENT_KEYS,
        inputs=list(RESPONDENT_COLUMNS),
        function=study_sample,
        mart="study_sample",
        library="svy.Sample.weighting.rake",
        grain=KEYS,
    ),
]
