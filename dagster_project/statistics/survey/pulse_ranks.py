"""Which answer of a pulse question comes first: weighted shares, ranks and the ranks that the data do not rule out."""

import zlib
from collections.abc import Iterator

import numpy as np
import pandas as pd

from dagster_project.statistics.core.proportions import proportion_interval
from dagster_project.statistics.core.rank_intervals import rank_intervals
from dagster_project.statistics.core.replicates import ReplicateCounts
from dagster_project.statistics.survey.frames import estimates_frame, rounded
from dagster_project.statistics.survey.pulse_waves import Asked, asked_questions

GROUPS = 40
METHOD = (
    "Wilson at Kish's effective n; simultaneous rank intervals from pairwise differences, Holm, jackknife of 40 groups"
)
COLUMNS = [
    "wave_month",
    "question_id",
    "wording_version",
    "answer",
    "respondent_count",
    "effective_respondent_count",
    "answer_share",
    "answer_share_low",
    "answer_share_high",
    "answer_rank",
    "answer_rank_low",
    "answer_rank_high",
    "weighting",
    "method",
]


def pulse_ranks(responses: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS from int_pulse_responses, for the answers that somebody gave; rank_low is the best rank, 1 the first."""
    return estimates_frame([row for asked in asked_questions(responses) for row in _rows(asked)], COLUMNS)


def _rows(asked: Asked) -> Iterator[dict[str, object]]:
    rank, best, worst = rank_intervals(grouped_counts(asked))
    for place, answer in enumerate(asked.answers):
        share, _ = asked.share(answer)
        _, low, high = proportion_interval([share], [1.0], [asked.effective_n])
        yield {
            **asked.key(),
            "answer": answer,
            "respondent_count": len(asked.weights),
            "effective_respondent_count": round(asked.effective_n, 1),
            **rounded("answer_share", (share, float(low[0]), float(high[0]))),
            "answer_rank": int(rank[place]),
            "answer_rank_low": int(best[place]),
            "answer_rank_high": int(worst[place]),
            "weighting": asked.weighting,
            "method": METHOD,
        }


def grouped_counts(asked: Asked) -> ReplicateCounts:
    """Answers by respondent group, weighted and scaled so that they add up to the effective number of respondents."""
    group = np.array([zlib.crc32(str(respondent).encode()) % GROUPS for respondent in asked.respondent_ids])
    weights = asked.weights * asked.effective_n / asked.weights.sum()
    counts = np.zeros((len(asked.answers), GROUPS))
    np.add.at(counts.T, group, asked.chosen * weights[:, None])
    return ReplicateCounts(counts)
