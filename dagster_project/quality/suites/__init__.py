"""One suite a stage: which expectations a stage's tables must meet before anything downstream runs."""

from dagster_project.quality.declaration import Declared
from dagster_project.quality.suites import marts, predictions, raw, report, staging

SUITES = {
    "raw": raw.suite,
    "staging": staging.suite,
    "predictions": predictions.suite,
    "marts": marts.suite,
    "report": report.suite,
}


def suite_of(stage: str) -> list[Declared]:
    """The declared suite of a stage; KeyError names the stages that exist."""
    if stage not in SUITES:
        raise KeyError(f"no suite for stage {stage!r}; stages are {', '.join(SUITES)}")
    return SUITES[stage]()


def stages_from(stage: str) -> list[str]:
    """The stage and those after it, in the order of the flow."""
    stages = list(SUITES)
    return stages[stages.index(stage) :]
