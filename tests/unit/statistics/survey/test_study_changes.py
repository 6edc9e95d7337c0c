"""Waves of the worker study beside each other: the change, its interval, and what is not compared."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.survey.answers import study_shares
from dagster_project.statistics.survey.study_changes import KEYS, study_changes
from tests.support.sample_study import REPLICATES, answers

LATER = pd.Timestamp("2026-01-01")


def two_waves(**changes: object) -> pd.DataFrame:
    """The sample wave, and a later one of other respondents with some columns changed."""
    later = answers(seed=8).assign(wave_month=LATER, **changes)
    return pd.concat([answers(), later], ignore_index=True)


def test_a_first_wave_has_no_earlier_one() -> None:
    assert set(study_changes(answers(), REPLICATES)["status"]) == {"no earlier wave"}


def test_the_change_is_that_of_the_two_waves_shares_and_lies_in_its_interval() -> None:
    rows = two_waves()
    shares = study_shares(rows, REPLICATES).set_index(KEYS)["answer_share"]
    compared = study_changes(rows, REPLICATES).query("status == 'compared'")
    assert set(compared["wave_month"]) == {LATER} and len(compared) > 0
    for _, row in compared.iterrows():
        key = tuple(row[KEYS])
        difference = shares[key] - shares[(row["base_wave_month"], *key[1:])]
        assert row["change_points"] == pytest.approx(100 * difference, abs=1e-3)
        assert row["change_points_low"] <= row["change_points"] <= row["change_points_high"]


def test_variances_of_two_samples_add_up() -> None:
    shares = study_shares(two_waves(), REPLICATES).set_index(KEYS)
    row = study_changes(two_waves(), REPLICATES).query("status == 'compared'").iloc[0]
    now, then = (shares.loc[(month, *row[KEYS[1:]])] for month in (LATER, row["base_wave_month"]))
    half = [float(one["answer_share_high"] - one["answer_share_low"]) / 2 for one in (now, then)]
    width = float(row["change_points_high"] - row["change_points_low"]) / 200
    assert width == pytest.approx(np.hypot(*half), rel=0.15)


def test_another_wording_is_not_compared() -> None:
    rows = study_changes(two_waves(wording_version="v2"), REPLICATES)
    later = rows[rows["wave_month"] == LATER]
    assert set(later["status"]) == {"wording changed"} and later["change_points"].isna().all()
