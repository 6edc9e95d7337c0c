"""The check before a release: what the files to be released tell, with all that earlier releases displayed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from dagster_project.disclosure.engine.cells import MartRule
from dagster_project.disclosure.engine.protection import determined
from dagster_project.disclosure.marts import cell_equations, published_before, rules_of
from dagster_project.disclosure.rules import RULES

PRINTED, COMPUTED = "printed", "follows from printed cells"


@dataclass(frozen=True)
class Disclosed:
    """files: mart -> file to be released; earlier: the mart files of the feed's releases, oldest first."""

    files: Mapping[str, Path]
    earlier: Sequence[Mapping[str, Path]]


def disclosure_violations(
    complete: Mapping[str, Path],
    client_counts: Mapping[str, pd.DataFrame],
    disclosed: Disclosed,
    rules: Mapping[str, MartRule] = RULES,
) -> pd.DataFrame:
    """Small cells that a reader of the release and of all earlier ones knows: key, problem (printed, or computed).

    complete, client_counts: as of `decide`. What earlier releases tell without this one cannot be taken back: it
    is no violation.
    """
    rules = rules_of(complete, rules)
    cells, system = cell_equations(complete, client_counts, rules)
    now, _ = published_before(cells, [disclosed.files], rules)
    before, _ = published_before(cells, disclosed.earlier, rules)
    known_anyway = (
        _known(system.matrix, before, len(system.cells)) if before.any() else np.zeros(len(system.cells), bool)
    )
    known = _known(system.matrix, now | before, len(system.cells)) & system.is_small & ~known_anyway
    printed = np.zeros(len(system.cells), dtype=bool)
    printed[: len(cells)] = now
    rows = np.flatnonzero(known)
    return pd.DataFrame(
        {"key": system.cells["key"].to_numpy()[rows], "problem": np.where(printed[rows], PRINTED, COMPUTED)}, dtype=str
    )


def _known(matrix: sparse.csr_array, printed: np.ndarray, size: int) -> np.ndarray:
    """Cells that are printed or follow."""
    displayed = np.zeros(size, dtype=bool)
    displayed[: len(printed)] = printed
    return displayed | determined(matrix, ~displayed)
