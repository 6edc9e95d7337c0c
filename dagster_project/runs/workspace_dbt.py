"""dbt run in the folder of its warehouse, so that no variable of the profile tells one workspace from another.

dbt parses its whole project anew, some ten seconds, whenever a variable of the profile has another value than in the
state that it kept: with the path of the warehouse in it, a new workspace never found a state that fits.
"""

import os
from pathlib import Path

VARIABLE = "HIRING_PULSE_WAREHOUSE"
OF_DAGSTER = {
    *("DBT_LOG_FORMAT", "DBT_TARGET_PATH", "DBT_LOG_PATH", "DBT_PROFILES_DIR", "DBT_PROJECT_DIR"),
    *("DBT_INDIRECT_SELECTION", "DBT_SEND_ANONYMOUS_USAGE_STATS"),
}
"""What dagster-dbt says to dbt by variables; any other would come from a shell that was set up for another project."""


def main() -> None:
    """The dbt command line on the warehouse of HIRING_PULSE_WAREHOUSE; `--project-dir` or DBT_PROJECT_DIR is needed."""
    for name in [name for name in os.environ if name.startswith("DBT_") and name not in OF_DAGSTER]:
        del os.environ[name]
    from dbt.cli.main import cli

    warehouse = Path(os.environ.get(VARIABLE, "warehouse.duckdb"))
    if warehouse.parent.is_dir():  # a parse comes before the workspace and opens no warehouse
        os.chdir(warehouse.parent)
    os.environ[VARIABLE] = warehouse.name
    cli()
