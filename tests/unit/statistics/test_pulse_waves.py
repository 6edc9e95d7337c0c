"""The pulse survey from wave to wave: changed wordings, ranks, the diffusion index."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.core.counts import CountsError
from dagster_project.statistics.survey.pulse import pulse_changes, pulse_diffusion, pulse_ranks
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
