"""A warehouse that is no database any more is set aside with a word, and what can be opened stays."""

import os
from pathlib import Path

import duckdb
import pytest

from dagster_project.storage.warehouse import WarehouseDamagedError, connect, set_aside_if_damaged


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table t as select range as i from range(200000)")
    return path


@pytest.mark.parametrize("harm", [lambda b: os.urandom(len(b)), lambda b: b"", lambda b: b[: len(b) // 2]])
def test_what_cannot_be_opened_is_set_aside_and_told(warehouse: Path, harm: object) -> None:
    warehouse.write_bytes(harm(warehouse.read_bytes()))  # type: ignore[operator]
    with pytest.raises(WarehouseDamagedError, match="the next `make report` sets it aside"):
        connect(warehouse)
    told: list[str] = []
    set_aside_if_damaged(warehouse, told.append)
    assert not warehouse.exists() and warehouse.with_suffix(".damaged").exists()
    assert "warehouse.damaged" in told[0]


def test_a_whole_warehouse_and_an_absent_one_are_left_alone(warehouse: Path, tmp_path: Path) -> None:
    set_aside_if_damaged(warehouse, print)
    set_aside_if_damaged(tmp_path / "none.duckdb", print)
    with connect(warehouse) as connection:
        assert connection.execute("select count(*) from t").fetchone() == (200000,)
