"""The worker study in SQL: who is eligible, which answers count, what an option and a cut count in."""

import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support.small_lake import SmallLake

WAVE, MONTH = datetime.date(2025, 7, 1), "2025-07"
MODELS = ["staging.study", "int_study_respondents", "int_study_measures", "int_study_answers"]
GOOD: dict[str, Any] = {
    "respondent_group": "full_time", "country": "United States", "age": 40, "gender": "woman", "education": "bachelor",
    "computer_at_work": "often",
}  # fmt: skip
RESPONDENTS = {
    "good": {}, "child": {"age": 17}, "oldest": {"age": 78}, "unschooled": {"education": "less_than_high_school"},
    "by_hand": {"computer_at_work": "rarely"}, "abroad": {"country": "France"}, "ageless": {"age": None},
    "two_rules": {"age": 90, "country": "France"},
}  # fmt: skip
ANSWERS = [
    ("good", "ai_use_past_year", "v1", "Yes"), ("good", "ai_productivity_gain", "v1", "50"),
    ("good", "burnout", "v1", "Very"), ("oldest", "burnout", "v1", "A little"),
    ("good", "career_outcomes", "v1", "Earn more"), ("good", "career_outcomes", "v1", "Specialise in a niche"),
    ("oldest", "ai_productivity_gain", "v1", "a lot"), ("oldest", "courtesy", "v1", "Every day"),
    ("oldest", "phrased_as_to_person", "v9", "Always"), ("stranger", "courtesy", "v1", "Always"),
    ("child", "burnout", "v1", "Very"),
]  # fmt: skip


@pytest.fixture(scope="module")
def study(lake: SmallLake) -> SmallLake:
    people = [GOOD | facts | {"respondent_id": name} for name, facts in RESPONDENTS.items()]
    names = ("respondent_id", "question_id", "wording_version", "answer")
    add_rows(lake, "study_respondents", people)
    add_rows(lake, "study_answers", [dict(zip(names, row, strict=True)) for row in ANSWERS])
    lake.plan({MONTH: []})
    assert set(lake.dbt("build", "--select", *MODELS, "--exclude", "resource_type:unit_test").values()) <= {
        "success", "pass",
    }  # fmt: skip
    return lake


def add_rows(lake: SmallLake, table: str, rows: list[dict[str, Any]]) -> None:
    schema = pq.read_schema(lake.workspace.raw(table) / "schema.parquet")
    rows = [
        {"wave_month": WAVE, "load_id": "one", "source_file": "one.csv", "source_row": number} | row
        for number, row in enumerate(rows, start=1)
    ]
    target = lake.workspace.raw(table) / f"month={MONTH}" / "load=one.parquet"
    target.parent.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), target)


def test_ineligible_respondents_stay_with_the_first_rule_that_they_break(study: SmallLake) -> None:
    rows = study.query("select respondent_id, ineligible_reason from staging.stg_survey__study_respondents")
    assert dict(rows) == {
        "good": None,
        "oldest": None,
        "child": "age is not from 18 to 78",
        "unschooled": "education is below high school",
        "by_hand": "computer at work is used less than sometimes",
        "abroad": "country is not one of the study",
        "ageless": "age is not given",
        "two_rules": "age is not from 18 to 78",
    }
    assert study.query("select count(*) from intermediate.int_study_respondents") == [(2,)]


def test_a_generation_follows_from_age_and_wave(study: SmallLake) -> None:
    rows = study.query("select respondent_id, generation from intermediate.int_study_respondents")
    assert dict(rows) == {"good": "Millennials", "oldest": "Baby Boomers"}


def test_answers_that_cannot_be_counted_stay_with_their_issue(study: SmallLake) -> None:
    rows = study.query(
        "select answer, issue from staging.stg_survey__study_answers where issue is not null order by all"
    )
    assert rows == [
        ("Always", "respondent is not in the wave"),
        ("Always", "wording is not in the questionnaire"),
        ("Every day", "answer is not offered"),
        ("a lot", "not a number"),
    ]


def test_an_answer_counts_in_its_option_and_in_the_cuts_that_it_reaches(study: SmallLake) -> None:
    rows = study.query("select respondent_id, question_id, counted from intermediate.int_study_answers")
    counted = {(who, question): text for who, question, text in rows}
    assert counted["good", "burnout"] == "Somewhat or more|Very"
    assert counted["oldest", "burnout"] == "A little"
    assert counted["good", "career_outcomes"] == "Earn more|Specialise in a niche"
    assert counted["good", "ai_productivity_gain"] == "value"
    # asked in the wave and left out
    assert counted["oldest", "career_outcomes"] == ""
    assert ("good", "courtesy") not in counted


def test_ai_use_and_gain_go_with_the_respondent(study: SmallLake) -> None:
    rows = study.query("select respondent_id, uses_ai, gain_pct from intermediate.int_study_respondents order by all")
    assert rows == [("good", True, 50.0), ("oldest", False, None)]
