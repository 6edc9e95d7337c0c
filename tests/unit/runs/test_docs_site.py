"""Pages of a workspace over http: those that are meant to be read, and nothing else of it."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project.runs.docs_site import DBT_PAGE, docs_server, write_dbt_page
from dagster_project.settings import Settings
from dagster_project.storage.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "it's a place" / "simulated_marketplace")
    page = workspace.report("2025-11") / "hiring_report.html"
    for file in (page, workspace.data_docs / "index.html", workspace.lake / "raw" / "posts.csv"):
        file.parent.mkdir(parents=True)
        file.write_text(file.name)
    return workspace


@pytest.fixture
def address(workspace: Workspace) -> Iterator[str]:
    with docs_server(workspace, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def test_reports_and_data_docs_are_served_and_the_first_page_leads_to_them(address: str) -> None:
    assert read(f"{address}/reports/2025-11/hiring_report.html") == "hiring_report.html"
    assert read(f"{address}/data_docs/index.html") == "index.html"
    assert "/data_docs/index.html" in read(address)


@pytest.mark.parametrize(
    "path",
    [
        "/lake/raw/posts.csv",
        "/reports/../lake/raw/posts.csv",
        "/reports/%2e%2e/lake/raw/posts.csv",
        "/reports//../lake/raw/posts.csv",
        "/reports/2025-11/",
        "/warehouse.duckdb",
    ],
)
def test_nothing_else_is_served_and_no_folder_is_listed(address: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        read(address + path)


def test_a_link_of_a_page_is_of_the_site_where_one_is_set(
    workspace: Workspace, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = workspace.report("2025-11") / "hiring_report.html"
    monkeypatch.setenv("HIRING_PULSE_DATA_ROOT", str(workspace.root.parent))
    assert Settings().link(page) == page.as_uri()
    monkeypatch.setenv("HIRING_PULSE_DOCS_URL", f"{address}/")
    assert read(Settings().link(page)) == "hiring_report.html"


def test_dbt_s_docs_are_one_page_that_no_text_of_the_project_can_break(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"nodes": {"a": "</script><b>"}}')
    write_dbt_page(manifest, tmp_path / DBT_PAGE)
    page = (tmp_path / DBT_PAGE).read_text(encoding="utf-8")
    assert "INLINE DATA" not in page and "</script><b>" not in page and "<\\/script><b>" in page
