"""The diffusion index of a pulse question: which way businesses point, 50 when as many point up as down."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from dagster_project.statistics.survey.frames import estimates_frame, rounded
from dagster_project.statistics.survey.pulse_waves import Asked, asked_questions, weighted_mean
from dagster_project.statistics.survey.replicated_shares import QUANTILE
from dagster_project.statistics.survey.weighting import kish_effective

POINTS = {"up": 100.0, "same": 50.0, "down": 0.0}
METHOD = "100 x share up + 50 x share the same, of those who gave a direction; t, linearised variance"
COLUMNS = [
    "wave_month",
    "question_id",
    "wording_version",
    "respondent_count",
    "effective_respondent_count",
    "diffusion_index",
    "diffusion_index_low",
    "diffusion_index_high",
    "weighting",
    "method",
]


def pulse_diffusion(responses: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS from int_pulse_responses, for the questions whose options have a direction; index from 0 to 100."""
    return estimates_frame([row for asked in asked_questions(responses) for row in _row(asked)], COLUMNS)


def _row(asked: Asked) -> Iterator[dict[str, object]]:
    points = np.array([POINTS.get(direction, np.nan) for direction in asked.direction])
    has_direction = ~np.isnan(points)
    given = asked.chosen[:, has_direction]
    is_in = given.any(axis=1)
    n = int(is_in.sum())
    if n < 2:
        return
    weights = asked.weights[is_in]
    index, parts = weighted_mean((given[is_in] * points[has_direction]).sum(axis=1), weights)
    width = float(stats.t.ppf(QUANTILE, n - 1) * np.sqrt(n / (n - 1) * (parts**2).sum()))
    yield {
        **asked.key(),
        "respondent_count": n,
        "effective_respondent_count": round(kish_effective(weights), 1),
        **rounded("diffusion_index", (index, max(index - width, 0.0), min(index + width, 100.0))),
        "weighting": asked.weighting,
        "method": METHOD,
    }
