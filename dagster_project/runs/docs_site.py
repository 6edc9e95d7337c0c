"""`hiring-pulse docs`: reports, Data Docs, dbt's docs and the data dictionary of a workspace over http, read only.

Nothing else of the workspace is served, and nothing is fetched from a network.
"""

import json
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dagster_project.publishing.catalog import LATEST
from dagster_project.storage.workspace import Workspace

DBT_PAGE, DICTIONARY = "dbt_docs.html", "data_dictionary.md"
HOME = """<!doctype html><meta charset="utf-8"><title>hiring-pulse</title>
<ul>
<li><a href="/reports/index.html">Reports</a></li>
<li><a href="/data_docs/index.html">Data Docs: what the gates saw in the last run</a></li>
<li><a href="/dbt_docs.html">dbt's docs: models, columns, lineage</a></li>
<li><a href="/data_dictionary.md">Data dictionary of the latest release</a></li>
</ul>
"""


def write_dbt_page(manifest: Path, page: Path) -> None:
    """dbt's docs as one file; types and descriptions come from the yml files, so that no run's warehouse is opened."""
    from dbt.task.docs import DOCS_INDEX_FILE_PATH  # takes seconds

    text = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    described = manifest.read_text(encoding="utf-8")
    text = text.replace('"MANIFEST.JSON INLINE DATA"', _inline(described))
    catalog: dict[str, Any] = {"metadata": {}, "nodes": {}, "sources": {}, "errors": None}
    page.write_text(text.replace('"CATALOG.JSON INLINE DATA"', json.dumps(catalog)), encoding="utf-8")


def docs_server(workspace: Workspace, host: str, port: int) -> ThreadingHTTPServer:
    """A server of the workspace's pages, not yet serving; port 0 takes a free one."""
    return ThreadingHTTPServer((host, port), partial(_Pages, workspace))


def served_files(workspace: Workspace) -> dict[str, Path]:
    """First part of a path -> the file or folder that it stands for."""
    return {
        "reports": workspace.reports,
        "data_docs": workspace.data_docs,
        DBT_PAGE: workspace.root / DBT_PAGE,
        DICTIONARY: workspace.releases / LATEST / DICTIONARY,
    }


class _Pages(SimpleHTTPRequestHandler):
    """Files of `served_files`; no listing of folders."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".md": "text/plain; charset=utf-8",
        ".html": "text/html; charset=utf-8",
    }

    def __init__(self, workspace: Workspace, *arguments: object) -> None:
        self.files = served_files(workspace)
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.path in ("", "/"):
            self._home()
        else:
            super().do_GET()

    def _home(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(HOME.encode())

    def translate_path(self, path: str) -> str:
        first, *rest = [part for part in unquote(urlsplit(path).path).split("/") if part]
        place = self.files.get(first, Path("/nonexistent"))
        asked = place.joinpath(*rest)
        return str(asked) if asked.resolve().is_relative_to(place.resolve()) else "/nonexistent"

    def list_directory(self, path: object) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def _inline(text: str) -> str:
    """JSON inside a script element: nothing in it may end the element."""
    return text.replace("</", "<\\/")
