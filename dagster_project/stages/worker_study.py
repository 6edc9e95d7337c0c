"""The pages of the worker study: one a wave, in the folder of its field month; the last one goes with a release."""

import json
from pathlib import Path

import pandas as pd

from dagster_project.publishing.release.bundle import STUDY_FIGURES, STUDY_FILES
from dagster_project.reports.page.context import RunContext
from dagster_project.reports.page.report import Report
from dagster_project.reports.page.worker_study import build_worker_study
from dagster_project.reports.sections.study.view import study_waves
from dagster_project.storage.workspace import Home


def write_worker_studies(home: Home, context: RunContext, marts: dict[str, pd.DataFrame]) -> dict[str, Report]:
    """Build and write the page of every wave that the marts hold; returns them by wave, YYYY-MM.

    Pages of waves that the marts no longer hold are removed. Raises ClaimMismatchError before a page is written.
    """
    reports = {wave: build_worker_study(marts, context, wave) for wave in study_waves(marts)}
    for page in home.root.glob(f"reports/*/{STUDY_FILES[0]}"):
        _remove(page.parent)
    for wave, report in reports.items():
        claims = json.dumps([claim.to_dict() for claim in report.claims], indent=1, default=str)
        files = dict(zip(STUDY_FILES, (report.html, report.markdown, claims), strict=True))
        files |= {f"figures/{name}": text for name, text in report.figures.items()}
        for name, text in files.items():
            _write_by_rename(home.report(wave) / name, text)
    return reports


def study_folder(home: Home, month: str) -> Path | None:
    """The report folder with the last wave's page up to `month` (YYYY-MM), None where there is none."""
    pages = sorted(home.root.glob(f"reports/*/{STUDY_FILES[0]}"))
    known = [page.parent for page in pages if page.parent.name <= month]
    return known[-1] if known else None


def _remove(folder: Path) -> None:
    for path in [*(folder / name for name in STUDY_FILES), *folder.glob(STUDY_FIGURES)]:
        path.unlink(missing_ok=True)


def _write_by_rename(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}")
    building.write_text(text, encoding="utf-8")
    building.replace(path)
