"""Building the models of a workspace on Spark, from this environment: what is built, and what is missing for it."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from dagster_project.runs.lock import run_lock
from dagster_project.settings import Settings
from dagster_project.spark.engine_log import ENGINE_LOG
from dagster_project.stages.ingest import present_states
from dagster_project.storage.plan import MonthState, built_states, stale_months
from dagster_project.storage.workspace import REPOSITORY, Workspace

SPARK_PYTHON = REPOSITORY / ".venv-spark" / "bin" / "python"


class SparkError(RuntimeError):
    """The models cannot be built on Spark, or were not; the message says what to do."""


def build_on_spark(settings: Settings, engine: str, log: Callable[[str], None]) -> Path:
    """Build every model for the months that the warehouse holds; the folder of the tables, `<schema>/<model>/`.

    `engine` is `spark` (real Spark in a JVM here), `sail` (needs no Java) or the address `sc://host:port` of a server.
    The former tables stay until all are made and the suites of their stages hold. Raises SparkError without Spark's
    environment or Java, for a stale warehouse, or where a model, a test or a critical expectation fails.
    """
    require_engine(engine)
    workspace = settings.workspace
    with run_lock(workspace, log), tempfile.TemporaryDirectory() as folder:
        plan = Path(folder, "plan.json")
        months = months_built(settings)
        plan.write_text(json.dumps([asdict(state) for state in months]), encoding="utf-8")
        log(f"building the models of {len(months)} months on {engine}; logs of dbt and engine: {workspace.spark_log}")
        if run_build(workspace, plan, engine) != 0:
            dbt_log, engine_log = workspace.spark_log / "dbt.log", workspace.spark_log / ENGINE_LOG
            raise SparkError(f"not every model was built on {engine}: see {dbt_log} and {engine_log}")
        require_good_tables(settings, [state.month for state in months], log)
        shutil.rmtree(workspace.spark, ignore_errors=True)
        workspace.spark_unfinished.rename(workspace.spark)
    return workspace.spark


def require_good_tables(settings: Settings, months: list[str], log: Callable[[str], None]) -> None:
    """Judge the unfinished tables by the suites of their stages; SparkError names each critical one that fails."""
    from dagster_project.spark.check import check_tables  # Great Expectations takes seconds to import

    results = check_tables(settings, settings.workspace.spark_unfinished, months)
    failed = [outcome for result in results for outcome in result.critical_failures]
    if failed:
        told = "".join(f"\n  {one.id} ({one.table}): {one.observed}; {one.reason}" for one in failed)
        raise SparkError(f"Great Expectations found in what was built:{told}\n  see {results[-1].data_docs}")
    met, warnings = (sum(len(getattr(result, kind)) for result in results) for kind in ("passed", "warnings"))
    log(f"Great Expectations: {met} expectations met, {warnings} warnings; see {results[-1].data_docs}")


def require_engine(engine: str) -> None:
    """Raise SparkError unless Spark's environment, and for `spark` Java, is here."""
    if not SPARK_PYTHON.exists():
        raise SparkError("Spark has an environment of its own, which is not there: run `make setup-spark`")
    if engine == "spark" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise SparkError(
            "real Spark runs on Java 17 or later, which is not there: install it (Debian: openjdk-17-jre-headless), "
            "or build on the engine sail, which needs no Java"
        )


def months_built(settings: Settings) -> list[MonthState]:
    """The months of the warehouse with those that share their loads; SparkError where the lake has gone on since."""
    workspace = settings.workspace
    built = built_states(workspace.warehouse)
    if not built:
        raise SparkError(f"{workspace.root} has no month yet: run `make report` first, which fills the lake")
    present = present_states(workspace, settings.mapping.mapping_hash)
    if stale := sorted(set(stale_months(present, built)) | set(built) - set(present)):
        raise SparkError(
            f"the lake no longer is what the warehouse was made from in {', '.join(stale)}: run `make report` first; a "
            "month that is held back keeps a state that only the warehouse has"
        )
    return [replace(state, related_months=present[month].related_months) for month, state in sorted(built.items())]


def run_build(workspace: Workspace, plan: Path, engine: str) -> int:
    """The exit code of `dagster_project.spark.build` in Spark's environment."""
    command = [str(SPARK_PYTHON), "-m", "dagster_project.spark.build"]
    options = ["--workspace", str(workspace.root), "--plan", str(plan), "--engine", engine]
    # Spark's Python workers are this interpreter, and read this checkout
    own = {"PYSPARK_PYTHON": str(SPARK_PYTHON), "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run([*command, *options], cwd=REPOSITORY, env=os.environ | own, check=False).returncode
