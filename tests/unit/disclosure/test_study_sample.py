"""The worker study's sample table by its real rule: a level of under ten respondents leaves no release."""

from pathlib import Path

import pandas as pd

from dagster_project.disclosure.marts import decide, write_disclosed
from dagster_project.disclosure.rules import RULES
from tests.support.sample_study import study_marts


def test_a_level_of_under_ten_respondents_is_hidden_with_its_share(tmp_path: Path) -> None:
    sample = study_marts()["study_sample"].copy()
    is_man = (sample["dimension"] == "gender") & (sample["level"] == "man")
    sample.loc[is_man, "respondent_count"] = 7
    file = tmp_path / "study_sample.parquet"
    sample.to_parquet(file, index=False)
    rules = {"study_sample": RULES["study_sample"]}
    files = {"study_sample": file}
    written = write_disclosed(files, decide(files, {}, [], rules), tmp_path / "disclosed", rules)
    row = pd.read_parquet(written["study_sample"])[is_man.to_numpy()].iloc[0]
    assert row["suppression"] == "primary suppression"
    assert pd.isna(row["respondent_count"]) and pd.isna(row["sample_share"])
