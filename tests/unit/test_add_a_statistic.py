"""docs/add-a-statistic.md names what a statistic touches; this follows it for every statistic that exists."""

import re
from pathlib import Path

import pytest

from dagster_project.statistics import registry
from dagster_project.statistics.core.estimates import Statistic
from dagster_project.storage.workspace import DBT_DIRECTORY, REPOSITORY
from tests.support.good_tables import GOOD_TABLES
from tests.support.mutations import MUTATIONS

GUIDE = (REPOSITORY / "docs" / "add-a-statistic.md").read_text(encoding="utf-8")


def the_one(pattern: str) -> Path:
    (found,) = DBT_DIRECTORY.glob(pattern)
    return found


@pytest.mark.parametrize("statistic", registry.STATISTICS, ids=lambda statistic: statistic.id)
def test_a_statistic_has_what_the_guide_lists(statistic: Statistic) -> None:
    counts = the_one(f"models/intermediate/*/{statistic.counts_table}.sql")
    assert counts.with_suffix(".yml").exists()
    mart = the_one(f"models/marts/*/{statistic.mart}.sql")
    assert f"source('estimates', '{statistic.id}')" in mart.read_text(encoding="utf-8")
    assert f"marts.{statistic.mart}" in GOOD_TABLES
    assert any(statistic.mart in mutation for mutation in MUTATIONS["marts"].values())


@pytest.mark.parametrize("module", registry.MODULES, ids=lambda module: module.__name__)
def test_a_declaration_stands_at_the_end_of_its_module(module: object) -> None:
    text = Path(str(module.__file__)).read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert text.rindex("\nSTATISTICS = [") > max(text.rfind("\ndef "), text.rfind("\nclass "))


def test_every_place_that_the_guide_names_exists() -> None:
    places = re.findall(r"`((?:dbt|dagster_project|tests)/[\w/.-]+)`", GUIDE)
    assert len(places) >= 10
    assert [place for place in places if not (REPOSITORY / place).exists()] == []
