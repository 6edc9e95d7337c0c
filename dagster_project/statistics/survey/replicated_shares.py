"""Shares of a population with their replicates, what is computed from one or two of them, and rows to frames."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from dagster_project.statistics.core.estimates import CONFIDENCE, Floats, proportion_interval
from dagster_project.statistics.survey.weighting import kish_effective

Flags = NDArray[np.bool_]
Estimate = tuple[float, float, float]
"""Value, low and high of a 95 % interval; NaN where there is none."""
QUANTILE = (1 + CONFIDENCE) / 2
NO_ESTIMATE = (np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class ReplicatedShare:
    """value: (replicates + 1,) with the sample itself first; n and effective_n: respondents behind it; count: who."""

    value: Floats
    n: int
    count: int
    effective_n: float

    @property
    def share(self) -> float:
        return float(self.value[0])

    @property
    def deviations(self) -> Floats:
        """Replicates less the share itself; a replicate without any member deviates by nothing."""
        return np.nan_to_num(self.value[1:] - self.value[0])

    @property
    def variance(self) -> float:
        return covariance(self, self)

    @property
    def t(self) -> float:
        """Quantile of a two-sided 95 % interval with n - 1 degrees of freedom."""
        return float(stats.t.ppf(QUANTILE, max(self.n - 1, 1)))


def replicated_share(weights: Floats, is_answered: Flags, is_counted: Flags) -> ReplicatedShare:
    """Weighted share of the members who count among those who answered."""
    answering = weights * is_answered
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (answering @ is_counted.astype(float)) / answering.sum(axis=1)
    members = answering[0] > 0
    count = int((members & is_counted).sum())
    return ReplicatedShare(value, int(members.sum()), count, kish_effective(answering[0]))


def covariance(one: ReplicatedShare, other: ReplicatedShare) -> float:
    """Bootstrap covariance: mean product of the deviations from the sample's own shares."""
    return float((one.deviations * other.deviations).mean())


def share_interval(share: ReplicatedShare) -> Estimate:
    """Wilson limits at the effective number of respondents, share (1 - share) / replicate variance, at most n.

    Reduced by (z/t)^2 as in Korn and Graubard (1998). A share of 0 or 1 has no variance and takes Kish's number.
    """
    if share.n == 0:
        return NO_ESTIMATE
    binomial = share.share * (1 - share.share)
    variance = share.variance
    effective = min(binomial / variance, share.n) if binomial > 0 and variance > 0 else share.effective_n
    effective *= (stats.norm.ppf(QUANTILE) / share.t) ** 2
    _, low, high = proportion_interval([share.share], [1.0], [effective])
    return share.share, float(low[0]), float(high[0])


def difference_interval(share: ReplicatedShare, reference: ReplicatedShare) -> Estimate:
    """Difference of two shares with a t interval from the variance of the difference, a fraction of 1."""
    difference = share.share - reference.share
    width = _difference_error(share, reference) * max(share.t, reference.t)
    return difference, max(difference - width, -1.0), min(difference + width, 1.0)


def difference_p(share: ReplicatedShare, reference: ReplicatedShare) -> float:
    """Two-sided p-value of 'the shares are the same' (Wald); 1 where nothing varies and nothing differs."""
    error, difference = _difference_error(share, reference), abs(share.share - reference.share)
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return float(2 * stats.norm.sf(difference / error))


def _difference_error(share: ReplicatedShare, reference: ReplicatedShare) -> float:
    return float(np.sqrt(max(share.variance + reference.variance - 2 * covariance(share, reference), 0.0)))


def risk_ratio_interval(share: ReplicatedShare, reference: ReplicatedShare) -> Estimate:
    """Share over reference share, with limits on the log scale by the delta method (Katz and others 1978).

    A risk ratio and not an odds ratio: 88 % against 44 % is twice as likely, while the odds are nine times as large.
    NaN where one of the two shares is 0.
    """
    p, q = share.share, reference.share
    if not (p > 0 and q > 0):
        return NO_ESTIMATE
    log_variance = share.variance / p**2 + reference.variance / q**2 - 2 * covariance(share, reference) / (p * q)
    factor = float(np.exp(max(share.t, reference.t) * np.sqrt(max(log_variance, 0.0))))
    return p / q, p / q / factor, p / q * factor


DIGITS = 6


def rounded(metric: str, estimate: Estimate) -> dict[str, float | None]:
    """<metric>, <metric>_low, <metric>_high; what there is no number for is None."""
    names = (metric, f"{metric}_low", f"{metric}_high")
    return {
        name: round(value, DIGITS) if np.isfinite(value) else None for name, value in zip(names, estimate, strict=True)
    }


TEXT = {"question_id", "wording_version", "measure", "answer", "statistic", "population_id", "population", "countries",
        "reference_population_id", "reference_population", "weighting", "method", "verdict", "status", "dimension",
        "level", "second_dimension", "second_level", "base_wording_version"}  # fmt: skip


def estimates_frame(rows: Sequence[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    """A frame of `columns` in that order; numbers that are missing in every row still have a numeric type."""
    frame = pd.DataFrame(rows, columns=columns)
    for name in columns:
        if name.endswith("month"):
            frame[name] = pd.to_datetime(frame[name])
        elif name in TEXT:
            frame[name] = frame[name].astype("str")
        elif name.startswith("is_"):
            frame[name] = frame[name].astype("boolean")
        elif name.endswith("_count") and not name.startswith("effective_"):
            frame[name] = frame[name].astype("Int64")
        else:
            frame[name] = frame[name].astype("Float64")
    return frame
