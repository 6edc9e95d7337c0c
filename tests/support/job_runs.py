"""The main job run in this process on a workspace in a temporary folder, and what its events say."""

import json
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from dagster_project.feed_options import configure
from dagster_project.settings import Settings
from dagster_project.storage.holds import Hold, hold
from dagster_project.storage.workspace import Workspace
from tests.support.written_feed import (
    LATER_SEARCHES,
    LONE,
    MOVED,
    NEXT_MONTH,
    REPORT_MONTH,
    month_posts,
    write_feed,
    write_mapping,
    write_posts,
    write_searches,
)

HELD_FILE = Hold("2024-12", "counted twice", date(2025, 3, 2), file="searches/later.csv")
HELD_CATEGORY = Hold(REPORT_MONTH, "a wave of <b>spam</b>", date(2025, 3, 2), category="Writing")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


@dataclass(frozen=True)
class JobRun:
    """One finished run: steps by how they ended, failed blocking checks, messages of failed steps, and warnings."""

    succeeded: bool
    steps: dict[str, str]
    failed_checks: set[str]
    failures: str
    warnings: list[str]

    def ended(self, verdict: str) -> set[str]:
        """Steps that ended in `success` or `failure`; a step that did not run is in neither."""
        return {step for step, end in self.steps.items() if end == verdict}


@dataclass(frozen=True)
class Place:
    """A temporary root with a feed, its mapping and its workspace."""

    root: Path
    sources: str | None = None
    data: Path | None = None
    name: str = "written_feed"

    @property
    def feed(self) -> Path:
        return self.data or self.root / "feed"

    @property
    def mapping_file(self) -> Path:
        return self.root / "written_feed.yml"

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root / "data" / self.name)

    def variables(self) -> dict[str, str]:
        """The environment of a run here."""
        return {
            "HIRING_PULSE_SOURCES": self.sources or str(self.mapping_file),
            "HIRING_PULSE_DATA": str(self.feed),
            "HIRING_PULSE_DATA_ROOT": str(self.root / "data"),
            "HIRING_PULSE_WORKERS": "1",
        }

    @contextmanager
    def configured(self) -> Iterator[Settings]:
        """Settings of this place; the environment is put back afterwards."""
        before = dict(os.environ)
        os.environ.update(self.variables())
        try:
            yield configure(None, None)
        finally:
            os.environ.clear()
            os.environ.update(before)

    def run(
        self, first: str, last: str | None = None, *, select: dg.AssetSelection | None = None, checks: str = "all"
    ) -> JobRun:
        """Run the main job, or a selection of its assets, for a month or a range of months.

        checks: `all`, the `gates` without dbt's tests, or `none`, which takes half the time: for tests of what a run
        makes, where others test what stops one. A selection of assets brings its own checks along.
        """
        with self.configured(), dg.DagsterInstance.get() as instance:
            result = _job(checks).execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config=QUIET,
                asset_selection=sorted(select.resolve(_asset_graph())) if select else None,
                **_partitions(first, last),
            )
            return _read_events(result, instance)

    def run_queue(self, month: str, *, audit_posts: int, training_posts: int) -> JobRun:
        """Run the labelling queue's job for a month."""
        size = {"audit_posts": audit_posts, "training_posts": training_posts}
        with self.configured(), dg.DagsterInstance.get() as instance:
            result = (
                _definitions()
                .resolve_job_def("labelling_queue_job")
                .execute_in_process(
                    instance=instance,
                    raise_on_error=False,
                    run_config=QUIET | {"ops": {"labelling__labelling_queue": {"config": size}}},
                    partition_key=month,
                )
            )
            return _read_events(result, instance)

    def copy_to(self, root: Path) -> "Place":
        """This place with everything in it at another root; the workspace belongs to the feed that came along."""
        shutil.copytree(self.root, root, symlinks=True, dirs_exist_ok=True)
        copied = Place(root, self.sources, self.data, self.name)
        copied.workspace.belongs_to.unlink(missing_ok=True)
        return copied

    def add_late_files(self) -> None:
        """Revised searches, and earlier postings of two known posts: one of the report's month, the lone later one.

        People hold what the searches say of a month, and one category's growth (HELD_FILE, HELD_CATEGORY).
        """
        hold(self.workspace, [HELD_FILE, HELD_CATEGORY])
        write_searches(self.feed / "searches" / "later.csv", LATER_SEARCHES, seen="2025-03-09 06:00:00")
        known = {post["id"]: post for month in (REPORT_MONTH, NEXT_MONTH) for post in month_posts(month)}
        moved = [
            known[MOVED] | {"published": "2025-01-30 08:00:00", "seen": "2025-01-30 09:00:00"},
            known[LONE] | {"published": "2025-02-27 08:00:00", "seen": "2025-02-27 09:00:00"},
        ]
        write_posts(self.feed / "posts" / "came_late.csv", moved)

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of the warehouse."""
        with duckdb.connect(str(self.workspace.warehouse), read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    def change(self, sql: str) -> None:
        """Change the warehouse behind the project's back."""
        with duckdb.connect(str(self.workspace.warehouse)) as connection:
            connection.execute(sql)

    def dbt_tests(self) -> int:
        """How many tests dbt has run in the workspace."""
        return (self.workspace.root / "dbt_target" / "dbt.log").read_text(encoding="utf-8").count(" START test ")

    def latest(self) -> str:
        """Id of the release that BI reads now."""
        return str((self.workspace.releases / "latest").readlink())

    def releases(self) -> list[str]:
        return sorted(path.name for path in self.workspace.releases.glob("2*"))

    def mart_hashes(self) -> dict[str, str]:
        """SHA-256 of every released mart's ordered content."""
        record = json.loads((self.workspace.releases / "latest" / "release.json").read_text(encoding="utf-8"))
        return {name: mart["sha256"] for name, mart in record["marts"].items()}

    def summary(self, month: str) -> dict[str, Any]:
        summary: dict[str, Any] = json.loads(
            (self.workspace.report(month) / "run_summary.json").read_text(encoding="utf-8")
        )
        return summary


def new_place(root: Path, models: Path | None = None) -> Place:
    """The written feed with its mapping and an empty workspace, with `models` copied into it."""
    place = Place(root)
    write_feed(place.feed)
    write_mapping(place.mapping_file)
    if models:
        shutil.copytree(models, place.workspace.models)
    return place


def beside_the_written_feed(root: Path) -> Place:
    """The simulated marketplace's workspace in the data root of the written feed."""
    return Place(root, sources="simulated_marketplace", name="simulated_marketplace")


@cache
def _definitions() -> dg.Definitions:
    from dagster_project.definitions import defs

    return defs()


def _main_job() -> dg.JobDefinition:
    return _definitions().resolve_job_def("monthly_hiring_report")


@cache
def _job(checks: str) -> dg.JobDefinition:
    """The main job with the checks of `Place.run`."""
    if checks == "all":
        return _main_job()
    selection = dg.AssetSelection.assets(*_main_job().asset_layer.selected_asset_keys).without_checks()
    if checks == "gates":
        gates = [key for key in _asset_graph().asset_check_keys if key.name.endswith(("_suite", "_warnings"))]
        selection = selection | dg.AssetSelection.checks(*gates)
    job = dg.define_asset_job(f"with_{checks}_checks", selection=selection)
    return dg.Definitions.merge(_definitions(), dg.Definitions(jobs=[job])).resolve_job_def(job.name)


def _asset_graph() -> Any:
    return _definitions().resolve_asset_graph()


def _partitions(first: str, last: str | None) -> dict[str, Any]:
    if last is None:
        return {"partition_key": first}
    return {"tags": dict(zip(RANGE_TAGS, (first, last), strict=True))}


def _read_events(result: dg.ExecuteInProcessResult, instance: dg.DagsterInstance) -> JobRun:
    steps, failed_checks = {}, set()
    for event in result.all_events:
        if event.is_step_success or event.is_step_failure:
            steps[str(event.step_key)] = "success" if event.is_step_success else "failure"
        if event.event_type_value == "ASSET_CHECK_EVALUATION":
            evaluation = event.asset_check_evaluation_data
            if not evaluation.passed and evaluation.blocking:
                failed_checks.add(evaluation.check_name)
    from dagster_project.runs.progress import failure_messages

    logs = instance.all_logs(result.run_id)
    warnings = [entry.user_message for entry in logs if entry.level == logging.WARNING and not entry.dagster_event]
    return JobRun(result.success, steps, failed_checks, "\n".join(failure_messages(instance, result.run_id)), warnings)


REPORT_PAGES = ("hiring_report.html", "hiring_report.md", "technical_annex.html", "technical_annex.md")


def visible_text(page: Path) -> str:
    """What a reader sees of a page, in lower case: without style sheets and tags."""
    text = re.sub(r"<style.*?</style>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", text).lower()
