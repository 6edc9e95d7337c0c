"""Counts that earlier releases printed of a period that has grown since: the year up to November, now up to December.

A reader of both takes one from the other, and what is left are the months that came between.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dagster_project.disclosure.engine.cells import DIMENSIONS
from dagster_project.disclosure.engine.links import LINK_COLUMNS, MONTH


@dataclass(frozen=True)
class Released:
    """What one release says of cells. counts: those that it printed, by key; keys: of all its rows."""

    counts: pd.Series
    keys: set[str]

    @property
    def last_month(self) -> str:
        """The latest month with a row; empty without one."""
        return max((period for key in self.keys if MONTH.fullmatch(period := key.split("|")[1])), default="")


def former_cells(
    cells: pd.DataFrame, earlier: Sequence[Released], periods: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Former counts of periods, as further rows of `cells`, and what ties them to the present ones, as of `links`.

    A present count is its former one and the months since. Where that does not come out, a later load has changed
    the months before, and the two say nothing together.
    """
    index = pd.Index(cells["key"])
    rows, equations = [cells.head(0)], [pd.DataFrame(columns=LINK_COLUMNS)]
    known: set[str] = set()
    size = len(cells)
    for release in earlier:
        last = release.last_month
        for period, since in _months_since(cells, periods, last).items():
            grown = cells[cells["period"].eq(period)]
            former = grown["key"].map(release.counts).astype(float)  # of no key a text otherwise
            months = np.column_stack([index.get_indexer(_keys(grown, month)) for month in since])
            added = np.where(months >= 0, cells["count"].to_numpy()[months], 0).sum(axis=1)
            names = grown["key"] + f" as of {last}"
            is_tied = (former + added).eq(grown["count"]) & (added > 0) & ~names.isin(known)
            if not is_tied.any():
                continue
            known |= set(names[is_tied])
            places = size + np.arange(is_tied.sum())
            size += len(places)
            rows.append(grown[is_tied].assign(key=names, count=former, clients=np.nan))
            equations += _ties(grown.index[is_tied].to_numpy(), places, months[is_tied.to_numpy()])
    filled = [frame for frame in equations if not frame.empty] or equations
    return pd.concat(rows, ignore_index=True), pd.concat(filled, ignore_index=True)


def _months_since(cells: pd.DataFrame, periods: pd.DataFrame, last: str) -> dict[str, list[str]]:
    """By year and study period its months after the last one, of those that there are cells of."""
    months = sorted({period for period in cells["period"] if MONTH.fullmatch(period) and period > last})
    since = {year: [month for month in months if month[:4] == year] for year in {month[:4] for month in months}}
    for row in periods.to_dict("records"):
        ends = [pd.Timestamp(row[name]).strftime("%Y-%m") for name in ("period_start", "period_end")]
        if not MONTH.fullmatch(period := str(row["period_id"])):
            since[period] = [month for month in months if ends[0] <= month <= ends[1]]
    return {period: found for period, found in since.items() if found and last}


def _keys(cells: pd.DataFrame, period: str) -> pd.Series:
    """The keys of these cells in another period."""
    head, *tail = DIMENSIONS
    keys = cells[head].astype(str)
    for name in tail:
        keys = keys + "|" + (period if name == "period" else cells[name].astype(str))
    return keys


def _ties(wholes: np.ndarray, former: np.ndarray, months: np.ndarray) -> list[pd.DataFrame]:
    """An equation a whole: its parts are the former cell and the months that have one."""
    frames = [
        pd.DataFrame({"equation": former, "whole": wholes, "part": part, "left_name": None, "clients": np.nan})
        for part in (former, *months.T)
    ]
    return [frame[frame["part"] >= 0] for frame in frames]
