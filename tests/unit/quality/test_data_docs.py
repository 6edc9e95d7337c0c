"""One site for a run: every stage that ran and nothing of an earlier run, with the guards' verdicts."""

import json


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
