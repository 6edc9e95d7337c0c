"""Which unknown cells follow from the published ones, however many equations it takes."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import SuperLU, splu

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
    """Cells that have one value only in all solutions of the equations, given all cells that are not `unknown`.

    A cell is free exactly where some solution of the homogeneous equations moves it. A random such solution moves every
    free cell, with probability 1, and no other. An equation with a cell that is in no other equation says nothing of
    its further cells: it is set aside, and its lone cell takes the value that the others leave.
    """
    columns = np.flatnonzero(unknown)
    system = matrix[:, columns]
    rows, aside = _lone_cells(system)
    move = _random_solution(system[rows], np.random.default_rng(SEED).normal(size=len(columns)))
    for one in reversed(aside):
        move[one.cells] = 0
        move[one.cells] = -(system[one.rows] @ move) / one.signs
    found = np.zeros(len(unknown), dtype=bool)
    found[columns] = np.abs(move) < TOLERANCE
    return found


def sources(matrix: sparse.csr_array, unknown: np.ndarray, cells: np.ndarray) -> list[np.ndarray]:
    """The published cells from which each determined cell is computed: hiding any of them breaks that computation.

    cells: row numbers of determined cells.
    """
    columns = np.flatnonzero(unknown)
    system = matrix[:, columns]
    rows, aside = _lone_cells(system)
    factors = _factors(system[rows]) if len(rows) else None
    found = []
    for start in range(0, len(cells), CHUNK):
        places = np.searchsorted(columns, cells[start : start + CHUNK])
        target = np.zeros((len(columns), len(places)))
        target[places, np.arange(len(places))] = 1
        weights = np.zeros((matrix.shape[0], len(places)))
        for one in aside:
            weights[one.rows] = target[one.cells] / one.signs[:, None]
            target -= system[one.rows].T @ weights[one.rows]
        if factors is not None:
            weights[rows] = factors.solve(system[rows] @ target)
        used = np.abs(matrix.T @ weights) > SMALLEST_WEIGHT
        found += [np.flatnonzero(one & ~unknown) for one in used.T]
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


def _random_solution(system: sparse.csr_array, vector: np.ndarray) -> np.ndarray:
    """The vector projected onto the null space; cells in no equation keep theirs.

    Damping makes the normal equations regular; the second projection takes out what it left.
    """
    if not system.nnz:
        return vector
    factors = _factors(system)
    for _ in range(2):
        vector = vector - system.T @ factors.solve(system @ vector)
    return vector


def _factors(system: sparse.csr_array) -> SuperLU:
    normal = system @ system.T + DAMPING * sparse.eye_array(system.shape[0])
    return splu(normal.tocsc(), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}, diag_pivot_thresh=0.0)
