"""Corrected columns of a share: corrected_<metric>, its limits, and in words by what it is corrected or why not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dagster_project.statistics.audit.correction import corrected_share
from dagster_project.statistics.audit.errors import AuditErrors, Floats, WeightedCount
from dagster_project.statistics.core.counts import cluster_sums, numbers
from dagster_project.statistics.core.shares import SHARE_DIGITS

ERROR_CLASSES = ("missed_candidate", "missed_other", "false_accept")
SAMPLE_COLUMNS = ("audited_count", "largest_candidate_weight", "largest_other_weight", "not_corrected_reason")
NOTHING_LEFT = "the audit leaves no accepted post"


@dataclass(frozen=True)
class CorrectedShare:
    """One corrected share of a counts table.

    numerator: column of the corrected numerator; cluster_prefix: of its corrected cluster sums; errors: prefix of the
    error sums of the numerator. The denominator is a plain count (`denominator`, no classifier takes part), or
    corrected itself: with error sums of its own (`denominator_errors`, a prefix), or as the sum of the numerators of
    the rows that agree in `parts_of`, so that the shares of these rows sum to 1.
    """

    metric: str
    numerator: str
    cluster_prefix: str
    errors: str = ""
    denominator: str | None = None
    denominator_errors: str | None = None
    parts_of: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The columns of the counts table that this share reads."""
        prefixes = [self.errors, *([] if self.denominator_errors is None else [self.denominator_errors])]
        sums = [f"{self.cluster_prefix}_{name}" for name in ("cluster_count", "sum_yy", "sum_yn", "sum_nn")]
        errors = [f"{p}{name}_{kind}" for p in prefixes for name in ERROR_CLASSES for kind in ("weight", "squares")]
        named = [self.numerator, *([self.denominator] if self.denominator else []), *self.parts_of]
        return [*named, *sums, *errors, *SAMPLE_COLUMNS]


def corrected_columns(
    counts: pd.DataFrame, shares: Sequence[CorrectedShare], table: str, units: str = "posts"
) -> pd.DataFrame:
    """Columns of every share and `correction`; a row without a covering audit sample has nulls and the reason."""
    is_covered = counts["not_corrected_reason"].isna().to_numpy()
    covered = counts[is_covered]
    estimates = pd.concat([_share_columns(covered, share, table) for share in shares], axis=1)
    estimates = estimates.reindex(counts.index).astype("Float64")
    reason = counts["not_corrected_reason"].astype("str").where(~is_covered, NOTHING_LEFT)
    reason = reason.mask(is_covered & estimates.notna().any(axis=1).to_numpy())
    return estimates.assign(correction=correction_words(counts["audited_count"], reason, units))


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
    """The error sums of the rows; a post that was not found has the largest weight of its kind."""
    candidate = numbers(counts, "largest_candidate_weight", table)
    other = numbers(counts, "largest_other_weight", table)
    largest = {"missed_candidate": candidate, "missed_other": other, "false_accept": candidate}
    return AuditErrors(
        *(
            WeightedCount.of(
                numbers(counts, f"{prefix}{name}_weight", table),
                numbers(counts, f"{prefix}{name}_squares", table),
                largest[name],
            )
            for name in ERROR_CLASSES
        )
    )


def _summed_errors(counts: pd.DataFrame, share: CorrectedShare, keys: list[pd.Series], table: str) -> AuditErrors:
    columns = [f"{share.errors}{name}_{kind}" for name in ERROR_CLASSES for kind in ("weight", "squares")]
    return _errors(counts.assign(**counts[columns].groupby(keys, sort=False).transform("sum")), share.errors, table)


def correction_words(audited_count: pd.Series, not_corrected: pd.Series, units: str = "posts") -> pd.Series:
    """`corrected by audit sample of 60 posts`, or `not corrected: ` and the reason where there is one."""
    audited = audited_count.astype("Int64").map("{:,}".format).astype("str")
    words = "corrected by audit sample of " + audited + f" {units}"
    return words.where(not_corrected.isna(), "not corrected: " + not_corrected.astype("str")).astype("str")
