"""Weights of a wave and their bootstrap replicates, by the library svy; of a pulse question, who answered what."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dagster_project.statistics.core.estimates import CountsError, Floats

if TYPE_CHECKING:
    import svy
    from svy.core.types import ControlsType

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


NO_WEIGHTS = "unweighted"
KEYS = ["wave_month", "respondent_id", "question_id", "wording_version", "answer"]
INPUTS = ["direction", "weight"]


@dataclass(frozen=True)
class Asked:
    """chosen: (respondents, answers) whether the answer was given; direction: of each answer, '' without one."""

    wave_month: pd.Timestamp
    question_id: str
    wording_version: str
    respondent_ids: NDArray[np.object_]
    weights: Floats
    answers: list[str]
    direction: list[str]
    chosen: NDArray[np.bool_]
    weighting: str

    @property
    def effective_n(self) -> float:
        return kish_effective(self.weights)

    def key(self) -> dict[str, object]:
        """The columns that name the question in its wave."""
        return {
            "wave_month": self.wave_month,
            "question_id": self.question_id,
            "wording_version": self.wording_version,
        }

    def share(self, answer: str) -> tuple[float, Floats]:
        """Weighted share of an answer, and each respondent's part in its variance (Taylor linearisation)."""
        return weighted_mean(self.chosen[:, self.answers.index(answer)].astype(float), self.weights)


def weighted_mean(values: Floats, weights: Floats) -> tuple[float, Floats]:
    """Weighted mean, and w (x - mean) / sum of w for each unit: the squares of these add up to the variance."""
    mean = float((weights * values).sum() / weights.sum())
    return mean, weights * (values - mean) / weights.sum()


def asked_questions(rows: pd.DataFrame) -> Iterator[Asked]:
    """Each question, wording and wave of int_pulse_responses, in order of question and wave.

    Raises CountsError where a wave gives some respondents a weight and others none.
    """
    for (question_id, wave_month, wording), of_question in rows.groupby(
        ["question_id", "wave_month", "wording_version"], sort=True
    ):
        ids, place, weights = _respondents(of_question)
        answers, column = np.unique(of_question["answer"].to_numpy(object).astype(str), return_inverse=True)
        if np.isnan(weights).any() and not np.isnan(weights).all():
            raise partial_weights(wave_month)
        chosen = np.zeros((len(ids), len(answers)), bool)
        chosen[place, column] = True
        direction = dict(zip(column, of_question["direction"], strict=True))
        yield Asked(
            wave_month=pd.Timestamp(str(wave_month)),
            question_id=str(question_id),
            wording_version=str(wording),
            respondent_ids=ids,
            weights=np.where(np.isnan(weights), 1.0, weights),
            answers=answers.tolist(),
            direction=[str(direction[number]) for number in range(len(answers))],
            chosen=chosen,
            weighting=NO_WEIGHTS if np.isnan(weights).any() else GIVEN,
        )


def _respondents(rows: pd.DataFrame) -> tuple[NDArray[np.object_], NDArray[np.intp], Floats]:
    """Respondents by id, the place of each row's respondent, and their weights, NaN without one."""
    ids, first, place = np.unique(rows["respondent_id"].to_numpy(object).astype(str), return_index=True,
                                  return_inverse=True)  # fmt: skip
    return ids.astype(object), place, rows["weight"].to_numpy(np.float64, na_value=np.nan)[first]


def partial_weights(wave_month: object) -> CountsError:
    """The error of a wave in which only some respondents have a weight."""
    return CountsError(f"pulse_answers.weight is null in a part of the wave {wave_month}: give all or none")
