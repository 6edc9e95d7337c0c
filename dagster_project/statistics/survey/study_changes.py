"""What changed from one wave of the worker study to the next, only between waves that asked in the same words."""

from collections.abc import Iterator

import pandas as pd

from dagster_project.statistics.core.estimates import Statistic
from dagster_project.statistics.survey.pulse import COMPARED, NO_EARLIER, WORDING_CHANGED
from dagster_project.statistics.survey.replicated_shares import (
    NO_ESTIMATE,
    Estimate,
    ReplicatedShare,
    estimates_frame,
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

METHOD = "difference of weighted shares; t, variances of Rao-Wu bootstrap replicates of two independent samples"
NOBODY = "nobody answered"
KEYS = ["wave_month", "question_id", "wording_version", "measure", "population_id"]
COLUMNS = [
    *KEYS,
    "population",
    "base_wave_month",
    "base_wording_version",
    "respondent_count",
    "base_respondent_count",
    "answer_share",
    "base_share",
    "change_points",
    "change_points_low",
    "change_points_high",
    "status",
    "method",
]
Asked = tuple[Wave, Question]


def study_changes(rows: pd.DataFrame, replicates: int = REPLICATES) -> pd.DataFrame:
    """COLUMNS from int_study_answers, a row a finding and population; only rows that are `compared` have a change.

    The wave before is the last one that asked the question; a finding that it did not count has no change either.
    """
    made: list[dict[str, object]] = []
    before: dict[str, Asked] = {}
    for wave, question in questions_asked(rows, replicates):
        if question.response_kind == "numeric":
            continue
        made.extend(_rows((wave, question), before.get(question.question_id)))
        before[question.question_id] = (wave, question)
    return estimates_frame(made, COLUMNS)


def _rows(asked: Asked, base: Asked | None) -> Iterator[dict[str, object]]:
    wave, question = asked
    for population_id in question.populations:
        for measure in question.findings:
            share = question.share(measure, wave.domain(population_id))
            status, other = _base_share(asked, base, population_id, measure)
            if other is not None and not (share.n and other.n):
                status, other = NOBODY, None
            yield {
                "wave_month": wave.wave_month,
                "question_id": question.question_id,
                "wording_version": question.wording_version,
                "measure": measure,
                "population_id": population_id,
                "population": wave.domain(population_id).population.label,
                "base_wave_month": base[0].wave_month if base else None,
                "base_wording_version": base[1].wording_version if base else None,
                "respondent_count": share.n,
                "base_respondent_count": other.n if other else None,
                "answer_share": round(share.share, 6) if share.n else None,
                "base_share": round(other.share, 6) if other else None,
                **rounded("change_points", change(share, other) if other else NO_ESTIMATE),
                "status": status,
                "method": METHOD,
            }


def _base_share(
    asked: Asked, base: Asked | None, population_id: str, measure: str
) -> tuple[str, ReplicatedShare | None]:
    """Whether the wave before can be compared, and its share where it can."""
    if base is None or population_id not in base[1].populations:
        return NO_EARLIER, None
    if base[1].wording_version != asked[1].wording_version or measure not in base[1].findings:
        return WORDING_CHANGED, None
    wave, question = base
    return COMPARED, question.share(measure, wave.domain(population_id))


def change(share: ReplicatedShare, base: ReplicatedShare) -> Estimate:
    """Share less base share in percentage points: other respondents answered, so that the variances add up."""
    difference = share.share - base.share
    width = max(share.t, base.t) * (share.variance + base.variance) ** 0.5
    return 100 * difference, 100 * max(difference - width, -1.0), 100 * min(difference + width, 1.0)


STATISTICS = [
    Statistic(
        id="study_changes",
        definition="Share of a finding in a population of the worker study less its share in the wave before that "
        "asked the question, only where both asked in the same wording.",
        unit="percentage points",
        method=METHOD,
        counts_table="int_study_answers",
        keys=ANSWER_KEYS,
        inputs=ANSWER_INPUTS,
        function=study_changes,
        mart="study_wave_changes",
        library=f"{REPLICATES_BY}; scipy.stats.t",
        grain=KEYS,
    ),
]
