"""What dbt's connection to the warehouse is given before its first statement; `dbt/profiles.yml` names this module."""

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from dagster_project.storage.sql import register_clean_text


class Plugin(BasePlugin):
    """A plugin of dbt-duckdb, found by this name."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """The functions that models call."""
        register_clean_text(conn)
