"""From a sentence of a page back to the rows of the lake that it was counted from."""

import re

import duckdb
import pytest
from typer.testing import CliRunner

from dagster_project.cli import app
from dagster_project.publishing.catalog import latest_release
from dagster_project.reports.claims.claims import printed_sentences
from dagster_project.runs.trace.chain import trace
from dagster_project.runs.trace.claims import NoSuchSentenceError, meant_claims, printed_claims
from dagster_project.stages.provenance import read_lineage
from tests.support.job_runs import Place

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sentence(built: Place) -> str:
    """The first sentence with a number on the hiring report, as a person copies it from the page."""
    page = (built.workspace.releases / "latest" / "report" / "hiring_report.html").read_text(encoding="utf-8")
    return next(iter(printed_sentences(page).values()))


def test_every_sentence_of_every_page_leads_to_its_row_and_to_files_as_they_were_written(built: Place) -> None:
    release = latest_release(built.workspace.releases)
    assert release
    for one in {printed.claim.mart: printed for printed in printed_claims(release)}.values():
        told = "\n".join(trace(built.workspace, one.id))
        assert one.claim.sentence in told and "DIFFERS" not in told, told
        assert re.search(r"\npath  .*raw\.\w+ > .*marts\." + one.claim.mart, told), told
        assert re.search(r"\n +lake/raw/\S+\.parquet +[\d,]+ rows, .*: as it was written", told), told


def test_the_printed_sql_shows_the_released_row_and_the_raw_rows(built: Place, sentence: str) -> None:
    told = list(trace(built.workspace, sentence))
    shown, *raw = [line.split("SQL", 1)[1] for line in told if line.startswith("  SQL ")]
    release = latest_release(built.workspace.releases)
    assert release
    claim = meant_claims(printed_claims(release), sentence)[0].claim
    with duckdb.connect(str(release.path / "hiring_pulse.duckdb"), read_only=True) as connection:
        [row] = connection.execute(shown).df().to_dict("records")
    assert float(row[claim.metric]) == claim.value
    accepted = [int(n.replace(",", "")) for n in re.findall(r"in these months ([\d,]+)", "\n".join(told))]
    assert [len(duckdb.execute(sql).fetchall()) for sql in raw] == accepted


def test_a_release_names_its_run_its_models_and_every_load(built: Place) -> None:
    lineage = read_lineage(built.workspace.releases / "latest")
    assert lineage and lineage.run_id
    summary = built.summary("2025-02")
    month = lineage.months["2025-02"]
    assert {
        "ai": month.ai_model_version,
        "cloud": month.cloud_model_version,
        "rpa": month.rpa_model_version,
    } == summary["model_versions"]
    posts = [load for load in lineage.loads if load.table == "job_posts"]
    assert (
        sum(count.accepted + count.rejected for load in posts for count in load.months.values())
        == summary["source"]["rows_read"]
    )


def test_a_sentence_that_was_edited_gives_the_closest_and_a_part_of_many_asks_for_more(
    built: Place, sentence: str
) -> None:
    with pytest.raises(NoSuchSentenceError, match=re.escape(sentence)):
        list(trace(built.workspace, sentence[:-8] + "999999%"))
    with pytest.raises(NoSuchSentenceError, match=r"sentences have 'of' in them; give more of one, or its id"):
        list(trace(built.workspace, "of"))


def test_a_file_changed_since_is_told_in_the_chain(place: Place, sentence: str) -> None:
    told = "\n".join(trace(place.workspace, sentence))
    file = place.workspace.root / re.findall(r"lake/raw/\S+\.parquet", told)[0]
    file.write_bytes(file.read_bytes()[:-100])
    assert re.search(r"bytes, written were", "\n".join(trace(place.workspace, sentence)))


def test_the_row_of_a_pruned_release_is_shown_from_its_parquet(place: Place, sentence: str) -> None:
    release = latest_release(place.workspace.releases)
    assert release
    before = list(trace(place.workspace, sentence))
    release.database.unlink()
    told = list(trace(place.workspace, sentence))
    [shown] = [line.split("SQL", 1)[1] for line in told if "SQL" in line and f"{release.id}/marts/" in line]
    assert len(duckdb.execute(shown).fetchall()) == 1
    assert [line for line in told if "SQL" not in line] == [
        line for line in before if "SQL" not in line and not line.startswith("  see it")
    ]


def test_the_command_prints_the_chain_and_an_unknown_release_is_a_sentence(
    built: Place, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in built.variables().items():
        monkeypatch.setenv(name, value)
    with built.configured():
        told = CliRunner().invoke(app, ["trace", sentence])
        assert told.exit_code == 0 and "SHA-256" in told.output, told.output
        unknown = CliRunner().invoke(app, ["trace", sentence, "--release", "1999-01"])
    assert unknown.exit_code == 1
    assert "1999-01: no such release; there are 2025-02-" in unknown.output
