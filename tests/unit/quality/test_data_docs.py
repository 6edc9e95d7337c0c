"""One site for a run: every stage that ran and nothing of an earlier run, with the guards' verdicts."""

import json

from dagster import AssetKey

from dagster_project.quality.engine.asset_check import check_results
from tests.support.hostile import HOSTILE


def stored_results(folder):
    return {
        path.stem: json.loads(path.read_text())["success"]
        for path in (folder / "results").rglob("*.json")
        if not path.name.startswith(".")
    }


def test_the_site_has_all_stages_of_a_run(check, tmp_path):
    check("predictions")
    result = check("report")
    assert result.data_docs == tmp_path / "data_docs" / "index.html"
    index = result.data_docs.read_text()
    for table in ("predictions.post_technologies", "report.claims", "report.pages"):
        assert table in index


def test_running_a_stage_again_drops_its_own_and_later_results(check, tmp_path):
    check("predictions")
    check("report")
    check("predictions")
    assert stored_results(tmp_path / "data_docs") == {"predictions.post_technologies": True}
    assert not list((tmp_path / "data_docs" / "validations").rglob("*report*"))


def test_a_result_that_a_guard_turned_is_red_in_the_site_too(check, tmp_path):
    check("predictions", "delete from predictions.post_technologies")
    assert stored_results(tmp_path / "data_docs") == {"predictions.post_technologies": False}


def test_the_reason_of_an_expectation_is_printed(check):
    result = check("predictions")
    pages = (result.data_docs.parent / "validations").rglob("*.html")
    assert any("A number must say which model made it" in page.read_text() for page in pages)


def test_a_hostile_value_that_breaks_an_expectation_is_text_in_the_site_and_in_the_metadata(check):
    value = HOSTILE.replace("'", "''")
    result = check("predictions", f"update predictions.post_technologies set technology = '{value}'")
    assert "predictions_name_known_technologies" in [one.id for one in result.critical_failures]
    pages = [page.read_text() for page in result.data_docs.parent.rglob("*.html")]
    assert pages and not [page for page in pages if "<script>alert" in page or "<img src=x" in page]
    (shown,) = {
        record["row"]
        for one in check_results(result, [AssetKey("predictions")])
        if "sample_offenders" in one.metadata
        for record in [one.metadata["sample_offenders"].records[0].data]
    }
    assert "<script>alert" in shown, "the table of the UI shows text as text; the test would check nothing"
    assert "\x1b" not in shown and len(shown) < 2_000
