"""What a counts frame must fulfil before anything is computed from it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dagster_project.statistics.core.proportions import ClusterSums


class CountsError(ValueError):
    """A counts table that does not have the promised columns, keys or numbers."""


def require_columns(counts: pd.DataFrame, columns: Iterable[str], table: str) -> None:
    """Raise CountsError naming the table and the columns that it lacks."""
    missing = [column for column in columns if column not in counts.columns]
    if missing:
        raise CountsError(f"{table} has no column {', '.join(missing)}; it has {', '.join(counts.columns)}")


def require_unique_keys(counts: pd.DataFrame, keys: list[str], table: str) -> None:
    """Raise CountsError showing the first key that occurs twice."""
    repeated = counts.duplicated(keys)
    if repeated.any():
        row = counts.loc[repeated, keys].iloc[0].to_dict()
        raise CountsError(f"{table} has two rows for {row}; its key is ({', '.join(keys)})")


def numbers(counts: pd.DataFrame, column: str, table: str) -> NDArray[np.float64]:
    """A count column as floats; raises CountsError where a value is missing or no number."""
    try:
        values = pd.to_numeric(counts[column]).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise CountsError(f"{table}.{column} holds a value that is no number: {error}") from error
    if np.isnan(values).any():
        nulls = int(np.isnan(values).sum())
        raise CountsError(f"{table}.{column} is null in {nulls} rows; a count is never null")
    return values


def cluster_sums(counts: pd.DataFrame, prefix: str, table: str) -> ClusterSums:
    """The columns <prefix>_cluster_count, _sum_yy, _sum_yn, _sum_nn of a counts table."""
    names = ("cluster_count", "sum_yy", "sum_yn", "sum_nn")
    return ClusterSums(*(numbers(counts, f"{prefix}_{name}", table) for name in names))
