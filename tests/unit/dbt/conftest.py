"""The warehouse that the dbt tests share: all seeds and all models before the marts, built from an empty lake."""

import pytest

from tests.support.small_lake import SmallLake


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    lake = SmallLake(tmp_path_factory.mktemp("workspace"))
    lake.begin()
    outcomes = lake.dbt("build", "--exclude", "marts", "resource_type:test", "resource_type:unit_test")
    assert set(outcomes.values()) == {"success"}, outcomes
    return lake
