"""A small feed of one's own: files, seeds and a mapping in a temporary folder, loaded by the real reader."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from dagster_project.sources.lake.load import IngestResult, ingest
from dagster_project.sources.lake.replay import ReplayResult, replay
from dagster_project.sources.mapping.load import load_mapping
from dagster_project.sources.mapping.model import Mapping
from dagster_project.storage.workspace import Workspace

NOW = datetime(2025, 6, 1, 12, 0)
HEADER = "id,published,name,topic,price"
COLUMNS = {
    "post_id": "id",
    "posted_at": "published",
    "title": "name",
    "category": "topic",
    "budget_usd": "money(price)",
}


@dataclass
class Feed:
    """Files below `data`, read by `mapping` into `workspace`."""

    data: Path
    workspace: Workspace
    seeds: Path
    mapping_file: Path
    messages: list[str] = field(default_factory=list)

    def write(self, name: str, *rows: str, header: str = HEADER) -> Path:
        return self.write_bytes(name, ("\n".join([header, *rows]) + "\n").encode())

    def write_bytes(self, name: str, content: bytes) -> Path:
        path = self.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def map(self, columns: dict[str, str] | None = None, **changes: Any) -> Mapping:
        """Writes a mapping of job_posts; `changes` are keys of its group of files."""
        group = {"files": ["*.csv*"], "format": "csv", "columns": columns or COLUMNS} | changes
        return self.map_tables({"job_posts": group})

    def map_tables(self, tables: dict[str, Any]) -> Mapping:
        content = {"name": "small_feed", "title": "A small feed", "is_simulated": True, "tables": tables}
        self.mapping_file.write_text(yaml.safe_dump(content), encoding="utf-8")
        return self.mapping

    @property
    def mapping(self) -> Mapping:
        return load_mapping(self.mapping_file)

    def load(self, now: datetime = NOW) -> IngestResult:
        return ingest(
            self.workspace,
            self.mapping,
            self.data,
            now=now,
            progress=self.messages.append,
            memory_limit="500MB",
            seeds=self.seeds,
        )

    def replay(self) -> ReplayResult:
        return replay(self.workspace, self.mapping, NOW, memory_limit="500MB", seeds=self.seeds)

    def accepted(self, columns: str = "post_id", table: str = "job_posts") -> list[Any]:
        return _rows(self.workspace.raw(table), columns)

    def rejects(self, columns: str = "field, reason, value", table: str = "job_posts") -> list[Any]:
        return _rows(self.workspace.rejects(table), columns)

    def snapshot(self) -> dict[str, bytes]:
        """Every published file of the lake with its bytes."""
        lake = self.workspace.lake
        return {
            path.relative_to(lake).as_posix(): path.read_bytes()
            for path in sorted(lake.rglob("*"))
            if path.is_file() and path.name != ".lock"
        }


def new_feed(root: Path) -> Feed:
    """A mapped feed below `root` without files yet; the seeds know two categories, one under a former name too."""
    seeds = root / "seeds"
    seeds.mkdir()
    (seeds / "categories.csv").write_text(
        "category_id,category,is_technical,valid_from,valid_to\n"
        "1,Writing,false,2020-01-01,\n2,Data Science,true,2020-01-01,2022-01-01\n"
        "2,Data Science & Analytics,true,2022-01-01,\n"
    )
    (seeds / "pulse_questions.csv").write_text("question_id,wording_version\nhires,1\n")
    (seeds / "study_questions.csv").write_text("question_id,wording_version\ngain,1\n")
    data = root / "data"
    data.mkdir()
    feed = Feed(data, Workspace(root / "workspace"), seeds, root / "mapping.yml")
    feed.map()
    return feed


def _rows(directory: Path, columns: str) -> list[Any]:
    if not list(directory.glob("month=*/*.parquet")):
        return []
    query = f"select {columns} from read_parquet(?, hive_partitioning = true) order by source_file, source_row"
    rows = duckdb.execute(query, [f"{directory}/month=*/*.parquet"]).fetchall()
    return [row[0] if len(row) == 1 else row for row in rows]
