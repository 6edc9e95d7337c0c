"""Corrected columns stand beside the naive ones, sum to 1 over a composition, and say why where they are missing."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.audit.correction import ERROR_CLASSES, correction_words
from dagster_project.statistics.registry import compute

KEYS = {"period_id": "2025-11", "technology": "ai", "value_filter": "all"}


def share_counts(**changes: object) -> pd.DataFrame:
    """Categories of 200 posts; 40, 20, 0 accepted; two false ones in the first, a missed one in each other."""
    classified, missed, false = np.array([40, 20, 0]), np.array([0, 2.5, 2.5]), np.array([5.0, 0, 0])
    corrected = classified + missed - false
    frame = pd.DataFrame({"category_id": ["a", "b", "c"], "classified_count": classified})
    frame = frame.assign(**KEYS, technology_post_count=60, category_post_count=200, corrected_count=corrected)
    zeros = {f"{name}_{kind}": 0.0 for name in ERROR_CLASSES for kind in ("weight", "squares")}
    frame = frame.assign(**zeros)
    frame["missed_candidate_weight"], frame["missed_candidate_squares"] = missed, missed * 2.5
    frame["false_accept_weight"], frame["false_accept_squares"] = false, false * 2.5
    for prefix, total in (("composition", 60), ("penetration", 200)):
        for stage, posts in (("", classified), ("_corrected", corrected)):
            sums = {"cluster_count": 50, "sum_yy": posts * 1.5, "sum_yn": posts * 1.5, "sum_nn": total * 1.5}
            frame = frame.assign(**{f"{prefix}{stage}_{name}": value for name, value in sums.items()})
    sample = {
        "audited_count": 150,
        "category_audited_count": [90, 60, 20],
        "unfound_candidate_weight": 2.5,
        "unfound_other_weight": 20.0,
    }
    return frame.assign(**sample, not_corrected_reason=None).assign(**changes)


def test_corrected_compositions_sum_to_one():
    shares = compute("period_shares", share_counts())
    assert shares["corrected_composition_share"].sum() == pytest.approx(1, abs=3e-6)
    assert shares["corrected_composition_share"].tolist() == pytest.approx([35 / 60, 22.5 / 60, 2.5 / 60], abs=1e-6)
    assert shares["corrected_penetration_share"].tolist() == pytest.approx([35 / 200, 22.5 / 200, 2.5 / 200])


def test_a_total_that_the_audit_makes_negative_counts_as_nothing_and_the_rest_still_sums_to_one():
    shares = compute("period_shares", share_counts(corrected_count=[35.0, 22.5, -4.0]))
    assert shares["corrected_composition_share"].tolist() == pytest.approx([35 / 57.5, 22.5 / 57.5, 0], abs=1e-6)
    assert shares["corrected_penetration_share"].iloc[2] == 0


def test_the_naive_share_stays_beside_the_corrected_one():
    shares = compute("period_shares", share_counts())
    assert shares["penetration_share"].tolist() == pytest.approx([0.2, 0.1, 0])
    assert (shares["correction"] == "corrected by audit sample of 150 posts").all()


def test_a_share_is_corrected_by_the_audited_posts_of_its_denominator():
    """150 audited AI posts inform the composition, 90, 60 and none of the three categories their penetrations."""
    shares = compute("period_shares", share_counts(category_audited_count=[90, 60, 0])).set_index("category_id")
    assert shares["penetration_share_correction"].tolist() == [
        "corrected by audit sample of 90 posts",
        "corrected by audit sample of 60 posts",
        "not corrected: no audited post among those that the number is about",
    ]
    assert shares["corrected_penetration_share"].isna().tolist() == [False, False, True]
    assert shares["corrected_composition_share"].notna().all(), "all categories are parts of one composition"


def test_a_small_number_of_audited_contracts_is_not_told():
    counts, reasons = pd.Series([0, 9, 10, 1200]), pd.Series([None] * 4, dtype="str")
    assert correction_words(counts, reasons, "contracts").tolist() == [
        "corrected by audit sample of fewer than 10 contracts",
        "corrected by audit sample of fewer than 10 contracts",
        "corrected by audit sample of 10 contracts",
        "corrected by audit sample of 1,200 contracts",
    ]
    assert correction_words(counts, reasons).tolist()[1] == "corrected by audit sample of 9 posts"


def test_without_a_covering_audit_sample_nothing_is_corrected_and_the_reason_is_given():
    shares = compute("period_shares", share_counts(not_corrected_reason="no audit sample", audited_count=0))
    assert shares["corrected_penetration_share"].isna().all()
    assert (shares["correction"] == "not corrected: no audit sample").all()
    assert shares["penetration_share"].notna().all()


def test_a_category_without_a_found_error_is_wider_than_the_naive_interval():
    shares = compute("period_shares", share_counts()).set_index("category_id")
    width = shares["corrected_penetration_share_high"] - shares["corrected_penetration_share_low"]
    assert (width > shares["penetration_share_high"] - shares["penetration_share_low"]).all()
    assert shares.loc["c", "corrected_penetration_share_high"] > 3 * 20 / 200 / 2


def test_an_empty_counts_table_gives_the_columns_without_rows():
    empty = compute("period_shares", share_counts().head(0))
    assert empty.empty
    assert {"corrected_composition_share_low", "correction"} <= set(empty.columns)


def test_the_audit_of_a_classifier_gives_rates_and_what_can_be_hidden():
    cells = {
        "accepted_true": 30,
        "accepted_false": 2,
        "refused_true": 3,
        "refused_false": 60,
        "other_true": 0,
        "other_false": 70,
    }
    weights = {cell: 20.0 if cell.startswith("other") else 2.5 for cell in cells}
    counts = pd.DataFrame({"period_id": ["2025-11"], "technology": ["ai"]}).assign(
        **{f"{cell}_weight": n * weights[cell] for cell, n in cells.items()},
        **{f"{cell}_squares": n * weights[cell] ** 2 for cell, n in cells.items()},
        unfound_candidate_weight=2.5, unfound_other_weight=20.0, post_count=1640, classified_count=80,
        not_corrected_reason=None,
    )  # fmt: skip
    (row,) = compute("classifier_audit", counts).to_dict("records")
    assert row["sensitivity"] == pytest.approx(30 / 33, abs=1e-6)
    assert row["precision"] == pytest.approx(30 / 32, abs=1e-6)
    assert row["keyword_recall"] == 1
    assert row["keyword_recall_low"] < 82.5 / (82.5 + 50)
    assert row["missed_other_posts_high"] == pytest.approx(20 * -np.log(0.05))
    specificity = 1550 / 1555
    assert row["rogan_gladen_share"] == pytest.approx(
        (80 / 1640 + specificity - 1) / (30 / 33 + specificity - 1), abs=1e-5
    )
