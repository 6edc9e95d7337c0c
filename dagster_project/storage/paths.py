"""Where the parts of this project lie on disk; what one feed produces is in `workspace.py`."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DBT_DIRECTORY = REPOSITORY / "dbt"
SEEDS = DBT_DIRECTORY / "seeds"
