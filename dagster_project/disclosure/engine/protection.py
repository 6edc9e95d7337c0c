"""Which unknown cells follow from the published ones, and which further cells are hidden so that no small cell does.

Line by line: an equation that holds a small cell hides at least two cells with 10 rows or more together, and each
further cell is protected in its other equations in turn. Then the whole system is solved at once (`determined`),
because in tables of two and more dimensions a cell may follow from several lines together.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import SuperLU, splu

from dagster_project.disclosure.engine.cells import PAIR, SMALLEST_COUNT
from dagster_project.disclosure.engine.links import Equations

SEED = 20250101
DAMPING, TOLERANCE, SMALLEST_WEIGHT = 1e-9, 1e-7, 1e-4
CHUNK = 16


@dataclass(frozen=True)
class _Aside:
    """Equations set aside in one round, each with its lone cell and that cell's sign."""

    rows: np.ndarray
    cells: np.ndarray
    signs: np.ndarray


def determined(matrix: sparse.csr_array, unknown: np.ndarray) -> np.ndarray:
    """Cells that have one value only in all solutions of the equations, given all cells that are not `unknown`."""
    return UnknownCells(matrix, unknown).determined()


class UnknownCells:
    """The equations as they are of the unknown cells, factored once for both questions.

    An equation with a cell that is in no other equation says nothing of its further cells: it is set aside, and its
    lone cell takes the value that the others leave.
    """

    def __init__(self, matrix: sparse.csr_array, unknown: np.ndarray) -> None:
        self.matrix, self.unknown = matrix, unknown
        self.columns = np.flatnonzero(unknown)
        self.system = matrix[:, self.columns]
        self.rows, self.aside = _lone_cells(self.system)
        self.factors = _factors(self.system[self.rows]) if len(self.rows) else None

    def determined(self) -> np.ndarray:
        """Whether each cell of the matrix has one value only in all solutions.

        A cell is free exactly where some solution of the homogeneous equations moves it. A random such solution moves
        every free cell, with probability 1, and no other.
        """
        move = self._random_solution(np.random.default_rng(SEED).normal(size=len(self.columns)))
        for one in reversed(self.aside):
            move[one.cells] = 0
            move[one.cells] = -(self.system[one.rows] @ move) / one.signs
        found = np.zeros(len(self.unknown), dtype=bool)
        found[self.columns] = np.abs(move) < TOLERANCE
        return found

    def _random_solution(self, vector: np.ndarray) -> np.ndarray:
        """The vector projected onto the null space; cells in no equation keep theirs.

        Damping makes the normal equations regular; the second projection takes out what it left.
        """
        if self.factors is None:
            return vector
        system = self.system[self.rows]
        for _ in range(2):
            vector = vector - system.T @ self.factors.solve(system @ vector)
        return vector

    def sources(self, cells: np.ndarray) -> list[np.ndarray]:
        """The published cells from which each determined cell is computed: hiding any of them breaks that computation.

        cells: row numbers of determined cells.
        """
        found = []
        for start in range(0, len(cells), CHUNK):
            places = np.searchsorted(self.columns, cells[start : start + CHUNK])
            target = np.zeros((len(self.columns), len(places)))
            target[places, np.arange(len(places))] = 1
            weights = np.zeros((self.matrix.shape[0], len(places)))
            for one in self.aside:
                weights[one.rows] = target[one.cells] / one.signs[:, None]
                target -= self.system[one.rows].T @ weights[one.rows]
            if self.factors is not None:
                weights[self.rows] = self.factors.solve(self.system[self.rows] @ target)
            used = np.abs(self.matrix.T @ weights) > SMALLEST_WEIGHT
            found += [np.flatnonzero(one & ~self.unknown) for one in used.T]
        return found


def _lone_cells(system: sparse.csr_array) -> tuple[np.ndarray, list[_Aside]]:
    """The equations that remain, and those set aside round by round."""
    rows = np.flatnonzero(np.diff(system.indptr))
    aside: list[_Aside] = []
    while len(rows):
        active = system[rows]
        is_alone = (np.bincount(active.indices, minlength=system.shape[1]) == 1)[active.indices]
        of_row = np.repeat(np.arange(len(rows)), np.diff(active.indptr))[is_alone]
        chosen, first = np.unique(of_row, return_index=True)
        if not len(chosen):
            break
        cells, signs = active.indices[is_alone][first], active.data[is_alone][first]
        aside.append(_Aside(rows[chosen], cells, signs))
        rows = np.delete(rows, chosen)
    return rows, aside


def _factors(system: sparse.csr_array) -> SuperLU:
    normal = system @ system.T + DAMPING * sparse.eye_array(system.shape[0])
    return splu(normal.tocsc(), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}, diag_pivot_thresh=0.0)


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
        self.matrix, self.by_cell, self.pattern = equations.matrix, equations.matrix.tocsc(), abs(equations.matrix)
        self.published = published
        self.small = equations.is_small
        self.hidden = (self.small | hidden_before) & self.is_printed
        self.protected = self.small & ~published
        self.given_up = np.zeros(self.matrix.shape[0], dtype=bool)
        self.lost = np.zeros(len(self.counts), dtype=bool)

    def run(self) -> Protection:
        while True:
            self._cover_lines()
            unknown = UnknownCells(self.matrix, self._unknown())
            computable = unknown.determined() & self.small & ~self.published
            if not self._cover_more(unknown, np.flatnonzero(computable)):
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
        while True:
            single = self.pattern @ self.open == 1
            follows = (self.pattern[single].T @ np.ones(single.sum()) > 0) & self.open & ~self.protected
            if not follows.any():
                return self.open
            self.open &= ~follows

    def _broken(self, open_cells: np.ndarray) -> np.ndarray:
        has_protected = (self.pattern @ self.protected) > 0
        few = (self.pattern @ open_cells) < 2
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
            others = cells[is_other]
            # what no mart prints is a cover for nothing
            if not (self.open[others] | ~self.is_printed[others]).any():
                parts = cells[is_other & (signs < 0)]
                parts = parts[~self.published[parts]]
                lost += float(self.counts[parts].min()) if len(parts) else 0.0
        return lost

    def _cover_more(self, unknown: UnknownCells, computable: np.ndarray) -> bool:
        """Hide one of the published cells that tell each of the cells; False where nothing can be hidden any more."""
        computable = computable[~self.lost[computable]][:ROUND]
        if not len(computable):
            return False
        self.open = unknown.unknown.copy()
        for cell, cells in zip(computable, unknown.sources(computable), strict=True):
            is_covered = self.open[cells].any()  # by what this round hid for another cell
            self.lost[cell] = not is_covered and not self._hide_best(cells, np.zeros(len(cells), dtype=bool))
        return True
