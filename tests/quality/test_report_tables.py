"""Claims beside their mart rows: an edited mart, claim or page is found by the report suite."""

import pandas as pd
import pytest
from good_tables import PROVIDED

from dagster_project.quality.engine import open_source
from dagster_project.quality.report_tables import report_tables
from dagster_project.quality.runner import run_suite

pytestmark = pytest.mark.usefixtures("without_site")

MARTS = {
    "monthly_technology_posts": pd.DataFrame(
        {
            "posted_month": pd.to_datetime(["2025-10-01", "2025-11-01"]),
            "technology": ["ai", "ai"],
            "population": ["all", "all"],
            "penetration_share": [0.05, 0.06],
        }
    )
}
CLAIM = {
    "sentence": "AI posts were 6 % of all posts.",
    "mart": "monthly_technology_posts",
    "key": {"posted_month": "2025-11-01", "technology": "ai", "population": "all"},
    "metric": "penetration_share",
    "value": 0.06,
    "low": 0.05,
    "high": 0.07,
}
TEXT = "Simulated marketplace. " + "Text. " * 200


@pytest.fixture
def failures(tmp_path):
    def run(claim=CLAIM, marts=MARTS, text=TEXT, is_simulated=True):
        pages = {"hiring_report.html": text, "hiring_report.md": text}
        with open_source(frames=report_tables([claim], marts, pages, is_simulated=is_simulated)) as source:
            result = run_suite("report", source, months=[], provided=PROVIDED, data_docs_dir=tmp_path)
        return [outcome.id for outcome in result.critical_failures]

    return run


def test_a_faithful_report_passes(failures):
    assert failures() == []


def test_a_mart_that_changed_after_the_report_fails(failures):
    marts = {"monthly_technology_posts": MARTS["monthly_technology_posts"].assign(penetration_share=0.07)}
    assert failures(marts=marts) == ["report_claims_equal_their_mart_row"]


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
    assert failures(CLAIM | change) == ["report_claims_name_exactly_one_mart_row"]


def test_a_claim_without_a_value_beside_a_mart_value_fails(failures):
    without = CLAIM | {"value": None, "low": None, "high": None}
    assert failures(without) == ["report_claims_equal_their_mart_row"]


def test_only_simulated_pages_must_say_so(failures):
    text = "Real marketplace. " + "Text. " * 200
    assert failures(text=text) == ["report_pages_say_simulated"]
    assert failures(text=text, is_simulated=False) == []
