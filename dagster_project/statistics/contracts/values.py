"""What contracts are worth: known and high values, corrected for the classifier's errors, by category by a model.

A category has too few audited contracts for the estimate of `correction.py`, but many more audited posts. Of its
accepted contracts a part p is truly of the technology, as the audit of the category's accepted posts says; the others
are worth what the category's contracts outside the technology are worth. From the share h of all accepted ones and the
share q of those outside follows the share of the true ones, q + (h - q) / p: a synthetic estimate of a small domain
(Rao and Molina 2015, chapter 3). Missed contracts are taken to be worth what the found ones are.
"""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from dagster_project.statistics.audit.classifier_audit import WeightedCount, weighted_rate
from dagster_project.statistics.audit.correction import CorrectedShare, not_corrected_reason
from dagster_project.statistics.core.estimates import (
    SHARE_DIGITS,
    Floats,
    Share,
    Statistic,
    numbers,
    proportion_interval,
    share_columns,
)
from dagster_project.statistics.shares import share_statistic

Limited = tuple[Floats, Floats, Floats]
"""Value, low and high of a 95 % interval, arrays of one shape."""


def unmixed_share(mixed: Limited, others: Limited, precision: Limited) -> Limited:
    """Share of the true ones with its 95 % interval, kept in [0, 1]; NaN where no accepted post is a true one.

    Each of the three is moved to its limits alone and the squared distances are added (Zou and Donner 2008).
    """
    (h, h_low, h_high), (q, q_low, q_high), (p, p_low, p_high) = mixed, others, precision
    raw = np.where(p > 0, _unmixed(h, q, p), np.nan)
    ends = [
        (_unmixed(h_low, q, p), _unmixed(h_high, q, p)),
        (_unmixed(h, q_high, p), _unmixed(h, q_low, p)),
        (_unmixed(h, q, p_low), _unmixed(h, q, p_high)),
    ]
    down = np.sqrt(sum((raw - np.minimum(np.minimum(*pair), raw)) ** 2 for pair in ends))
    up = np.sqrt(sum((np.maximum(np.maximum(*pair), raw) - raw) ** 2 for pair in ends))
    value = np.clip(raw, 0, 1)
    return value, np.clip(value - down, 0, 1), np.clip(value + up, 0, 1)


def _unmixed(mixed: Floats, others: Floats, precision: Floats) -> Floats:
    """Without bound where the precision is 0, unless the two shares are equal."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mixed == others, mixed, others + (mixed - others) / precision)


TABLE = "int_period_contract_counts"
HIGH_VALUE = Share("high_value_share", "high_value_count", "valued_count", "high_value")
NOT_MODELLED = ("any", "non_ai")
"""Technologies whose contracts no classifier picked out, or that are all but those that it did."""
MODELLED_BY = "corrected by a model and an audit sample of "
NOTHING_TO_CORRECT = "no contract of known value"
NO_OTHERS = "no other contract in the category"
NONE_CONFIRMED = "the audit confirmed none of the category's accepted posts"
METRIC = "corrected_high_value_share"
COLUMNS = [METRIC, f"{METRIC}_low", f"{METRIC}_high"]
AUDIT_SUMS = ("true_weight", "true_squares", "false_weight", "false_squares")
MODEL_INPUTS = [
    *("other_valued_count", "other_high_value_count", "accepted_audited_count", "unfound_post_weight"),
    *("posts_not_corrected_reason", *(f"accepted_{name}" for name in AUDIT_SUMS)),
]


def modelled_categories(counts: pd.DataFrame) -> pd.DataFrame:
    """The corrected columns of the rows of categories, from the audit of their posts (`unmixed_share`).

    Index: the rows of the counts that are of a technology in one category. An audit of posts is told with its size,
    posts being public. A row whose posts the audit does not cover, or confirms none of, has nulls and the reason.
    """
    rows = counts[(counts["category_id"] != "all") & ~counts["technology"].isin(NOT_MODELLED)]
    high, valued = (numbers(rows, f"other_{name}", TABLE) for name in ("high_value_count", "valued_count"))
    naive = share_columns(rows, HIGH_VALUE, TABLE).to_numpy(float, na_value=np.nan)
    limits = unmixed_share((naive[:, 0], naive[:, 1], naive[:, 2]), proportion_interval(high, valued), _precision(rows))
    shares = pd.DataFrame(dict(zip(COLUMNS, limits, strict=True)), index=rows.index)
    reason = _why_not(rows)
    shares = shares.mask(reason.notna()).round(SHARE_DIGITS).astype("Float64")
    told = MODELLED_BY + rows["accepted_audited_count"].astype("Int64").map("{:,}".format).astype("str") + " posts"
    return shares.assign(correction=told.where(reason.isna(), "not corrected: " + reason.astype("str")).astype("str"))


def _why_not(rows: pd.DataFrame) -> pd.Series:
    """The first reason that holds for the row, null where it can be modelled."""
    reason = not_corrected_reason(rows["posts_not_corrected_reason"], rows["accepted_audited_count"])
    for column, words in (
        ("valued_count", NOTHING_TO_CORRECT),
        ("other_valued_count", NO_OTHERS),
        ("accepted_true_weight", NONE_CONFIRMED),
    ):
        reason = reason.mask(reason.isna() & (rows[column].astype(float) == 0), words)
    return reason


def _precision(rows: pd.DataFrame) -> Limited:
    """Of the accepted posts of the row's category those that are truly of the technology."""
    unfound = numbers(rows, "unfound_post_weight", TABLE)
    sums = {name: numbers(rows, f"accepted_{name}", TABLE) for name in AUDIT_SUMS}
    true = WeightedCount.of(sums["true_weight"], sums["true_squares"], unfound)
    false = WeightedCount.of(sums["false_weight"], sums["false_squares"], unfound)
    return weighted_rate(true, false)


def contract_values(counts: pd.DataFrame, of_all: Statistic) -> pd.DataFrame:
    """The estimates of `of_all`, in the rows of categories with the modelled columns in place of its corrected ones."""
    estimates, modelled = of_all.function(counts), modelled_categories(counts)
    for column in modelled.columns:
        estimates.loc[modelled.index, column] = modelled[column]
    return estimates


_BY_SAMPLE = share_statistic(
    "period_contract_values",
    "Known: contracts whose value is known over all contracts of the kind. High value: contracts worth strictly above "
    "1,000 USD over contracts of known value; in the two bounds over all contracts, unknown values taken as below or "
    "above. Value: closed, total paid; open, the larger of paid and projected where both are known. Corrected: by the "
    "contracts whose posts were audited; of a technology in one category by a model, in which the contracts of posts "
    "that were accepted falsely, as often as the audit of the category's posts says, are worth what the category's "
    "other contracts are.",
    TABLE,
    ["period_id", "technology", "category_id", "value_kind"],
    "period_contract_values",
    Share("known_value_share", "known_value_count", "contract_count", "known_value"),
    HIGH_VALUE,
    corrected=(
        CorrectedShare(
            "high_value_share",
            "corrected_high_count",
            "high_value_corrected",
            errors="high_",
            denominator="corrected_valued_count",
            denominator_errors="known_",
        ),
    ),
    audited_units="contracts",
)
STATISTICS = [
    replace(
        _BY_SAMPLE,
        inputs=[*_BY_SAMPLE.inputs, *MODEL_INPUTS],
        function=partial(contract_values, of_all=_BY_SAMPLE),
    )
]
