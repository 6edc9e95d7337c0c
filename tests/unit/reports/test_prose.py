"""What a page says outside of its sentences: an edited number or population word stops the run and names the text."""

import re
from collections.abc import Callable, Mapping
from html import unescape

import pandas as pd
import pytest

from dagster_project.quality.suites.pages import report_tables
from dagster_project.reports.lint.prose import Block, prose_violations, read_page
from dagster_project.reports.lint.sentences import UntrueSentenceError, lint_claims
from dagster_project.reports.page.annex import build_annex, build_spread_annex, build_worker_annex
from dagster_project.reports.page.bulletin import build_bulletin
from dagster_project.reports.page.render import Report, kept_together
from dagster_project.reports.page.spread_study import build_spread_study
from dagster_project.reports.sections.monthly import growth
from dagster_project.reports.sections.study import annex as study_annex
from tests.support.sample_marts import sample_context
from tests.support.sample_study import study_marts

Marts = dict[str, pd.DataFrame]
Made = tuple[Report, Marts]
ANNEXES = ("technical_annex", "technology_spread_annex", "worker_study_annex")
PAGES = ("hiring_report", "technology_spread", "worker_study", *ANNEXES)


@pytest.fixture
def made(request: pytest.FixtureRequest, _marts: Marts, study: Marts) -> Mapping[str, Made]:
    of_month = {"hiring_report": "bulletin", "technical_annex": "annex", "technology_spread": "spread_study"}
    of_month["technology_spread_annex"] = "spread_annex"
    of_study = {"worker_study": "worker_study", "worker_study_annex": "worker_annex"}
    pages = {page: (request.getfixturevalue(name), _marts) for page, name in of_month.items()}
    return pages | {page: (request.getfixturevalue(name), study) for page, name in of_study.items()}


def gate_rules(made: Made, edit: Callable[[str], str], twin: Callable[[str], str], marts: Marts | None = None) -> str:
    """What the report gate says of the files after an edit of the HTML page and one of its Markdown twin."""
    report, own = made
    frames = report_tables(
        {"page": [claim.to_dict() for claim in report.claims]},
        own if marts is None else marts,
        {"page.html": edit(report.html), "page.md": twin(report.markdown)},
        is_simulated=True,
        quoted=sample_context().quoted,
    )
    violations = frames["report.violations"]
    return "\n".join(f"{violation['rule']}: {violation['sentence']}" for violation in violations.to_dict("records"))


def kept(text: str) -> str:
    return text


def replaced(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


@pytest.mark.parametrize("page", PAGES)
def test_pages_as_written_pass_the_gate(made: Mapping[str, Made], page: str) -> None:
    assert gate_rules(made[page], kept, kept) == ""


def test_a_feed_whose_name_holds_numbers_has_its_pages(_marts: Marts) -> None:
    context = sample_context(sources="general_2023", title="Whole feed, 1 to 6 January 2023", is_simulated=False)
    for build in (build_bulletin, build_annex, build_spread_study, build_spread_annex):
        assert "1 to 6 January 2023" in build(_marts, context).markdown


LEADS = {
    "hiring_report": ("is a 95% interval;", "is a 99% interval;"),
    "technical_annex": ("sums to 100%", "sums to 90%"),
    "technology_spread_annex": ("12 that they divide evenly", "10 that they divide evenly"),
    "worker_study_annex": ("stays below 5% after", "stays below 1% after"),
    "technology_spread": ("is a 95% interval;", "is a 99% interval;"),
    "worker_study": ("is a 95% interval;", "is a 99% interval;"),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_number_edited_in_a_lead_of_both_finished_pages_fails_and_names_the_text(
    made: Mapping[str, Made], page: str
) -> None:
    edit = replaced(*LEADS[page])
    rules = gate_rules(made[page], edit, edit)
    assert "is of no mart row and no declared value" in rules and LEADS[page][1] in rules


@pytest.mark.parametrize("page", ANNEXES)
def test_a_number_edited_in_one_of_the_two_pages_alone_fails(made: Mapping[str, Made], page: str) -> None:
    report, _ = made[page]
    rows = [line.strip("| ").split(" | ") for line in report.markdown.splitlines() if line.startswith("| ")]
    cell = next(cell for row in rows for cell in row if re.fullmatch(r"[\d.]+%", cell))
    edited = replaced(f"<bdi>{cell}</bdi>", "<bdi>99.9%</bdi>")
    assert "99.9%" in gate_rules(made[page], edited, kept)
    assert "99.9%" in gate_rules(made[page], kept, replaced(f"| {cell} |", "| 99.9% |"))


@pytest.mark.parametrize("page", ANNEXES)
def test_the_evidence_of_a_sentence_is_that_of_its_claim(made: Mapping[str, Made], page: str) -> None:
    edit = replaced("95% interval", "99% interval")
    report, _ = made[page]
    place = report.html.index('<li id="fn-c1">')
    rules = gate_rules(made[page], lambda html: html[:place] + edit(html[place:]), kept)
    assert "the evidence of no sentence" in rules


@pytest.mark.parametrize("page", PAGES)
def test_an_edited_population_word_fails(made: Mapping[str, Made], page: str) -> None:
    report, _ = made[page]
    claim = report.claims[1]
    word = claim.population.split()[-1]
    edit = replaced(claim.sentence.split(" ", 1)[0], "Workers")
    rules = gate_rules(made[page], edit, edit)
    assert "Workers" in rules, word


@pytest.mark.parametrize("page", PAGES)
def test_an_edited_mart_cell_fails_and_names_the_sentence(made: Mapping[str, Made], page: str) -> None:
    report, marts = made[page]
    for claim in report.claims:
        mart = marts[claim.mart]
        changed = marts | {claim.mart: mart.assign(**{claim.metric: mart[claim.metric].astype(float) * 1.5 + 3})}
        rules = "\n".join(violation.rule for violation in lint_claims([claim], changed))
        assert f"{claim.mart}.{claim.metric} is" in rules, claim.sentence


def test_a_lead_with_a_number_of_its_own_stops_the_build_and_names_the_lead(
    _marts: Marts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "SMALLEST_FAMILY_BASE", 90)
    with pytest.raises(UntrueSentenceError, match="fewer than 90 posts in the base month are not tested"):
        build_annex(_marts, sample_context())


def test_a_note_of_the_worker_study_with_a_number_of_its_own_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    real = study_annex.gain_section

    def with_a_number(view: object) -> object:
        section = real(view)  # type: ignore[arg-type]
        section.lead += " Half of the 900 answers are round."
        return section

    monkeypatch.setattr("dagster_project.reports.page.annex.gain_section", with_a_number)
    with pytest.raises(UntrueSentenceError, match=r"'900'.*Half of the 900 answers"):
        build_worker_annex(study_marts(), sample_context(), "2025-07")


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Not every month of 2020-2021 is in the feed as a whole.", True),
        ("Not every month of 2020-2022 is in the feed as a whole.", False),
        ("Bands are 95% intervals.", True),
        ("Bands are 90% intervals.", False),
        ("Counted up to November 2025.", True),
        ("Counted up to November 2026.", False),
        ("Source: 190 countries, a feed.", True),
    ],
)
def test_a_number_of_prose_is_declared_or_of_a_mart_or_of_the_run(text: str, is_told: bool) -> None:
    mart = pd.DataFrame({"period_label": ["2020-2021"], "posted_month": pd.to_datetime(["2025-11-01"])})
    violations = list(prose_violations([Block("part", text)], {"mart": mart}, ["190 countries, a feed"]))
    assert (violations == []) is is_told


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("It holds 23% (20–29) of all AI posts.", ["23% (20–29)"]),
        ("It moved +7% (−5 to 20), a fall of 34 points (25–43).", ["+7% (−5 to 20),", "34 points (25–43)."]),
        ("worth more than 1,000 USD (95% interval 53.7% to 60.6%)", ["1,000 USD", "53.7% to 60.6%)"]),
        ("<b>1 to 2</b> & of 2020-2021, 'in 12 categories'", ["1 to 2", "2020-2021,"]),
    ],
)
def test_no_line_ends_within_a_number_and_its_range(text: str, together: list[str]) -> None:
    html = str(kept_together(text))
    assert re.findall(r'<span class="together">(.*?)</span>', html) == together
    assert unescape(re.sub(r"</?span[^>]*>", "", html)) == text


def test_a_sentence_is_read_to_its_end_behind_a_span_within_it() -> None:
    page = read_page('<p><span data-claim="r1">It holds <span class="together">23% (20–29)</span> of all.</span> x</p>')
    assert page.sentences["r1"][0] == "It holds 23% (20–29) of all."
