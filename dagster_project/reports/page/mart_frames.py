"""Marts as plain pandas types, whichever reader brought them."""

from datetime import date
from decimal import Decimal

import pandas as pd


def plain_frame(mart: pd.DataFrame) -> pd.DataFrame:
    """The mart with Decimal columns as floats and date columns as timestamps; everything else as it is.

    DuckDB's own pandas reader gives floats and timestamps, an Arrow or Parquet reader Decimals and dates.
    """
    changed: dict[str, pd.Series] = {}
    for column in map(str, mart.select_dtypes(include="object")):
        known = mart[column].dropna()
        if known.empty:
            continue
        if isinstance(known.iloc[0], Decimal):
            changed[column] = mart[column].astype(float)
        elif isinstance(known.iloc[0], date):
            changed[column] = pd.to_datetime(mart[column])
    return mart.assign(**changed) if changed else mart
