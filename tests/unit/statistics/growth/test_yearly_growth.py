"""Growth from calendar year to calendar year by groups of categories, against numbers worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dagster_project.statistics.registry import compute
from dagster_project.statistics.spread.counts import ERROR_COLUMNS

GROUPS = 20
CATEGORIES = {"data": True, "web": True, "writing": False, "legal": False}
NO_AUDIT = {"audited_count": 0, "unfound_candidate_weight": 0.0, "unfound_other_weight": 0.0,
            "not_corrected_reason": "no audit sample"}  # fmt: skip
AUDIT = {"audited_count": 100, "unfound_candidate_weight": 2.0, "unfound_other_weight": 2.0,
         "not_corrected_reason": None}  # fmt: skip


def counts_of(
    years: dict[str, dict[str, int]], audit: dict[str, object] | None = None, **errors: float
) -> pd.DataFrame:
    """years: {year: {category: posts of every client group}}; errors: the same in every row."""
    rows = [
        {"period_id": year, "period_kind": "year", "period_start": pd.Timestamp(f"{year}-01-01"), "technology": "ai",
         "category_id": category, "is_technical": CATEGORIES[category], "client_group": group,
         "classified_count": posts}
        for year, posts_of in years.items()
        for category, posts in posts_of.items()
        for group in range(GROUPS)
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(**(dict.fromkeys(ERROR_COLUMNS, 0.0) | (audit or NO_AUDIT) | errors))


TWO_YEARS = {
    "2022": {"data": 5, "web": 4, "writing": 1, "legal": 2},
    "2023": {"data": 6, "web": 4, "writing": 6, "legal": 5},
}


def growth_of(counts: pd.DataFrame) -> pd.DataFrame:
    return compute("yearly_growth", counts).set_index("series_id")


def test_posts_of_a_group_of_categories_are_set_beside_those_of_the_year_before() -> None:
    rows = growth_of(counts_of(TWO_YEARS))
    # 20 client groups: 20 x (6 + 5) over 20 x (1 + 2); 20 x 10 over 20 x 9; 20 x 21 over 20 x 12
    assert rows["post_count"].to_dict() == {"all": 420, "non_technical": 220, "technical": 200}
    assert rows["growth_pct"].to_dict() == pytest.approx(
        {"all": 75.0, "non_technical": 100 * (11 / 3 - 1), "technical": 100 / 9}, abs=1e-3
    )
    assert set(rows["base_period_id"]) == {"2022"} and set(rows["period_id"]) == {"2023"}


def test_equal_client_groups_leave_the_poisson_interval_of_two_counts() -> None:
    row = growth_of(counts_of(TWO_YEARS)).loc["non_technical"]
    error = stats.t.ppf(0.975, GROUPS - 1) * np.sqrt(1 / 220 + 1 / 60)
    limits = [100 * (11 / 3 * np.exp(sign * error) - 1) for sign in (-1, 1)]
    assert [row["growth_pct_low"], row["growth_pct_high"]] == pytest.approx(limits, abs=1e-3)


def test_clients_that_post_unequally_widen_the_interval() -> None:
    counts = counts_of(TWO_YEARS)
    is_one = (counts["client_group"] == 0) & (counts["period_id"] == "2023")
    uneven = counts.assign(classified_count=counts["classified_count"].mask(is_one, 100))
    wide, even = (growth_of(one).loc["all"] for one in (uneven, counts))
    width, plain = (
        np.log1p(row["growth_pct_high"] / 100) - np.log1p(row["growth_pct_low"] / 100) for row in (wide, even)
    )
    assert width > 2 * plain


def test_audit_errors_are_added_to_both_years() -> None:
    # every category and client group of both years misses 2 posts: (11 + 4) / (3 + 4) of the non-technical ones
    counts = counts_of(TWO_YEARS, AUDIT, missed_candidate_weight=2.0, missed_candidate_squares=4.0)
    row = growth_of(counts).loc["non_technical"]
    assert row["corrected_growth_pct"] == pytest.approx(100 * (15 / 7 - 1), abs=1e-3)
    assert (row["corrected_post_count"], row["corrected_base_post_count"]) == (300, 140)
    # 100 audited posts a category and year: those of the two non-technical categories inform the row
    assert row["correction"] == "corrected by audit sample of 400 posts"
    assert growth_of(counts).loc["all", "correction"] == "corrected by audit sample of 800 posts"
    assert row["corrected_growth_pct_low"] < row["corrected_growth_pct"] < row["corrected_growth_pct_high"]


def test_a_year_without_audit_is_not_corrected_and_says_why() -> None:
    row = growth_of(counts_of(TWO_YEARS)).loc["all"]
    assert row["correction"] == "not corrected: no audit sample"
    assert pd.isna(row["corrected_growth_pct"]) and pd.isna(row["corrected_post_count"])


def test_a_small_base_is_withheld_and_a_first_year_has_no_row() -> None:
    few = {
        "2022": {"data": 5, "web": 4, "writing": 0, "legal": 0},
        "2023": {"data": 6, "web": 4, "writing": 6, "legal": 5},
    }
    rows = growth_of(counts_of(few))
    assert rows.loc["non_technical", "withheld_reason"] == "fewer than 10 posts in the base year"
    assert pd.isna(rows.loc["non_technical", "growth_pct"]) and pd.notna(rows.loc["all", "growth_pct"])
    assert compute("yearly_growth", counts_of({"2022": few["2022"]})).empty


def test_a_year_that_the_audit_takes_to_nothing_has_no_corrected_growth_and_says_why() -> None:
    # as many accepted posts in both years; in 2023 every category and client group has one false accept that stands
    # for 4 posts: of writing and legal 20 x (1 + 2) - 20 x (4 + 4) posts are left, which is below 0
    row = growth_of(_with_false_accepts(4.0)).loc["non_technical"]
    assert row["growth_pct"] == 0
    assert row["correction"] == "not corrected: the audit leaves fewer than 10 posts in the year"
    assert row[["corrected_growth_pct", "corrected_growth_pct_low", "corrected_growth_pct_high"]].isna().all()


def test_a_corrected_year_has_the_error_of_the_audit() -> None:
    # data and web of 2023: 20 x 9 accepted posts less 40 false accepts of weight 2; one of them counts (1 - 2)^2
    row = growth_of(_with_false_accepts(2.0)).loc["technical"]
    assert row["corrected_growth_pct"] == pytest.approx(100 * (100 / 180 - 1), abs=1e-3)
    error = stats.t.ppf(0.975, GROUPS - 1) * np.sqrt((140 + 40) / 100**2 + 1 / 180)
    assert row["corrected_growth_pct_low"] < 100 * (100 / 180 * np.exp(-error) - 1)
    assert row["corrected_growth_pct_high"] > 100 * (100 / 180 * np.exp(error) - 1)


def test_a_year_whose_audit_error_reaches_0_posts_is_not_estimable_in_either_place() -> None:
    # 40 false accepts of weight 4 leave 20 of 180 posts, with a variance of 140 + 40 x 3^2: 20 - 1.96 x 22.4 is below 0
    counts = _with_false_accepts(4.0)
    row = growth_of(counts).loc["technical"]
    assert row["correction"] == "not corrected: the audit's error reaches 0 posts in the year"
    assert row[["corrected_growth_pct", "corrected_growth_pct_low", "corrected_growth_pct_high"]].isna().all()
    swapped = counts.assign(period_id=counts["period_id"].map({"2022": "2023", "2023": "2022"}))
    row = growth_of(swapped).loc["technical"]
    assert row["correction"] == "not corrected: the audit's error reaches 0 posts in the base year"


def _with_false_accepts(weight: float) -> pd.DataFrame:
    """As many accepted posts in both years; in 2023 each category and client group has a false accept of the weight."""
    posts = {"2022": TWO_YEARS["2022"], "2023": TWO_YEARS["2022"]}
    counts = counts_of(posts, AUDIT | {"unfound_candidate_weight": weight})
    is_now = counts["period_id"] == "2023"
    counts.loc[is_now, "false_accept_weight"], counts.loc[is_now, "false_accept_squares"] = weight, weight**2
    return counts


def test_a_year_without_a_post_is_compared_with_a_base_that_is_uncertain_too() -> None:
    row = growth_of(counts_of({"2022": {"writing": 1, "data": 1}, "2023": {"writing": 0, "data": 1}}))
    low, high = row.loc["non_technical", ["growth_pct_low", "growth_pct_high"]]
    # of 20 posts none now: at a ratio r all 20 lie in the base year with chance (1 + r)^-20, 2.5 % at r = 0.2025
    assert (low, high) == (-100, pytest.approx(100 * (0.025 ** (-1 / 20) - 2), abs=1e-3))
    assert high == pytest.approx(-79.75, abs=0.01)
