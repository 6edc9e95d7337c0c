"""A question of the pulse as one wave asked it: who gave which answer, with what weight."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dagster_project.statistics.core.proportions import CountsError
from dagster_project.statistics.survey.weighting import GIVEN, kish_effective

Floats = NDArray[np.float64]
UNWEIGHTED = "unweighted"
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
            weighting=UNWEIGHTED if np.isnan(weights).any() else GIVEN,
        )


def _respondents(rows: pd.DataFrame) -> tuple[NDArray[np.object_], NDArray[np.intp], Floats]:
    """Respondents by id, the place of each row's respondent, and their weights, NaN without one."""
    ids, first, place = np.unique(rows["respondent_id"].to_numpy(object).astype(str), return_index=True,
                                  return_inverse=True)  # fmt: skip
    return ids.astype(object), place, rows["weight"].to_numpy(np.float64, na_value=np.nan)[first]


def partial_weights(wave_month: object) -> CountsError:
    """The error of a wave in which only some respondents have a weight."""
    return CountsError(f"pulse_answers.weight is null in a part of the wave {wave_month}: give all or none")
