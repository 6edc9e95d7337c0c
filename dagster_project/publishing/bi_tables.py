"""Tables for BI tools: `bi/<topic>/<table>.sql` over released marts, each declared in the yml beside it.

They hold no share, growth or other ratio: counts that may be summed, and measures that are a sum over a sum. An average
of shares has nothing to be computed from.
"""

from pathlib import Path

import duckdb

from dagster_project.publishing.dictionary import DataDictionary, Mart, read_dictionary
from dagster_project.storage.sql import identifier, identifier_list, literal, parquet_file

BI_FOLDER = Path(__file__).with_name("bi")


def bi_dictionary(marts: set[str], folder: Path = BI_FOLDER) -> DataDictionary:
    """The tables whose marts are all among `marts`."""
    declared = read_dictionary(folder).marts
    return DataDictionary([table for table in declared if _marts_of(_query(table, folder)) <= marts])


def write_bi_tables(
    dictionary: DataDictionary, mart_files: dict[str, Path], target: Path, folder: Path = BI_FOLDER
) -> dict[str, Path]:
    """Write each table of `bi_dictionary` to `target/<table>.parquet`, rows in the order of its key; table -> file.

    mart_files: mart -> Parquet file as released, small cells hidden.
    """
    target.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        for mart, file in mart_files.items():
            connection.execute(f"create view {identifier(mart)} as from {parquet_file(file)}")
        return {table.name: _write(connection, table, target, folder) for table in dictionary.marts}


def _write(connection: duckdb.DuckDBPyConnection, table: Mart, target: Path, folder: Path) -> Path:
    file = target / f"{table.name}.parquet"
    rows = f"from ({_query(table, folder)}) order by {identifier_list(table.primary_key)}"
    connection.execute(f"copy ({rows}) to {literal(str(file))} (format parquet, compression zstd)")
    return file


def _query(table: Mart, folder: Path) -> str:
    return (folder / table.topic / f"{table.name}.sql").read_text(encoding="utf-8")


def _marts_of(query: str) -> set[str]:
    return set(duckdb.get_table_names(query))
