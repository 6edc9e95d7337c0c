import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from dagster_project.quality.declaration import Declared, SuiteResult
from dagster_project.quality.engine.runner import run_suite
from dagster_project.quality.engine.session import open_source
from tests.support.good_tables import GOOD_TABLES, PROVIDED, RUN_MONTHS

Check = Callable[..., SuiteResult]


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


@pytest.fixture
def without_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pages out where only the verdicts matter: they are most of a small run's time."""
    from dagster_project.quality.engine.validation import Validator

    monkeypatch.setattr(Validator, "build_site", lambda self: self.data_docs_dir / "index.html")
