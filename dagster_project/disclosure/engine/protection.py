"""Which further cells are hidden so that no small cell can be computed.

Line by line: an equation that holds a small cell hides at least two cells with 10 rows or more together, and each
further cell is protected in its other equations in turn. Then the whole system is solved at once (`audit.py`), because
in tables of two and more dimensions a cell may follow from several lines together.
"""

from dataclasses import dataclass

import numpy as np

from dagster_project.disclosure.engine.cells import PAIR, SMALLEST_COUNT
from dagster_project.disclosure.engine.determined import determined, sources
from dagster_project.disclosure.engine.links import Equations

ROUND = 256
"""Cells for which one solution looks for a cover: what is hidden for these covers many of the others too."""


@dataclass
class Protection:
    """hidden: cells that are not printed; exposed: small cells that earlier releases or their sums tell anyway."""

    hidden: np.ndarray
    exposed: np.ndarray


def protect(equations: Equations, published: np.ndarray, hidden_before: np.ndarray) -> Protection:
    """Hide the small cells and what would give them away.

    published: cells whose present count an earlier release displayed: known for good, no use as a cover; hidden_before:
    cells that the last release hid: hidden again, so that two releases hide the same cells.
    """
    return _Protector(equations, published, hidden_before).run()


class _Protector:
    def __init__(self, equations: Equations, published: np.ndarray, hidden_before: np.ndarray) -> None:
        self.counts, self.keys = equations.counts, equations.cells["key"].to_numpy()
        self.is_pair = equations.cells["key"].str.contains(f"|{PAIR}", regex=False).to_numpy()
        self.is_printed = equations.cells["is_printed"].to_numpy()
        self.matrix, self.by_cell = equations.matrix, equations.matrix.tocsc()
        self.published = published
        self.small = equations.is_small
        self.hidden = (self.small | hidden_before) & self.is_printed
        self.protected = self.small & ~published
        self.given_up = np.zeros(self.matrix.shape[0], dtype=bool)
        self.lost = np.zeros(len(self.counts), dtype=bool)

    def run(self) -> Protection:
        while True:
            self._cover_lines()
            computable = determined(self.matrix, self._unknown()) & self.small & ~self.published
            if not self._cover_more(np.flatnonzero(computable)):
                return Protection(self.hidden, (self.small & self.published) | computable)

    def _unknown(self) -> np.ndarray:
        return (self.hidden | ~self.is_printed | self.protected) & ~self.published

    def _cover_lines(self) -> None:
        """Until every equation with a protected cell hides enough."""
        while True:
            broken = self._broken(self._open())
            if not len(broken):
                return
            for equation in broken:
                open_cells = self._open_in(equation)
                if self._is_broken(equation, open_cells):
                    self.given_up[equation] = not self._hide_one(equation)

    def _open(self) -> np.ndarray:
        """Unknown cells that do not follow one after the other from a single equation; protected ones never do."""
        self.open = self._unknown()
        pattern = abs(self.matrix)
        while True:
            single = pattern @ self.open == 1
            follows = (pattern[single].T @ np.ones(single.sum()) > 0) & self.open & ~self.protected
            if not follows.any():
                return self.open
            self.open &= ~follows

    def _broken(self, open_cells: np.ndarray) -> np.ndarray:
        pattern = abs(self.matrix)
        has_protected = (pattern @ self.protected) > 0
        few = (pattern @ open_cells) < 2
        rows = abs(self.matrix @ (open_cells * self.counts)) < SMALLEST_COUNT
        whole_open = (self.matrix > 0) @ open_cells > 0
        return np.flatnonzero(has_protected & (few | (rows & ~whole_open)) & ~self.given_up)

    def _terms(self, equation: int) -> tuple[np.ndarray, np.ndarray]:
        part = slice(self.matrix.indptr[equation], self.matrix.indptr[equation + 1])
        return self.matrix.indices[part], self.matrix.data[part]

    def _open_in(self, equation: int) -> np.ndarray:
        cells, _ = self._terms(equation)
        return cells[self.open[cells]]

    def _is_broken(self, equation: int, open_cells: np.ndarray) -> bool:
        cells, signs = self._terms(equation)
        whole_open = self.open[cells[signs > 0]].any()
        return len(open_cells) < 2 or (not whole_open and self.counts[open_cells].sum() < SMALLEST_COUNT)

    def _hide_one(self, equation: int) -> bool:
        """Hide one more cell of the equation; False where none is left that earlier releases did not tell."""
        cells, signs = self._terms(equation)
        return self._hide_best(cells, signs > 0)

    def _hide_best(self, cells: np.ndarray, is_whole: np.ndarray) -> bool:
        """Hide the best cover: a pair of categories, a part, with rows, but the least loss; by key where that ties."""
        choices = [
            (*self._cost(cell, bool(whole)), int(cell))
            for cell, whole in zip(cells, is_whole, strict=True)
            if not self.open[cell] and not self.published[cell]
        ]
        if not choices:
            return False
        chosen = min(choices)[-1]
        self.protected[chosen] = self.open[chosen] = True
        self.hidden[chosen] = self.is_printed[chosen]
        return True

    def _cost(self, cell: int, is_whole: bool) -> tuple[bool, bool, bool, float, str]:
        count = self.counts[cell]
        return not self.is_pair[cell], is_whole, bool(count == 0), count + self._followed_by(cell), self.keys[cell]

    def _followed_by(self, cell: int) -> float:
        """Rows at least that the cell's other lines lose next: where nothing else is open, their smallest other part.

        Without it a cover of few rows may open a line whose only cover is its largest cell.
        """
        lines = self.by_cell.indices[self.by_cell.indptr[cell] : self.by_cell.indptr[cell + 1]]
        lost = 0.0
        for equation in lines:
            cells, signs = self._terms(equation)
            is_other = cells != cell
            # what no mart prints is a cover for nothing
            if not (self.open | ~self.is_printed)[cells[is_other]].any():
                parts = cells[is_other & (signs < 0)]
                parts = parts[~self.published[parts]]
                lost += float(self.counts[parts].min()) if len(parts) else 0.0
        return lost

    def _cover_more(self, computable: np.ndarray) -> bool:
        """Hide one of the published cells that tell each of the cells; False where nothing can be hidden any more."""
        computable = computable[~self.lost[computable]][:ROUND]
        if not len(computable):
            return False
        self.open = self._unknown()
        for cell, cells in zip(computable, sources(self.matrix, self.open, computable), strict=True):
            is_covered = self.open[cells].any()  # by what this round hid for another cell
            self.lost[cell] = not is_covered and not self._hide_best(cells, np.zeros(len(cells), dtype=bool))
        return True
