"""A workspace of an earlier version, run by this one: its releases stay, its numbers are those of one made anew."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from dagster_project.publishing.catalog import Release, latest_release, read_release
from dagster_project.storage.sql import identifier, identifier_list, parquet_file
from dagster_project.storage.workspace import REPOSITORY
from tests.support.job_runs import Place, new_place
from tests.support.written_feed import NEXT_MONTH, REPORT_MONTH, month_posts, write_posts

pytestmark = pytest.mark.skipif(
    not os.environ.get("HIRING_PULSE_UPGRADE_FROM"),
    reason="an environment of its own and three whole runs, some ten minutes: `make upgrade-check` runs it",
)
TRAIN = "import runpy, sys; from pathlib import Path; runpy.run_path(sys.argv[1])['train_champions'](Path(sys.argv[2]))"
COUNTS_AND_MONEY = ("_count", "_usd")
"""Ends of the names of columns that no version may change for months that were released."""
OF_THE_MONTHS_AROUND = {"monthly_collection.reference_post_count"}
"""What a later month changes in any version: the usual number of posts is taken from the months on both sides."""


def run(*command: str | Path, cwd: Path, **variables: str) -> None:
    """A command that must succeed; what it printed is shown where it does not."""
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | variables
    told = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, f"{' '.join(map(str, command))}\n{told.stdout}{told.stderr}"


@pytest.fixture(scope="module")
def earlier_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of the earlier commit with the environment that its own lock file pins."""
    commit, root = os.environ["HIRING_PULSE_UPGRADE_FROM"], tmp_path_factory.mktemp("earlier_version")
    archive = root / "tree.tar"
    command = ["git", "-C", str(REPOSITORY), "archive", "--output", str(archive), commit]
    if shutil.which("git") is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip(f"no upgrade was checked: git does not know {commit} here; clone with the whole history")
    shutil.unpack_archive(archive, root, filter="data")
    run("uv", "sync", "--frozen", "--no-dev", "--compile-bytecode", "--quiet", cwd=root)
    return root


@dataclass(frozen=True)
class Upgrade:
    """A place where the earlier version released REPORT_MONTH and this one the month after."""

    place: Place
    earlier_release: Release
    earlier_files: dict[str, str]

    @property
    def release(self) -> Release:
        return newest_release(self.place)


@pytest.fixture(scope="module")
def upgraded(earlier_version: Path, tmp_path_factory: pytest.TempPathFactory) -> Upgrade:
    place = new_place(tmp_path_factory.mktemp("upgraded"))
    python = earlier_version / ".venv" / "bin" / "python"
    champions = REPOSITORY / "tests" / "support" / "champions.py"
    run(python, "-c", TRAIN, champions, place.root / "data" / "models", cwd=earlier_version)
    report = ("-m", "dagster_project.cli", "report", "--month", REPORT_MONTH)
    run(python, *report, cwd=earlier_version, **place.variables())
    earlier = newest_release(place)
    files = hashes(earlier.path)
    write_posts(place.feed / "posts" / "next.csv", month_posts(NEXT_MONTH))
    present(place, "verify")
    present(place, "report", "--month", NEXT_MONTH)
    return Upgrade(place, earlier, files)


@pytest.fixture(scope="module")
def made_anew(upgraded: Upgrade, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The same feed and the same models in an empty workspace, run by this version alone."""
    place = new_place(tmp_path_factory.mktemp("anew"))
    shutil.copytree(upgraded.place.feed, place.feed, dirs_exist_ok=True)
    shutil.copytree(upgraded.place.root / "data" / "models", place.root / "data" / "models")
    present(place, "report", "--month", NEXT_MONTH)
    return place


def present(place: Place, *command: str) -> None:
    run(sys.executable, "-m", "dagster_project.cli", *command, cwd=REPOSITORY, **place.variables())


def newest_release(place: Place) -> Release:
    release = latest_release(place.workspace.releases)
    assert release is not None
    return release


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_earlier_release_stays_byte_for_byte_and_verifies(upgraded: Upgrade) -> None:
    assert hashes(upgraded.earlier_release.path) == upgraded.earlier_files
    assert read_release(upgraded.earlier_release.path) == upgraded.earlier_release
    present(upgraded.place, "verify")


def test_the_next_month_is_released_after_the_earlier_one(upgraded: Upgrade) -> None:
    assert (upgraded.earlier_release.month, upgraded.release.month) == (REPORT_MONTH, NEXT_MONTH)
    assert upgraded.release.previous_id == upgraded.earlier_release.id


def test_every_mart_is_that_of_a_workspace_made_anew(upgraded: Upgrade, made_anew: Place) -> None:
    anew = newest_release(made_anew)
    assert upgraded.release.marts.keys() == anew.marts.keys()
    differing = [name for name, mart in anew.marts.items() if upgraded.release.marts[name] != mart]
    assert differing == []


def test_counts_and_money_of_the_earlier_months_are_as_they_were_released(upgraded: Upgrade) -> None:
    marts = upgraded.earlier_release.mart_files().keys() & upgraded.release.mart_files().keys()
    compared = {mart: changed_columns(mart, upgraded.earlier_release, upgraded.release) for mart in sorted(marts)}
    assert sum(columns is not None for columns in compared.values()) >= 18
    changed = {f"{mart}.{column}" for mart, columns in compared.items() for column in columns or []}
    assert changed <= OF_THE_MONTHS_AROUND, changed


def changed_columns(mart: str, before: Release, after: Release) -> list[str] | None:
    """Counts and money of which a row up to REPORT_MONTH has another value now; None where the mart has no such row."""
    files = [parquet_file(release.mart_files()[mart]) for release in (before, after)]
    key = before.marts[mart].primary_key
    with duckdb.connect() as connection:
        known = [[row[0] for row in connection.execute(f"describe from {file}").fetchall()] for file in files]
        time = next((name for name in key if name.endswith("_month")), "period_id")
        end = f"regexp_extract({identifier(time)}::text, '[^_]*$')"  # of 2024_2025, of a month, of a year
        ended = f"{end} < '{NEXT_MONTH}' and {end} <> '{NEXT_MONTH[:4]}'"
        earlier = f"(select * from {files[0]} where {ended})"
        if time not in key or not connection.execute(f"from {earlier} as earlier limit 1").fetchall():
            return None
        assert set(key) <= set(known[1]), f"{mart}: its key was {key}"
        compared = [name for name in known[0] if name.endswith(COUNTS_AND_MONEY)]
        assert set(compared) <= set(known[1]), f"{mart}: {set(compared) - set(known[1])} is gone"
        changes = [f"bool_or(earlier.{name} is distinct from present.{name})" for name in map(identifier, compared)]
        query = (
            f"select {', '.join(changes)} from {earlier} as earlier"
            f" left join {files[1]} as present using ({identifier_list(key)})"
        )
        values = connection.execute(query).fetchone() if compared else ()
    return [name for name, is_changed in zip(compared, values or (), strict=True) if is_changed]
