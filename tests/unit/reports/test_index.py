"""The page that links the months: the latest first, only pages that are there, the feed's texts escaped."""

import json
from pathlib import Path

from dagster_project.sources.mapping.model import Mapping
from dagster_project.stages.report import write_index
from dagster_project.storage.workspace import Workspace
from tests.support.written_feed import write_mapping

HEADLINE = "QA Testing <rose> 19%"


def test_the_index_links_the_pages_of_every_month_latest_first(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    for month, pages in {
        "2025-10": ["hiring_report.html"],
        "2025-11": ["hiring_report.html", "worker_study.html"],
    }.items():
        workspace.report(month).mkdir(parents=True)
        (workspace.report(month) / "headlines.json").write_text(json.dumps([f"{HEADLINE} in {month}"]))
        for page in pages:
            (workspace.report(month) / page).write_text("page")
    index = write_index(workspace, _mapping(tmp_path)).read_text(encoding="utf-8")
    assert index.index("2025-11/hiring_report.html") < index.index("2025-10/hiring_report.html")
    assert "2025-11/worker_study.html" in index and "2025-10/worker_study.html" not in index
    assert "QA Testing &lt;rose&gt; 19% in 2025-11" in index
    assert "Simulated" not in index


def _mapping(folder: Path) -> Mapping:
    import yaml

    return Mapping.model_validate(yaml.safe_load(write_mapping(folder / "feed.yml").read_text(encoding="utf-8")))
