"""The pulse survey from wave to wave: changed wordings, ranks, the diffusion index."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.core.estimates import CountsError
from dagster_project.statistics.survey.pulse import pulse_changes, pulse_diffusion, pulse_ranks, pulse_shares
from tests.support.sample_study import pulse_responses


def responses(answers: dict[str, int], month: str = "2025-11", first: int = 0, weight: float = np.nan) -> pd.DataFrame:
    """One wave of a question; answers: how many gave each; respondents are numbered from `first`."""
    directions = {"More": "up", "Same": "same", "Less": "down"}
    given = [answer for answer, count in answers.items() for _ in range(count)]
    return pd.DataFrame({
        "wave_month": pd.Timestamp(f"{month}-01"), "respondent_id": [f"B{first + i}" for i in range(len(given))],
        "question_id": "outlook", "wording_version": "v1", "answer": given,
        "direction": [directions.get(answer, "") for answer in given], "weight": weight,
    })  # fmt: skip


def test_waves_with_another_wording_are_not_compared() -> None:
    rows = pulse_changes(pulse_responses([("2025-03", "v1"), ("2025-04", "v2"), ("2025-05", "v2")]))
    status = rows.groupby("wave_month")["status"].unique().map(list).tolist()
    assert status == [["no earlier wave"], ["wording changed"], ["compared"]]
    assert rows["change_points"].notna().tolist() == (rows["status"] == "compared").tolist()
    changed = rows[rows["status"] == "wording changed"]
    assert set(changed["base_wording_version"]) == {"v1"}
    assert changed["base_share"].isna().all()


def test_a_change_is_the_difference_of_the_shares_with_its_interval() -> None:
    waves = [responses({"More": 40, "Less": 60}, "2025-10"), responses({"More": 60, "Less": 40}, first=500)]
    more = pulse_changes(pd.concat(waves)).set_index(["wave_month", "answer"]).loc[(pd.Timestamp("2025-11-01"), "More")]
    assert more["change_points"] == 20.0
    # two independent waves: 1.97 x sqrt(2 x 0.24 / 100), times 200/199
    assert more["change_points_high"] - 20 == pytest.approx(13.7, abs=0.1)


def test_respondents_of_both_waves_who_stay_the_same_make_a_change_surer() -> None:
    again = [responses({"More": 40, "Less": 60}, "2025-10"), responses({"More": 45, "Less": 55})]
    others = [responses({"More": 40, "Less": 60}, "2025-10"), responses({"More": 45, "Less": 55}, first=500)]
    widths = [
        pulse_changes(pd.concat(waves)).query("answer == 'More'")["change_points_high"].iloc[-1]
        for waves in (again, others)
    ]
    assert widths[0] < widths[1] / 2


def test_the_diffusion_index_is_50_when_as_many_point_up_as_down() -> None:
    (balanced,) = pulse_diffusion(responses({"More": 20, "Same": 10, "Less": 20, "Not sure": 9})).to_dict("records")
    assert balanced["diffusion_index"] == 50.0
    assert balanced["respondent_count"] == 50
    (upward,) = pulse_diffusion(responses({"More": 30, "Same": 10, "Less": 10})).to_dict("records")
    assert upward["diffusion_index"] == 70.0
    assert upward["diffusion_index_low"] > 50


def test_a_question_without_directions_has_no_index() -> None:
    assert pulse_diffusion(responses({"Yes": 20, "No": 10})).empty


def test_a_rank_is_sure_only_where_the_difference_is() -> None:
    ranks = pulse_ranks(responses({"Skill gaps": 200, "Labor costs": 102, "Retention": 98})).set_index("answer")
    limits = ["answer_rank", "answer_rank_low", "answer_rank_high"]
    assert ranks.loc["Skill gaps", limits].tolist() == [1, 1, 1]
    assert ranks.loc["Labor costs", limits].tolist() == [2, 2, 3]
    assert ranks.loc["Retention", limits].tolist() == [3, 2, 3]


def test_weights_that_are_given_are_used() -> None:
    rows = pd.concat([responses({"Yes": 10}, weight=3.0), responses({"No": 30}, first=100, weight=1.0)])
    ranks = pulse_ranks(rows).set_index("answer")
    assert ranks.loc["Yes", "answer_share"] == 0.5
    assert ranks.loc["Yes", "effective_respondent_count"] == 30.0  # 60^2 / (10 x 9 + 30)
    assert ranks["weighting"].unique().tolist() == ["weights as provided"]


def test_weights_of_only_some_respondents_are_an_error() -> None:
    rows = pd.concat([responses({"Yes": 10}, weight=3.0), responses({"No": 30}, first=100)])
    with pytest.raises(CountsError, match="give all or none"):
        pulse_ranks(rows)


def answer_counts(rows: pd.DataFrame, never: str = "Never") -> pd.DataFrame:
    """int_pulse_answer_counts of the responses, with an option that nobody chose."""
    made = []
    for (month, question, wording), asked in rows.groupby(["wave_month", "question_id", "wording_version"]):
        weights = asked["weight"].fillna(1.0)
        for answer in [*asked["answer"].unique(), never]:
            is_chosen = asked["answer"] == answer
            made.append({
                "wave_month": month, "question_id": question, "wording_version": wording, "answer": answer,
                "respondent_count": len(asked), "weighted_respondent_count": int(asked["weight"].notna().sum()),
                "answer_weight": weights[is_chosen].sum(), "respondent_weight": weights.sum(),
                "respondent_weight_squares": (weights**2).sum(),
            })  # fmt: skip
    return pd.DataFrame(made)


def weighted_waves() -> pd.DataFrame:
    """October: 10 Yes of weight 3, 30 No of weight 1. November: 12 Yes of weight 1, 8 No of weight 3."""
    return pd.concat([
        responses({"Yes": 10}, "2025-10", weight=3.0), responses({"No": 30}, "2025-10", first=100, weight=1.0),
        responses({"Yes": 12}, first=200, weight=1.0), responses({"No": 8}, first=300, weight=3.0),
    ])  # fmt: skip


def test_the_share_of_an_answer_is_weighted_where_its_businesses_have_weights() -> None:
    shares = pulse_shares(answer_counts(weighted_waves())).set_index(["wave_month", "answer"])
    october, november = pd.Timestamp("2025-10-01"), pd.Timestamp("2025-11-01")
    # 30 of 60, where 10 of 40 businesses chose it; 12 of 36, where 12 of 20 did
    assert shares.loc[(october, "Yes"), "answer_share"] == 0.5
    assert shares.loc[(november, "Yes"), "answer_share"] == 0.333333
    assert shares.loc[(october, "Yes"), "effective_respondent_count"] == 30.0  # 60^2 / (10 x 9 + 30)
    # Wilson at 15 of 30: 0.3315 to 0.6685
    assert shares.loc[(october, "Yes"), "answer_share_low"] == pytest.approx(0.3315, abs=1e-4)
    assert shares["weighting"].unique().tolist() == ["weights as provided"]
    never = shares.loc[(october, "Never")]
    assert (never["answer_share"], never["answer_share_low"]) == (0, 0)
    assert never["answer_share_high"] == pytest.approx(1.96**2 / (30 + 1.96**2), abs=1e-4)


@pytest.mark.parametrize("is_weighted", [True, False])
def test_a_share_is_one_number_in_shares_ranks_and_changes_and_the_change_is_their_difference(
    is_weighted: bool,
) -> None:
    rows = weighted_waves()
    if not is_weighted:
        rows = rows.assign(weight=np.nan)
    keys = ["wave_month", "answer"]
    shares = pulse_shares(answer_counts(rows)).set_index(keys)
    ranks, changes = pulse_ranks(rows).set_index(keys), pulse_changes(rows).set_index(keys)
    for table in (ranks, changes):
        assert table["answer_share"].equals(shares.loc[table.index, "answer_share"])
    limits = ["answer_share_low", "answer_share_high", "effective_respondent_count"]
    assert ranks[limits].equals(shares.loc[ranks.index, limits])
    yes = (pd.Timestamp("2025-11-01"), "Yes")
    before = shares.loc[(pd.Timestamp("2025-10-01"), "Yes"), "answer_share"]
    assert changes.loc[yes, "base_share"] == before
    expected = -16.6667 if is_weighted else 35.0  # 33.3333 less 50; 60 less 25
    assert changes.loc[yes, "change_points"] == pytest.approx(expected, abs=1e-9)
    assert changes.loc[yes, "change_points"] == pytest.approx(
        100 * (shares.loc[yes, "answer_share"] - before), abs=1e-9
    )


def test_answers_of_one_share_have_one_rank() -> None:
    rows = pd.concat([responses({"Cost": 10, "Skills": 10}, weight=0.7), responses({"Other": 7}, first=50, weight=1.0)])
    ranks = pulse_ranks(rows).set_index("answer")["answer_rank"]
    assert ranks.to_dict() == {"Cost": 1, "Skills": 1, "Other": 1}


def test_shares_of_a_wave_in_which_only_some_have_weights_are_an_error() -> None:
    rows = pd.concat([responses({"Yes": 10}, weight=3.0), responses({"No": 30}, first=100)])
    with pytest.raises(CountsError, match=r"2025-11-01.*give all or none"):
        pulse_shares(answer_counts(rows))
