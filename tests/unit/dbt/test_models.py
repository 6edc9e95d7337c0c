"""The dbt unit tests pass on a temporary warehouse and fail on a wrong model; the documentation names what is built."""

import dataclasses
import shutil
from pathlib import Path

import pytest
import yaml

from tests.support.small_lake import DBT, SmallLake

UNIT_TESTS = [
    test["name"]
    for path in sorted(DBT.glob("models/**/*.yml"))
    for test in yaml.safe_load(path.read_text()).get("unit_tests", [])
]
DOCUMENTED = {
    (layer, model["name"]): [column["name"] for column in model.get("columns", [])]
    for layer in ("staging", "intermediate")
    for path in sorted((DBT / "models" / layer).glob("*/*.yml"))
    for model in yaml.safe_load(path.read_text())["models"]
}


@pytest.fixture(scope="module")
def outcomes(lake: SmallLake) -> dict[str, str]:
    """Status of every unit test by its name."""
    return lake.dbt("test", "--select", "test_type:unit")


@pytest.mark.parametrize("name", UNIT_TESTS)
def test_a_unit_test_of_dbt_passes(name: str, outcomes: dict[str, str]) -> None:
    assert outcomes[name] == "pass"


def test_a_unit_test_of_dbt_fails_when_its_model_takes_the_first_state_for_the_latest(
    lake: SmallLake, tmp_path: Path
) -> None:
    broken = tmp_path / "dbt"
    shutil.copytree(DBT, broken, ignore=shutil.ignore_patterns("target", "logs"))
    model = broken / "models" / "staging" / "posts" / "stg_marketplace__post_states.sql"
    assert "order by observed_at desc" in model.read_text()
    model.write_text(model.read_text().replace("order by observed_at desc", "order by observed_at"))
    copy = dataclasses.replace(lake, project=broken, target="target_of_the_broken_copy")
    outcomes = copy.dbt("test", "--select", "stg_marketplace__post_states,test_type:unit")
    assert outcomes == {
        "the_last_seen_state_is_first_and_the_first_posting_is_kept": "fail",
        "equal_states_of_one_post_have_one_first_rank": "pass",
    }


@pytest.mark.parametrize(("layer", "model"), DOCUMENTED)
def test_the_documented_columns_are_the_built_ones_in_order(layer: str, model: str, lake: SmallLake) -> None:
    columns = lake.query(f"select column_name from (describe {layer}.{model})")
    assert [name for (name,) in columns] == DOCUMENTED[layer, model]


def test_every_model_before_the_marts_is_documented() -> None:
    assert {model for _, model in DOCUMENTED} == {
        path.stem for layer in ("staging", "intermediate") for path in DBT.glob(f"models/{layer}/**/*.sql")
    }
