"""dbt run in the folder of its warehouse, so that no variable of the profile tells one workspace from another.

dbt parses its whole project anew, some ten seconds, whenever a variable of the profile has another value than in the
state that it kept: with the path of the warehouse in it, a new workspace never found a state that fits.
"""

import os
from pathlib import Path

VARIABLE = "HIRING_PULSE_WAREHOUSE"


def main() -> None:
    """The dbt command line on the warehouse of HIRING_PULSE_WAREHOUSE; `--project-dir` or DBT_PROJECT_DIR is needed."""
    from dbt.cli.main import cli

    warehouse = Path(os.environ.get(VARIABLE, "warehouse.duckdb"))
    if warehouse.parent.is_dir():  # a parse comes before the workspace and opens no warehouse
        os.chdir(warehouse.parent)
    os.environ[VARIABLE] = warehouse.name
    cli()
