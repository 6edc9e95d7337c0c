"""What a published statistic is, what its counts must fulfil, and from counts to a share and its interval."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

Floats = NDArray[np.float64]
CONFIDENCE = 0.95
METHOD_CLUSTERED = "Wilson, effective n from linearised variance over clients"


@dataclass(frozen=True)
class Statistic:
    """One entry of the registry; `function` maps the checked counts frame to keys + estimate columns.

    keys: the key of the counts table; inputs: its further columns that the function reads; grain: the key of the
    estimates where it is not that of the counts.
    """

    id: str
    definition: str
    unit: str
    method: str
    counts_table: str
    keys: list[str]
    inputs: list[str]
    function: Callable[[pd.DataFrame], pd.DataFrame]
    mart: str
    library: str
    grain: list[str] | None = None


@dataclass(frozen=True)
class ClusterSums:
    """Sums over clusters c with numerator y_c and denominator n_c; arrays of one length.

    count: clusters with n_c > 0; yy = sum y_c^2; yn = sum y_c n_c; nn = sum n_c^2.
    """

    count: Floats
    yy: Floats
    yn: Floats
    nn: Floats


def design_effect(successes: ArrayLike, trials: ArrayLike, sums: ClusterSums) -> Floats:
    """Variance of the ratio y/n under clustering over its binomial variance, never below 1.

    Taylor linearisation of a ratio of cluster totals with the factor G/(G-1) (Cochran 1977, 6.4; Kish 1965).
    With 0 or n successes the linearised variance is 0 whatever the clusters are, so the posts of a client are
    then taken to be alike: n_eff = (sum n_c)^2 / sum n_c^2. NaN where n is 0.
    """
    y, n = np.asarray(successes, float), np.asarray(trials, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = y / n
        residual_squares = np.maximum(sums.yy - 2 * share * sums.yn + share**2 * sums.nn, 0)
        linearised = sums.count / (sums.count - 1) * residual_squares / (n * share * (1 - share))
        alike = sums.nn / n
    effect = np.where((y == 0) | (y == n) | (sums.count < 2), alike, linearised)
    return np.where(n > 0, np.maximum(effect, 1.0), np.nan)


def effective_trials(successes: ArrayLike, trials: ArrayLike, sums: ClusterSums) -> Floats:
    """n / design effect, reduced by (z/t)^2 because the design effect is itself estimated from G clusters.

    The t correction with G - 1 degrees of freedom is that of Korn and Graubard (1998). 0 where one cluster
    holds everything (nothing says how clients differ), NaN where n is 0.
    """
    y, n = np.asarray(successes, float), np.asarray(trials, float)
    effective = n / design_effect(y, n, sums)
    quantile = (1 + CONFIDENCE) / 2
    is_estimated = (y > 0) & (y < n) & (sums.count >= 2)
    t = stats.t.ppf(quantile, np.maximum(sums.count - 1, 1))
    corrected = np.where(is_estimated, effective * (stats.norm.ppf(quantile) / t) ** 2, effective)
    return np.where((n > 0) & (sums.count < 2), 0.0, corrected)


def proportion_interval(
    successes: ArrayLike, trials: ArrayLike, effective: ArrayLike | None = None
) -> tuple[Floats, Floats, Floats]:
    """Share, low and high of the 95 % Wilson interval (statsmodels), at the effective number of trials.

    NaN where trials is 0; 0 to 1 where the effective number is 0; low is exactly 0 at no success and high
    exactly 1 at nothing but successes. Raises ValueError where a count is negative or above its trials.
    """
    y, n = np.asarray(successes, float), np.asarray(trials, float)
    is_impossible = (y < 0) | (y > n)
    if is_impossible.any():
        example = f"{y[is_impossible][0]:g} of {n[is_impossible][0]:g}"
        raise ValueError(f"a count lies outside 0..trials: {example}; fix the counts model")
    n_eff = n if effective is None else np.asarray(effective, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n > 0, y / n, np.nan)
        low, high = proportion_confint(share * n_eff, n_eff, alpha=1 - CONFIDENCE, method="wilson")
    low = np.where((y == 0) | (n_eff == 0), 0.0, low)
    high = np.where((y == n) | (n_eff == 0), 1.0, high)
    return share, np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


class CountsError(ValueError):
    """A counts table that does not have the promised columns, keys or numbers."""


def require_columns(counts: pd.DataFrame, columns: Iterable[str], table: str) -> None:
    """Raise CountsError naming the table and the columns that it lacks."""
    missing = [column for column in columns if column not in counts.columns]
    if missing:
        raise CountsError(f"{table} has no column {', '.join(missing)}; it has {', '.join(counts.columns)}")


def require_unique_keys(counts: pd.DataFrame, keys: list[str], table: str) -> None:
    """Raise CountsError showing the first key that occurs twice."""
    repeated = counts.duplicated(keys)
    if repeated.any():
        row = counts.loc[repeated, keys].iloc[0].to_dict()
        raise CountsError(f"{table} has two rows for {row}; its key is ({', '.join(keys)})")


def numbers(counts: pd.DataFrame, column: str, table: str) -> NDArray[np.float64]:
    """A count column as floats; raises CountsError where a value is missing or no number."""
    try:
        values = pd.to_numeric(counts[column]).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise CountsError(f"{table}.{column} holds a value that is no number: {error}") from error
    if np.isnan(values).any():
        nulls = int(np.isnan(values).sum())
        raise CountsError(f"{table}.{column} is null in {nulls} rows; a count is never null")
    return values


def cluster_sums(counts: pd.DataFrame, prefix: str, table: str) -> ClusterSums:
    """The columns <prefix>_cluster_count, _sum_yy, _sum_yn, _sum_nn of a counts table."""
    return ClusterSums(*(numbers(counts, name, table) for name in cluster_columns(prefix)))


def cluster_columns(prefix: str) -> list[str]:
    """The columns of a counts table from which the sums over its clusters are read."""
    return [f"{prefix}_{name}" for name in ("cluster_count", "sum_yy", "sum_yn", "sum_nn")]


SHARE_DIGITS = 6


@dataclass(frozen=True)
class Share:
    """One share of a counts table: numerator and denominator columns, and the prefix of its cluster sums."""

    metric: str
    numerator: str
    denominator: str
    cluster_prefix: str

    @property
    def columns(self) -> list[str]:
        """The columns of the counts table that this share reads."""
        return [self.numerator, self.denominator, *cluster_columns(self.cluster_prefix)]


def share_columns(counts: pd.DataFrame, share: Share, table: str) -> pd.DataFrame:
    """The three estimate columns of one share, null where its denominator is 0."""
    successes = numbers(counts, share.numerator, table)
    trials = numbers(counts, share.denominator, table)
    effective = effective_trials(successes, trials, cluster_sums(counts, share.cluster_prefix, table))
    estimate = proportion_interval(successes, trials, effective)
    names = (share.metric, f"{share.metric}_low", f"{share.metric}_high")
    frame = pd.DataFrame(dict(zip(names, estimate, strict=True)), index=counts.index)
    return frame.round(SHARE_DIGITS).astype("Float64")


def share_estimates(counts: pd.DataFrame, table: str, keys: list[str], shares: tuple[Share, ...]) -> pd.DataFrame:
    """Keys, the estimate columns of every share and the method in words."""
    columns = [share_columns(counts, share, table) for share in shares]
    estimates = pd.concat([counts[keys], *columns], axis=1)
    return estimates.assign(method=pd.Series(METHOD_CLUSTERED, index=counts.index, dtype="str"))
