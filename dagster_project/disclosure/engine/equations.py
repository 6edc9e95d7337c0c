"""The equations between cells as a sparse matrix: whole - parts - what is left = 0."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from dagster_project.disclosure.engine.cells import is_small
from dagster_project.disclosure.engine.links import NESTED_KINDS


@dataclass(frozen=True)
class Equations:
    """cells: key, count, is_printed; matrix: a row an equation, +1 at the whole, -1 at every part.

    The first cells are those of `read_cells`, in its order. The others no mart prints: they are what parts leave of
    their whole, such as posts outside the US. is_small: small cells, and parts that leave a small one of their whole.
    """

    cells: pd.DataFrame
    matrix: sparse.csr_array
    is_small: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        return self.cells["count"].to_numpy(dtype=float)


def declared_links(cells: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """The sums that rules declare (`read_sums`) in the columns of `links`, but those of cells that nobody counts."""
    index = pd.Index(cells["key"])
    whole, part = index.get_indexer(sums["whole"]), index.get_indexer(sums["part"])
    known = (whole >= 0) & (part >= 0)
    kinds = cells["kind"].to_numpy()
    heads = cells["key"].str.rsplit("|", n=1).str[0].to_numpy()
    found = sums[known].assign(whole=whole[known], part=part[known])
    names = [
        NESTED_KINDS.get((kinds[p], kinds[w])) if heads[p] == heads[w] else None
        for p, w in zip(found["part"], found["whole"], strict=True)
    ]
    return found.assign(equation=pd.factorize(found["equation"])[0], left_name=names)


def equations(cells: pd.DataFrame, linked: pd.DataFrame) -> Equations:
    """The equations of the cells (columns as of `read_cells`); linked: columns of `links`.

    Parts that are more than their whole make no equation: they overlap.
    """
    wholes, parts = _sums(cells, linked)
    # A reader does not know that a single part leaves nothing of its whole; of parts that make it up he does.
    left = wholes[(wholes["left"] > 0) | (wholes["parts"] == 1)]
    left_keys, left_rows = np.unique(left["left_key"].to_numpy(dtype=str), return_inverse=True)
    found = left.groupby(left_rows).agg(count=("left", "max"), clients=("clients", "max"))
    hidden = pd.DataFrame({"key": left_keys}).join(found)
    everything = pd.concat([cells[["key", "count", "clients"]], hidden], ignore_index=True)
    everything["is_printed"] = np.arange(len(everything)) < len(cells)
    number = pd.Series(np.arange(len(wholes)), index=wholes.index)
    rows = np.concatenate([np.arange(len(wholes)), parts["equation"].map(number), left.index.to_series().map(number)])
    columns = np.concatenate([wholes["whole"], parts["part"], len(cells) + left_rows])
    signs = np.concatenate([np.ones(len(wholes)), -np.ones(len(parts) + len(left))])
    shape = (len(wholes), len(everything))
    matrix = sparse.csr_array((signs, (rows.astype(int), columns.astype(int))), shape=shape)
    small = is_small(everything["count"], everything["clients"]).to_numpy().copy()
    beside_small = left[(left["parts"] == 1) & small[len(cells) + left_rows]]
    small[beside_small["part"].to_numpy(dtype=int)] = True
    small &= everything["count"].to_numpy() > 0  # nobody is behind a 0
    return Equations(everything[["key", "count", "is_printed"]], matrix, small)


def _sums(cells: pd.DataFrame, linked: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Equations (whole, part: the first, parts, left, left_key, clients), and their parts; a difference once only."""
    size = linked.groupby("equation")["part"].transform("size")
    single = linked[size == 1].sort_values("clients", kind="stable").drop_duplicates(["whole", "part"])
    linked = pd.concat([single, linked[size > 1]], ignore_index=True).astype({"clients": float})
    counts = cells["count"].to_numpy()
    linked["part_count"] = counts[linked["part"].to_numpy(dtype=int)]
    groups = linked.groupby("equation", sort=False)
    wholes = groups.agg(whole=("whole", "first"), part=("part", "first"), parts=("part", "size"),
                        left_name=("left_name", "first"), clients=("clients", "first"))  # fmt: skip
    wholes["left"] = counts[wholes["whole"].to_numpy(dtype=int)] - groups["part_count"].sum()
    # A whole of 0 leaves nothing to find out.
    wholes = wholes[(wholes["left"] >= 0) & (counts[wholes["whole"].to_numpy(dtype=int)] > 0)]
    wholes["left_key"] = _left_keys(cells, wholes)
    return wholes, linked[linked["equation"].isin(wholes.index)]


def _left_keys(cells: pd.DataFrame, wholes: pd.DataFrame) -> pd.Series:
    """The key of what is left; one with a name is the same for every equation that leaves it."""
    whole = cells["key"].to_numpy()[wholes["whole"].to_numpy(dtype=int)]
    anonymous = pd.Series(whole, index=wholes.index) + " without " + wholes.index.astype(str)
    heads = pd.Series(whole, index=wholes.index).str.rsplit("|", n=1).str[0]
    return anonymous.where(wholes["left_name"].isna(), heads + "|" + wholes["left_name"].astype(str))
