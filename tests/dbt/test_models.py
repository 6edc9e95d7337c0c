"""The dbt unit tests pass on a temporary warehouse, and fail when the model that they speak of is wrong."""

import shutil
from pathlib import Path

import pytest
import yaml
from small_lake import DBT, SmallLake

UNIT_TESTS = [
    test for path in sorted(DBT.glob("models/**/_*unit_tests.yml")) for test in yaml.safe_load(path.read_text())["unit_tests"]
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """All seeds and all models before the marts, built from an empty lake."""
    lake = SmallLake(tmp_path_factory.mktemp("home"))
    lake.begin()
    outcomes = lake.dbt("build", "--select", "resource_type:seed", "staging", "intermediate", "--resource-type", "seed", "model")
    assert set(outcomes.values()) == {"success"}
    return lake


@pytest.fixture(scope="module")
def outcomes(lake: SmallLake) -> dict[str, str]:
    return lake.dbt("test", "--select", "test_type:unit")


@pytest.mark.parametrize("name", [test["name"] for test in UNIT_TESTS])
def test_a_unit_test_passes(name: str, outcomes: dict[str, str]) -> None:
    assert outcomes[name] == "pass"
