"""What an audit sample says of a classifier: its rates, what it can have missed, the Rogan-Gladen cross-check."""

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dagster_project.statistics.audit.errors import Floats, WeightedCount, weighted_count_limits
from dagster_project.statistics.core.proportions import SHARE_DIGITS, numbers
from dagster_project.statistics.core.statistic import Statistic


def weighted_rate(hits: WeightedCount, misses: WeightedCount) -> tuple[Floats, Floats, Floats]:
    """hits / (hits + misses) with low and high of the 95 % interval; NaN where neither was found.

    Limits of the ratio of two independent weighted counts by MOVER (Donner and Zou 2012). Without a miss the low limit
    comes from what none found can hide: 3.0 times the weight that a miss would have.
    """
    a, b = hits.total, misses.total
    (a_low, a_high), (b_low, b_high) = weighted_count_limits(hits), weighted_count_limits(misses)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = a / (a + b)
        few = np.sqrt(np.maximum((a * b) ** 2 - b_low * a_high * (2 * b - b_low) * (2 * a - a_high), 0))
        many = np.sqrt(np.maximum((a * b) ** 2 - b_high * a_low * (2 * b - b_high) * (2 * a - a_low), 0))
        least_odds = np.where(b > 0, b_low * (2 * b - b_low) / (a * b + few), 0.0)
        most_odds = np.where(a_low > 0, (a * b + many) / (a_low * (2 * a - a_low)), np.inf)
    high = np.where(a > 0, 1 / (1 + least_odds), 1 - _share_of_none(b_low, a_high))
    return rate, np.where(np.isnan(rate), np.nan, 1 / (1 + most_odds)), np.where(np.isnan(rate), np.nan, high)


def _share_of_none(misses_low: Floats, hits_high: Floats) -> Floats:
    """The least share of misses where no hit was found."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(misses_low / (misses_low + hits_high))


def rogan_gladen(accepted_share: ArrayLike, sensitivity: ArrayLike, specificity: ArrayLike) -> Floats:
    """The true share behind an accepted one: (share + specificity - 1) / (sensitivity + specificity - 1).

    Rogan and Gladen (1978), kept in [0, 1]; NaN where the classifier says nothing (sensitivity + specificity <= 1).
    """
    share, se, sp = (np.asarray(values, float) for values in (accepted_share, sensitivity, specificity))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(se + sp > 1, np.clip((share + sp - 1) / (se + sp - 1), 0, 1), np.nan)


METHOD = "weighted audit sample, ratio of two mid-p gamma counts by MOVER, clients as clusters"
CELLS = ("accepted_true", "accepted_false", "refused_true", "refused_false", "other_true", "other_false")
INPUTS = [
    *(f"{cell}_{kind}" for cell in CELLS for kind in ("weight", "squares")),
    "unfound_candidate_weight",
    "unfound_other_weight",
    "post_count",
    "classified_count",
    "not_corrected_reason",
]


def classifier_audit(counts: pd.DataFrame, table: str, keys: list[str]) -> pd.DataFrame:
    """A row a period and technology; estimates are null where the audit sample does not cover the period.

    Columns: sensitivity, specificity, precision, keyword_recall, each with _low and _high; missed_other_posts/_high
    (positive posts that the keyword step does not find) and missed_other_share_high; rogan_gladen_share; method.
    """
    covered = counts[counts["not_corrected_reason"].isna()]
    estimates = _estimates(covered, table).round(SHARE_DIGITS).astype("Float64").reindex(counts.index)
    return pd.concat([counts[keys], estimates], axis=1).assign(method=pd.Series(METHOD, counts.index, dtype="str"))


def _estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    cells = {cell: _cell(counts, cell, table) for cell in CELLS}
    found_true = cells["accepted_true"] + cells["refused_true"]
    rates = {
        "sensitivity": (cells["accepted_true"], cells["refused_true"] + cells["other_true"]),
        "specificity": (cells["refused_false"] + cells["other_false"], cells["accepted_false"]),
        "precision": (cells["accepted_true"], cells["accepted_false"]),
        "keyword_recall": (found_true, cells["other_true"]),
    }
    columns = {}
    for name, (hits, misses) in rates.items():
        columns[name], columns[f"{name}_low"], columns[f"{name}_high"] = weighted_rate(hits, misses)
    posts = numbers(counts, "post_count", table)
    accepted_share = numbers(counts, "classified_count", table) / posts
    _, missed_high = weighted_count_limits(cells["other_true"])
    columns["missed_other_posts"], columns["missed_other_posts_high"] = cells["other_true"].total, missed_high
    columns["missed_other_share_high"] = (missed_high / posts).clip(max=1)
    columns["rogan_gladen_share"] = rogan_gladen(accepted_share, columns["sensitivity"], columns["specificity"])
    return pd.DataFrame(columns, index=counts.index)


def _cell(counts: pd.DataFrame, cell: str, table: str) -> WeightedCount:
    unfound = "unfound_other_weight" if cell.startswith("other") else "unfound_candidate_weight"
    return WeightedCount.of(*(numbers(counts, name, table) for name in (f"{cell}_weight", f"{cell}_squares", unfound)))


STATISTICS = [
    Statistic(
        id="classifier_audit",
        definition="Of the truly positive posts those accepted (sensitivity) and those that the keyword step finds "
        "(keyword recall), of the others those not accepted (specificity), of the accepted the true ones (precision): "
        "weighted, from the audit sample. Rogan-Gladen: the share of true posts that these rates imply.",
        unit="fraction of 1; posts",
        method=METHOD,
        counts_table="int_period_audit_coverage",
        keys=["period_id", "technology"],
        inputs=INPUTS,
        function=partial(classifier_audit, table="int_period_audit_coverage", keys=["period_id", "technology"]),
        mart="classifier_audit",
        library="scipy.stats.gamma, scipy.optimize.elementwise.find_root",
    ),
]
