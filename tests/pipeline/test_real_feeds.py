"""The two real sets through the whole main job: a run each, about a minute."""

import shutil
from pathlib import Path

import pytest

from tests.support.job_runs import Place, visible_text

pytestmark = pytest.mark.slow


def _run(real_posts: Path, champions: Path, root: Path, sources: str, month: str, checks: str = "all") -> Place:
    place = Place(root, sources=sources, data=real_posts / sources.replace("_", "-"), name=sources)
    shutil.copytree(champions, place.workspace.models)
    run = place.run(month, checks=checks)
    assert run.succeeded, run.failures
    return place


@pytest.fixture(scope="module")
def general(real_posts: Path, champions: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return _run(real_posts, champions, tmp_path_factory.mktemp("general"), "upwork_general_2023", "2023-01")


@pytest.fixture(scope="module")
def tracks(real_posts: Path, champions: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return _run(real_posts, champions, tmp_path_factory.mktemp("tracks"), "upwork_tracks_2025", "2025-03", "gates")


def test_the_feed_of_2023_keeps_14719_posts_over_four_months(general: Place) -> None:
    summary = general.summary("2023-01")
    counts = {"rows_read": 14_981, "kept": 14_719, "duplicate": 262, "rejected": 0, "before_history": 0}
    assert summary["source"] == counts | {"by_reason": {}}
    kept = {month: rows["kept"] for month, rows in summary["by_month"].items()}
    assert kept == {"2021-04": 1, "2022-11": 10, "2022-12": 2_821, "2023-01": 11_887}
    assert not summary["is_simulated"]


def test_growth_from_the_six_days_of_2023_is_withheld(general: Place) -> None:
    rows = general.query("select is_withheld, growth_pct from marts.monthly_category_growth")
    assert rows
    assert set(rows) == {(True, None)}


def test_the_tracks_of_2025_give_their_own_counts(tracks: Place) -> None:
    source = tracks.summary("2025-03")["source"]
    assert source["by_reason"] == {"missing": 372}
    assert {name: source[name] for name in ("rows_read", "kept", "duplicate", "rejected")} == {
        "rows_read": 3_656,
        "kept": 3_172,
        "duplicate": 112,
        "rejected": 372,
    }


def test_a_feed_without_categories_has_no_category_shares_and_the_report_says_so(tracks: Place) -> None:
    assert tracks.query("select count(*) from marts.period_technology_category_shares") == [(0,)]
    assert tracks.query("select count(*) from marts.monthly_technology_posts where post_count > 0")[0][0] > 0
    text = (tracks.workspace.report("2025-03") / "technical_annex.md").read_text(encoding="utf-8").lower()
    assert "not provided" in text


@pytest.mark.parametrize(("feed", "month"), [("general", "2023-01"), ("tracks", "2025-03")])
def test_a_feed_without_a_survey_has_an_empty_pulse_mart(feed: str, month: str, request: pytest.FixtureRequest) -> None:
    place: Place = request.getfixturevalue(feed)
    assert place.query("select count(*) from marts.pulse_answer_shares") == [(0,)]
    assert "simulated" not in visible_text(place.workspace.report(month) / "hiring_report.html")
