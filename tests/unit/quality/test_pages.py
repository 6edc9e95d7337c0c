"""Claims beside their mart rows: an edited mart, claim or page is found by the report suite."""

import pandas as pd
import pytest

from dagster_project.quality.engine.runner import run_suite
from dagster_project.quality.engine.session import open_source
from dagster_project.quality.suites.pages import report_tables
from dagster_project.reports.claims.claims import Claim, evidence
from dagster_project.storage.shown_text import markdown_text
from tests.support.good_tables import PROVIDED

pytestmark = pytest.mark.usefixtures("without_site")

MARTS = {
    "monthly_technology_posts": pd.DataFrame(
        {
            "posted_month": pd.to_datetime(["2025-10-01", "2025-11-01"]),
            "technology": ["ai", "ai"],
            "population": ["all", "all"],
            "post_count": [1000, 1000],
            "penetration_share": [0.05, 0.06],
            "penetration_share_low": [0.04, 0.05],
            "penetration_share_high": [0.06, 0.07],
        }
    )
}
CLAIM = {
    "id": "c1",
    "sentence": "AI work made up 6.0% of the posts of November 2025.",
    "slice": "AI work",
    "period": "2025-11",
    "n": 1000,
    "n_column": "post_count",
    "population": "posts of the feed",
    "unit": "fraction",
    "hedge": None,
    "footnote": "fn-c1",
    "mart": "monthly_technology_posts",
    "key": {"posted_month": "2025-11-01", "technology": "ai", "population": "all"},
    "metric": "penetration_share",
    "value": 0.06,
    "low": 0.05,
    "high": 0.07,
}
LINTER = "report_sentences_pass_the_linter"


def page_text(sentence=CLAIM["sentence"], start="Simulated marketplace. "):
    """The HTML page: a sentence, its footnote, the footnote's row."""
    row = evidence(Claim.from_dict(CLAIM | {"sentence": sentence}))
    return f"""<p>{start + "Text. " * 200}</p>
<p><span class="claim" data-claim="c1">{sentence}</span><sup><a href="#fn-c1">1</a></sup></p>
<ol class="evidence"><li id="fn-c1">{row}</li></ol>"""


def twin_text(sentence=CLAIM["sentence"], start="Simulated marketplace. "):
    """The Markdown page of the same sentence."""
    row = evidence(Claim.from_dict(CLAIM | {"sentence": sentence}))
    return f"""{start + "Text. " * 200}

- {markdown_text(sentence)}[^c1]

[^c1]: {markdown_text(row)}
"""


def pages_of(*arguments, edit=lambda text: text, **options):
    return {
        "hiring_report.html": edit(page_text(*arguments, **options)),
        "hiring_report.md": edit(twin_text(*arguments, **options)),
    }


def tables_of(claim, marts, pages, is_simulated):
    return report_tables({"hiring_report": [claim]}, marts, pages, is_simulated=is_simulated)


@pytest.fixture
def judged(tmp_path):
    def run(claim=CLAIM, marts=MARTS, pages=None, is_simulated=True):
        nothing_told = pd.DataFrame({"key": [], "problem": []}, dtype="str")
        frames = tables_of(claim, marts, pages or pages_of(), is_simulated) | {"report.disclosure": nothing_told}
        with open_source(frames=frames) as source:
            return run_suite("report", source, months=[], provided=PROVIDED, data_docs_dir=tmp_path)

    return run


@pytest.fixture
def failures(judged):
    return lambda *arguments, **options: [one.id for one in judged(*arguments, **options).critical_failures]


def test_a_faithful_report_passes(failures):
    assert failures() == []


def test_a_mart_that_changed_after_the_report_fails(failures):
    marts = {"monthly_technology_posts": MARTS["monthly_technology_posts"].assign(penetration_share=0.07)}
    assert failures(marts=marts) == ["report_claims_equal_their_mart_row", LINTER]


@pytest.mark.parametrize(
    "change",
    [
        {"mart": "no_such_mart"},
        {"metric": "no_such_column"},
        {"key": {"no_such_column": "x"}},
        {"key": {"posted_month": "2024-11-01"}},
        {"key": {"technology": "ai"}},
    ],
    ids=["mart", "metric", "key column", "key value", "two rows"],
)
def test_a_claim_that_names_no_single_mart_row_fails(failures, change):
    assert "report_claims_name_exactly_one_mart_row" in failures(CLAIM | change)


def test_a_claim_without_a_value_beside_a_mart_value_fails(failures):
    without = CLAIM | {"value": None, "low": None, "high": None}
    assert failures(without) == ["report_claims_equal_their_mart_row", LINTER]


def test_only_simulated_pages_must_say_so(failures):
    pages = pages_of(start="Real marketplace. ")
    assert failures(pages=pages) == ["report_pages_say_simulated"]
    assert failures(pages=pages, is_simulated=False) == []


def test_a_page_of_more_than_900_words_is_a_warning_with_its_count(judged):
    chart = "<svg><text>Axis of a chart</text></svg>"
    long = pages_of(edit=lambda text: f"{text}<p>{'Word <b>b</b>y. ' * 350}{chart}<sup>1</sup></p>")
    assert judged().warnings == []
    warning = judged(pages=long).warnings[0]
    assert warning.id == "report_pages_are_short_enough_to_be_read"
    assert warning.offenders == [{"page": "hiring_report.html", "words": str(judged_words() + 700), "at_most": "900"}]


def judged_words():
    """Of the page as it is: its beginning, 200 words, the sentence and the row of its footnote."""
    return 2 + 200 + len(CLAIM["sentence"].split()) + len(evidence(Claim.from_dict(CLAIM)).split())


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("made up 6.0%", "made up nearly 9.0%"),
        lambda text: text.replace("Simulated marketplace.", "Simulated marketplace. AI grew by 40%."),
        lambda text: text.replace("Simulated marketplace.", "Simulated marketplace. Workers worldwide gain."),
        lambda text: text.replace('href="#fn-c1"', 'href="#"'),
        lambda text: text.replace('id="fn-c1"', ""),
        lambda text: text.replace("[^c1]: ", ""),
    ],
    ids=["sentence", "number", "population", "footnote", "row of the footnote", "Markdown footnote"],
)
def test_a_page_that_was_edited_fails(failures, edit):
    assert failures(pages=pages_of(edit=edit)) == [LINTER]


def test_a_hedge_that_its_row_does_not_bear_fails_with_sentence_row_and_rule():
    sentence = "AI work made up over 6% of the posts of November 2025."
    violations = tables_of(CLAIM | {"sentence": sentence}, MARTS, pages_of(sentence), True)["report.violations"]
    (violation,) = violations.to_dict("records")
    assert violation["sentence"] == sentence
    assert violation["row"].startswith("monthly_technology_posts [posted_month = 2025-11-01")
    assert "`over 6%` is not true of penetration_share 6 (share: over X is X to X + 5 points)" in violation["rule"]
