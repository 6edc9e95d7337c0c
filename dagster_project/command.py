"""What `hiring-pulse` starts: the command line, whatever modules somebody's shell puts before those of this project."""

import os
import sys


def main() -> None:
    """Start again in isolated mode where PYTHONPATH is set: another project's package `ml` would be taken for ours."""
    if os.environ.pop("PYTHONPATH", None):
        os.execv(sys.executable, [sys.executable, "-I", "-m", "dagster_project.cli", *sys.argv[1:]])  # noqa: S606
    from dagster_project.cli import app

    app()
