"""What an audit sample says of a classifier: its rates, what it can have missed, and the Rogan-Gladen cross-check."""

import pandas as pd

from dagster_project.statistics.audit.classifier_rates import rogan_gladen, weighted_rate
from dagster_project.statistics.audit.errors import WeightedCount, weighted_count_limits
from dagster_project.statistics.core.counts import numbers
from dagster_project.statistics.core.shares import SHARE_DIGITS

METHOD = "weighted audit sample, ratio of two mid-p gamma counts by MOVER, clients as clusters"
CELLS = ("accepted_true", "accepted_false", "refused_true", "refused_false", "other_true", "other_false")
INPUTS = [
    *(f"{cell}_{kind}" for cell in CELLS for kind in ("weight", "squares")),
    "largest_candidate_weight",
    "largest_other_weight",
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
    largest = "largest_other_weight" if cell.startswith("other") else "largest_candidate_weight"
    return WeightedCount.of(*(numbers(counts, name, table) for name in (f"{cell}_weight", f"{cell}_squares", largest)))
