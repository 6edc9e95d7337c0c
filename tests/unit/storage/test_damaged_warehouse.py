"""A warehouse that is no database any more is set aside with a word, and what can be opened stays."""

import os
import subprocess
import sys
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


@pytest.mark.parametrize("place", [0.2, 0.5])
def test_a_damaged_block_is_found_when_everything_is_read_and_its_table_named(warehouse: Path, place: float) -> None:
    content = bytearray(warehouse.read_bytes())
    middle = int(len(content) * place)
    content[middle : middle + 64] = os.urandom(64)
    warehouse.write_bytes(content)
    told: list[str] = []
    set_aside_if_damaged(warehouse, told.append)
    assert warehouse.exists() and not told  # it opens
    set_aside_if_damaged(warehouse, told.append, read_all=True)
    assert not warehouse.exists() and "main.t is not readable" in told[0] and "the next `make report`" in told[0]


WRITE_AND_DIE = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create table late as select range as i from range(50)")
connection.execute("insert into late select range from range(1000)")
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def write_ahead(warehouse: Path) -> Path:
    """The write-ahead log of a process that was killed before its checkpoint."""
    subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(warehouse)], check=False)
    return warehouse.with_name(warehouse.name + ".wal")


def test_a_damaged_write_ahead_log_is_set_aside_with_its_warehouse(warehouse: Path, write_ahead: Path) -> None:
    content = bytearray(write_ahead.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 32] = os.urandom(32)
    write_ahead.write_bytes(content)
    told: list[str] = []
    set_aside_if_damaged(warehouse, told.append)
    assert "WAL" in told[0] and not warehouse.exists() and not write_ahead.exists()
    assert warehouse.with_suffix(".damaged.wal").exists()


def test_a_log_cut_short_leaves_the_tables_as_they_were_committed_before(warehouse: Path, write_ahead: Path) -> None:
    write_ahead.write_bytes(write_ahead.read_bytes()[:-100])
    set_aside_if_damaged(warehouse, print, read_all=True)
    with connect(warehouse) as connection:
        assert connection.execute("select count(*) from late").fetchone() == (50,)
        assert connection.execute("select count(*) from t").fetchone() == (200000,)


def test_a_whole_warehouse_and_an_absent_one_are_left_alone(warehouse: Path, tmp_path: Path) -> None:
    set_aside_if_damaged(warehouse, print)
    set_aside_if_damaged(tmp_path / "none.duckdb", print)
    with connect(warehouse) as connection:
        assert connection.execute("select count(*) from t").fetchone() == (200000,)
