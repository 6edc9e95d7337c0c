"""How old the data are: the newest post of the lake and the day on which a file of posts was last read."""

from dataclasses import dataclass
from datetime import date

import duckdb

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.storage.workspace import Workspace


@dataclass(frozen=True)
class DataAge:
    """Both days in UTC."""

    newest_post: date
    read_on: date

    @property
    def sentence(self) -> str:
        return f"The newest post is of {_written(self.newest_post)}, read on {_written(self.read_on)}."


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def data_age(workspace: Workspace) -> DataAge | None:
    """None for a lake without an accepted post."""
    loads = [manifest for manifest in load_manifests(workspace, JOB_POSTS.name) if manifest.accepted]
    if not loads:
        return None
    month = max(month for manifest in loads for month in manifest.accepted_months)
    files = [str(path) for path in workspace.raw(JOB_POSTS.name).glob(f"month={month}/load=*.parquet")]
    query = f"select max({JOB_POSTS.month_field})::date from read_parquet($files, hive_partitioning = false)"
    [(newest,)] = duckdb.execute(query, {"files": files}).fetchall()
    return DataAge(newest, max(manifest.loaded_at for manifest in loads).date())
