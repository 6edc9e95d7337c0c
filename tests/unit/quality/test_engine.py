"""What a validation sees: warehouse, lake files and frames as one set of tables, none of them writable."""

import duckdb
import pandas as pd
import pytest

from dagster_project.quality.declaration import Table
from dagster_project.quality.engine.runner import create_batch_view, create_run_months
from dagster_project.quality.engine.session import month_files, open_source


def write_parquet(path, query):
    path.parent.mkdir(parents=True)
    duckdb.sql(query).write_parquet(str(path))
    return path


def test_warehouse_lake_and_frames_are_tables_of_one_session(warehouse, tmp_path):
    file = write_parquet(tmp_path / "month=2025-11" / "load=a.parquet", "select 7 as post_id")
    with open_source(
        warehouse=warehouse,
        parquet={"lake.posts": [file]},
        frames={"report.notes": pd.DataFrame({"n": [1, 2]})},
    ) as source:
        assert source.row_count("staging.stg_marketplace__job_posts") == 7200
        assert source.connection.sql("select post_id, month from lake.posts").fetchall() == [(7, "2025-11")]
        assert source.row_count("report.notes") == 2
        assert not source.has("lake.absent")


def test_the_warehouse_cannot_be_written_through_a_validation(warehouse):
    with open_source(warehouse=warehouse) as source, pytest.raises(duckdb.Error, match="read-only"):
        source.connection.execute("delete from warehouse.raw.job_posts")


def test_a_reader_of_the_same_file_in_the_same_process_does_not_disturb(warehouse):
    with duckdb.connect(str(warehouse), read_only=True), open_source(warehouse=warehouse) as source:
        assert source.row_count("raw.job_posts") == 7200


def test_a_finished_validation_leaves_the_warehouse_free_for_a_writer(check, warehouse):
    check("report")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table proof as select 1")


def test_a_table_without_files_does_not_exist():
    with open_source(parquet={"raw.job_posts": []}) as source:
        assert not source.has("raw.job_posts")


def test_files_with_different_columns_are_united_by_name(tmp_path):
    files = [
        write_parquet(tmp_path / "month=2025-10" / "load=a.parquet", "select 1 as post_id"),
        write_parquet(tmp_path / "month=2025-11" / "load=b.parquet", "select 2 as post_id, 'x' as title"),
    ]
    with open_source(parquet={"raw.job_posts": files}) as source:
        rows = source.connection.sql("select post_id, title from raw.job_posts order by post_id").fetchall()
        assert rows == [(1, None), (2, "x")]


def test_month_files_are_those_of_the_months(tmp_path):
    for month in ("2025-10", "2025-11"):
        write_parquet(tmp_path / f"month={month}" / "load=a.parquet", "select 1 as post_id")
    write_parquet(tmp_path / "technology=ai" / "month=2025-11" / "load=b.parquet", "select 1 as post_id")
    assert [path.name for path in month_files(tmp_path, ["2025-11"])] == ["load=a.parquet", "load=b.parquet"]


@pytest.mark.parametrize(
    ("table", "count"),
    [
        (Table("raw.job_posts", month_column="month"), 1200),
        (Table("staging.stg_marketplace__job_posts", month_column="posted_month"), 1200),
        (Table("marts.monthly_collection"), 6),
    ],
)
def test_a_batch_holds_the_months_of_the_run_where_the_table_has_a_month(warehouse, table, count):
    with open_source(warehouse=warehouse) as source:
        create_run_months(source.connection, ["2025-11"])
        assert source.row_count(create_batch_view(source, table)) == count
