"""The chain under measurement: `hiring-pulse report` as users run it, where feed and models are in place."""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project.simulation.feed import write_months
from dagster_project.simulation.market.market import market_size
from dagster_project.simulation.market.months import month_range
from dagster_project.simulation.worlds.planted import load_planted
from dagster_project.storage.workspace import REPOSITORY, Workspace
from tests.bench.measure import Usage, measure

SEED = 2025
LONG_TEXT_SHARE = 0.1
FIRST_MONTH, LAST_MONTH, NEW_MONTH = "2020-01", "2024-12", "2025-01"


@dataclass(frozen=True)
class Market:
    """A simulated feed: its size and its months, both included (YYYY-MM)."""

    posts_per_month: int
    first_month: str = FIRST_MONTH
    last_month: str = LAST_MONTH

    @property
    def months(self) -> list[str]:
        return month_range(self.first_month, self.last_month)

    @classmethod
    def of_posts(cls, posts: int, first_month: str = FIRST_MONTH) -> "Market":
        """A market whose months have so many posts together."""
        planted = load_planted()
        sizes = [market_size(planted, month) for month in cls(1, first_month).months]
        return cls(round(posts / sum(sizes)), first_month)

    def write(self, folder: Path, extra_months: tuple[str, ...] = ()) -> Path:
        """Write the feed's files below `folder` and return it."""
        write_months(
            folder,
            [*self.months, *extra_months],
            seed=SEED,
            posts_per_month=self.posts_per_month,
            long_text_share=LONG_TEXT_SHARE,
        )
        return folder


@dataclass(frozen=True)
class Stage:
    """One step of a run: Unix times of its start and end, largest memory of the process tree in bytes."""

    name: str
    start: float
    end: float
    peak_bytes: int

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class ChainRun:
    """A measured run: its stages in order, and the run summary that it wrote."""

    usage: Usage
    stages: list[Stage]
    summary: dict[str, Any]

    @property
    def rows_read(self) -> int:
        return int(self.summary["source"]["rows_read"])


def prepare(root: Path, feed: Path, models: Path) -> Workspace:
    """A workspace below `root` with the feed linked and the models copied, everything else to be built."""
    workspace = Workspace(root / "simulated_marketplace")
    shutil.copytree(feed, workspace.feed, copy_function=os.link)
    shutil.copytree(models, workspace.models)
    return workspace


def train(root: Path) -> Path:
    """Train the classifiers as the project does where none exist; returns their folder."""
    command = [sys.executable, "-m", "dagster_project.cli", "train"]
    measure(command, REPOSITORY, _environment(root, Market(1)), root / "train.log")
    return Workspace(root / "simulated_marketplace").models


def run_chain(workspace: Workspace, market: Market, month: str) -> ChainRun:
    """Build every month of the feed that is not built yet and report on `month`."""
    command = [sys.executable, "-m", "dagster_project.cli", "report", "--month", month]
    root = workspace.root.parent
    usage = measure(command, REPOSITORY, _environment(root, market), root / f"report_{month}.log")
    summary = json.loads((workspace.report(month) / "run_summary.json").read_text(encoding="utf-8"))
    return ChainRun(usage, _stages(workspace, usage), summary)


def _environment(root: Path, market: Market) -> dict[str, str]:
    return {
        "HIRING_PULSE_SOURCES": "simulated_marketplace",
        "HIRING_PULSE_DATA_ROOT": str(root),
        "HIRING_PULSE_SEED": str(SEED),
        "HIRING_PULSE_POSTS_PER_MONTH": str(market.posts_per_month),
        "HIRING_PULSE_LONG_TEXT_SHARE": str(LONG_TEXT_SHARE),
        "HIRING_PULSE_FIRST_MONTH": market.first_month,
    }


def _stages(workspace: Workspace, usage: Usage) -> list[Stage]:
    """The steps of the last run, from Dagster's event log: the run summary is written before the last ones end."""
    os.environ["DAGSTER_HOME"] = str(workspace.dagster)
    with dg.DagsterInstance.get() as instance:
        run = instance.get_runs(limit=1)[0]
        steps = instance.get_run_step_stats(run.run_id)
    spans = [(step.step_key, step.start_time, step.end_time) for step in steps if step.start_time and step.end_time]
    return [
        Stage(name.replace("__", " / ").replace("_", " "), start, end, usage.peak_between(start, end))
        for name, start, end in sorted(spans, key=lambda span: span[1])
    ]
