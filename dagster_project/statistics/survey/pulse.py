"""The pulse survey: ranks of answers, diffusion index, changes between waves that asked in the same words."""

import zlib
from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pandas as pd
from scipy import stats

from dagster_project.statistics.core.estimates import Floats, Statistic, numbers, proportion_interval
from dagster_project.statistics.core.multiplicity import rank_intervals
from dagster_project.statistics.core.replicates import ReplicateCounts
from dagster_project.statistics.survey.replicated_shares import (
    DIGITS,
    NO_ESTIMATE,
    QUANTILE,
    Estimate,
    estimates_frame,
    rounded,
)
from dagster_project.statistics.survey.weighting import (
    GIVEN,
    INPUTS,
    KEYS,
    NO_WEIGHTS,
    Asked,
    asked_questions,
    kish_effective,
    partial_weights,
    weighted_mean,
)

METHOD_SHARES = "Wilson at Kish's effective n, respondents taken as independent"
ANSWER_KEYS = ["wave_month", "question_id", "wording_version", "answer"]
WEIGHT_SUMS = [
    "respondent_count",
    "weighted_respondent_count",
    "answer_weight",
    "respondent_weight",
    "respondent_weight_squares",
]
SHARE_COLUMNS = [
    *ANSWER_KEYS,
    "effective_respondent_count",
    "answer_share",
    "answer_share_low",
    "answer_share_high",
    "weighting",
    "method",
]


def pulse_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """SHARE_COLUMNS from int_pulse_answer_counts, for every option of the questionnaire, chosen or not.

    Raises CountsError where a wave gives some respondents a weight and others none.
    """
    asked, weighted, chosen, total, squares = (numbers(counts, name, "int_pulse_answer_counts") for name in WEIGHT_SUMS)
    is_partial = (weighted > 0) & (weighted < asked)
    if is_partial.any():
        raise partial_weights(counts["wave_month"][is_partial].iloc[0])
    effective = total**2 / squares
    share, low, high = proportion_interval(chosen, total, effective)
    columns = {"answer_share": share, "answer_share_low": low, "answer_share_high": high}
    estimates = counts[ANSWER_KEYS].assign(
        effective_respondent_count=np.round(effective, 1),
        **{name: np.round(values, DIGITS) for name, values in columns.items()},
        weighting=np.where(weighted > 0, GIVEN, NO_WEIGHTS),
        method=METHOD_SHARES,
    )
    rows = [{str(name): value for name, value in row.items()} for row in estimates.to_dict("records")]
    return estimates_frame(rows, SHARE_COLUMNS)


GROUPS = 40
METHOD_RANKS = (
    "Wilson at Kish's effective n; simultaneous rank intervals from pairwise differences, Holm, jackknife of 40 groups"
)
RANK_COLUMNS = [
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
    """RANK_COLUMNS from int_pulse_responses, for answers that somebody gave; rank_low is the best rank, 1 the first."""
    return estimates_frame([row for asked in asked_questions(responses) for row in _rank_rows(asked)], RANK_COLUMNS)


def _rank_rows(asked: Asked) -> Iterator[dict[str, object]]:
    _, best, worst = rank_intervals(grouped_counts(asked))
    shares = np.round([asked.share(answer)[0] for answer in asked.answers], DIGITS)
    for place, (answer, share) in enumerate(zip(asked.answers, shares, strict=True)):
        _, low, high = proportion_interval([share], [1.0], [asked.effective_n])
        yield {
            **asked.key(),
            "answer": answer,
            "respondent_count": len(asked.weights),
            "effective_respondent_count": round(asked.effective_n, 1),
            **rounded("answer_share", (float(share), float(low[0]), float(high[0]))),
            # by the shares as published: answers of one share have one rank
            "answer_rank": 1 + int((shares > share).sum()),
            "answer_rank_low": int(best[place]),
            "answer_rank_high": int(worst[place]),
            "weighting": asked.weighting,
            "method": METHOD_RANKS,
        }


def grouped_counts(asked: Asked) -> ReplicateCounts:
    """Answers by respondent group, weighted and scaled so that they add up to the effective number of respondents."""
    group = np.array([zlib.crc32(str(respondent).encode()) % GROUPS for respondent in asked.respondent_ids])
    weights = asked.weights * asked.effective_n / asked.weights.sum()
    counts = np.zeros((len(asked.answers), GROUPS))
    np.add.at(counts.T, group, asked.chosen * weights[:, None])
    return ReplicateCounts(counts)


POINTS = {"up": 100.0, "same": 50.0, "down": 0.0}
METHOD_DIFFUSION = "100 x share up + 50 x share the same, of those who gave a direction; t, linearised variance"
DIFFUSION_COLUMNS = [
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
    """DIFFUSION_COLUMNS from int_pulse_responses, for questions whose options have a direction; index 0 to 100."""
    return estimates_frame(
        [row for asked in asked_questions(responses) for row in _diffusion_row(asked)], DIFFUSION_COLUMNS
    )


def _diffusion_row(asked: Asked) -> Iterator[dict[str, object]]:
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
        "method": METHOD_DIFFUSION,
    }


COMPARED, WORDING_CHANGED, NO_EARLIER = "compared", "wording changed", "no earlier wave"
METHOD_CHANGES = "difference of weighted shares; t, linearised variance with a respondent of both waves as one cluster"
CHANGE_COLUMNS = [
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
    """CHANGE_COLUMNS from int_pulse_responses, change in percentage points; only rows that are `compared` have one."""
    made: list[dict[str, object]] = []
    for _, waves in groupby(asked_questions(responses), key=lambda asked: asked.question_id):
        base: Asked | None = None
        for asked in waves:
            made.extend(_change_rows(asked, base))
            base = asked
    return estimates_frame(made, CHANGE_COLUMNS)


def _change_rows(asked: Asked, base: Asked | None) -> Iterator[dict[str, object]]:
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
            "method": METHOD_CHANGES,
        }


def wave_status(asked: Asked, base: Asked | None) -> str:
    """Whether two waves can be compared, and if not, why."""
    if base is None:
        return NO_EARLIER
    return COMPARED if asked.wording_version == base.wording_version else WORDING_CHANGED


def change(asked: Asked, base: Asked, answer: str) -> Estimate:
    """Share less base share in percentage points; of the shares as published, so that a reader finds the same."""
    share, parts = asked.share(answer)
    base_share, base_parts = base.share(answer)
    by_respondent = _by_respondent(asked, parts).sub(_by_respondent(base, base_parts), fill_value=0.0)
    n = len(by_respondent)
    if n < 2:
        return NO_ESTIMATE
    error = float(np.sqrt(n / (n - 1) * (by_respondent**2).sum()))
    width = 100 * float(stats.t.ppf(QUANTILE, n - 1)) * error
    difference = 100 * (round(share, DIGITS) - round(base_share, DIGITS))
    return difference, max(difference - width, -100.0), min(difference + width, 100.0)


def _by_respondent(asked: Asked, parts: Floats) -> pd.Series:
    return pd.Series(parts, index=asked.respondent_ids)


STATISTICS = [
    Statistic(
        id="pulse_shares",
        definition="Weighted share of the respondents of a question, in a wave and wording, who gave an answer; a "
        "respondent weighs 1 in a survey without weights.",
        unit="fraction of 1",
        method=METHOD_SHARES,
        counts_table="int_pulse_answer_counts",
        keys=ANSWER_KEYS,
        inputs=WEIGHT_SUMS,
        function=pulse_shares,
        mart="pulse_answer_shares",
        library="statsmodels.stats.proportion.proportion_confint",
    ),
    Statistic(
        id="pulse_ranks",
        definition="Weighted share of the respondents of a wave who gave an answer, its rank among the answers of the "
        "question, and the ranks that the data allow, for all answers at once.",
        unit="fraction of 1; rank",
        method=METHOD_RANKS,
        counts_table="int_pulse_responses",
        keys=KEYS,
        inputs=INPUTS,
        function=pulse_ranks,
        mart="pulse_answer_ranks",
        library="statsmodels.stats.proportion.proportion_confint, statsmodels.stats.multitest.multipletests",
        grain=ANSWER_KEYS,
    ),
    Statistic(
        id="pulse_diffusion",
        definition="100 times the share that expects more plus 50 times the share that expects the same, of those who "
        "gave a direction: 50 where as many point up as down.",
        unit="index from 0 to 100",
        method=METHOD_DIFFUSION,
        counts_table="int_pulse_responses",
        keys=KEYS,
        inputs=INPUTS,
        function=pulse_diffusion,
        mart="pulse_diffusion_indexes",
        library="scipy.stats.t",
        grain=["wave_month", "question_id", "wording_version"],
    ),
    Statistic(
        id="pulse_changes",
        definition="Weighted share of an answer less its share in the wave before, only where both waves asked in the "
        "same wording.",
        unit="percentage points",
        method=METHOD_CHANGES,
        counts_table="int_pulse_responses",
        keys=KEYS,
        inputs=INPUTS,
        function=pulse_changes,
        mart="pulse_wave_changes",
        library="scipy.stats.t",
        grain=ANSWER_KEYS,
    ),
]
