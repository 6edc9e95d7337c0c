"""A mart is declared once, in the yml file beside it; everything that must know of it is held against that."""

import re
from pathlib import Path

import pytest
import yaml

from dagster_project.disclosure.rules import RULES
from dagster_project.publishing.dictionary import MARTS_FOLDER, Mart, read_dictionary
from dagster_project.quality.suites import TOPICS, suite_of
from dagster_project.statistics.registry import STATISTICS
from dagster_project.storage.workspace import DBT_DIRECTORY

MARTS = read_dictionary().marts
NAMES = {mart.name for mart in MARTS}


def exposed() -> set[str]:
    exposures = yaml.safe_load((MARTS_FOLDER / "_exposures.yml").read_text(encoding="utf-8"))["exposures"]
    return {re.sub(r"ref\('(\w+)'\)", r"\1", reference) for one in exposures for reference in one["depends_on"]}


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.name)
def test_a_mart_has_a_suite_of_its_topic(mart: Mart) -> None:
    topics = {topic.__name__.rsplit(".", 1)[1]: topic for topic in TOPICS}
    tables = {declared.table.name for declared in topics[mart.topic].marts()}
    assert f"marts.{mart.name}" in tables


def test_no_suite_is_of_a_mart_that_is_gone() -> None:
    assert {declared.table.name.removeprefix("marts.") for declared in suite_of("marts")} == NAMES


def test_every_mart_is_read_by_a_publication() -> None:
    assert exposed() == NAMES


def test_every_mart_has_a_disclosure_rule() -> None:
    assert set(RULES) == NAMES


def test_every_statistic_lands_in_a_mart_and_is_a_source_of_dbt() -> None:
    sources = yaml.safe_load((DBT_DIRECTORY / "models" / "_sources.yml").read_text(encoding="utf-8"))["sources"]
    (estimates,) = (source["tables"] for source in sources if source["name"] == "estimates")
    assert {statistic.mart for statistic in STATISTICS} <= NAMES
    assert {table["name"] for table in estimates} == {statistic.id for statistic in STATISTICS}


def test_every_model_has_its_yml_beside_it_and_no_yml_is_left_alone() -> None:
    models = [path for path in DBT_DIRECTORY.glob("models/*/*/*") if path.suffix in (".sql", ".yml")]
    assert {path.with_suffix("") for path in models if path.suffix == ".sql"} == {
        path.with_suffix("") for path in models if path.suffix == ".yml"
    }


def test_topics_are_the_same_words_in_every_layer() -> None:
    folders = {path.name for path in (DBT_DIRECTORY / "models").glob("*/*") if path.is_dir()}
    suites = {topic.__name__.rsplit(".", 1)[1] for topic in TOPICS} - {"pages"}
    assert folders == suites


def test_a_mart_file_that_declares_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shares").mkdir()
    (tmp_path / "shares" / "one.yml").write_text("models: [{name: other}]")
    with pytest.raises(Exception, match="it is the file of one"):
        read_dictionary(tmp_path)
