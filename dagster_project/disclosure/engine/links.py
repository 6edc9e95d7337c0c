"""How cells add up: which cells are parts of which, over periods, places, populations, technologies and kinds."""

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from dagster_project.disclosure.engine.cells import DIMENSIONS

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
MONTH, YEAR = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}")
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
