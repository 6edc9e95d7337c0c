"""Typed settings: the only place that reads the environment.

Every variable starts with `HIRING_PULSE_`; see `.env.example`. The command line sets them, and Dagster's processes
inherit them.
"""

import os
from datetime import date
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from dagster_project.sources.contracts import HISTORY_START
from dagster_project.sources.mapping.load import SHIPPED_MAPPINGS, load_mapping
from dagster_project.sources.mapping.model import Mapping
from dagster_project.storage.workspace import REPOSITORY, FeedOrigin, Workspace, absolute_data

FOREIGN = ("DBT_", "DAGSTER_", "GX_", "PYTHONPATH", "PYTHONHOME")
"""Beginnings of variables by which a shell set up for another project would change what a run here does."""


def drop_foreign_variables() -> None:
    """Forget what the shell says to dbt, Dagster, Great Expectations and Python; each command sets what they need."""
    _drop(FOREIGN)


def _drop(beginnings: str | tuple[str, ...]) -> None:
    for name in [name for name in os.environ if name.startswith(beginnings)]:
        del os.environ[name]


class Settings(BaseSettings):
    """What one run is configured with."""

    model_config = SettingsConfigDict(env_prefix="HIRING_PULSE_", env_file=REPOSITORY / ".env", extra="ignore")

    sources: str = Field(
        default="simulated_marketplace", description="A shipped mapping's name or the path of one's own."
    )
    data: str | None = Field(default=None, description="Folder or object-store URI that the mapping's files lie below.")
    data_root: Path = Field(
        default=REPOSITORY / "data", description="Folder of the workspaces, one a configured source."
    )
    history_start: date = Field(
        default=HISTORY_START,
        description="First day of the history: older rows are counted apart.",
    )
    memory_limit: str = Field(default="2GB", description="Memory that DuckDB may use before it spills to disk.")
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, description="How many threads or processes share a stage."
    )
    publish_url: SecretStr | None = Field(
        default=None, description="Postgres database that each release is copied to, postgres://user@host/database."
    )
    publish_schema: str = Field(default="hiring_pulse", description="Schema of the copied tables.")
    docs_url: str | None = Field(default=None, description="Where `hiring-pulse docs` is served, for links in the UI.")
    seed: int = Field(default=2025, description="Seed of the simulated marketplace.")
    posts_per_month: int = Field(default=70_000, description="Posts of the simulated marketplace in a month of 2025.")
    long_text_share: float = Field(default=0.25, description="Share of simulated posts that have a description.")
    world: str = Field(default="planted", description="What the simulated marketplace plants: a name or a .yml file.")
    first_month: str = Field(default="2020-01", description="First month of the simulated marketplace, YYYY-MM.")

    runs_itself: bool = Field(default=False, description="Whether schedule and sensors are on from the start.")
    schedule: str = Field(
        default="0 6 2 * *", description="When the month just ended is asked for: a cron expression in UTC."
    )
    executor: str = Field(
        default="in_process_executor",
        description="Dagster's executor of the stages, for runs of the UI and the daemon: a name or module:name.",
    )
    alert_urls: SecretStr | None = Field(
        default=None, description="Who is told of failed runs: URLs of Apprise, with blanks between them."
    )

    @cached_property
    def mapping(self) -> Mapping:
        return load_mapping(self.sources)

    @property
    def workspace(self) -> Workspace:
        return Workspace((self.data_root / self.mapping.name).resolve())

    @property
    def data_location(self) -> str | None:
        """Where the mapping's globs start: the workspace's own feed for the simulated marketplace."""
        return str(self.workspace.feed) if self.mapping.is_simulated else self.data

    def link(self, page: Path) -> str:
        """Where people open a page of the workspace: below `docs_url`, or as a file where no site is set."""
        if self.docs_url is None:
            return page.resolve().as_uri()
        path = page.resolve().relative_to(self.workspace.root).as_posix()
        return f"{self.docs_url.rstrip('/')}/{quote(path)}"

    @property
    def origin(self) -> FeedOrigin:
        """The mapping and DATA of this run, as a workspace records what it belongs to."""
        mapping, is_shipped = self.mapping, Path(self.mapping.origin).parent == SHIPPED_MAPPINGS
        data = self.data if mapping.needs_data and not mapping.is_simulated else None
        name = f"the shipped mapping {mapping.name}" if is_shipped else str(Path(mapping.origin).resolve())
        return FeedOrigin(name, mapping.text_hash, absolute_data(data))

    def export(self) -> None:
        """Hand the places on to dbt, which reads them by env_var and nothing else, and switch all telemetry off."""
        _drop("DBT_")
        os.environ.update(
            HIRING_PULSE_WAREHOUSE=str(self.workspace.warehouse),
            HIRING_PULSE_LAKE=str(self.workspace.lake),
            HIRING_PULSE_MEMORY_LIMIT=self.memory_limit,
            DBT_SEND_ANONYMOUS_USAGE_STATS="false",
            GX_ANALYTICS_ENABLED="false",
            DO_NOT_TRACK="1",
        )
