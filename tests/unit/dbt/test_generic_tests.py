"""Every generic test is seen to pass on good rows and to fail on spoiled ones, on the real engine."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt.cli.main import dbtRunner

GENERIC_TESTS = Path(__file__).parents[3] / "dbt" / "tests" / "generic"

NO_ROWS = "select 1 as a where false"
INSIDE = "select 0 as a, 0 as a_low, 0 as a_high"
PARENT = "select 1 as a, 'x' as b union all select 2, 'y'"

# name of the case: (generic test, arguments, good rows, spoiled rows)
CASES: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a_repeated_key": (
        "unique_combination",
        {"columns": ["a", "b"]},
        "select 1 as a, 1 as b union all select 1, 2",
        "select 1 as a, 1 as b union all select 1, 1",
    ),
    "a_repeated_key_with_a_null": (
        "unique_combination",
        {"columns": ["a", "b"]},
        "select 1 as a, null as b union all select 2, null",
        "select 1 as a, null as b union all select 1, null",
    ),
    "a_repeated_key_in_another_case": (
        "unique_combination",
        {"columns": ["lower(a)"]},
        "select 'USA' as a union all select 'US'",
        "select 'USA' as a union all select 'usa'",
    ),
    "an_unknown_value_in_one_of_two_columns": (
        "no_nulls",
        {"columns": ["a", "b"]},
        "select 1 as a, 'x' as b",
        "select 1 as a, 'x' as b union all select 2, null",
    ),
    "shares_that_miss_one": (
        "sums_to_one",
        {"group_by": ["g"], "column": "a"},
        "select 'x' as g, 0.333333 as a union all select 'x', 0.666667 union all select 'y', 1",
        "select 'x' as g, 0.3 as a union all select 'x', 0.6 union all select 'y', 1",
    ),
    "an_unknown_share": (
        "sums_to_one",
        {"group_by": ["g"], "column": "a"},
        "select 'x' as g, 1 as a",
        "select 'x' as g, 1 as a union all select 'x', null",
    ),
    "an_estimate_outside_its_interval": (
        "interval_contains",
        {"estimates": ["a", "e"]},
        f"{INSIDE}, 2 as e, 2 as e_low, 3 as e_high union all select null, null, null, null, null, null",
        f"{INSIDE}, 1 as e, 2 as e_low, 3 as e_high",
    ),
    "an_estimate_without_one_bound": (
        "interval_contains",
        {"estimates": ["e", "a"]},
        f"{INSIDE}, 2 as e, 1 as e_low, 3 as e_high",
        f"{INSIDE}, 2 as e, 1 as e_low, cast(null as integer) as e_high",
    ),
    "a_row_count_that_differs": (
        "row_total_matches",
        {"to": "ref('parent')"},
        "select 8 as a union all select 9",
        "select 8 as a",
    ),
    "a_sum_that_differs_in_one_group": (
        "row_total_matches",
        {"to": "ref('parent')", "total": "sum(n)", "to_total": "sum(a)", "group_by": ["b"]},
        "select 'x' as b, 1 as n union all select 'y', 2",
        "select 'x' as b, 2 as n union all select 'y', 1",
    ),
    "a_group_that_one_side_lacks": (
        "row_total_matches",
        {"to": "ref('parent')", "total": "sum(n)", "to_total": "sum(a)", "group_by": ["b"]},
        "select 'x' as b, 1 as n union all select 'y', 2",
        "select 'x' as b, 1 as n",
    ),
    "a_broken_identity_of_one_row": (
        "expression_holds",
        {"expression": "a + b = c"},
        "select 1 as a, 2 as b, 3 as c",
        "select 1 as a, 2 as b, 4 as c",
    ),
    "an_identity_that_cannot_be_decided": (
        "expression_holds",
        {"expression": "a <= b"},
        "select 1 as a, 2 as b",
        "select 1 as a, cast(null as integer) as b",
    ),
    "a_group_with_an_unknown_total_that_one_side_lacks": (
        "row_total_matches",
        {"to": "ref('parent')", "total": "sum(n)", "to_total": "sum(a)", "group_by": ["b"]},
        "select 'x' as b, 1 as n union all select 'y', 2",
        "select 'x' as b, 1 as n union all select 'y', 2 union all select 'z', null",
    ),
    "a_child_without_a_parent": (
        "foreign_key",
        {"columns": ["k", "b"], "to": "ref('parent')", "to_columns": ["a", "b"]},
        "select 1 as k, 'x' as b union all select 1, 'x'",
        "select 1 as k, 'y' as b",
    ),
    "a_child_whose_key_is_unknown": (
        "foreign_key",
        {"columns": ["a", "b"], "to": "ref('parent')"},
        PARENT,
        "select 1 as a, cast(null as varchar) as b",
    ),
}


def _model_properties(model: str, case: str) -> dict[str, Any]:
    test, arguments, _, _ = CASES[case]
    return {"name": model, "data_tests": [{test: {"name": f"test_{model}", "arguments": arguments}}]}


def _write_project(root: Path) -> None:
    (root / "models").mkdir(parents=True)
    shutil.copytree(GENERIC_TESTS, root / "tests" / "generic")
    (root / "dbt_project.yml").write_text(yaml.safe_dump({"name": "shelf", "profile": "shelf"}))
    output = {"type": "duckdb", "path": str(root / "shelf.duckdb")}
    profile = {"shelf": {"target": "t", "outputs": {"t": output}}}
    (root / "profiles.yml").write_text(yaml.safe_dump(profile))
    (root / "models" / "parent.sql").write_text(PARENT)
    properties = []
    for case, (_, _, good, spoiled) in CASES.items():
        for model, rows in ((f"good_{case}", good), (f"spoiled_{case}", spoiled)):
            (root / "models" / f"{model}.sql").write_text(rows)
            properties.append(_model_properties(model, case))
    (root / "models" / "_models.yml").write_text(yaml.safe_dump({"models": properties}))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Status (pass, fail, error) of each dbt data test by its name."""
    root = tmp_path_factory.mktemp("shelf") / "project"
    _write_project(root)
    flags = [
        "--project-dir",
        str(root),
        "--profiles-dir",
        str(root),
        "--quiet",
        "--no-send-anonymous-usage-stats",
    ]
    finished = dbtRunner().invoke(["build", *flags])
    assert finished.result is not None, finished.exception
    return {node.node.name: str(node.status) for node in finished.result}


@pytest.mark.parametrize("case", CASES)
def test_a_generic_test_fails_on(case: str, outcomes: dict[str, str]) -> None:
    assert outcomes[f"test_spoiled_{case}"] == "fail"


@pytest.mark.parametrize("case", CASES)
def test_a_generic_test_passes_without(case: str, outcomes: dict[str, str]) -> None:
    assert outcomes[f"test_good_{case}"] == "pass"


def test_each_generic_test_has_a_case_and_a_line_in_the_readme() -> None:
    shelf = {path.stem for path in GENERIC_TESTS.glob("*.sql")}
    readme = (GENERIC_TESTS / "README.md").read_text()
    assert shelf == {test for test, *_ in CASES.values()}
    assert all(f"| `{test}(" in readme for test in shelf)
