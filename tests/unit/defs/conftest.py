"""The definitions, loaded once."""

import dagster as dg
import pytest


@pytest.fixture(scope="session")
def definitions() -> dg.Definitions:
    from dagster_project.definitions import defs

    return defs()
