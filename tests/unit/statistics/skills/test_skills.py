"""Lift, skill ranks, gen-AI groups and themes of AI work, against numbers worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dagster_project.statistics.audit.correction import ERROR_CLASSES
from dagster_project.statistics.registry import compute
from dagster_project.statistics.skills.shares import Side, over_all, share_ratio
from dagster_project.statistics.skills.themes import NO_THEME, THEME, larger_p_values
from tests.support.sample_marts import without_audit

GROUPS = 50


def limits(*values: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A share with its low and high limit, as arrays of one element."""
    share, low, high = (np.array([value]) for value in values)
    return share, low, high


def independent(name: str, named: int, posts: int) -> dict[str, int]:
    """Counts and cluster sums of a side whose posts are of a client each."""
    sums = {"cluster_count": posts, "sum_yy": named, "sum_yn": named, "sum_nn": posts}
    counts = {"post_count": named, "total_count": posts}
    return {f"{name}_{column}": value for column, value in (counts | sums).items()}


def theme_counts(*rows: tuple[str, str, int, int, int, int]) -> pd.DataFrame:
    """int_period_theme_counts from (category, skill, named in AI posts, AI posts, named in others, others)."""
    return pd.DataFrame([
        {"period_id": "2025", "category_id": category, "skill": skill}
        | independent("ai", named, posts) | independent("other", other_named, others)
        for category, skill, named, posts, other_named, others in rows
    ])  # fmt: skip


def skill_counts(ai: tuple[int, int], other: tuple[int, int]) -> pd.DataFrame:
    """int_monthly_skill_counts of one skill: (named, posts) of each side."""
    sides = independent("ai", *ai) | independent("other", *other)
    every = {"all_post_count": ai[0] + other[0], "all_total_count": ai[1] + other[1]}
    return pd.DataFrame(
        [{"posted_month": pd.Timestamp("2025-11-01"), "population": "us", "skill": "s"} | sides | every]
    )


def replicate_counts(**skills: int) -> pd.DataFrame:
    """int_monthly_skill_replicate_counts: each skill's posts dealt out one a client group, each from the first on."""
    month = {"posted_month": pd.Timestamp("2025-11-01"), "population": "us"}
    rows = [month | {"skill": s, "client_group": g, "ai_post_count": n // GROUPS + (g < n % GROUPS)}
            for s, n in skills.items() for g in range(min(n, GROUPS))]  # fmt: skip
    return pd.DataFrame(rows)


def test_the_limits_of_a_ratio_of_shares_are_those_worked_by_hand() -> None:
    # 0.4 (0.3 to 0.5) over 0.2 (0.1 to 0.3): low = (0.08 - sqrt(0.0064 - 0.3 * 0.3 * 0.5 * 0.1)) / (0.3 * 0.1),
    # high = (0.08 + sqrt(0.0064 - 0.5 * 0.1 * 0.3 * 0.3)) / (0.1 * 0.3); sqrt(0.0019) = 0.0435890
    ratio, low, high = share_ratio(limits(0.4, 0.3, 0.5), limits(0.2, 0.1, 0.3))
    assert ratio[0] == pytest.approx(2.0)
    assert low[0] == pytest.approx((0.08 - 0.0435890) / 0.03, rel=1e-5)
    assert high[0] == pytest.approx((0.08 + 0.0435890) / 0.03, rel=1e-5)


def test_the_ratio_over_a_share_of_nobody_is_unbounded_above_and_not_below() -> None:
    ratio, low, high = share_ratio(limits(0.4, 0.3, 0.5), limits(0.0, 0.0, 0.1))
    assert np.isinf(ratio[0])
    assert np.isinf(high[0])
    # sqrt(0.3 * (0.8 - 0.3)) / 0.1
    assert low[0] == pytest.approx(np.sqrt(0.15) / 0.1)


def test_lift_over_all_posts_is_the_ratio_of_the_two_shares() -> None:
    # 12 of 40 AI posts, 8 of 160 others: 0.3 over 20 / 200 = 3, the ratio over the others is 6
    lift, low, high = over_all((np.array([6.0]), np.array([2.0]), np.array([np.inf])), 0.2)
    assert lift[0] == pytest.approx(3.0)
    assert low[0] == pytest.approx(2 / 1.2)
    assert high[0] == pytest.approx(5.0)


def test_a_lift_stands_in_its_interval_and_cannot_exceed_all_posts_over_ai_posts() -> None:
    estimates = compute("skill_lifts", skill_counts((12, 40), (8, 160))).iloc[0]
    assert estimates["lift"] == pytest.approx(3.0)
    assert 1 < estimates["lift_low"] < 3 < estimates["lift_high"] < 5
    alone = compute("skill_lifts", skill_counts((12, 40), (0, 160))).iloc[0]
    assert alone["lift"] == alone["lift_high"] == pytest.approx(5.0)
    assert alone["lift_low"] < 5


def test_a_month_of_ai_posts_alone_has_no_lift() -> None:
    estimates = compute("skill_lifts", skill_counts((12, 40), (0, 0))).iloc[0]
    assert estimates[["lift", "lift_low", "lift_high"]].tolist() == [1, 1, 1]


def test_posts_of_one_client_widen_the_interval_of_a_lift() -> None:
    posts = skill_counts((12, 40), (8, 160))
    # the twelve AI posts that name the skill come from three clients of four posts, the others from 28 of one
    clients = posts.assign(ai_cluster_count=31, ai_sum_yy=48, ai_sum_yn=48, ai_sum_nn=76)
    alone, together = (compute("skill_lifts", counts).iloc[0] for counts in (posts, clients))
    assert together["lift"] == alone["lift"]
    assert together["lift_low"] < alone["lift_low"]
    assert together["lift_high"] > alone["lift_high"]


def test_the_interval_of_a_lift_holds_the_truth_in_19_of_20_worlds() -> None:
    rng = np.random.default_rng(20251122)
    worlds, ai, others = 4000, 150, 2000
    named, other_named = rng.binomial(ai, 0.12, worlds), rng.binomial(others, 0.03, worlds)
    rows = [independent("ai", a, ai) | independent("other", b, others) for a, b in zip(named, other_named, strict=True)]
    counts = pd.DataFrame(rows)
    _, low, high = share_ratio(Side.of(counts, "ai", "t").share, Side.of(counts, "other", "t").share)
    assert 0.935 <= np.mean((low <= 4) & (high >= 4)) <= 0.975


def test_skills_named_equally_often_share_the_rank_and_its_interval() -> None:
    ranks = compute("skill_ranks", replicate_counts(a=400, b=60, c=60, d=9)).set_index("skill")
    assert ranks["skill_rank"].to_dict() == {"a": 1, "b": 2, "c": 2}, "d is named in fewer than ten AI posts"
    limits = ranks[["skill_rank_low", "skill_rank_high"]].astype(int)
    assert limits.loc["a"].tolist() == [1, 1]
    assert limits.loc["b"].tolist() == limits.loc["c"].tolist() == [2, 3]


def of_three_months(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.drop(columns="posted_month").assign(period_id="2025-09_2025-11")


def test_skills_of_three_months_are_ranked_as_those_of_one() -> None:
    counts = replicate_counts(a=400, b=60, c=60, d=9)
    month, pooled = compute("skill_ranks", counts), compute("trailing_skill_ranks", of_three_months(counts))
    assert pooled["period_id"].unique().tolist() == ["2025-09_2025-11"]
    pd.testing.assert_frame_equal(pooled.drop(columns="period_id"), month.drop(columns="posted_month"))


def test_the_share_of_a_skill_in_three_months_has_its_interval() -> None:
    # Wilson at 39 effective posts and t = 2.0227 (40 clients): (0.3 + 4.0913 / 78) / (1 + 4.0913 / 39) = 0.318989,
    # half width 2.0227 sqrt(0.21 / 39 + 4.0913 / (4 * 39 * 39)) / 1.104905 = 0.142474
    counts = without_audit(of_three_months(skill_counts((12, 40), (8, 160))), "ai", errors=("", "total_"))
    share = compute("trailing_skill_shares", counts).iloc[0]
    limits = [share[f"ai_share{end}"] for end in ("", "_low", "_high")]
    assert limits == pytest.approx([0.3, 0.176515, 0.461463], abs=1e-5)
    assert share["correction"] == "not corrected: no audit sample"


def test_few_client_groups_give_a_rank_without_limits() -> None:
    counts = replicate_counts(a=400, b=60)
    ranks = compute("skill_ranks", counts[counts["client_group"] < 9])
    assert ranks["skill_rank"].tolist() == [1, 2]
    assert ranks[["skill_rank_low", "skill_rank_high"]].isna().all(axis=None)


def test_a_skill_beyond_chance_is_a_theme_and_a_common_one_is_not() -> None:
    counts = theme_counts(("writing", "ChatGPT", 30, 100, 10, 900), ("writing", "SEO", 30, 100, 270, 900))
    themes = compute("category_themes", counts).set_index("skill")
    assert themes["verdict"].to_dict() == {"ChatGPT": THEME, "SEO": NO_THEME}
    assert themes["lift"].tolist() == pytest.approx([27.0, 1.0])
    # Fisher's exact test: 30 or more of the 100 AI posts, when 40 of all 1,000 posts name it
    assert themes.loc["ChatGPT", "p_value"] == pytest.approx(stats.hypergeom.sf(29, 1000, 40, 100), abs=1e-6)


def test_p_values_are_rounded_against_a_finding() -> None:
    ai = Side(limits(0.31, 0.2, 0.4), np.array([99.5]))
    other = Side(limits(0.1, 0.0, 0.2), np.array([100.5]))
    # 30.845 of 99.5 and 10.05 of 100.5: 30 against 69, 11 against 90
    assert larger_p_values(ai, other)[0] == pytest.approx(stats.hypergeom.sf(29, 200, 41, 99))


def test_too_few_posts_are_withheld_and_still_count_among_the_tests() -> None:
    shown = ("writing", "ChatGPT", 15, 100, 60, 900)
    alone = compute("category_themes", theme_counts(shown))
    many = compute("category_themes", theme_counts(shown, *(("writing", f"s{n}", 9, 100, 40, 900) for n in range(9))))
    assert many["withheld_reason"].tolist()[1:] == ["named in fewer than 10 AI posts"] * 9
    assert many.loc[1:, ["lift", "q_value", "verdict"]].isna().all(axis=None)
    assert many.loc[0, "q_value"] == pytest.approx(10 * alone.loc[0, "q_value"], rel=1e-3)


def test_a_category_of_few_ai_posts_has_no_theme() -> None:
    themes = compute("category_themes", theme_counts(("legal", "ChatGPT", 20, 29, 1, 900)))
    assert themes["withheld_reason"].tolist() == ["fewer than 30 AI posts with skills"]


def test_shares_of_groups_mention_and_divide_the_same_posts() -> None:
    sums = {"cluster_count": 80, "sum_yy": 20, "sum_yn": 24, "sum_nn": 140}
    errors = {f"{prefix}{name}_{kind}": 0.0 for prefix in ("mention_", "fractional_", "total_")
              for name in ERROR_CLASSES for kind in ("weight", "squares")}  # fmt: skip
    row = {"period_id": "2024_2025", "series_id": "application", "genai_post_count": 100, "mention_post_count": 40,
           "fractional_post_count": 26.5, "corrected_total_count": 100, "audited_count": 0,
           "unfound_candidate_weight": 0.0, "unfound_other_weight": 0.0,
           "not_corrected_reason": "no audit sample"}  # fmt: skip
    for measure in ("mention", "fractional"):
        row |= {f"{measure}_{name}": value for name, value in sums.items()}
        row |= {f"{measure}_corrected_{name}": value for name, value in ({"count": 40} | sums).items()}
    estimates = compute("genai_group_shares", pd.DataFrame([row | errors])).iloc[0]
    assert estimates["mention_share"] == pytest.approx(0.40)
    assert estimates["fractional_share"] == pytest.approx(0.265)
    assert estimates["correction"] == "not corrected: no audit sample"
