import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

from dagster_project.quality.declaration import Declared, SuiteResult
from dagster_project.quality.engine.runner import run_suite
from dagster_project.quality.engine.session import ValidationSource, open_source
from tests.support.good_tables import GOOD_TABLES, PROVIDED, RUN_MONTHS

Check = Callable[..., SuiteResult]
CHANGED_TABLE = re.compile(r"\b(?:update|delete from|insert into)\s+(\w+\.\w+)")


@pytest.fixture(scope="session")
def good_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("quality") / "good.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(GOOD_TABLES)
    return path


@pytest.fixture
def warehouse(good_warehouse: Path, tmp_path: Path) -> Path:
    """A private copy of the good tables, free to be spoiled."""
    return Path(shutil.copy(good_warehouse, tmp_path / "warehouse.duckdb"))


@pytest.fixture
def check(warehouse: Path, tmp_path: Path) -> Check:
    """Spoil the tables by SQL, run a stage's suite (or a part of it) and return the result."""

    def run(
        stage: str,
        spoil: str = "",
        *,
        suite: Sequence[Declared] | None = None,
        provided: dict[str, set[str]] = PROVIDED,
        months: Sequence[str] = RUN_MONTHS,
    ) -> SuiteResult:
        if spoil:
            with duckdb.connect(str(warehouse)) as connection:
                connection.execute(spoil)
        with open_source(warehouse=warehouse) as source:
            return run_suite(
                stage,
                source,
                months=months,
                provided=provided,
                data_docs_dir=tmp_path / "data_docs",
                suite=suite,
            )

    return run


@pytest.fixture(scope="module")
def good_source(good_warehouse: Path) -> Iterator[ValidationSource]:
    """One session over the good tables for all cases that spoil some of them."""
    with open_source(warehouse=good_warehouse) as source:
        source.connection.execute("create schema spoiled")
        yield source


@pytest.fixture
def check_spoiled(good_source: ValidationSource, tmp_path: Path) -> Iterator[Check]:
    """Like `check`, on copies of the tables that the SQL changes; the session then shows the good ones again."""
    connection = good_source.connection
    changed: set[str] = set()

    def run(stage: str, spoil: str, *, suite: Sequence[Declared]) -> SuiteResult:
        changed.update(CHANGED_TABLE.findall(spoil))
        assert changed, "the SQL changes no table"
        for table in changed:
            connection.execute(f"create table {_copy_of(table)} as from warehouse.{table}")
            spoil = re.sub(rf"\b{re.escape(table)}\b", _copy_of(table), spoil)
        connection.execute(spoil)
        for table in changed:
            connection.execute(f"create or replace view {table} as from {_copy_of(table)}")
        folder = tmp_path / "data_docs"
        return run_suite(stage, good_source, months=RUN_MONTHS, provided=PROVIDED, data_docs_dir=folder, suite=suite)

    yield run
    for table in changed:
        connection.execute(f"create or replace view {table} as from warehouse.{table}")
        connection.execute(f"drop table {_copy_of(table)}")


def _copy_of(table: str) -> str:
    return f"spoiled.{table.replace('.', '__')}"


@pytest.fixture
def without_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pages out where only the verdicts matter: they are most of a small run's time."""
    from dagster_project.quality.engine.validation import Validator

    monkeypatch.setattr(Validator, "build_site", lambda self: self.data_docs_dir / "index.html")
