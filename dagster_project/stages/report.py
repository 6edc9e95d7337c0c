"""The pages of a month and of every wave of the worker study: marts and model cards in, report files out."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import vl_convert

from dagster_project.reports.page.annex import build_annex, build_spread_annex, build_worker_annex
from dagster_project.reports.page.bulletin import build_bulletin
from dagster_project.reports.page.render import IndexedMonth, Report, render_index
from dagster_project.reports.page.selection import RunContext, study_waves
from dagster_project.reports.page.spread_study import build_spread_study
from dagster_project.reports.page.worker_study import build_worker_study
from dagster_project.sources.contracts import TABLES
from dagster_project.sources.lake.accounting import data_age
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.sources.mapping.load import workspace_labels_mapping
from dagster_project.sources.mapping.model import FileGroup, Mapping
from dagster_project.storage.holds import parts_held_by_hand
from dagster_project.storage.workspace import (
    ANNEX_FILES,
    FIGURES_FOLDER,
    HIRING_REPORT_FILES,
    MONTHLY_FILES,
    SPREAD_STUDY_FILES,
    WORKER_ANNEX_FILES,
    WORKER_STUDY_FIGURES,
    WORKER_STUDY_FILES,
    Workspace,
)
from ml.atomic import write_bytes, write_text
from ml.features.keywords import TECHNOLOGIES, TechnologyTerms, load_terms
from ml.training.artifact import read_card
from ml.training.champion import ArtifactError, champion_version

PAGES = tuple(name for files in MONTHLY_FILES for name in files[:2])
CLAIM_FILES = tuple(files[2] for files in MONTHLY_FILES)
HEADLINES_FILE = "headlines.json"
SOURCE_ROWS = "monthly_source_rows"


def write_reports(workspace: Workspace, context: RunContext, marts: dict[str, pd.DataFrame]) -> list[Report]:
    """Build the hiring report and the spread study of `context.month` with their annexes; their files by rename.

    Returns the two pages. Every claim is checked against its row before the first file is written. Figures of an
    earlier run are removed, but not those of the worker study, whose folder this may be too.
    """
    hiring, study = build_bulletin(marts, context), build_spread_study(marts, context)
    annexes = build_annex(marts, context, hiring.claims), build_spread_annex(marts, context, study.claims)
    folder, reports = workspace.report(context.month), (hiring, annexes[0], study, annexes[1])
    written: set[Path] = set()
    for report, names in zip(reports, MONTHLY_FILES, strict=True):
        written |= _write(folder, report, names)
    write_text(folder / HEADLINES_FILE, json.dumps(hiring.headlines))
    for path in set((folder / FIGURES_FOLDER).glob("*")) - written:
        if not path.match(WORKER_STUDY_FIGURES):
            path.unlink()
    return [hiring, study]


def _write(folder: Path, report: Report, names: tuple[str, str, str]) -> set[Path]:
    """Write page, twin and claims, and of its figures the data and the drawings; returns the figures' paths."""
    claims = json.dumps([claim.to_dict() for claim in report.claims], indent=1, default=str)
    texts = dict(zip(names, (report.html, report.markdown, claims), strict=True))
    figures = {f"{FIGURES_FOLDER}/{name}": text for name, text in (report.figures | report.drawings).items()}
    for name, text in (texts | figures).items():
        write_text(folder / name, text)
    pictures = {
        (folder / FIGURES_FOLDER / name).with_suffix(".png"): vl_convert.svg_to_png(svg, scale=2)
        for name, svg in report.drawings.items()
    }
    for path, png in pictures.items():
        write_bytes(path, png)
    return {*(folder / name for name in figures), *pictures}


def run_context(
    workspace: Workspace, mapping: Mapping, month: str, marts: dict[str, pd.DataFrame], held: dict[str, str]
) -> RunContext:
    """What the report must know about the run besides the marts."""
    return RunContext(
        month=month,
        sources=mapping.name,
        title=mapping.title,
        is_simulated=mapping.is_simulated,
        provided={table: sorted(fields) for table, fields in provided_fields(workspace, mapping).items()},
        source=source_counts(workspace, marts[SOURCE_ROWS]),
        by_month=source_counts_by_month(marts[SOURCE_ROWS]),
        failed_months=held,
        model_cards={name: _card(workspace, name) for name in TECHNOLOGIES},
        mapping={table: groups[0].columns for table, groups in mapping.tables.items()},
        commentary=_commentary(workspace, month),
        held_parts=parts_held_by_hand(workspace),
        data_age=age.sentence if (age := data_age(workspace)) else "",
        term_counts={name: _term_counts(terms) for name, terms in load_terms().items()},
    )


def _commentary(workspace: Workspace, month: str) -> str:
    """What people wrote for the month; a file that is no UTF-8 raises UnicodeDecodeError with its name."""
    file = workspace.commentary(month)
    try:
        return file.read_text(encoding="utf-8") if file.exists() else ""
    except UnicodeDecodeError as error:
        error.reason = f"{error.reason} in {file}: save the commentary as UTF-8"
        raise


def provided_fields(workspace: Workspace, mapping: Mapping) -> dict[str, set[str]]:
    """Fields that the mapping and the labels that came back to the workspace provide, by input table.

    A table whose files may be absent, and were in every run so far, is not provided.
    """
    returned = workspace_labels_mapping(workspace.audit_labels)
    tables = (returned.tables if returned else {}) | mapping.tables
    present = {table: groups for table, groups in tables.items() if _has_come(workspace, table, groups)}
    return {table: {name for group in groups for name in group.columns} for table, groups in present.items()}


def _has_come(workspace: Workspace, table: str, groups: list[FileGroup]) -> bool:
    return not all(group.may_be_absent for group in groups) or bool(load_manifests(workspace, table))


def source_counts(workspace: Workspace, source_rows: pd.DataFrame) -> dict[str, Any]:
    """Counts of the job posts from the rows of SOURCE_ROWS, and from the lake's books what no month holds.

    Keys: rows_read = kept + duplicate + rejected, by_reason of the rejected, before_history beside them.
    """
    rows = _job_posts(source_rows)
    totals = {name: int(rows[f"rows_{name}"].sum()) for name in ("read", "kept", "duplicate", "rejected")}
    reasons: dict[str, int] = {}
    manifests = load_manifests(workspace, TABLES["job_posts"].name)
    for manifest in manifests:
        for reason, count in manifest.reject_reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
    before = sum(manifest.before_history for manifest in manifests)
    by_reason = dict(sorted(reasons.items()))
    return {"rows_read": totals.pop("read"), **totals, "by_reason": by_reason, "before_history": before}


def source_counts_by_month(source_rows: pd.DataFrame) -> dict[str, dict[str, int]]:
    """{YYYY-MM: {rows_read, kept, duplicate, rejected}} of the job posts, from the rows of SOURCE_ROWS."""
    return {
        f"{row['posted_month']:%Y-%m}": {
            "rows_read": int(row["rows_read"]),
            "kept": int(row["rows_kept"]),
            "duplicate": int(row["rows_duplicate"]),
            "rejected": int(row["rows_rejected"]),
        }
        for row in _job_posts(source_rows).to_dict("records")
    }


def _job_posts(source_rows: pd.DataFrame) -> pd.DataFrame:
    return source_rows[source_rows["table_name"] == "job_posts"].sort_values("posted_month")


def _term_counts(terms: TechnologyTerms) -> dict[str, int]:
    return {"include": sum(map(len, terms.groups.values())), "exclude": len(terms.excluded)}


def _card(workspace: Workspace, technology: str) -> dict[str, Any]:
    """The card of the model in use; the model itself need not be loaded to describe it."""
    version = champion_version(workspace.models, technology)
    if version is None:
        raise ArtifactError(f"{workspace.models / technology}: no {technology} model is trained yet; run `make train`")
    return {"model_version": version, **asdict(read_card(workspace.models / technology / version))}


def write_worker_studies(
    workspace: Workspace, context: RunContext, marts: dict[str, pd.DataFrame]
) -> dict[str, Report]:
    """Build and write the page of every wave that the marts hold; returns them by wave, YYYY-MM.

    Pages of waves that the marts no longer hold are removed. Raises ClaimMismatchError before a page is written.
    """
    reports = {wave: build_worker_study(marts, context, wave) for wave in study_waves(marts)}
    annexes = {wave: build_worker_annex(marts, context, wave, reports[wave].claims) for wave in reports}
    for page in workspace.root.glob(f"reports/*/{WORKER_STUDY_FILES[0]}"):
        _remove(page.parent)
    for wave, report in reports.items():
        _write(workspace.report(wave), report, WORKER_STUDY_FILES)
        _write(workspace.report(wave), annexes[wave], WORKER_ANNEX_FILES)
    return reports


PAGE_NAMES = {
    HIRING_REPORT_FILES[0]: "Report",
    ANNEX_FILES[0]: "Technical annex",
    SPREAD_STUDY_FILES[0]: "Technology-spread study",
    WORKER_STUDY_FILES[0]: "Worker study",
}


def write_index(workspace: Workspace, mapping: Mapping) -> Path:
    """Write `reports/index.html`, which links the pages of all months, the latest first; returns its path."""
    folders = sorted({page.parent for name in PAGE_NAMES for page in workspace.root.glob(f"reports/*/{name}")})
    months = [IndexedMonth(folder.name, _headline(folder), _present_pages(folder)) for folder in reversed(folders)]
    index = workspace.root / "reports" / "index.html"
    write_text(index, render_index(mapping.title, months, is_simulated=mapping.is_simulated))
    return index


def _headline(folder: Path) -> str:
    file = folder / HEADLINES_FILE
    headlines = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return headlines[0] if headlines else ""


def _present_pages(folder: Path) -> list[tuple[str, str]]:
    return [(name, file) for file, name in PAGE_NAMES.items() if (folder / file).exists()]


def study_folder(workspace: Workspace, month: str) -> Path | None:
    """The report folder with the last wave's page up to `month` (YYYY-MM), None where there is none."""
    pages = sorted(workspace.root.glob(f"reports/*/{WORKER_STUDY_FILES[0]}"))
    known = [page.parent for page in pages if page.parent.name <= month]
    return known[-1] if known else None


def _remove(folder: Path) -> None:
    names = (*WORKER_STUDY_FILES, *WORKER_ANNEX_FILES)
    for path in [*(folder / name for name in names), *folder.glob(WORKER_STUDY_FIGURES)]:
        path.unlink(missing_ok=True)
