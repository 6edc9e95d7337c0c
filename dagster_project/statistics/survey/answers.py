"""Answers of the worker study: shares of options and cuts of a scale; means, quantiles and top group of numbers."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from dagster_project.statistics.core.estimates import Floats, Statistic, proportion_interval
from dagster_project.statistics.survey.replicated_shares import (
    NO_ESTIMATE,
    QUANTILE,
    Estimate,
    ReplicatedShare,
    estimates_frame,
    rounded,
    share_interval,
)
from dagster_project.statistics.survey.wave import (
    ANSWER_INPUTS,
    ANSWER_KEYS,
    REPLICATES_BY,
    TOP_QUARTILE,
    Question,
    Wave,
    questions_asked,
    weighted_quantile,
    winsorised,
)
from dagster_project.statistics.survey.weighting import REPLICATES, kish_effective

METHOD_SHARES = "Wilson, effective n from Rao-Wu bootstrap replicates within groups; a top quartile cut anew in each"
SHARE_KEYS = ["wave_month", "question_id", "wording_version", "measure", "population_id"]
SHARE_COLUMNS = [
    *SHARE_KEYS,
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
    """SHARE_COLUMNS from int_study_answers; fractions of 1, empty where nobody of the population answered."""
    made = [
        row
        for wave, question in questions_asked(rows, replicates)
        if question.response_kind != "numeric"
        for row in _share_rows(wave, question)
    ]
    return estimates_frame(made, SHARE_COLUMNS)


def _share_rows(wave: Wave, question: Question) -> Iterator[dict[str, object]]:
    for population_id in question.populations:
        domain = wave.domain(population_id)
        for measure in question.measures:
            share = question.share(measure, domain)
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
                "method": METHOD_SHARES,
            }


TAIL = 0.01
METHOD_MEAN = "t, Rao-Wu bootstrap replicates within groups"
METHOD_WINSORISED = f"{METHOD_MEAN}; winsorised at the lowest and the highest 1 %, anew in each"
METHOD_QUANTILE = "Woodruff: weighted quantiles at the Wilson limits of the level"
METHOD_TOP = "Wilson, effective n from Rao-Wu bootstrap replicates; the cut made anew in each"
NUMBER_KEYS = ["wave_month", "question_id", "wording_version", "population_id", "statistic"]
NUMBER_COLUMNS = [
    *NUMBER_KEYS,
    "population",
    "countries",
    "respondent_count",
    "effective_respondent_count",
    "estimate",
    "estimate_low",
    "estimate_high",
    "weighting",
    "method",
]


def study_numbers(rows: pd.DataFrame, replicates: int = REPLICATES) -> pd.DataFrame:
    """NUMBER_COLUMNS from int_study_answers: in the unit of the answer, top_group_share a fraction of 1."""
    made = [
        row
        for wave, question in questions_asked(rows, replicates)
        if question.response_kind == "numeric"
        for row in _number_rows(wave, question)
    ]
    return estimates_frame(made, NUMBER_COLUMNS)


def _number_rows(wave: Wave, question: Question) -> Iterator[dict[str, object]]:
    for population_id in question.populations:
        domain = wave.domain(population_id)
        values = question.value[domain.positions]
        is_given = ~np.isnan(values)
        weights = domain.weights[:, is_given]
        for statistic, (estimate, method) in number_estimates(values[is_given], weights).items():
            yield {
                "wave_month": wave.wave_month,
                "question_id": question.question_id,
                "wording_version": question.wording_version,
                "population_id": population_id,
                "statistic": statistic,
                "population": domain.population.label,
                "countries": domain.countries,
                "respondent_count": int((weights[0] > 0).sum()),
                "effective_respondent_count": round(kish_effective(weights[0]), 1),
                **rounded("estimate", estimate),
                "weighting": wave.weights.words,
                "method": method,
            }


def number_estimates(values: Floats, weights: Floats) -> dict[str, tuple[Estimate, str]]:
    """Every statistic of numeric answers with its method; values: (n,), weights: (replicates + 1, n)."""
    if not len(values):
        return {}
    drawn_in = winsorised(values, weights, TAIL)
    whole = np.broadcast_to(values, weights.shape)
    return {
        "mean": (_mean(whole, weights), METHOD_MEAN),
        "winsorised_mean": (_mean(drawn_in, weights), METHOD_WINSORISED),
        "median": (_quantile(values, weights[0], 0.5), METHOD_QUANTILE),
        "upper_quartile": (_quantile(values, weights[0], TOP_QUARTILE), METHOD_QUANTILE),
        "top_group_share": (share_interval(top_group(values, weights)), METHOD_TOP),
    }


def top_group(values: Floats, weights: Floats) -> ReplicatedShare:
    """The part of the respondents at or above the weighted upper quartile, above a quarter where answers heap."""
    is_top = values >= weighted_quantile(values, weights, TOP_QUARTILE)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (weights * is_top).sum(axis=1) / weights.sum(axis=1)
    return ReplicatedShare(value, len(values), int(is_top[0].sum()), kish_effective(weights[0]))


def _mean(values: Floats, weights: Floats) -> Estimate:
    """values and weights: (replicates + 1, n)."""
    n = values.shape[1]
    if n < 2:
        return NO_ESTIMATE
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (values * weights).sum(axis=1) / weights.sum(axis=1)
    error = float(np.sqrt((np.nan_to_num(means[1:] - means[0]) ** 2).mean()))
    width = float(stats.t.ppf(QUANTILE, n - 1)) * error
    return float(means[0]), float(means[0]) - width, float(means[0]) + width


def _quantile(values: Floats, weights: Floats, level: float) -> Estimate:
    """A quantile does not vary smoothly over heaped answers, so the limits are quantiles too (Woodruff 1952)."""
    _, low, high = proportion_interval([level], [1.0], [kish_effective(weights)])
    levels = np.array([level, low[0], high[0]])
    found = weighted_quantile(values, np.broadcast_to(weights, (3, len(values))), levels)
    return float(found[0]), float(found[1]), float(found[2])


STATISTICS = [
    Statistic(
        id="study_answer_shares",
        definition="Weighted share of a population of the worker study that gave an answer, or at least that answer of "
        "an ordered scale, among those of it who answered the question.",
        unit="fraction of 1",
        method=METHOD_SHARES,
        counts_table="int_study_answers",
        keys=ANSWER_KEYS,
        inputs=ANSWER_INPUTS,
        function=study_shares,
        mart="study_answer_shares",
        library=REPLICATES_BY,
        grain=SHARE_KEYS,
    ),
    Statistic(
        id="study_numeric_answers",
        definition="Weighted mean, mean winsorised at the lowest and highest 1 %, median and upper quartile of a "
        "numeric answer; top group: the part of the respondents at or above the weighted upper quartile.",
        unit="unit of the answer; fraction of 1",
        method=f"{METHOD_MEAN}; {METHOD_QUANTILE}",
        counts_table="int_study_answers",
        keys=ANSWER_KEYS,
        inputs=ANSWER_INPUTS,
        function=study_numbers,
        mart="study_numeric_answers",
        library=REPLICATES_BY,
        grain=NUMBER_KEYS,
    ),
]
