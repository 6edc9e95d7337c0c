"""The worker study's estimates: hand-worked samples, agreement with svy, what is refused."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import svy

from dagster_project.statistics.core.estimates import CountsError
from dagster_project.statistics.survey.answers import number_estimates, study_numbers, study_shares, top_group
from dagster_project.statistics.survey.comparisons import PAIR, holm, study_comparisons
from dagster_project.statistics.survey.replicated_shares import (
    difference_interval,
    replicated_share,
    risk_ratio_interval,
    share_interval,
)
from dagster_project.statistics.survey.sample_table import study_sample
from dagster_project.statistics.survey.wave import waves_of, weighted_quantile, winsorised
from dagster_project.statistics.survey.weighting import SEED, kish_effective, wave_weights
from tests.support.sample_study import REPLICATES, WAVE, answers, question, respondents

HEAPED = np.array([30.0] * 5 + [40.0] * 8 + [50.0] * 6 + [80.0])


def test_a_quartile_of_answers_heaped_at_50_holds_35_percent() -> None:
    weights = np.ones((1, 20))
    assert weighted_quantile(HEAPED, weights, 0.75).tolist() == [50.0]  # the 15th of 20 answers
    assert top_group(HEAPED, weights).share == 0.35


def test_the_quartile_is_cut_anew_in_every_replicate() -> None:
    without_tens = np.where(HEAPED == 40, 0.0, 1.0)
    weights = np.vstack([np.ones(20), np.where(HEAPED == 50, 0.2, 1.0), without_tens])
    assert weighted_quantile(HEAPED, weights, 0.75).tolist() == [50.0, 40.0, 50.0]
    # 7 of 20; 8 x 1 + 6 x 0.2 + 1 = 10.2 of 15.2; 7 of 12
    assert top_group(HEAPED, weights).value == pytest.approx([0.35, 10.2 / 15.2, 7 / 12])


def test_a_weighted_quantile_is_an_answer_that_somebody_gave() -> None:
    values = np.array([10.0, 20.0, 30.0])
    assert weighted_quantile(values, np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 6.0]]), 0.5).tolist() == [20.0, 30.0]


def test_tails_are_drawn_in_to_the_first_and_the_last_percent() -> None:
    values = np.array([-900.0, *[40.0] * 198, 900.0])
    assert winsorised(values, np.ones((1, 200)), 0.01).mean() == 40.0
    assert number_estimates(values, np.ones((3, 200)))["winsorised_mean"][0][0] == 40.0


def test_a_risk_ratio_is_not_an_odds_ratio() -> None:
    # 88 of 100 against 44 of 100: twice as likely, while the odds are 7.333 / 0.786 = 9.3 times as large
    weights, everyone = np.ones((3, 100)), np.ones(100, bool)
    share = replicated_share(weights, everyone, np.arange(100) < 88)
    reference = replicated_share(weights, everyone, np.arange(100) < 44)
    assert risk_ratio_interval(share, reference)[0] == 2.0
    assert difference_interval(share, reference)[0] == pytest.approx(0.44)


def test_a_ratio_to_nobody_is_left_out() -> None:
    weights, everyone = np.ones((3, 10)), np.ones(10, bool)
    nobody = replicated_share(weights, everyone, np.zeros(10, bool))
    assert np.isnan(risk_ratio_interval(replicated_share(weights, everyone, everyone), nobody)).all()
    assert share_interval(nobody)[0] == 0.0
    assert share_interval(nobody)[2] > 0.2  # nobody of 10 does not mean nobody


def test_shares_and_errors_are_those_of_svy() -> None:
    rng = np.random.default_rng(4)
    people = respondents().assign(weight=rng.uniform(0.5, 2, 300).round(3))
    weights, is_yes = wave_weights(people, 80), rng.random(300) < 0.4
    data = pl.DataFrame({"unit": range(300), "respondent_group": people["respondent_group"].tolist(),
                         "weight": people["weight"].tolist(), "yes": is_yes.astype(float).tolist()})  # fmt: skip
    sample = svy.Sample(data, svy.Design(stratum="respondent_group", psu="unit", wgt="weight"))
    sample = sample.weighting.create_bs_wgts(n_reps=80, rstate=SEED)
    expected = sample.estimation.mean("yes", method="replication").to_polars().row(0, named=True)
    share = replicated_share(weights.matrix, np.ones(300, bool), is_yes)
    assert share.share == pytest.approx(expected["est"])
    # svy centres on the mean of the replicates, the estimates here on the sample itself
    assert np.sqrt(share.variance) == pytest.approx(expected["se"], rel=0.03)
    assert weights.words == "weights as provided"


def test_weights_are_raked_to_the_margins_and_their_replicates_too() -> None:
    people = respondents()
    is_full_time = people["respondent_group"] == "full_time"
    margin = people["gender"].map({"woman": 0.3, "man": 0.7}).where(is_full_time)
    weights = wave_weights(people.assign(gender_population_share=margin), 30)
    is_woman = (is_full_time & (people["gender"] == "woman")).to_numpy()
    part = (weights.matrix * is_woman).sum(axis=1) / (weights.matrix * is_full_time.to_numpy()).sum(axis=1)
    assert part == pytest.approx(np.full(31, 0.3), abs=1e-3)
    others = weights.matrix[0][~is_full_time.to_numpy()]
    assert others == pytest.approx(np.ones(len(others)), abs=1e-3)  # groups without margins keep their weights
    assert weights.words == "raked to gender"


def test_a_level_that_the_margins_leave_out_is_an_error() -> None:
    people = respondents()
    margin = people["gender"].map({"woman": 1.0}).where(people["respondent_group"] == "full_time")
    with pytest.raises(CountsError, match="no gender share for full_time, man"):
        wave_weights(people.assign(gender_population_share=margin), 5)


def test_weights_of_only_some_respondents_are_an_error() -> None:
    people = respondents()
    with pytest.raises(CountsError, match="give all or none"):
        wave_weights(people.assign(weight=[1.0, *[np.nan] * 299]), 5)


def test_kish_counts_unequal_weights_for_less() -> None:
    assert kish_effective(np.array([1.0, 1.0, 2.0])) == pytest.approx(16 / 6)


def test_peers_are_the_other_ai_users_who_report_a_gain() -> None:
    people = respondents()
    is_full_time = people["respondent_group"] == "full_time"
    first = people.index[is_full_time][:2]
    people.loc[first[0], "uses_ai"] = False
    people.loc[first[1], "gain_pct"] = np.nan
    wave, _ = next(waves_of(people, 5))
    top, peers = wave.domain("full_time_top_quartile"), wave.domain("full_time_peers")
    assert top.is_member.sum() == (people.loc[is_full_time, "gain_pct"] >= 50).sum()
    assert top.is_member.sum() + peers.is_member.sum() == is_full_time.sum() - 2
    assert not (top.is_member & peers.is_member).any()


def test_a_cut_counts_its_option_and_all_stronger_ones() -> None:
    shares = study_shares(answers(), REPLICATES)
    agents = shares[(shares["question_id"] == "agents") & (shares["population_id"] == "c_suite")]
    by_measure = agents.set_index("measure")["answer_count"]
    assert by_measure["At least agree"] == by_measure["Strongly agree"] + by_measure["Agree"]
    assert by_measure["At least agree"] + by_measure["Disagree"] == 60


def test_who_left_a_question_out_is_not_counted_as_a_no() -> None:
    people = respondents()
    counted = ["", *["Yes"] * 149, *["No"] * 150]
    rows = question(people, "asked", counted, populations="c_suite_and_full_time")
    share = study_shares(rows, REPLICATES).set_index("measure").loc["Yes"]
    assert share["respondent_count"] == 219
    assert share["answer_share"] == pytest.approx(149 / 219, abs=1e-6)
    assert share["weighting"] == "unweighted quota sample"


def test_answers_of_a_multiple_question_need_not_sum_to_one() -> None:
    people = respondents()
    rows = question(people, "all", ["Faster|Niche"] * 100 + ["Faster"] * 200, populations="c_suite|freelance",
                    measures="Faster|Niche", findings="", kind="multiple")  # fmt: skip
    shares = study_shares(rows, REPLICATES).set_index(["population_id", "measure"])["answer_share"]
    assert shares["c_suite", "Faster"] == 1.0
    assert shares["c_suite", "Niche"] == 1.0
    assert shares["freelance", "Niche"] == 0.0


def test_numeric_answers_give_one_row_a_statistic() -> None:
    numbers = study_numbers(answers(), REPLICATES).set_index("statistic")
    assert numbers["estimate"].to_dict() == {
        "mean": 38.0, "winsorised_mean": 38.0, "median": 40.0, "upper_quartile": 50.0, "top_group_share": 0.4,
    }  # fmt: skip
    assert set(numbers["population"]) == {"full-time employees who use AI"}


def test_p_values_are_adjusted_within_a_pair_of_populations() -> None:
    rows = pd.DataFrame(dict.fromkeys(PAIR, "x"), index=range(4)).assign(p_value=[0.01, 0.04, 0.03, 0.04])
    rows.loc[3, "population_id"] = "another"
    # Holm over three: 3 x 0.01, 2 x 0.03, 2 x 0.03 by monotonicity; the other pair is a family of one
    assert holm(rows).tolist() == [0.03, 0.06, 0.06, 0.04]


def test_a_difference_that_chance_can_make_is_not_called_one() -> None:
    people = respondents()
    rows = question(people, "coin", ["Yes", "No"] * 150, populations="freelance|full_time",
                    comparison="freelance:full_time")  # fmt: skip
    (row,) = study_comparisons(rows, REPLICATES).to_dict("records")
    assert row["verdict"] == "not distinguishable"
    assert row["difference_points_low"] < 0 < row["difference_points_high"]


def test_an_unknown_population_is_refused_by_its_name() -> None:
    rows = question(respondents(), "asked", ["Yes"] * 300, populations="workers")
    with pytest.raises(KeyError, match="'workers'"):
        study_shares(rows, 3)


def test_sample_rows_add_up_one_and_two_dimensions_at_a_time() -> None:
    sample = study_sample(respondents())
    totals = sample.groupby(["dimension", "second_dimension"])["respondent_count"].sum()
    assert (totals == 300).all()
    assert len(totals) == 1 + 4 + 6
    assert (sample["design_effect"] == 1.0).all()
    assert (sample["wave_month"] == WAVE).all()
