"""The DuckDB connection that reads feeds: bounded memory, spilling to disk, the functions mappings may call."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from dagster_project.storage.sql import literal

_AMOUNT = r"(-?)\s*\$?\s*(-?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?\s*([KkMm]?)"
_MONEY_PATTERN = rf"\s*\[?\s*[''\"]?\s*{_AMOUNT}\s*[''\"]?\s*(?:,\s*''''\s*)?\]?\s*"
"""An amount, bare or as the only filled item of a list in text; quotes are doubled as in SQL."""
_BLANK_PATTERN = r"[\s\[\],''\"]*"

MACROS = f"""
create or replace temp macro money(given) as
    case
        when given is null or regexp_full_match(given::varchar, '{_BLANK_PATTERN}') then null
        when regexp_full_match(given::varchar, '{_MONEY_PATTERN}') and regexp_matches(given::varchar, '\\d')
        then coalesce((
            try_cast(
                regexp_extract(given::varchar, '{_MONEY_PATTERN}', 1)
                || regexp_extract(given::varchar, '{_MONEY_PATTERN}', 2)
                || '0' || replace(regexp_extract(given::varchar, '{_MONEY_PATTERN}', 3), ',', '')
                || regexp_extract(given::varchar, '{_MONEY_PATTERN}', 4)
            as decimal(24, 6))
            * case upper(regexp_extract(given::varchar, '{_MONEY_PATTERN}', 5))
                when 'K' then 1000 when 'M' then 1000000 else 1
            end
        )::varchar, given::varchar)
        else given::varchar
    end;

create or replace temp macro epoch_ms_time(milliseconds) as
    case
        when try_cast(milliseconds as bigint) between -62135596800000 and 253402300799999
        then make_timestamp(try_cast(milliseconds as bigint) * 1000)::varchar
        else milliseconds::varchar
    end;

create or replace temp macro snowflake_time(id) as
    case
        when try_cast(id as bigint) >= 0
        then make_timestamp(((try_cast(id as bigint) >> 22) + 1288834974657) * 1000)::varchar
        else id::varchar
    end;

create or replace temp macro latest_time(first_time, second_time) as
    case
        when trim(first_time::varchar) <> '' and try_cast(first_time::varchar as timestamptz) is null
        then first_time::varchar
        when trim(second_time::varchar) <> '' and try_cast(second_time::varchar as timestamptz) is null
        then second_time::varchar
        else greatest(
            try_cast(first_time::varchar as timestamptz), try_cast(second_time::varchar as timestamptz)
        )::varchar
    end;
"""


@contextmanager
def reading_connection(memory_limit: str, temp_directory: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database in UTC; `memory_limit` as DuckDB writes it (`2GB`). Closed after the block."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(temp_directory),
        "autoinstall_known_extensions": "false",
    }
    with duckdb.connect(config=config) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set enable_progress_bar = false")
        connection.execute(MACROS)
        yield connection


def open_object_store(connection: duckdb.DuckDBPyConnection, endpoint: str) -> None:
    """Loads the reader of http and S3; credentials come from the usual AWS variables, profiles and roles.

    `endpoint` is the URL of an S3-compatible server, empty for AWS itself. Secrets of DuckDB's own
    (`create persistent secret`) go before.
    """
    load_extension(connection, "httpfs")
    load_extension(connection, "aws")
    server = ""
    if endpoint:
        address = urlsplit(endpoint)
        uses_tls = str(address.scheme == "https").lower()
        server = f", endpoint {literal(address.netloc)}, url_style 'path', use_ssl {uses_tls}"
    connection.execute(
        f"create or replace temporary secret (type s3, provider credential_chain, validation 'none'{server})"
    )


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Loads an extension of DuckDB from its Python package, so that nothing is fetched at run time."""
    package = files(f"duckdb_extension_{name}")
    extension = package / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    connection.execute(f"load {literal(str(extension))}")
