"""Waves of the simulated surveys: questionnaires, quotas, ineligible respondents, planted shares of each population."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dagster_project.simulation.market.posts import make_world
from dagster_project.simulation.surveys import (
    pulse_answers,
    require_offered,
    study_answers,
    study_respondents,
    wave_questions,
)
from dagster_project.simulation.worlds.planted import load_planted

WAVE = "2025-07"
STUDY = load_planted().study


@pytest.fixture(scope="module")
def waves() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Respondents and answers of ten worlds."""
    worlds = [make_world(seed, 10) for seed in range(10)]
    tables = [(study_respondents(world, WAVE), study_answers(world, WAVE)) for world in worlds]
    frames = [
        pd.concat([t.to_pandas().assign(world=i) for i, t in enumerate(part)]) for part in zip(*tables, strict=True)
    ]
    return frames[0], frames[1]


def test_a_month_without_a_wave_has_no_file() -> None:
    assert study_respondents(make_world(1, 10), "2025-06") is None
    assert study_answers(make_world(1, 10), "2025-06") is None


def test_the_quotas_are_filled_by_eligible_respondents(waves: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    people = waves[0]
    is_eligible = (
        people["age"].between(18, 78)
        & (people["education"] != "less_than_high_school")
        & ~people["computer_at_work"].isin(["never", "rarely"])
        & people["country"].isin(STUDY.countries)
    )
    counts = people[is_eligible].groupby(["world", "respondent_group"]).size()
    assert counts.unstack().eq(pd.Series(STUDY.quotas)).all().all()
    assert (~is_eligible).sum() == 10 * round(STUDY.ineligible * sum(STUDY.quotas.values()))


def test_gains_heap_and_their_top_quartile_holds_35_percent(waves: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    answers = waves[1]
    gains = answers[answers["question_id"] == "ai_productivity_gain"]["answer"].astype(float)
    assert np.percentile(gains, 75) == STUDY.gain_top
    assert (gains >= STUDY.gain_top).mean() == pytest.approx(0.35, abs=0.02)
    assert gains.clip(upper=100).mean() == pytest.approx(40, abs=1.0)


def test_answers_follow_the_planted_shares_of_a_group(waves: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    people, answers = waves
    known = answers.merge(people[["world", "respondent_id", "respondent_group"]], on=["world", "respondent_id"])
    seen = known[(known["question_id"] == "ai_gain_seen") & (known["respondent_group"] == "c_suite")]
    assert (seen["answer"] == "Yes").mean() == pytest.approx(0.77, abs=0.015)
    freelancers = known[(known["question_id"] == "career_outcomes") & (known["respondent_group"] == "freelance")]
    asked = freelancers[["world", "respondent_id"]].drop_duplicates()
    faster = (freelancers["answer"] == "Learn new skills faster").sum() / len(asked)
    assert faster == pytest.approx(0.90, abs=0.015)


ASKED_OF_EVERYBODY = {"ai_use_past_year", "ai_gain_seen", "agents_reinvent_work"}
"""About the respondent's use, the organisation's gains, what is to come; the others are about how they use AI."""


def test_only_ai_users_answer_questions_about_their_use_of_ai(waves: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    answers = waves[1]
    who = ["world", "respondent_id"]
    is_user = (answers["question_id"] == "ai_use_past_year") & (answers["answer"] == "Yes")
    about_use = answers[~answers["question_id"].isin(ASKED_OF_EVERYBODY)]
    assert {"career_effect", "career_outcomes", "courtesy", "gain_driver", "burnout"} <= set(about_use["question_id"])
    asked = pd.MultiIndex.from_frame(about_use[who])
    assert asked.isin(pd.MultiIndex.from_frame(answers.loc[is_user, who])).all()


def test_the_drivers_of_a_gain_are_as_published(waves: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    answers = waves[1]
    drivers = answers[answers["question_id"] == "gain_driver"]["answer"].value_counts(normalize=True)
    published = {"Experimenting with AI": 0.30, "Better AI products": 0.25, "Self-directed training": 0.22,
                 "Training by my employer": 0.22}  # fmt: skip
    for answer, share in published.items():
        assert drivers[answer] == pytest.approx(share, abs=0.02), answer
    assert drivers["Something else"] == pytest.approx(0.01, abs=0.006)


def test_some_answers_are_missing(waves: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    people, answers = waves
    answered = answers[answers["question_id"] == "ai_use_past_year"]
    assert 1 - len(answered) / len(people) == pytest.approx(STUDY.missing_answer, abs=0.006)


def test_a_wave_is_drawn_anew_in_every_world(waves: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    ages = waves[0].groupby("world")["age"].mean()
    assert ages.nunique() == 10


def test_a_planted_answer_that_is_not_offered_is_an_error(tmp_path: Path) -> None:
    questions = tmp_path / "study_questions.csv"
    questions.write_text("question_id,wording_version,question,response_kind,answer,answer_order\n")
    with pytest.raises(ValueError, match="ai_use_past_year"):
        require_offered(STUDY, questions)


def test_there_is_no_wave_before_the_first() -> None:
    world = make_world(1, 10)
    assert pulse_answers(world, "2023-12") is None
    assert pulse_answers(world, "2024-01") is not None


def test_a_wave_has_its_respondents_and_every_question_once(feed: Path) -> None:
    wave = pq.read_table(feed / "pulse_answers" / "2025-11.parquet").to_pandas()
    assert wave["respondent_id"].nunique() == load_planted().pulse.respondents
    assert not wave.duplicated(["respondent_id", "question_id"]).any()
    assert set(wave["wave_month"].astype(str)) == {"2025-11-01"}
    assert (wave["weight"].astype(float) > 0).all()


def test_a_changed_wording_replaces_the_earlier_one() -> None:
    pulse = load_planted().pulse
    assert "independent_talent_outlook/v1" in wave_questions(pulse, "2025-03")
    assert "independent_talent_outlook/v2" not in wave_questions(pulse, "2025-03")
    assert "independent_talent_outlook/v2" in wave_questions(pulse, "2025-04")
    assert "independent_talent_outlook/v1" not in wave_questions(pulse, "2025-04")


def test_answers_follow_the_planted_shares() -> None:
    world = make_world(2, 10)
    waves = pd.concat([pulse_answers(world, f"2024-{m:02d}").to_pandas() for m in range(1, 13)])
    for key, shares in load_planted().pulse.answers.items():
        question, wording = key.split("/")
        asked = waves[(waves["question_id"] == question) & (waves["wording_version"] == wording)]
        for answer, share in shares.items() if len(asked) else ():
            assert (asked["answer"] == answer).mean() == pytest.approx(share, abs=0.03)


def test_a_respondent_stays_the_same_business() -> None:
    world = make_world(2, 10)
    waves = pd.concat([pulse_answers(world, month).to_pandas() for month in ("2024-01", "2024-02", "2024-03")])
    assert waves["respondent_id"].nunique() > 400
    assert (waves.groupby("respondent_id")[["country", "industry", "business_size"]].nunique() == 1).all().all()


def test_answers_that_the_questionnaire_does_not_have_are_an_error(tmp_path: Path) -> None:
    questions = tmp_path / "pulse_questions.csv"
    questions.write_text("question_id,wording_version,question,response_kind,answer,answer_order\n")
    with pytest.raises(ValueError, match="digital_fluency_value"):
        wave_questions(load_planted().pulse, "2024-01", questions)
