"""A later file of the search log revises released counts: the second release says how. Reads shared workspaces."""

import json

import duckdb
import pytest

from dagster_project.publishing.catalog import list_releases
from tests.support.job_runs import HELD_FILE, Place, visible_text
from tests.support.written_feed import FIRST_SEARCHES, LATER_SEARCHES, REPORT_MONTH

pytestmark = pytest.mark.slow


def released(place: Place, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(place.workspace.releases / "latest" / "hiring_pulse.duckdb"), read_only=True) as bi:
        return bi.execute(query).fetchall()


def test_the_first_release_has_nothing_to_compare(built: Place) -> None:
    """Reads the shared workspace."""
    page = visible_text(built.workspace.report(REPORT_MONTH) / "technical_annex.html")
    assert "there is nothing to compare it with" in page
    assert released(built, "select distinct status from revisions") == [("new",)]
    assert released(built, "select count(distinct series_id) > 5 from revisions") == [(True,)]


def test_a_second_load_gives_its_known_revisions(built: Place, late: Place) -> None:
    first = list_releases(built.workspace.releases)[-1]
    counts = released(
        late,
        "select strftime(period_end, '%Y-%m'), first_value::int, latest_value::int, revision::int, status,"
        " first_release_id from revisions"
        " where series_id = 'search_counts' and value_key like '%series_id=ai_agents' order by period_end",
    )
    later = LATER_SEARCHES | {HELD_FILE.month: FIRST_SEARCHES[HELD_FILE.month]}
    assert counts == [
        (month, count, later[month], later[month] - count,
         "revised" if later[month] != count else "unchanged", first.id)
        for month, count in FIRST_SEARCHES.items()
    ]  # fmt: skip
    # the same searches stand in all three series: |4| and |-3| of four counts each
    assert released(
        late,
        "select compared_count, revised_count, mean_revision::double, mean_absolute_revision::double"
        " from series_revisions where series_id = 'search_counts'",
    ) == [(12, 6, 0.25, 1.75)]
    shares = "select distinct status from revisions where series_id = 'technology_penetration' and period_end"
    assert released(late, f"{shares} < '2025-01-01'") == [("unchanged",)]
    assert ("revised",) in released(late, f"{shares} >= '2025-01-01'"), "two posts moved between the months of 2025"
    page = visible_text(late.workspace.report(REPORT_MONTH) / "technical_annex.html")
    assert f"the last was {first.id}" in page
    claims = json.loads(
        (late.workspace.report(REPORT_MONTH) / "technical_annex_claims.json").read_text(encoding="utf-8")
    )
    assert "Searches: 6 of 12 released values were revised; mean absolute revision 1.75." in [
        claim["sentence"] for claim in claims
    ]
