"""Start the deployment here, on a real Postgres and without containers, let it run one month, and stop it.

`make deploy-check`. The processes and their commands are those of `deploy/systemd/`, with places of this check; the
month is asked for by the schedule, which ticks every minute here, and run by the daemon. EXECUTOR in the environment
names another executor for its stages.
"""

import json
import os
import secrets
import shlex
import signal
import string
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from dagster_project.publishing.catalog import latest_release
from dagster_project.runs.due import month_before
from dagster_project.settings import Settings
from dagster_project.stages.ingest import load_everything
from dagster_project.storage.workspace import REPOSITORY, Workspace
from tests.support.champions import train_champions
from tests.support.postgres_server import DATABASE, USER, Server, free_port, running_postgres
from tests.support.written_feed import COLUMNS, month_posts, write_posts

Process = subprocess.Popen[bytes]
MONTHS = 3
PATIENCE = 900  # on a machine with other work; alone it takes some three minutes
RUNS = """{ runsOrError(filter: {pipelineName: "monthly_hiring_report"}) {
  ... on Runs { results { runId status tags { key value } } } } }"""
FAILURES = """query($run: ID!) { logsForRun(runId: $run) { ... on EventConnection { events {
  ... on ExecutionStepFailureEvent { stepKey error { message causes { message } } } } } } }"""

TICKS = """{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { ... on RepositoryLocation {
  repositories { sensors { name sensorState { ticks(limit: 20) { status error { message } } } } } } } } } } }"""


class CheckError(Exception):
    """The deployment did not do what it should; the message says what was seen."""


def main() -> int:
    started = time.time()

    def say(text: str) -> None:
        print(f"{time.time() - started:6.1f} s  {text}", flush=True)

    password = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory(prefix="hiring_pulse_deploy_") as place:
        root = Path(place)
        try:
            with running_postgres(password, "scram-sha-256") as server:
                say(f"Postgres listens on port {server.port}")
                check(root, server, say)
                require_unsaid(password, root, server)
            say("stopped; the password stands in no file and in no record")
        except CheckError as error:
            say(f"FAILED: {error}")
            return 1
    return 0


def check(root: Path, server: Server, say: Callable[[str], None]) -> None:
    month = month_before(datetime.now(UTC))
    variables = environment(root, server)
    with ExitStack() as stack:
        processes = {name: stack.enter_context(unit(name, variables, root)) for name in ("code", "webserver")}
        prepare(root, month)
        say("a small feed was read, small classifiers are trained")
        processes["daemon"] = stack.enter_context(unit("daemon", variables, root))

        def wait_for(question: Callable[[], Any], complaint: str) -> Any:
            return answer_of(question, complaint, processes, root)

        url = f"http://127.0.0.1:{variables['DAGSTER_WEB_PORT']}"
        wait_for(lambda: answers(url), "the web server does not answer")
        say(f"code server, web server and daemon are up; the UI is {url}")
        run = wait_for(lambda: finished_run(url, month), f"no run of {month} ended")
        if run["status"] != "SUCCESS":
            raise CheckError(f"the run of {month} ended {run['status']}:\n{failures(url, run['runId'])}")
        say(f"the schedule asked for {month}, the daemon ran it")
        if failed := failed_ticks(url):
            raise CheckError(f"ticks of sensors failed: {failed}")
        say("no tick of a sensor failed")
        release = latest_release(Workspace(root / "data" / "small_feed").releases)
        if release is None or release.month != month:
            raise CheckError(f"no release of {month}: {release}")
        say(f"released {release.id}")


def environment(root: Path, server: Server) -> dict[str, str]:
    """What `deploy/environment.example` lists, with the places of this check."""
    places = {
        "HIRING_PULSE_SOURCES": root / "feed.yml",
        "HIRING_PULSE_DATA": root / "landing",
        "HIRING_PULSE_DATA_ROOT": root / "data",
        "DAGSTER_FILES": root / "dagster",
        "DAGSTER_PG_PORT": server.port,
        "DAGSTER_PG_USERNAME": USER,
        "DAGSTER_PG_PASSWORD": server.password,
        "DAGSTER_PG_DB": DATABASE,
        "DAGSTER_CODE_PORT": free_port(),
        "DAGSTER_WEB_PORT": free_port(),
    }
    lines = (REPOSITORY / "deploy" / "environment.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    here = {name: str(value) for name, value in places.items()}
    extra = {
        "HIRING_PULSE_SCHEDULE": "* * * * *",
        "HIRING_PULSE_WORKERS": "1",
        "HIRING_PULSE_EXECUTOR": os.environ.get("EXECUTOR", ""),
        "HIRING_PULSE_ALERT_URLS": f"json://pulse:{server.password}@127.0.0.1:9/hook",
    }
    return {name: value for name, value in {**example, **here, **extra}.items() if value}


def prepare(root: Path, month: str) -> None:
    """A feed of posts up to `month` that the lake has read, so that the daemon has nothing to do but the schedule's."""
    group = {"files": ["*.csv"], "format": "csv", "columns": COLUMNS}
    mapping = {"name": "small_feed", "title": "A small feed", "is_simulated": False, "tables": {"job_posts": group}}
    (root / "feed.yml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    for one in pd.period_range(end=pd.Period(month, freq="M"), periods=MONTHS, freq="M").strftime("%Y-%m"):
        write_posts(root / "landing" / f"{one}.csv", month_posts(one))
    settings = Settings(sources=str(root / "feed.yml"), data=str(root / "landing"), data_root=root / "data")
    load_everything(settings, lambda _: None)
    train_champions(root / "data" / "models")


@contextmanager
def unit(name: str, variables: dict[str, str], root: Path) -> Iterator[Process]:
    """The command of a systemd unit as a process, stopped as systemd does it."""
    text = (REPOSITORY / "deploy" / "systemd" / f"hiring-pulse-{name}.service").read_text(encoding="utf-8")
    settings = [line.partition("=")[::2] for line in text.replace("/opt/hiring-pulse", str(REPOSITORY)).splitlines()]
    own = dict(value.split("=", 1) for key, value in settings if key == "Environment")
    (command,) = [value for key, value in settings if key == "ExecStart"]
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "TMPDIR")}
    environment = {**kept, **own, **variables}
    filled = string.Template(command).substitute(environment)
    (root / "dagster").mkdir(exist_ok=True)
    options: dict[str, Any] = {"env": environment, "cwd": root / "dagster", "start_new_session": True}
    with (root / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(shlex.split(filled), stdout=log, stderr=log, **options)
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                raise CheckError(f"{name} did not stop within 60 s of SIGTERM") from None
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def answer_of(question: Callable[[], Any], complaint: str, processes: dict[str, Process], root: Path) -> Any:
    """The first answer that is true; CheckError with the ends of all logs where it takes too long or a process ends."""
    end = time.time() + PATIENCE
    while time.time() < end and all(process.poll() is None for process in processes.values()):
        if answer := question():
            return answer
        time.sleep(1)
    logs = [f"--- {path.name}\n" + "\n".join(path.read_text().splitlines()[-15:]) for path in root.glob("*.log")]
    ended = [name for name, process in processes.items() if process.poll() is not None]
    raise CheckError(f"{complaint}; ended before it should: {', '.join(ended) or 'nothing'}\n" + "\n".join(logs))


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/server_info", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def asked(url: str, query: str, **variables: str) -> dict[str, Any]:
    """What the GraphQL API of the web server says."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)["data"]
    return found


def finished_run(url: str, month: str) -> dict[str, Any] | None:
    """The run of the month that the schedule asked for, once it has ended."""
    for run in asked(url, RUNS)["runsOrError"]["results"]:
        tags = {tag["key"]: tag["value"] for tag in run["tags"]}
        scheduled = tags.get("dagster/schedule_name") == "monthly_hiring_report_schedule"
        if scheduled and tags["dagster/partition"] == month and run["status"] in ("SUCCESS", "FAILURE", "CANCELED"):
            return dict(run)
    return None


def failed_ticks(url: str) -> dict[str, str]:
    """Sensor -> message of a tick that failed; CheckError where no sensor ticked at all."""
    entries = asked(url, TICKS)["workspaceOrError"]["locationEntries"]
    repositories = [one for entry in entries for one in entry["locationOrLoadError"]["repositories"]]
    sensors = [sensor for repository in repositories for sensor in repository["sensors"]]
    ticks = [(sensor["name"], tick) for sensor in sensors for tick in sensor["sensorState"]["ticks"]]
    if not {"standstill_sensor", "failed_run_sensor"} <= {name for name, _ in ticks}:
        raise CheckError(f"sensors that should be on did not tick; these did: {sorted({name for name, _ in ticks})}")
    return {name: str(tick["error"]) for name, tick in ticks if tick["status"] == "FAILURE"}


def failures(url: str, run: str) -> str:
    events = asked(url, FAILURES, run=run)["logsForRun"]["events"]
    errors = [event["error"] for event in events if event.get("error")]
    return "\n".join(error["message"] + "".join(cause["message"] for cause in error["causes"]) for error in errors)


def require_unsaid(secret: str, root: Path, server: Server) -> None:
    """Raises CheckError naming every file below the place, or Dagster's records, where they hold the secret."""
    holding = [str(path) for path in root.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    dump = subprocess.run([server.programs / "pg_dump", server.address], capture_output=True, check=True).stdout
    if holding or secret.encode() in dump:
        raise CheckError(f"the password stands in {', '.join(holding) or 'the records in Postgres'}")


if __name__ == "__main__":
    sys.exit(main())
