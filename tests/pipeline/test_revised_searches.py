"""A later file of the search log revises counts that were released: the second release says how. One run, a minute."""

import json

import duckdb
import pytest

from dagster_project.publishing.catalog import list_releases
from tests.support.job_runs import Place, visible_text
from tests.support.written_feed import FIRST_SEARCHES, REPORT_MONTH, write_searches

pytestmark = pytest.mark.slow

LATER_SEARCHES = {"2024-11": 104, "2024-12": 110, "2025-01": 117, "2025-02": 130}


def released(place: Place, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(place.workspace.releases / "latest" / "hiring_pulse.duckdb"), read_only=True) as bi:
        return bi.execute(query).fetchall()


def test_the_first_release_has_nothing_to_compare(built: Place) -> None:
    """Reads the shared workspace."""
    page = visible_text(built.workspace.report(REPORT_MONTH) / "hiring_report.html")
    assert "there is nothing to compare it with" in page
    assert released(built, "select distinct status from revisions") == [("new",)]
    assert released(built, "select count(distinct series_id) > 5 from revisions") == [(True,)]


def test_a_second_load_gives_its_known_revisions(place: Place) -> None:
    first = list_releases(place.workspace.releases)[-1]
    write_searches(place.feed / "searches" / "later.csv", LATER_SEARCHES, seen="2025-03-09 06:00:00")
    run = place.run(REPORT_MONTH)
    assert run.succeeded, run.failures

    counts = released(
        place,
        "select strftime(period_end, '%Y-%m'), first_value::int, latest_value::int, revision::int, status,"
        " first_release_id from revisions"
        " where series_id = 'search_counts' and value_key like '%series_id=ai_agents' order by period_end",
    )
    assert counts == [
        (month, count, LATER_SEARCHES[month], LATER_SEARCHES[month] - count,
         "revised" if LATER_SEARCHES[month] != count else "unchanged", first.id)
        for month, count in FIRST_SEARCHES.items()
    ]  # fmt: skip
    # the same searches stand in all three series: |4| and |-3| of four counts each
    assert released(
        place,
        "select compared_count, revised_count, mean_revision::double, mean_absolute_revision::double"
        " from series_revisions where series_id = 'search_counts'",
    ) == [(12, 6, 0.25, 1.75)]
    assert released(place, "select distinct status from revisions where series_id = 'technology_penetration'") == [
        ("unchanged",)
    ]
    page = visible_text(place.workspace.report(REPORT_MONTH) / "hiring_report.html")
    assert f"the last was {first.id}" in page
    claims = json.loads((place.workspace.report(REPORT_MONTH) / "claims.json").read_text(encoding="utf-8"))
    assert "Searches: 6 of 12 released values were revised; mean absolute revision 1.75." in [
        claim["sentence"] for claim in claims
    ]
