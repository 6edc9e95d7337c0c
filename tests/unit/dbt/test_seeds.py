"""The seeds load into the real engine with their declared types and pass every test declared on them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml
from dbt.cli.main import dbtRunner

DBT = Path(__file__).parents[3] / "dbt"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("seeds") / "project"
    shutil.copytree(DBT / "seeds", root / "seeds")
    shutil.copytree(DBT / "tests" / "generic", root / "tests" / "generic")
    (root / "dbt_project.yml").write_text(yaml.safe_dump({"name": "seeds_only", "profile": "seeds_only"}))
    output = {"type": "duckdb", "path": str(root / "seeds.duckdb")}
    profile = {"seeds_only": {"target": "t", "outputs": {"t": output}}}
    (root / "profiles.yml").write_text(yaml.safe_dump(profile))
    return root


@pytest.fixture(scope="module")
def statuses(project: Path) -> dict[str, str]:
    """Status of each seed and of each test on it."""
    flags = ["--project-dir", str(project), "--profiles-dir", str(project), "--quiet"]
    finished = dbtRunner().invoke(["build", "--no-send-anonymous-usage-stats", *flags])
    assert finished.result is not None, finished.exception
    return {node.node.name: str(node.status) for node in finished.result}


@pytest.fixture
def warehouse(statuses: dict[str, str], project: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Same settings as dbt's own connection, which stays open in this process."""
    with duckdb.connect(str(project / "seeds.duckdb")) as connection:
        yield connection


def test_every_seed_loads_and_passes_its_tests(statuses: dict[str, str]) -> None:
    assert {name: status for name, status in statuses.items() if status not in ("success", "pass")} == {}


def test_every_seed_file_has_its_columns_described_in_order() -> None:
    documented = yaml.safe_load((DBT / "seeds" / "_seeds.yml").read_text())["seeds"]
    columns = {seed["name"]: [column["name"] for column in seed["columns"]] for seed in documented}
    headers = {path.stem: path.read_text().splitlines()[0].split(",") for path in DBT.glob("seeds/*.csv")}
    assert headers == columns


def test_the_taxonomy_has_its_published_size(warehouse: duckdb.DuckDBPyConnection) -> None:
    sizes = warehouse.sql(
        """
        select
            count(distinct category_id) filter (valid_to is null),
            count(distinct category_id) filter (is_technical),
            (select count(*) from occupations),
            (select count(*) from occupations where sub_category_id not in (
                select sub_category_id from sub_categories
            )),
        from categories
        """
    ).fetchone()
    assert sizes == (12, 4, 208, 0)


def test_members_of_a_composite_exist_and_none_is_part_of_another(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A post of two members would be counted twice."""
    members = """
        with members as (
            select composites.*, coalesce(sub_categories.category_id, member_id) as category_id
            from composites
            left join sub_categories on member_level = 'sub_category' and member_id = sub_category_id
        )
        select composite_id from members
        group by composite_id, category_id having count(*) > 1 and bool_or(member_level = 'category')
    """
    unknown = "select * from composites where member_id not in (select category_id from categories union all "
    assert warehouse.sql(f"{unknown} select sub_category_id from sub_categories)").fetchall() == []
    assert warehouse.sql(members).fetchall() == []


def test_namibia_keeps_its_code_that_looks_like_a_missing_value(warehouse: duckdb.DuckDBPyConnection) -> None:
    codes = warehouse.sql("select country_code from countries where country_alias = 'Namibia'").fetchall()
    assert codes == [("NA",)]


def test_skill_aliases_are_written_as_they_are_looked_up(warehouse: duckdb.DuckDBPyConnection) -> None:
    odd = warehouse.sql("select alias from skills where alias <> lower(trim(alias))").fetchall()
    kinds = "select skill from skills group by skill having count(distinct (skill_kind, genai_group)) > 1"
    assert warehouse.sql(kinds).fetchall() == []
    assert odd == []


def test_the_same_question_in_another_wording_is_another_version(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    questions = warehouse.sql(
        "select question_id, wording_version, count(distinct question) from pulse_questions group by all"
    ).fetchall()
    assert len(questions) > len({question_id for question_id, _, _ in questions})
    assert all(wordings == 1 for _, _, wordings in questions)
