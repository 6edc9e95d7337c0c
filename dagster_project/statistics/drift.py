"""Whether a month's candidates look to their model as those of the months before did, and what that could do."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance
from statsmodels.stats.proportion import confint_proportions_2indep

from dagster_project.statistics.core.estimates import CONFIDENCE, CountsError, Share, Statistic, share_columns

Counts = NDArray[np.int64]
DRAWS = 499
SEED = 2025


def score_shift(month: Counts, reference: Counts) -> float:
    """Wasserstein distance (scipy) between the bins' centres: how far probability moved.

    0 for equal shapes, nearly 1 when all scores moved from the first bin to the last; never below the change of the
    mean probability, up to the binning.
    """
    centres = (np.arange(len(month)) + 0.5) / len(month)
    return float(wasserstein_distance(centres, centres, month, reference))


def shift_p(month: Counts, reference: Counts, seed: int = SEED) -> float:
    """Permutation p of `score_shift`: the part of random splits of the pooled posts that shift at least as much.

    A split of pooled counts is a multivariate hypergeometric draw, so posts need not be shuffled one by one. The
    observed split counts as one of them (Phipson and Smyth 2010).
    """
    pooled = month + reference
    draws = np.random.default_rng(seed).multivariate_hypergeometric(pooled, int(month.sum()), DRAWS, "marginals")
    shares, others = draws / month.sum(), (pooled - draws) / reference.sum()
    shifts = np.abs(np.cumsum(shares - others, axis=1))[:, :-1].sum(axis=1) / len(month)
    return float((1 + (shifts >= score_shift(month, reference) - 1e-12).sum()) / (DRAWS + 1))


REFERENCE_MONTHS = 12
SMALLEST_REFERENCE = 100
LIMIT_POINTS = 0.5
LIMIT_PART = 0.1
CHANCE = 0.05
METHOD_DRIFT = (
    "doubtful share against the twelve months before (Newcombe interval of a difference), times candidates over posts; "
    "Wasserstein distance of scores with permutation p"
)
KEYS = ["posted_month", "technology"]
UNSEEN = Share("unseen_token_rate", "unseen_token_count", "token_count", "unseen")
INPUTS = [
    "model_version",
    "post_count",
    "candidate_count",
    "classified_count",
    "score_counts",
    "sampled_count",
    "doubtful_count",
    *UNSEEN.columns,
    "held_out_token_count",
    "held_out_unseen_token_count",
]
FLOATS = [
    *("held_out_unseen_token_rate", "reference_unseen_token_rate", "doubtful_share", "reference_doubtful_share"),
    *("score_shift", "score_shift_p", "limit_points"),
    *("possible_share_points", "possible_share_points_low", "possible_share_points_high"),
]


def doubt_points(
    doubtful: int, sampled: int, reference_doubtful: int, reference_sampled: int, candidate_rate: float
) -> tuple[float, float, float]:
    """Points of penetration, low and high of the 95 % interval, that rest on verdicts in doubt beyond the usual.

    Excess of the doubtful share over the reference's (Newcombe 1998, method 10), never below 0, times candidates over
    posts: what the share would move by if all these verdicts were wrong in one direction.
    """
    low, high = confint_proportions_2indep(
        doubtful, sampled, reference_doubtful, reference_sampled, method="newcomb", alpha=1 - CONFIDENCE
    )
    excess = doubtful / sampled - reference_doubtful / reference_sampled
    low_points, points, high_points = (100 * candidate_rate * max(0.0, value) for value in (low, excess, high))
    return points, low_points, high_points


def monthly_drift(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """One row a month and technology: unseen words, doubt and scores beside the reference's, points and limit.

    counts: columns KEYS and INPUTS of intermediate.int_monthly_drift_counts. Where there is no candidate or no
    reference nothing is compared: the columns are null, needs_labels is false and reason says why.
    """
    unseen = share_columns(counts, UNSEEN, table)
    low = unseen["unseen_token_rate_low"]
    frame = counts.assign(posted_month=pd.to_datetime(counts["posted_month"]), unseen_token_rate_low=low)
    _check_bins(frame, table)
    rows = [_compared(row, _reference(frame, row)) for _, row in frame.iterrows()]
    columns = pd.DataFrame(rows, index=counts.index, columns=[*FLOATS, "needs_labels", "reason"])
    columns = columns.astype(dict.fromkeys(FLOATS, "Float64") | {"needs_labels": "bool", "reason": "str"})
    columns[FLOATS] = columns[FLOATS].round(6)
    method = pd.Series(METHOD_DRIFT, index=counts.index, dtype="str")
    return pd.concat([counts[KEYS], unseen, columns], axis=1).assign(method=method)


def _check_bins(frame: pd.DataFrame, table: str) -> None:
    counted = frame["score_counts"].map(sum)
    wrong = frame[counted.ne(frame["candidate_count"])]
    if not wrong.empty:
        row = wrong.iloc[0]
        where = f"{row['technology']} {row['posted_month']:%Y-%m}"
        raise CountsError(
            f"{table}.score_counts: {where} counts {sum(row['score_counts'])} scores of {row['candidate_count']} "
            "candidates; score the month again"
        )


def _reference(frame: pd.DataFrame, row: pd.Series) -> pd.DataFrame:
    """Months of the same technology and model in the REFERENCE_MONTHS before the row's month."""
    start = row["posted_month"] - pd.DateOffset(months=REFERENCE_MONTHS)
    same = frame["technology"].eq(row["technology"]) & frame["model_version"].eq(row["model_version"])
    return frame[same & frame["posted_month"].between(start, row["posted_month"], inclusive="left")]


def _compared(row: pd.Series, reference: pd.DataFrame) -> dict[str, Any]:
    held_out = _rate(row["held_out_unseen_token_count"], row["held_out_token_count"])
    known: dict[str, Any] = {"held_out_unseen_token_rate": held_out, "needs_labels": False}
    if row["candidate_count"] == 0:
        return known | {"reason": "no candidates in the month"}
    known["doubtful_share"] = row["doubtful_count"] / row["sampled_count"]
    if reference["sampled_count"].sum() < SMALLEST_REFERENCE:
        return known | {
            "reason": f"no reference yet: fewer than {SMALLEST_REFERENCE} candidates of this model in the "
            f"{REFERENCE_MONTHS} months before"
        }
    compared = known | _comparison(row, reference)
    is_over = compared["possible_share_points_low"] > compared["limit_points"]
    needs_labels = bool(is_over and _has_moved(row, compared))
    reason = _request(row, compared) if needs_labels else "within the limit or within chance"
    return compared | {"needs_labels": needs_labels, "reason": reason}


def _comparison(row: pd.Series, reference: pd.DataFrame) -> dict[str, Any]:
    pooled = reference[["doubtful_count", "sampled_count", "unseen_token_count", "token_count"]].sum()
    scores = np.asarray(row["score_counts"], np.int64)
    reference_scores = np.sum(np.stack([np.asarray(bins, np.int64) for bins in reference["score_counts"]]), axis=0)
    points, low, high = doubt_points(
        row["doubtful_count"],
        row["sampled_count"],
        pooled["doubtful_count"],
        pooled["sampled_count"],
        row["candidate_count"] / row["post_count"],
    )
    return {
        "reference_unseen_token_rate": _rate(pooled["unseen_token_count"], pooled["token_count"]),
        "reference_doubtful_share": pooled["doubtful_count"] / pooled["sampled_count"],
        "score_shift": score_shift(scores, reference_scores),
        "score_shift_p": shift_p(scores, reference_scores),
        "limit_points": min(LIMIT_POINTS, LIMIT_PART * 100 * row["classified_count"] / row["post_count"]),
        "possible_share_points": points,
        "possible_share_points_low": low,
        "possible_share_points_high": high,
    }


def _has_moved(row: pd.Series, compared: dict[str, Any]) -> bool:
    """Whether words or scores moved beyond chance too: among some forty rows a year doubt alone is over by chance."""
    has_new_words = row["token_count"] > 0 and row["unseen_token_rate_low"] > compared["reference_unseen_token_rate"]
    return bool(has_new_words or compared["score_shift_p"] <= CHANCE)


def _request(row: pd.Series, compared: dict[str, Any]) -> str:
    """The sentence that asks for labels: technology, month, points, what changed, the command."""
    month = f"{row['posted_month']:%Y-%m}"
    return (
        f"up to {compared['possible_share_points']:.2f} points of the {row['technology']} share of {month} rest on "
        f"verdicts in doubt beyond the usual ({100 * compared['doubtful_share']:.0f} % of candidates, "
        f"{100 * compared['reference_doubtful_share']:.0f} % before): label posts, make queue MONTH={month}"
    )


def _rate(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None


STATISTICS = [
    Statistic(
        id="classifier_drift",
        definition="Candidates of a month beside those that the same model scored in the twelve months before: words "
        "that the model does not know, verdicts in doubt, and the points of the technology's share that rest on doubt "
        "beyond the usual.",
        unit="fraction of 1; points of penetration",
        method=METHOD_DRIFT,
        counts_table="int_monthly_drift_counts",
        keys=KEYS,
        inputs=INPUTS,
        function=partial(monthly_drift, table="int_monthly_drift_counts"),
        mart="monthly_classifier_drift",
        library="statsmodels.stats.proportion.confint_proportions_2indep, scipy.stats.wasserstein_distance",
    ),
]
