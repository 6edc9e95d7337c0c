"""The columns of a job posts file and their Arrow types, as docs/inputs.md names them."""

import numpy as np
import pyarrow as pa

JOB_POST_COLUMNS = (
    "post_id",
    "posted_at",
    "observed_at",
    "title",
    "description",
    "skills",
    "category",
    "occupation",
    "contract_type",
    "budget_usd",
    "hourly_rate_low_usd",
    "hourly_rate_high_usd",
    "weekly_hours_band",
    "duration_band",
    "client_id",
    "client_country",
)
INSTANT, MONEY = pa.timestamp("us", tz="UTC"), pa.decimal128(18, 2)


def instants(milliseconds: np.ndarray) -> pa.Array:
    """Milliseconds since 1970 as UTC timestamps."""
    return pa.array(milliseconds).cast(pa.timestamp("ms", tz="UTC")).cast(INSTANT)


def dollars(amounts: np.ndarray) -> pa.Array:
    """US dollars as decimals, NaN as null."""
    return pa.array(amounts, from_pandas=True).cast(MONEY)


def named(names: tuple[str, ...], position: np.ndarray) -> pa.Array:
    """The name at each position, null for a negative one."""
    return pa.array(names, pa.string()).take(pa.array(position.astype(np.int64), mask=position < 0))


def milliseconds(column: pa.ChunkedArray) -> np.ndarray:
    """The inverse of `instants`."""
    return column.cast(pa.int64()).combine_chunks().to_numpy(zero_copy_only=False) // 1000


def with_column(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """The rows with one column replaced."""
    return rows.set_column(JOB_POST_COLUMNS.index(name), name, values)
