"""Which words a family of growths may carry: worked by hand."""

import pandas as pd
import pytest

from dagster_project.statistics.growth.verdicts import NO_CHANGE, with_verdicts

NO_TREND = {"smallest_rise_pct": -1.0, "largest_rise_pct": 5.0, "three_month_growth_pct_low": -2.0}


def family(p_values: list[float], growths: list[float], **columns: object) -> pd.DataFrame:
    rows = pd.DataFrame({"p_value": p_values, "adjusted_growth_pct": growths})
    fixed = {"posted_month": "2025-11-01", "level": "sub_category", "population": "us", "is_in_family": True}
    return rows.assign(**{**fixed, **NO_TREND, "two_month_growth_pct_low": -1.0, **columns})


def test_rose_surged_fell_and_no_change() -> None:
    # rises: .001 x 5, .02 x 5/2 = .05; falls: 1 - .999 = .001 x 5
    rows = with_verdicts(family([0.001, 0.02, 0.2, 0.5, 0.999], [12.0, 30.0, 40.0, 0.0, -20.0]))
    assert rows["verdict"].tolist() == ["rose", "surged", NO_CHANGE, NO_CHANGE, "fell"]
    assert rows["q_value"].tolist()[:2] == pytest.approx([0.005, 0.05])


def test_a_rise_of_25_percent_or_more_surged() -> None:
    assert with_verdicts(family([0.001, 0.001], [24.99, 25.0]))["verdict"].tolist() == ["rose", "surged"]


def test_the_more_series_are_looked_at_the_less_one_of_them_says() -> None:
    assert with_verdicts(family([0.02], [30.0]))["verdict"].tolist() == ["surged"]
    many = with_verdicts(family([0.02] + [0.5] * 9, [30.0] + [0.0] * 9))
    assert many["verdict"].unique().tolist() == [NO_CHANGE]


def test_a_word_never_contradicts_the_interval_beside_it() -> None:
    # all twenty would be rejected at 10 %, but the interval of .03 holds 0
    rows = with_verdicts(family([0.001] * 19 + [0.03], [10.0] * 20))
    assert rows["verdict"].tolist() == ["rose"] * 19 + [NO_CHANGE]


def test_rows_outside_the_family_have_no_word_and_weigh_on_no_one() -> None:
    rows = with_verdicts(family([0.02, 0.5, 0.5], [30.0, 0.0, 0.0], is_in_family=[True, False, False]))
    assert rows["verdict"].tolist()[0] == "surged"
    assert rows["verdict"].isna().tolist() == [False, True, True]
    assert rows["q_value"].isna().tolist() == [False, True, True]


def test_months_levels_and_populations_are_families_of_their_own() -> None:
    rows = family([0.02, 0.5, 0.5, 0.5], [30.0, 0.0, 0.0, 0.0], population=["us", "all", "all", "all"])
    assert with_verdicts(rows)["verdict"].tolist()[0] == "surged"


@pytest.mark.parametrize(
    ("smallest", "largest", "three_low", "two_low", "trend"),
    [
        (1.0, 9.0, 2.0, 1.0, "steady"),
        (1.0, 25.0, 2.0, 1.0, "continued"),
        (-0.1, 9.0, 2.0, 1.0, "continued"),
        (1.0, 9.0, -0.1, 1.0, "continued"),
        (1.0, 9.0, -0.1, -1.0, None),
        (float("nan"), float("nan"), float("nan"), 1.0, "continued"),
    ],
)
def test_steady_is_three_rises_and_continued_a_two_month_one(
    smallest: float, largest: float, three_low: float, two_low: float, trend: str | None
) -> None:
    rows = with_verdicts(family(
        [0.5], [2.0], smallest_rise_pct=smallest, largest_rise_pct=largest,
        three_month_growth_pct_low=three_low, two_month_growth_pct_low=two_low,
    ))  # fmt: skip
    assert rows["trend"].tolist() == [trend] if trend else rows["trend"].isna().all()


def test_a_family_knows_its_size_and_how_many_did_not_move() -> None:
    """Of three members one rose; the fourth series is not tested."""
    rows = with_verdicts(family([0.001, 0.5, 0.6, 0.5], [30.0, 0.0, 0.0, 0.0], is_in_family=[True, True, True, False]))
    assert rows["family_count"].tolist()[:3] == [3, 3, 3]
    assert rows["family_unmoved_count"].tolist()[:3] == [2, 2, 2]
    assert rows.loc[3, ["family_count", "family_unmoved_count"]].isna().all()
