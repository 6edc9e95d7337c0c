"""How cells add up: which cells are parts of which, as rows and as a sparse matrix: whole - parts - left = 0.

Also those of earlier releases: a period that has grown since then is its former cell and the months between.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from dagster_project.disclosure.engine.cells import DIMENSIONS, MONTH, Told, is_small

POST_SUBJECTS = ("posts", "contracts")
POPULATION_SUMS = {
    "c_suite": "c_suite_and_full_time",
    "full_time": "c_suite_and_full_time",
    "full_time_top_quartile": "full_time_ai_gainers",
    "full_time_peers": "full_time_ai_gainers",
}
NESTED_KINDS = {
    ("known", "all"): "unknown",
    ("high", "known"): "low",
    ("at_least_50", "known"): "under_50",
    ("at_least_100", "at_least_50"): "50_to_100",
    ("at_least_1000", "at_least_100"): "100_to_1000",
    ("high", "at_least_1000"): "exactly_1000",
    ("closed", "all"): "open",
    ("closed_known", "closed"): "closed_unknown",
    ("closed_known", "known"): "open_known",
    ("closed_high", "closed_known"): "closed_low",
    ("closed_high", "high"): "open_high",
    ("high_or_unknown", "all"): "low",
    ("high", "high_or_unknown"): "unknown",
}
"""(part, whole) -> what the part leaves: one cell, whichever difference it comes up in."""
YEAR = re.compile(r"\d{4}")
LINK_COLUMNS = ["equation", "whole", "part", "left_name", "clients"]


def links(cells: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Every part of a whole among the cells: LINK_COLUMNS, whole and part as row numbers of `cells`.

    cells: as of `read_cells`; periods: period_id, period_start, period_end. Parts with one `equation` exclude each
    other; what they leave of the whole is another cell, with a name where several equations leave the same one.
    """
    grid = _Grid(cells)
    is_post, is_contract = cells["subject"].isin(POST_SUBJECTS), cells["subject"] == "contracts"
    kinds = [(part, whole) for part, whole in NESTED_KINDS]
    found = [
        grid.sums("period", _period_wholes(cells, periods)),
        *(grid.sums("place", steps, cells["subject"] == subject) for subject, steps in _place_wholes(cells)),
        grid.differences("place", [("*", "")], is_post),
        grid.differences("population", [("us", "all")], is_post),
        grid.sums("population", list(POPULATION_SUMS.items()), cells["subject"] == "study"),
        grid.differences("technology", [(name, "any") for name in cells["technology"].unique()], is_post),
        grid.sums("technology", [("ai", "any"), ("non_ai", "any")], is_contract),
        grid.differences("kind", kinds, is_post),
    ]
    return numbered(found)


def numbered(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The frames below each other, their equations numbered through."""
    frames, first = [], 0
    for frame in found:
        frames.append(frame.assign(equation=frame["equation"] + first))
        first += 0 if frame.empty else int(frame["equation"].max()) + 1
    return pd.concat(frames, ignore_index=True)


class _Grid:
    """Cells by the codes of their dimensions, so that a neighbour along one dimension is found by arithmetic."""

    def __init__(self, cells: pd.DataFrame) -> None:
        self.levels = {name: pd.Index(cells[name].unique()) for name in DIMENSIONS}
        self.steps, size = {}, 1
        for name in DIMENSIONS:
            self.steps[name] = size
            size *= len(self.levels[name])
        self.codes = {name: self.levels[name].get_indexer(cells[name]) for name in DIMENSIONS}
        self.code = np.zeros(len(cells), dtype=np.int64)
        for name in DIMENSIONS:
            self.code += self.codes[name] * self.steps[name]
        self.places = pd.Index(self.code)

    def sums(self, dimension: str, pairs: list[tuple[str, str]], chosen: pd.Series | None = None) -> pd.DataFrame:
        """One equation a whole: its parts along the dimension exclude each other."""
        linked = self._linked(dimension, pairs, chosen)
        return linked.assign(equation=pd.factorize(linked["whole"])[0])

    def differences(self, dimension: str, pairs: list[tuple[str, str]], chosen: pd.Series) -> pd.DataFrame:
        """One equation a part."""
        linked = self._linked(dimension, pairs, chosen)
        return linked.assign(equation=np.arange(len(linked)))

    def _linked(self, dimension: str, pairs: list[tuple[str, str]], chosen: pd.Series | None) -> pd.DataFrame:
        frames = [pd.DataFrame(columns=LINK_COLUMNS[1:])]
        level, step = self.levels[dimension], self.steps[dimension]
        for part, whole in dict.fromkeys(pairs):
            if part == whole or part not in level or whole not in level:
                continue
            part_code, whole_code = level.get_indexer([part, whole])
            is_part = self.codes[dimension] == part_code
            rows = np.flatnonzero(is_part if chosen is None else is_part & chosen.to_numpy())
            wholes = self.places.get_indexer(self.code[rows] + (whole_code - part_code) * step)
            found = pd.DataFrame({"whole": wholes, "part": rows, "left_name": NESTED_KINDS.get((part, whole))})
            frames.append(found[wholes >= 0].assign(clients=np.nan))
        filled = [frame for frame in frames if not frame.empty] or frames
        return pd.concat(filled, ignore_index=True)


def _period_wholes(cells: pd.DataFrame, periods: pd.DataFrame) -> list[tuple[str, str]]:
    """Months of a year; years of a study period, or its months where it does not consist of whole years."""
    months = sorted({period for period in cells["period"] if MONTH.fullmatch(period)})
    steps = [(month, month[:4]) for month in months]
    for row in periods.to_dict("records"):
        period_id = str(row["period_id"])
        if MONTH.fullmatch(period_id) or YEAR.fullmatch(period_id):
            continue
        start, end = pd.Timestamp(row["period_start"]), pd.Timestamp(row["period_end"])
        inside = [month for month in months if start <= pd.Timestamp(f"{month}-01") <= end]
        whole_years = (start.month, end.month) == (1, 12)
        steps += [(part, period_id) for part in sorted({month[:4] if whole_years else month for month in inside})]
    return steps


def _place_wholes(cells: pd.DataFrame) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """By subject: sub-categories of a category, categories of all with a category and of all, answers of a question.

    A place that begins with `:` is no part among others: a skill, a pair of categories, a cut of an ordinal answer.
    """
    for subject in sorted(cells["subject"].unique()):
        rows = cells[cells["subject"] == subject]
        places = [place for place in rows["place"].unique() if place not in ("", "*") and place[0] != ":"]
        if subject not in POST_SUBJECTS:
            yield subject, [(place, "") for place in places]
            continue
        yield subject, [(place, place.split("/")[0]) for place in places if "/" in place]
        for whole in ("*", ""):
            yield subject, [(place, whole) for place in places if "/" not in place]


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


def former_cells(
    cells: pd.DataFrame, earlier: Sequence[Told], periods: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Former counts of periods, as further rows of `cells`, and what ties them to the present ones, as of `links`.

    earlier: what each release tells of the cells, oldest first.

    A period may have grown since a release: the year up to November, now up to December. A reader of both takes one
    from the other, and what is left are the months between: a present count is its former one and the months since.
    Where that does not come out, a later load has changed the months before, and the two say nothing together.
    """
    grid = _PeriodGrid(cells, periods)
    rows, ties = [cells.head(0)], [pd.DataFrame(columns=LINK_COLUMNS)]
    known: set[str] = set()
    size = len(cells)
    for told in earlier:
        for period, since in grid.months_since(told.last_month).items():
            grown = grid.cells_of(period)
            former = told.counts[grown.index]
            months = np.column_stack([grid.places(period, month) for month in since])
            added = np.where(months >= 0, grid.counts[months], 0).sum(axis=1)
            names = grown["key"] + f" as of {told.last_month}"
            is_tied = (former + added == grown["count"]) & (added > 0) & ~names.isin(known)
            if not is_tied.any():
                continue
            known |= set(names[is_tied])
            places = size + np.arange(is_tied.sum())
            size += len(places)
            rows.append(grown[is_tied].assign(key=names, count=former[is_tied], clients=np.nan))
            ties += _ties(grown.index[is_tied].to_numpy(), places, months[is_tied.to_numpy()])
    filled = [frame for frame in ties if not frame.empty] or ties
    return pd.concat(rows, ignore_index=True), pd.concat(filled, ignore_index=True)


class _PeriodGrid:
    """The cells by period, and where the same cells of other periods stand; each asked for once, whatever releases."""

    def __init__(self, cells: pd.DataFrame, periods: pd.DataFrame) -> None:
        self.cells = cells
        self.counts = cells["count"].to_numpy()
        self._index = pd.Index(cells["key"])
        self._rows = cells.groupby("period").indices
        self._places: dict[tuple[str, str], np.ndarray] = {}
        months = sorted({period for period in cells["period"].unique() if MONTH.fullmatch(period)})
        self._months = {
            year: [month for month in months if month[:4] == year] for year in {month[:4] for month in months}
        }
        for row in periods.to_dict("records"):
            start, end = (pd.Timestamp(row[name]).strftime("%Y-%m") for name in ("period_start", "period_end"))
            if not MONTH.fullmatch(period := str(row["period_id"])):
                self._months[period] = [month for month in months if start <= month <= end]

    def cells_of(self, period: str) -> pd.DataFrame:
        return self.cells.iloc[self._rows.get(period, [])]

    def months_since(self, last: str) -> dict[str, list[str]]:
        """By year and study period its months after the last one, of those that there are cells of."""
        since = {period: [month for month in months if month > last] for period, months in self._months.items()}
        return {period: months for period, months in since.items() if months and last}

    def places(self, period: str, month: str) -> np.ndarray:
        """Of each cell of the period the row of the same cell in the month, -1 where there is none."""
        if (period, month) not in self._places:
            self._places[period, month] = self._index.get_indexer(_keys(self.cells_of(period), month))
        return self._places[period, month]


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
