"""The pulse survey: one wave a month from 2024-01, the questions of the questionnaire, the planted shares."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dagster_project.simulation.market.posts import make_world
from dagster_project.simulation.surveys import pulse_answers, wave_questions
from dagster_project.simulation.worlds.planted import load_planted


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
