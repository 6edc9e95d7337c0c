"""What a published statistic is: one entry of the registry."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Statistic:
    """One entry of the registry; `function` maps the checked counts frame to keys + estimate columns.

    keys: the key of the counts table; inputs: its further columns that the function reads; grain: the key of the
    estimates where it is not that of the counts.
    """

    id: str
    definition: str
    unit: str
    method: str
    counts_table: str
    keys: list[str]
    inputs: list[str]
    function: Callable[[pd.DataFrame], pd.DataFrame]
    mart: str
    library: str
    grain: list[str] | None = None
