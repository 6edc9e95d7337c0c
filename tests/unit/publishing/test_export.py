"""Exports of marts: same rows, same file, same hash."""

from pathlib import Path

import duckdb
import pytest

from dagster_project.publishing.export import ExportError, content_hash, export_marts, row_count
from tests.support.small_release import DICTIONARY, build_warehouse

KEYS = DICTIONARY.primary_keys()


def parquet(path: Path, select: str) -> Path:
    duckdb.execute(f"copy ({select}) to '{path}' (format parquet)")
    return path


def test_rows_are_in_the_order_of_the_key(tmp_path: Path) -> None:
    files = export_marts(build_warehouse(tmp_path / "w.duckdb"), KEYS, tmp_path / "out")
    rows = duckdb.execute("from read_parquet(?)", [str(files["monthly_growth"])]).fetchall()
    assert [(str(month), series) for month, series, *_ in rows] == [
        ("2025-10-01", "writing"),
        ("2025-11-01", "legal"),
        ("2025-11-01", "writing"),
    ]


def test_two_exports_of_the_same_rows_have_the_same_bytes_and_hash(tmp_path: Path) -> None:
    first = export_marts(build_warehouse(tmp_path / "a.duckdb"), KEYS, tmp_path / "a")
    second = export_marts(build_warehouse(tmp_path / "b.duckdb"), KEYS, tmp_path / "b")
    for mart, file in first.items():
        assert file.read_bytes() == second[mart].read_bytes()
        assert content_hash(file) == content_hash(second[mart])


def test_an_empty_mart_is_exported_with_its_columns(tmp_path: Path) -> None:
    files = export_marts(build_warehouse(tmp_path / "w.duckdb"), KEYS, tmp_path / "out")
    assert row_count(files["pulse_shares"]) == 0
    assert duckdb.execute("from read_parquet(?)", [str(files["pulse_shares"])]).description[0][0] == "answer"


def test_the_hash_does_not_depend_on_how_the_file_was_compressed(tmp_path: Path) -> None:
    rows = "select 1 as a, 1.50::decimal(18, 2) as b"
    plain = parquet(tmp_path / "plain.parquet", rows)
    packed = tmp_path / "packed.parquet"
    duckdb.execute(f"copy ({rows}) to '{packed}' (format parquet, compression gzip)")
    assert plain.read_bytes() != packed.read_bytes()
    assert content_hash(plain) == content_hash(packed)


@pytest.mark.parametrize(
    "changed",
    [
        "select 1 as a, '' as b",
        "select 1 as a, 'NULL' as b",
        "select 1::bigint as a, null::varchar as b",
        "select 1 as a, null::varchar as c",
        "select 2 as a, null::varchar as b",
        "select 1 as a, null::varchar as b union all select 1, null",
    ],
)
def test_any_change_of_value_type_name_or_row_changes_the_hash(tmp_path: Path, changed: str) -> None:
    before = parquet(tmp_path / "before.parquet", "select 1 as a, null::varchar as b")
    assert content_hash(before) != content_hash(parquet(tmp_path / "after.parquet", changed))


def test_a_file_that_was_exchanged_under_its_name_is_read_again(tmp_path: Path) -> None:
    before = content_hash(file := parquet(tmp_path / "a.parquet", "select 1 as a"))
    assert content_hash(file) == before
    parquet(tmp_path / "b.parquet", "select 2 as a").replace(file)
    assert content_hash(file) != before


def test_a_mart_or_key_column_that_is_absent_is_named(tmp_path: Path) -> None:
    warehouse = build_warehouse(tmp_path / "w.duckdb")
    with pytest.raises(ExportError, match=r"marts\.period_projected_values: the warehouse has no such mart"):
        export_marts(warehouse, {"period_projected_values": ["a"]}, tmp_path / "out")
    with pytest.raises(ExportError, match="lacks month; its columns are posted_month"):
        export_marts(warehouse, {"monthly_growth": ["month"]}, tmp_path / "out")
    with pytest.raises(ExportError, match="lacks any key column"):
        export_marts(warehouse, {"monthly_growth": []}, tmp_path / "out")
    with pytest.raises(ExportError, match="no such warehouse"):
        export_marts(tmp_path / "absent.duckdb", KEYS, tmp_path / "out")
