"""Shares corrected for the classifier by an audit sample with known inclusion probabilities, and their columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from dagster_project.statistics.audit.classifier_audit import TAIL, AuditErrors, WeightedCount, weighted_count_limits
from dagster_project.statistics.core.estimates import (
    SHARE_DIGITS,
    ClusterSums,
    Floats,
    cluster_columns,
    cluster_sums,
    numbers,
    proportion_interval,
)

Z = float(stats.norm.ppf(1 - TAIL))


def corrected_share(
    numerator: ArrayLike,
    denominator: ArrayLike,
    sums: ClusterSums,
    inside: AuditErrors,
    outside: AuditErrors | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Share, low and high of the 95 % interval of a ratio of corrected totals.

    numerator, denominator: sums of f + (y - f)/pi; sums: over clients, of the same. inside: errors among the
    numerator's posts; outside: errors among the denominator's other posts, None where the denominator is counted
    without a classifier (penetration). Share and limits are kept in [0, 1]; NaN where the denominator is not above 0.
    """
    y, n = np.asarray(numerator, float), np.asarray(denominator, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n > 0, np.clip(y / n, 0, 1), np.nan)
    in_factor, out_factor = (np.ones_like(share), None) if outside is None else (1 - share, share)
    parts = _parts(inside, in_factor, n, is_raising=True, is_fixed=outside is None)
    if outside is not None and out_factor is not None:
        parts += _parts(outside, out_factor, n, is_raising=False, is_fixed=False)
    normal = sum((variance for _, _, variance in parts), start=np.zeros_like(share))
    low, high = _sampling_limits(share, n, sums, normal)
    down = np.sqrt((share - low) ** 2 + sum(below**2 for below, _, _ in parts))
    up = np.sqrt((high - share) ** 2 + sum(above**2 for _, above, _ in parts))
    return share, np.clip(share - down, 0, 1), np.clip(share + up, 0, 1)


def _parts(
    errors: AuditErrors, factor: Floats, n: Floats, *, is_raising: bool, is_fixed: bool
) -> list[tuple[Floats, Floats, Floats]]:
    """Of each class of errors: how far it can move the share down and up, and the variance that the sums hold of it."""
    parts = []
    for count, raises in (
        (errors.missed_candidate, is_raising),
        (errors.missed_other, is_raising),
        (errors.false_accept, not is_raising),
    ):
        low, high = weighted_count_limits(count)
        fewer, more = count.total - low, high - count.total
        with np.errstate(divide="ignore", invalid="ignore"):
            grown = n if is_fixed else n + more * (1 if count is not errors.false_accept else 0)
            less, plus = factor * fewer / n, factor * more / grown
            variance = factor**2 * count.squares / n**2
        parts.append((less, plus, variance) if raises else (plus, less, variance))
    return parts


def _sampling_limits(share: Floats, n: Floats, sums: ClusterSums, explained: Floats) -> tuple[Floats, Floats]:
    """Wilson limits from the linearised variance over clients less the part that the error classes account for."""
    with np.errstate(divide="ignore", invalid="ignore"):
        residual_squares = np.maximum(sums.yy - 2 * share * sums.yn + share**2 * sums.nn, 0)
        variance = sums.count / (sums.count - 1) * residual_squares / n**2
        binomial = share * (1 - share) / n
        t = stats.t.ppf(1 - TAIL, np.maximum(sums.count - 1, 1))
        effective = share * (1 - share) / np.maximum(variance - explained, binomial) * (Z / t) ** 2
        alike = n**2 / sums.nn
    is_edge = (share <= 0) | (share >= 1) | (sums.count < 2)
    effective = np.where(is_edge, np.where(sums.count < 2, 0.0, alike), effective)
    effective = np.where(n > 0, np.nan_to_num(effective), np.nan)
    _, low, high = proportion_interval(np.nan_to_num(share), np.where(n > 0, 1.0, 0.0), effective)
    return low, high


ERROR_CLASSES = ("missed_candidate", "missed_other", "false_accept")
AUDITED = "audited_count"
SAMPLE_COLUMNS = (AUDITED, "unfound_candidate_weight", "unfound_other_weight", "not_corrected_reason")
NOTHING_LEFT = "the audit leaves no accepted post"
SMALLEST_TOLD = 10
NOTHING_AUDITED = "no audited post among those that the number is about"


@dataclass(frozen=True)
class CorrectedShare:
    """One corrected share of a counts table.

    numerator: column of the corrected numerator; cluster_prefix: of its corrected cluster sums; errors: prefix of the
    error sums of the numerator. The denominator is a plain count (`denominator`, not applicable), or
    corrected itself: with error sums of its own (`denominator_errors`, a prefix), or as the sum of the numerators of
    the rows that agree in `parts_of`, so that the shares of these rows sum to 1. audited: column with the audited posts
    that inform the share, which are those of its denominator.
    """

    metric: str
    numerator: str
    cluster_prefix: str
    errors: str = ""
    denominator: str | None = None
    denominator_errors: str | None = None
    parts_of: tuple[str, ...] = ()
    audited: str = AUDITED

    @property
    def columns(self) -> list[str]:
        """The columns of the counts table that this share reads."""
        prefixes = [self.errors, *([] if self.denominator_errors is None else [self.denominator_errors])]
        sums = cluster_columns(self.cluster_prefix)
        errors = [f"{p}{name}_{kind}" for p in prefixes for name in ERROR_CLASSES for kind in ("weight", "squares")]
        named = [self.numerator, *([self.denominator] if self.denominator else []), *self.parts_of]
        return [*named, *sums, *errors, *SAMPLE_COLUMNS, self.audited]

    @property
    def words(self) -> str:
        """The column that says by what the share is corrected: `correction`, or its own where other posts inform it."""
        return "correction" if self.audited == AUDITED else f"{self.metric}_correction"


def corrected_columns(
    counts: pd.DataFrame, shares: Sequence[CorrectedShare], table: str, units: str = "posts"
) -> pd.DataFrame:
    """Columns of every share and `correction`; a row without a covering audit sample has nulls and the reason.

    A share that other audited posts inform than the first has its own `<share>_correction`.
    """
    estimates, words = [], {}
    for audited in dict.fromkeys(share.audited for share in shares):
        chosen = [share for share in shares if share.audited == audited]
        frame, of_them = _corrected_by(counts, chosen, audited, table, units)
        estimates.append(frame)
        words[chosen[0].words] = of_them
    return pd.concat(estimates, axis=1).assign(**words)


def _corrected_by(
    counts: pd.DataFrame, shares: Sequence[CorrectedShare], audited: str, table: str, units: str
) -> tuple[pd.DataFrame, pd.Series]:
    """Columns of the shares that the audited posts of one column inform, and the words about them."""
    reason = not_corrected_reason(counts["not_corrected_reason"], counts[audited])
    is_covered = reason.isna().to_numpy()
    covered = counts[is_covered]
    estimates = pd.concat([_share_columns(covered, share, table) for share in shares], axis=1)
    estimates = estimates.reindex(counts.index).astype("Float64")
    reason = reason.mask(is_covered & estimates.isna().all(axis=1).to_numpy(), NOTHING_LEFT)
    return estimates, correction_words(counts[audited], reason, units)


def not_corrected_reason(of_sample: pd.Series, audited_count: pd.Series) -> pd.Series:
    """Why the sample cannot correct, or that none of its posts informs the number; null where it can."""
    reason = of_sample.astype("str").where(of_sample.notna())
    return reason.mask(of_sample.isna() & (audited_count.astype(float) == 0), NOTHING_AUDITED)


def _share_columns(counts: pd.DataFrame, share: CorrectedShare, table: str) -> pd.DataFrame:
    numerator, inside = _within(counts, share.numerator, table), _errors(counts, share.errors, table)
    denominator, outside = _denominator(counts, share, numerator, inside, table)
    sums = cluster_sums(counts, share.cluster_prefix, table)
    estimate = corrected_share(np.minimum(numerator, np.maximum(denominator, 0)), denominator, sums, inside, outside)
    names = (f"corrected_{share.metric}", f"corrected_{share.metric}_low", f"corrected_{share.metric}_high")
    frame = pd.DataFrame(dict(zip(names, estimate, strict=True)), index=counts.index)
    return frame.round(SHARE_DIGITS).astype("Float64")


def _within(counts: pd.DataFrame, column: str, table: str) -> Floats:
    """A corrected total; one below 0, which a few false accepts of large weight can make, is taken as 0."""
    return np.maximum(numbers(counts, column, table), 0)


def _denominator(
    counts: pd.DataFrame, share: CorrectedShare, numerator: Floats, inside: AuditErrors, table: str
) -> tuple[Floats, AuditErrors | None]:
    """The denominator and the errors among its posts outside the numerator."""
    if share.parts_of:
        keys = [counts[column] for column in share.parts_of]
        total = pd.Series(numerator, index=counts.index).groupby(keys, sort=False).transform("sum")
        return total.to_numpy(), _summed_errors(counts, share, keys, table) - inside
    if share.denominator is None:
        raise ValueError(f"{share.metric} needs a denominator or the rows that it is a part of")
    if share.denominator_errors is None:
        return numbers(counts, share.denominator, table), None
    return _within(counts, share.denominator, table), _errors(counts, share.denominator_errors, table) - inside


def _errors(counts: pd.DataFrame, prefix: str, table: str) -> AuditErrors:
    """The error sums of the rows; an error that was not found has the weight of its kind."""
    candidate = numbers(counts, "unfound_candidate_weight", table)
    other = numbers(counts, "unfound_other_weight", table)
    unfound = {"missed_candidate": candidate, "missed_other": other, "false_accept": candidate}
    return AuditErrors(
        *(
            WeightedCount.of(
                numbers(counts, f"{prefix}{name}_weight", table),
                numbers(counts, f"{prefix}{name}_squares", table),
                unfound[name],
            )
            for name in ERROR_CLASSES
        )
    )


def _summed_errors(counts: pd.DataFrame, share: CorrectedShare, keys: list[pd.Series], table: str) -> AuditErrors:
    columns = [f"{share.errors}{name}_{kind}" for name in ERROR_CLASSES for kind in ("weight", "squares")]
    return _errors(counts.assign(**counts[columns].groupby(keys, sort=False).transform("sum")), share.errors, table)


def correction_words(audited_count: pd.Series, not_corrected: pd.Series, units: str = "posts") -> pd.Series:
    """`corrected by audit sample of 60 posts`, or `not corrected: ` and the reason where there is one.

    Of anything but posts, which are public, a number under 10 is not said: contracts are confidential.
    """
    audited = audited_count.astype("Int64").map("{:,}".format).astype("str")
    if units != "posts":
        audited = audited.mask(audited_count.astype(float) < SMALLEST_TOLD, f"fewer than {SMALLEST_TOLD}")
    words = "corrected by audit sample of " + audited + f" {units}"
    return words.where(not_corrected.isna(), "not corrected: " + not_corrected.astype("str")).astype("str")
