"""What changed from one pulse wave to the next, only between waves that asked in the same words."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pandas as pd
from scipy import stats

from dagster_project.statistics.survey.frames import estimates_frame, rounded
from dagster_project.statistics.survey.pulse_waves import Asked, Floats, asked_questions
from dagster_project.statistics.survey.replicated_shares import NO_ESTIMATE, QUANTILE, Estimate

COMPARED, WORDING_CHANGED, NO_EARLIER = "compared", "wording changed", "no earlier wave"
METHOD = "difference of weighted shares; t, linearised variance with a respondent of both waves as one cluster"
COLUMNS = [
    "wave_month",
    "question_id",
    "wording_version",
    "answer",
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


def pulse_changes(responses: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS from int_pulse_responses, change in percentage points; only rows that are `compared` have one."""
    made: list[dict[str, object]] = []
    for _, waves in groupby(asked_questions(responses), key=lambda asked: asked.question_id):
        base: Asked | None = None
        for asked in waves:
            made.extend(_rows(asked, base))
            base = asked
    return estimates_frame(made, COLUMNS)


def _rows(asked: Asked, base: Asked | None) -> Iterator[dict[str, object]]:
    status = wave_status(asked, base)
    for answer in asked.answers:
        is_known = base is not None and status == COMPARED and answer in base.answers
        estimate = change(asked, base, answer) if base is not None and is_known else NO_ESTIMATE
        yield {
            **asked.key(),
            "answer": answer,
            "base_wave_month": base.wave_month if base else None,
            "base_wording_version": base.wording_version if base else None,
            "respondent_count": len(asked.weights),
            "base_respondent_count": len(base.weights) if base else None,
            "answer_share": round(asked.share(answer)[0], 6),
            "base_share": round(base.share(answer)[0], 6) if base is not None and is_known else None,
            **rounded("change_points", estimate),
            "status": status,
            "method": METHOD,
        }


def wave_status(asked: Asked, base: Asked | None) -> str:
    """Whether two waves can be compared, and if not, why."""
    if base is None:
        return NO_EARLIER
    return COMPARED if asked.wording_version == base.wording_version else WORDING_CHANGED


def change(asked: Asked, base: Asked, answer: str) -> Estimate:
    """Share less base share in percentage points."""
    share, parts = asked.share(answer)
    base_share, base_parts = base.share(answer)
    by_respondent = _by_respondent(asked, parts).sub(_by_respondent(base, base_parts), fill_value=0.0)
    n = len(by_respondent)
    if n < 2:
        return NO_ESTIMATE
    error = float(np.sqrt(n / (n - 1) * (by_respondent**2).sum()))
    width = 100 * float(stats.t.ppf(QUANTILE, n - 1)) * error
    difference = 100 * (share - base_share)
    return difference, max(difference - width, -100.0), min(difference + width, 100.0)


def _by_respondent(asked: Asked, parts: Floats) -> pd.Series:
    return pd.Series(parts, index=asked.respondent_ids)
