"""What the tests of Spark need: its environment; and a small workspace with every topic in it."""

import pytest

from dagster_project.spark.start import SPARK_PYTHON


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = pytest.mark.skip(reason="Spark's environment is not there: run `make setup-spark`")
    for item in items:
        if "tests/spark/" in item.nodeid:
            item.add_marker(pytest.mark.slow)
            if not SPARK_PYTHON.exists():
                item.add_marker(absent)
