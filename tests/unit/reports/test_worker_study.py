"""The page of the worker study: one finding a chart, populations named once, nothing told of what is hidden."""

import re
from collections.abc import Callable
from html import unescape

import pandas as pd
import pytest

from dagster_project.reports.page.annex import build_worker_annex
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from dagster_project.reports.page.worker_study import build_worker_study
from dagster_project.reports.sections.study.story import hidden_note
from tests.support.page_text import assert_is_short, title
from tests.support.sample_marts import sample_context

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]
WAVE = "2025-07"
COMPARISONS = "study_group_comparisons"


@pytest.fixture
def report(worker_study: Report) -> Report:
    return worker_study


def test_the_finding_in_which_top_users_differ_most_heads_the_page(report: Report) -> None:
    assert title(report) == "56% of top AI users consider quitting, against 28% of their peers"


def test_the_page_is_short_and_names_each_population_once(report: Report) -> None:
    assert_is_short(report)
    definition = "full-time employees who use AI and whose gain is in the top quartile"
    assert report.html.split("<body", 1)[1].count(definition) == 1
    assert "Every number on this page comes from simulated answers" in report.markdown


def test_each_sentence_leads_to_its_row_in_the_annex(report: Report, study: Marts) -> None:
    annex = build_worker_annex(study, sample_context(), WAVE, report.claims)
    linked = re.findall(r'href="worker_study_annex\.html#(fn-r\d+)"', report.html)
    assert {claim.footnote for claim in report.claims} <= set(linked)
    assert all(f'<li id="{footnote}">' in annex.html for footnote in linked)


def test_every_chart_comes_as_data_and_drawing_under_the_name_of_the_study(report: Report) -> None:
    assert {name.removesuffix(".csv") for name in report.figures} == {
        name.removesuffix(".svg") for name in report.drawings
    }
    assert all(name.startswith("worker-study-") for name in report.figures)
    assert "worker-study-full-time-top-quartile.csv" in report.figures


def test_a_difference_is_told_with_its_numbers_before_what_they_are_of(report: Report) -> None:
    told = [claim.sentence for claim in report.claims[1:] if claim.mart == COMPARISONS]
    assert len(told) > 1 and all(re.match(r"\d+% (?:of|against) ", sentence) for sentence in told)


def test_a_chart_of_one_group_names_it(study: Marts, make_context: MakeContext, drawn: None) -> None:
    shares = study["study_answer_shares"]
    asked = shares[shares["question_id"].eq("agents") & shares["population_id"].eq("c_suite")]
    alone = asked.assign(question_id="ai_gain_seen", question="Seen gains?", finding=asked["finding"])
    report = build_worker_study(study | {"study_answer_shares": pd.concat([shares, alone])}, make_context(), WAVE)
    drawing = unescape(re.sub(r"<[^>]*>", " ", report.drawings["worker-study-groups.svg"]))
    assert "Seen gains? C-suite leaders" in drawing


def test_in_a_null_world_no_difference_is_told(study: Marts, make_context: MakeContext) -> None:
    rows = study[COMPARISONS].assign(verdict="no clear difference", adjusted_p_value=0.6)
    report = build_worker_study(study | {COMPARISONS: rows}, make_context(), WAVE)
    assert not [claim for claim in report.claims if claim.mart == COMPARISONS]
    assert "against" not in title(report)
    assert report.html.count("No finding differs clearly between the two.") == 2


def test_a_finding_that_does_not_differ_is_named_without_a_number(study: Marts, make_context: MakeContext) -> None:
    rows = study[COMPARISONS]
    again = rows[rows["question_id"] == "quitting"].assign(
        question_id="other", finding="like their work", verdict="no clear difference"
    )
    report = build_worker_study(study | {COMPARISONS: pd.concat([rows, again])}, make_context(), WAVE)
    assert "No clear difference: like their work." in report.html
    assert not [claim for claim in report.claims if "like their work" in claim.sentence]


def test_hidden_numbers_are_neither_told_nor_drawn(study: Marts, make_context: MakeContext) -> None:
    hidden = {name: _without_numbers(rows) for name, rows in study.items()}
    report = build_worker_study(hidden, make_context(), WAVE)
    assert (report.claims, report.figures) == ([], {})
    assert title(report) == "Worker study"
    assert "A quota sample is not drawn at random" in report.html
    assert not re.search(r"(?<![\w.])nan(?![\w])", report.markdown)


def test_answers_that_a_chart_must_not_draw_are_named_and_not_numbered() -> None:
    assert hidden_note(pd.Series(["Training by my employer", "Something else"])) == [
        "Not shown, to protect the few who gave one of them: Training by my employer; Something else."
    ]
    assert hidden_note(pd.Series([], dtype=object)) == []


def _without_numbers(rows: pd.DataFrame) -> pd.DataFrame:
    """Every estimate and count of the mart hidden, as a release hides it."""
    keys = ["measure_order"]
    numbers = [name for name in rows if pd.api.types.is_numeric_dtype(rows[name]) and name not in keys]
    numbers = [name for name in numbers if rows[name].dtype != bool]
    return rows.assign(**{name: float("nan") for name in numbers}, is_suppressed=True)


def test_a_wave_without_the_top_users_has_its_page(study: Marts, make_context: MakeContext) -> None:
    rows = study[COMPARISONS]
    others = rows[rows["population_id"] != "full_time_top_quartile"]
    report = build_worker_study(study | {COMPARISONS: others}, make_context(), WAVE)
    assert "Top AI users" not in report.html
    assert title(report).startswith("70% (63–75) of C-suite leaders and full-time employees together expect agents")
    assert_is_short(report)


def test_what_moved_since_the_wave_before_is_told(study: Marts, make_context: MakeContext) -> None:
    changes = study["study_wave_changes"].assign(
        base_wave_month=pd.Timestamp("2025-01-01"), base_respondent_count=90, base_share=0.2, status="compared"
    )
    points = 100 * (changes["answer_share"].astype(float) - 0.2)
    changes = changes.assign(change_points=points, change_points_low=points - 5, change_points_high=points + 5)
    report = build_worker_study({**study, "study_wave_changes": changes}, make_context(), WAVE)
    told = [claim.sentence for claim in report.claims if claim.mart == "study_wave_changes"]
    assert told and all(re.search(r"(rose|fell) \d+ points \(.+\) since January 2025\.", one) for one in told)
