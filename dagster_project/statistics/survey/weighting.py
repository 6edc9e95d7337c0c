"""Weights of a wave and their bootstrap replicates, by the library svy.

Rao and Wu (1988), with Rao, Wu and Yue (1992): respondents are drawn again with replacement within their group, because
the groups are quotas of fixed size. Where margins of the population are given, the weights and every replicate of them
are raked to the margins (Deming and Stephan 1940), so that the intervals know of the raking.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dagster_project.statistics.core.proportions import CountsError

if TYPE_CHECKING:
    import svy
    from svy.core.types import ControlsType

Floats = NDArray[np.float64]
REPLICATES, SEED = 500, 20250701
MARGIN_VARIABLES = {"country": "country_code", "generation": "generation", "gender": "gender"}
UNWEIGHTED = "unweighted quota sample"
GIVEN = "weights as provided"
MARGIN_NOT_GIVEN = "not given"


@dataclass(frozen=True)
class Weights:
    """matrix: (replicates + 1, respondents), the weights themselves in row 0; words: where they come from."""

    matrix: Floats
    words: str


def wave_weights(respondents: pd.DataFrame, replicates: int = REPLICATES) -> Weights:
    """Weights of one wave's respondents in their order.

    Columns read: respondent_group, weight (null in all rows where not provided), country_code, generation, gender and
    `<variable>_population_share` (null where the margins do not give the level). Raises CountsError where only some
    respondents have a weight, or a group's margins leave out a level that its respondents have.
    """
    frame, words = _base_weights(respondents)
    controls = _rake_controls(frame)
    sample = _bootstrapped(frame, replicates)
    if controls:
        sample = sample.weighting.rake(shares=_by_column(controls), wgt_name="raked")
        words = f"{words}, raked to {', '.join(controls)}" if words == GIVEN else f"raked to {', '.join(controls)}"
    prefix = "raked" if controls else "weight"
    columns = [prefix, *(f"{prefix}{number}" for number in range(1, replicates + 1))]
    return Weights(sample.data.lazy().select(columns).collect().to_numpy().T.astype(float), words)


def _by_column(controls: dict[str, dict[str, float]]) -> "ControlsType":
    return {f"by_{variable}": dict(shares.items()) for variable, shares in controls.items()}


def _base_weights(respondents: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    missing = respondents["weight"].isna()
    if missing.any() and not missing.all():
        raise CountsError(
            f"study_respondents.weight is null in {missing.sum()} of {len(missing)} eligible rows: give all or none"
        )
    frame = respondents.assign(weight=respondents["weight"].astype(float).fillna(1.0), unit=range(len(respondents)))
    return frame, UNWEIGHTED if missing.any() else GIVEN


def _bootstrapped(frame: pd.DataFrame, replicates: int) -> "svy.Sample":
    import polars as pl  # with svy 2 s: only a run that has a study pays for it
    import svy

    names = ["unit", "respondent_group", "weight", *(name for name in frame.columns if str(name).startswith("by_"))]
    data = pl.DataFrame({name: frame[name].to_list() for name in names})
    design = svy.Design(stratum="respondent_group", psu="unit", wgt="weight", singleton="skip")
    return svy.Sample(data, design).weighting.create_bs_wgts(n_reps=replicates, rstate=SEED)


def _rake_controls(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Shares of the sample's weight by variable and 'group, level'; adds the columns `by_<variable>` to the frame.

    A group keeps its part of the weight, and without margins of its own also its levels' parts.
    """
    controls = {}
    for variable, column in MARGIN_VARIABLES.items():
        shares = frame[f"{variable}_population_share"]
        if shares.isna().all():
            continue
        cell = frame["respondent_group"] + ", " + frame[column].fillna(MARGIN_NOT_GIVEN)
        frame[f"by_{variable}"] = cell
        controls[variable] = _targets(frame, cell, shares, variable)
    return controls


def _targets(frame: pd.DataFrame, cell: pd.Series, shares: pd.Series, variable: str) -> dict[str, float]:
    targets: dict[str, float] = {}
    for _, rows in frame.groupby("respondent_group"):
        given, cells, weight = shares[rows.index], cell[rows.index], rows["weight"]
        if given.isna().all():
            targets.update(_as_dict(weight.groupby(cells).sum()))
            continue
        if given.isna().any():
            level = cells[given.isna()].iloc[0]
            raise CountsError(f"study_margins gives no {variable} share for {level}; add it or leave {variable} out")
        by_cell = given.groupby(cells).first()
        targets.update(_as_dict(by_cell / by_cell.sum() * weight.sum()))
    total = sum(targets.values())
    return {name: target / total for name, target in targets.items()}


def _as_dict(targets: pd.Series) -> dict[str, float]:
    return {str(name): float(target) for name, target in targets.items()}


def kish_effective(weights: Floats) -> float:
    """(sum of weights)^2 / sum of squared weights, the effective number of respondents (Kish 1965); 0 without any."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0
