"""How the stages of a run are executed is a setting; a name that is no executor is refused with what to set."""

import dagster as dg
import pytest

from dagster_project.definitions import executor_named


@pytest.mark.parametrize(
    ("name", "executor"),
    [
        ("in_process_executor", dg.in_process_executor),
        ("multiprocess_executor", dg.multiprocess_executor),
        ("dagster._core.definitions.executor_definition:multi_or_in_process_executor", dg.multi_or_in_process_executor),
    ],
)
def test_an_executor_is_found_by_its_name(name: str, executor: dg.ExecutorDefinition) -> None:
    assert executor_named(name) is executor


@pytest.mark.parametrize("name", ["multiprocess", "dagster_absent:pods", "dagster_project.settings:Settings", ""])
def test_another_name_is_refused_with_what_to_set(name: str) -> None:
    with pytest.raises(ValueError, match=f"HIRING_PULSE_EXECUTOR={name}: .*set "):
        executor_named(name)
