"""A lake and a warehouse of a test's own, and the project's dbt models run on them in this process."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from dbt.cli.main import dbtRunner

from dagster_project.sources.lake.publication import write_schema_files
from dagster_project.stages.ingest import write_left_out
from dagster_project.storage.plan import write_candidate_rules
from dagster_project.storage.workspace import Workspace
from ml.classify import PREDICTION_SCHEMA
from ml.drift import SUMMARY_SCHEMA

DBT = Path(__file__).parents[2] / "dbt"


@dataclass(frozen=True)
class SmallLake:
    """An empty workspace at `root` after `begin`; `project` is the dbt project that `dbt` runs."""

    root: Path
    project: Path = DBT
    target: str = "target"

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def begin(self) -> None:
        """Write what every lake has before its first row."""
        write_schema_files(self.workspace)
        write_candidate_rules(self.workspace)
        write_left_out(self.workspace)
        (self.workspace.lake / "predictions").mkdir(parents=True)
        pq.write_table(PREDICTION_SCHEMA.empty_table(), self.workspace.lake / "predictions" / "schema.parquet")
        (self.workspace.lake / "drift").mkdir()
        pq.write_table(SUMMARY_SCHEMA.empty_table(), self.workspace.lake / "drift" / "schema.parquet")
        self.plan({})

    def plan(self, related_months: dict[str, list[str]]) -> None:
        """Months (YYYY-MM) to build, each with the months that hold other states of its posts."""
        versions = dict.fromkeys(("ai_model_version", "cloud_model_version", "rpa_model_version"), "v1")
        hashes = dict.fromkeys(("input_hash", "mapping_hash", "rules_hash"), "0")
        plan = [{"month": m, "related_months": others} | versions | hashes for m, others in related_months.items()]
        (self.workspace.lake / "plan.json").write_text(json.dumps(plan))

    def add_load(self, load_id: str, posts: list[dict[str, Any]]) -> None:
        """Publish job posts as one load; a post is given by its post_id, posted_at and what matters to the test."""
        schema = pq.read_schema(self.workspace.raw("job_posts") / "schema.parquet")
        for month in sorted({f"{post['posted_at']:%Y-%m}" for post in posts}):
            rows = [
                {
                    "title": "title",
                    "observed_at": post["posted_at"],
                    "load_id": load_id,
                    "source_file": f"{load_id}.csv",
                }
                | post
                | {"source_row": number}
                for number, post in enumerate(posts, start=1)
                if f"{post['posted_at']:%Y-%m}" == month
            ]
            target = self.workspace.raw("job_posts") / f"month={month}" / f"load={load_id}.parquet"
            target.parent.mkdir(exist_ok=True)
            pq.write_table(pa.Table.from_pylist(rows, schema=schema), target)

    def dbt(self, *arguments: str) -> dict[str, str]:
        """Run one dbt command; returns the status of each node by its name."""
        return {result.node.name: str(result.status) for result in self._invoke(*arguments)}

    def compile(self, template: str) -> str:
        """The SQL that a template of Jinja becomes in this project."""
        (result,) = self._invoke("compile", "--inline", template)
        return str(result.node.compiled_code)

    def _invoke(self, *arguments: str) -> Any:
        flags = ["--project-dir", self.project, "--profiles-dir", self.project, "--quiet"]
        flags += ["--target-path", self.root / self.target, "--log-path", self.root / "logs"]
        places = {
            "HIRING_PULSE_WAREHOUSE": str(self.workspace.warehouse),
            "HIRING_PULSE_LAKE": str(self.workspace.lake),
        }
        with patch.dict(os.environ, places):
            finished = dbtRunner().invoke([*arguments, *map(str, flags), "--no-send-anonymous-usage-stats"])
        assert finished.result is not None, finished.exception
        return finished.result

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the warehouse."""
        with duckdb.connect(str(self.workspace.warehouse)) as connection:
            return connection.execute(sql).fetchall()
