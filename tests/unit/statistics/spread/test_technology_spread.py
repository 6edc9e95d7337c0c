"""Concentration, ranks, changes and stability of compositions, against numbers worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from dagster_project.statistics.core.multiplicity import holm_rejections, rank_intervals
from dagster_project.statistics.core.replicates import ReplicateCounts, share_interval
from dagster_project.statistics.registry import compute
from dagster_project.statistics.spread.comparisons import clear_changes, joined_difference, one_sided_p_value
from dagster_project.statistics.spread.concentration import concentration, effective_categories, herfindahl, top_share
from dagster_project.statistics.spread.counts import ERROR_COLUMNS
from dagster_project.statistics.spread.stability import (
    NOT_STABLE,
    STABLE,
    TOO_FEW,
    hypergeometric_deviation,
    least_change,
    stability,
    total_variation,
)

GROUPS = 50
NO_AUDIT = {"audited_count": 0, "unfound_candidate_weight": 0.0, "unfound_other_weight": 0.0,
            "not_corrected_reason": "no audit sample"}  # fmt: skip
SHARES = np.array([0.5, 0.3, 0.2])


def even(*posts: int) -> ReplicateCounts:
    """Posts of each category dealt out evenly to the client groups, each category from where the last one ended."""
    ends = np.cumsum(posts)
    groups = [
        np.bincount(np.arange(end - n, end) % GROUPS, minlength=GROUPS) for end, n in zip(ends, posts, strict=True)
    ]
    return ReplicateCounts(np.array(groups, float))


def replicate_frame(**periods: list[int]) -> pd.DataFrame:
    """int_period_replicate_counts of AI: posts of four categories by study period, the period's name its first year."""
    categories = ["data_science_analytics", "it_networking", "web_mobile_software_dev", "writing"]
    return pd.DataFrame(
        [
            (name, "study", pd.Timestamp(f"{name.strip('y')}-01-01"), "ai", category, category != "writing", group, n)
            for name, posts in periods.items()
            for category, groups in zip(categories, even(*posts).counts, strict=True)
            for group, n in enumerate(groups.astype(int))
        ],
        columns=["period_id", "period_kind", "period_start", "technology", "category_id", "is_technical",
                 "client_group", "classified_count"],
    ).assign(**dict.fromkeys(ERROR_COLUMNS, 0.0), **NO_AUDIT)  # fmt: skip


def test_concentration_of_a_half_three_tenths_and_a_fifth() -> None:
    assert herfindahl(SHARES) == pytest.approx(0.38)
    # entropy 0.5 ln 2 + 0.3 ln(10/3) + 0.2 ln 5 = 1.0297
    assert effective_categories(SHARES) == pytest.approx(2.8001, abs=1e-4)
    assert top_share(SHARES, 1) == pytest.approx(0.5)
    assert top_share(SHARES, 2) == pytest.approx(0.8)


def test_a_category_without_posts_adds_nothing_to_the_effective_number() -> None:
    assert effective_categories(np.array([0.5, 0.5, 0.0])) == pytest.approx(2)


def test_the_variance_of_a_share_is_that_of_leaving_out_a_client_group_at_a_time() -> None:
    counts = ReplicateCounts(np.array([[1, 2, 1, 0], [1, 0, 1, 2]], float))
    share = counts.measured(lambda shares: shares[..., 0])
    # 4 of 8; without a group 3 of 6, 2 of 6, 3 of 6, 4 of 6: 3/4 of twice (1/6)^2
    assert share.deviations == pytest.approx([0, -1 / 6, 0, 1 / 6])
    assert share.covariance(share) == pytest.approx(3 / 4 * 2 / 36)
    # posts taken as independent: without one of the four 3 of 7, without another one 4 of 7, 7/8 of 8 (1/14)^2
    assert share.independent == pytest.approx(7 / 8 * 8 / 196)
    assert share.variance == share.covariance(share)


def test_clients_that_are_more_alike_than_chance_make_no_interval_narrower() -> None:
    share = even(500, 500).measured(lambda shares: shares[..., 0])
    assert share.covariance(share) == pytest.approx(0)
    assert share.variance == pytest.approx(0.25 / 999)


def test_posts_that_clients_repeat_make_no_interval_narrower() -> None:
    counts = np.zeros((3, GROUPS))
    counts[[0, 0, 1, 0, 2, 1, 0, 0, 0, 1] * 5, np.arange(GROUPS)] = 2
    once, thrice = ReplicateCounts(counts), ReplicateCounts(3 * counts)
    for metric in ("herfindahl", "effective_categories"):
        assert concentration(thrice)[metric] == pytest.approx(concentration(once)[metric])


def test_a_share_of_nothing_or_everything_still_has_an_interval() -> None:
    low, high = share_interval(even(0, 100).measured(lambda shares: shares[..., 0]))[1:]
    assert low == 0
    # Wilson at 0 of 100 with the t quantile of 49 degrees: 4.04 / 104.04
    assert high == pytest.approx(0.0388, abs=1e-4)


def test_the_difference_joins_the_limits_of_both_shares() -> None:
    base, current = tuple(map(np.array, (0.5, 0.4, 0.6))), tuple(map(np.array, (0.7, 0.62, 0.77)))
    value, low, high = joined_difference(base, current, np.array(0.0))
    assert (value, low, high) == pytest.approx((0.2, 0.2 - np.hypot(0.08, 0.1), 0.2 + np.hypot(0.07, 0.1)))
    # clients of both periods: 0.08^2 + 0.1^2 - 2 * 0.5 * 0.08 * 0.1 = 0.0084
    assert joined_difference(base, current, np.array(0.5))[1] == pytest.approx(0.2 - np.sqrt(0.0084))


def test_the_one_sided_p_value_agrees_with_the_interval() -> None:
    quantile, groups = stats.t.ppf(0.975, 49), np.array(50.0)
    touching = tuple(map(np.array, (5.0, 0.0, 9.0)))
    assert one_sided_p_value(touching, quantile, groups) == pytest.approx(0.025)
    falling = tuple(map(np.array, (-5.0, -9.0, 0.0)))
    assert one_sided_p_value(falling, quantile, groups) == pytest.approx(0.975)
    assert one_sided_p_value(tuple(map(np.array, (0.0, -1.0, 1.0))), quantile, groups) == pytest.approx(0.5)


def test_ranks_are_sure_where_shares_lie_far_apart_and_open_where_they_tie() -> None:
    rank, best, worst = rank_intervals(even(600, 300, 300, 20))
    assert rank.tolist() == [1, 2, 2, 4]
    assert best.tolist() == [1, 2, 2, 4]
    assert worst.tolist() == [1, 3, 3, 4]


def test_ranks_of_few_posts_stay_open() -> None:
    _, best, worst = rank_intervals(even(4, 3, 3))
    assert best.tolist() == [1, 1, 1]
    assert worst.tolist() == [3, 3, 3]


def test_holm_rejects_what_statsmodels_rejects() -> None:
    families = np.random.default_rng(3).beta(0.3, 4, size=(8, 12))
    ours = holm_rejections(families)
    for family, rejected in zip(families, ours, strict=True):
        assert rejected.tolist() == multipletests(family, alpha=0.05, method="holm")[0].tolist()
    assert 0 < ours.mean() < 1


def test_the_mean_deviation_under_permutation_is_exact() -> None:
    # two of four posts drawn, two marked: 0, 1 or 2 marked with chances 1/6, 4/6, 1/6
    assert hypergeometric_deviation(np.array(2.0), np.array(2.0), np.array(4.0)) == pytest.approx(1 / 3)


def test_compositions_that_are_alike_are_stable_and_others_are_not() -> None:
    assert total_variation(np.array([0.5, 0.5]), np.array([0.2, 0.8])) == pytest.approx(0.3)
    alike, other = even(1200, 1500, 300), even(900, 1800, 300)
    assert stability(alike, even(1205, 1490, 305)).verdict == STABLE
    moved = stability(alike, other)
    assert moved.verdict == NOT_STABLE
    assert moved.plain == pytest.approx(0.1)
    assert moved.low < 0.1 < moved.high


def test_what_is_sure_of_a_set_of_categories_is_sure_of_the_distance() -> None:
    assert least_change(np.array([-0.22, -0.02, 0.01]), np.array([-0.07, 0.08, 0.30])) == pytest.approx(0.07)
    assert least_change(np.array([]), np.array([])) == 0
    moved, sure = (stability(even(60, 60, 30), even(40, 75, 35), least) for least in (0.0, 0.07))
    assert moved.low == 0 and sure.low == 0.07
    assert sure.low <= sure.distance <= sure.high == moved.high


def test_sets_of_categories_are_one_family_and_concentration_is_none_of_them() -> None:
    """Holm over four: 0.002 <= 0.05 / 4, then 0.04 > 0.05 / 3, which ends the family."""
    ids = np.array(["writing", "translation", "technical", "non_technical", "it_and_web", "herfindahl"])
    kinds = np.array(["category", "category", "group", "group", "pair", "concentration"])
    told = clear_changes(np.array([0.001, 0.30, 0.98, 0.02, 0.02, 0.02]), ids, kinds)
    assert told.tolist() == [True, False, False, False, False, True]
    groups = clear_changes(np.array([0.001, 0.30, 0.999, 0.001, 0.02, 0.02]), ids, kinds)
    assert groups.tolist() == [True, False, True, True, False, True], "the second group is what the first leaves over"


def test_no_set_of_categories_is_said_to_have_moved_further_than_the_distance_surely_did() -> None:
    # web and IT together fall from 300 of 600 posts to 270 of 600, which a test of its own would call a fall
    frame = replicate_frame(y2020=[160, 140, 200, 100], y2022=[160, 110, 200, 130])
    rows = compute("study_period_comparisons", frame).set_index("series_id")
    sets = rows[rows["series_kind"].isin(["category", "group", "pair"]) & rows["verdict"].isin(["rose", "fell"])]
    surely = np.maximum(sets["difference_points_low"], -sets["difference_points_high"])
    assert (rows.loc["composition", "difference_points_low"] >= surely).all()


def test_the_distance_has_moved_at_least_as_far_as_a_pair_that_surely_fell() -> None:
    # data science and web fall from 140 of 200 posts to 100 of 200; the distance less its chance would not be above 0
    frame = replicate_frame(y2020=[80, 30, 60, 30], y2022=[50, 50, 50, 50])
    rows = compute("study_period_comparisons", frame).set_index("series_id")
    pair, distance = rows.loc["data_science_and_web"], rows.loc["composition"]
    assert (pair["verdict"], pair["difference_points"]) == ("fell", -20)
    assert distance["difference_points_low"] == -pair["difference_points_high"] > 5
    assert distance["difference_points_low"] <= distance["difference_points"] <= distance["difference_points_high"]
    assert stability(even(80, 30, 60, 30), even(50, 50, 50, 50)).low * 100 < distance["difference_points_low"]


def test_under_600_posts_no_composition_is_called_stable() -> None:
    assert stability(even(300, 299), even(400, 400)).verdict == TOO_FEW


def test_comparisons_name_what_rose_and_what_fell_among_all_categories() -> None:
    frame = compute("study_period_comparisons", replicate_frame(y2020=[410, 100, 300, 190], y2022=[260, 100, 300, 340]))
    rows = frame.set_index("series_id")
    assert rows["verdict"].to_dict() == {
        "data_science_analytics": "fell", "it_networking": "no clear change",
        "web_mobile_software_dev": "no clear change", "writing": "rose", "technical": "fell",
        "non_technical": "rose", "data_science_and_web": "fell",
        "it_and_web": "no clear change", "herfindahl": "fell", "top_share": "fell", "top_two_share": "fell",
        "composition": "not shown to be stable",
    }  # fmt: skip
    pair = rows.loc["data_science_and_web"]
    assert (pair["base_share"], pair["current_share"], pair["difference_points"]) == (0.71, 0.56, -15.0)
    assert pair["ratio"] == pytest.approx(0.788732)
    assert rows.loc["writing", "rise_p_value"] < 0.025 < 0.975 < pair["rise_p_value"]


def test_every_pair_of_study_periods_is_compared_and_the_earlier_one_is_the_base() -> None:
    posts = [410, 100, 300, 190]
    frame = compute("study_period_comparisons", replicate_frame(y2024=posts, y2020=posts, y2022=posts))
    pairs = frame[["base_period_id", "current_period_id"]].drop_duplicates().to_numpy().tolist()
    assert pairs == [["y2020", "y2022"], ["y2020", "y2024"], ["y2022", "y2024"]]


def test_a_period_of_few_posts_is_withheld_with_the_reason() -> None:
    counts = replicate_frame(y2020=[10, 5, 5, 5], y2022=[260, 100, 300, 340])
    row = compute("technology_concentration", counts).set_index("period_id").loc["y2020"]
    assert row["withheld_reason"] == "fewer than 30 posts"
    assert row[["herfindahl", "effective_categories_low", "top_share_high"]].isna().all()
    assert compute("category_ranks", counts).set_index("period_id").loc["y2020", "category_rank"].isna().all()
    comparisons = compute("study_period_comparisons", counts)
    assert comparisons["withheld_reason"].unique().tolist() == ["y2020: fewer than 30 posts"]
    assert comparisons[["difference_points", "verdict"]].isna().all(axis=None)


def test_posts_of_few_client_groups_are_withheld() -> None:
    counts = replicate_frame(y2020=[400, 100, 300, 200])
    counts.loc[counts["client_group"] >= 9, "classified_count"] = 0
    row = compute("technology_concentration", counts).iloc[0]
    assert row["withheld_reason"] == "fewer than 10 client groups"
