"""Findings of one population beside those of another: difference, risk ratio, and which hold over the whole list."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from dagster_project.statistics.core.estimates import CONFIDENCE, Statistic
from dagster_project.statistics.survey.replicated_shares import (
    difference_interval,
    difference_p,
    estimates_frame,
    risk_ratio_interval,
    rounded,
)
from dagster_project.statistics.survey.wave import (
    ANSWER_INPUTS,
    ANSWER_KEYS,
    REPLICATES_BY,
    Question,
    Wave,
    questions_asked,
)
from dagster_project.statistics.survey.weighting import REPLICATES

METHOD = "t and log-scale intervals from Rao-Wu bootstrap replicates; Holm over the findings of the two populations"
HIGHER, LOWER, NO_DIFFERENCE = "higher", "lower", "not distinguishable"
PAIR = ["wave_month", "population_id", "reference_population_id"]
KEYS = [*PAIR, "question_id", "wording_version", "measure"]
COLUMNS = [
    *KEYS,
    "population",
    "reference_population",
    "countries",
    "respondent_count",
    "effective_respondent_count",
    "answer_share",
    "reference_respondent_count",
    "effective_reference_respondent_count",
    "reference_share",
    "difference_points",
    "difference_points_low",
    "difference_points_high",
    "risk_ratio",
    "risk_ratio_low",
    "risk_ratio_high",
    "p_value",
    "adjusted_p_value",
    "verdict",
    "weighting",
    "method",
]


def study_comparisons(rows: pd.DataFrame, replicates: int = REPLICATES) -> pd.DataFrame:
    """COLUMNS from int_study_answers; difference in percentage points, verdict higher, lower or not distinguishable."""
    made = [
        row
        for wave, question in questions_asked(rows, replicates)
        if question.comparison
        for row in _question_rows(wave, question, *question.comparison)
    ]
    return _with_verdicts(estimates_frame(made, COLUMNS))


def _question_rows(
    wave: Wave, question: Question, population_id: str, reference_id: str
) -> Iterator[dict[str, object]]:
    domain, reference = wave.domain(population_id), wave.domain(reference_id)
    for measure in question.findings:
        share, other = question.share(measure, domain), question.share(measure, reference)
        if not (share.n and other.n):
            continue
        difference = tuple(100 * limit for limit in difference_interval(share, other))
        yield {
            "wave_month": wave.wave_month,
            "population_id": population_id,
            "reference_population_id": reference_id,
            "question_id": question.question_id,
            "wording_version": question.wording_version,
            "measure": measure,
            "population": domain.population.label,
            "reference_population": reference.population.label,
            "countries": domain.countries,
            "respondent_count": share.n,
            "effective_respondent_count": round(share.effective_n, 1),
            "answer_share": round(share.share, 6),
            "reference_respondent_count": other.n,
            "effective_reference_respondent_count": round(other.effective_n, 1),
            "reference_share": round(other.share, 6),
            **rounded("difference_points", (difference[0], difference[1], difference[2])),
            **rounded("risk_ratio", risk_ratio_interval(share, other)),
            "p_value": difference_p(share, other),
            "weighting": wave.weights.words,
            "method": METHOD,
        }


def _with_verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """adjusted_p_value and verdict: Holm (1979) over the findings of a wave and pair of populations."""
    rows = rows.assign(adjusted_p_value=holm(rows))
    is_found = (rows["adjusted_p_value"] < 1 - CONFIDENCE).fillna(False).to_numpy(bool)
    is_above = (rows["difference_points"] > 0).fillna(False).to_numpy(bool)
    verdict = np.where(is_found, np.where(is_above, HIGHER, LOWER), NO_DIFFERENCE)
    return rows.assign(verdict=pd.Series(verdict, index=rows.index, dtype="str"))


def holm(rows: pd.DataFrame) -> pd.Series:
    """Adjusted p-values within each family PAIR, rounded to 6 digits."""
    adjusted = pd.Series(index=rows.index, dtype="Float64")
    for _, family in rows.groupby(PAIR):
        adjusted[family.index] = multipletests(family["p_value"].astype(float), method="holm")[1]
    return adjusted.round(6)


STATISTICS = [
    Statistic(
        id="study_group_comparisons",
        definition="Share of one population of the worker study beside that of another: difference in percentage "
        "points and ratio of the shares (a risk ratio, not an odds ratio).",
        unit="percentage points; ratio",
        method=METHOD,
        counts_table="int_study_answers",
        keys=ANSWER_KEYS,
        inputs=ANSWER_INPUTS,
        function=study_comparisons,
        mart="study_group_comparisons",
        library=f"{REPLICATES_BY}; statsmodels.stats.multitest.multipletests",
        grain=KEYS,
    ),
]
