"""One module a topic, one suite a stage: what a stage's tables must meet before anything downstream runs."""

from dagster_project.quality.declaration import Declared
from dagster_project.quality.suites import (
    audit,
    collection,
    contracts,
    drift,
    growth,
    pages,
    posts,
    pulse,
    searches,
    shares,
    skills,
    spread,
    study,
)

STAGES = ("raw", "staging", "predictions", "marts", "report")
TOPICS = (posts, shares, growth, spread, skills, contracts, searches, drift, audit, pulse, study, collection, pages)


def suite_of(stage: str) -> list[Declared]:
    """The declared suite of a stage: what each topic says of it; KeyError names the stages that exist."""
    if stage not in STAGES:
        raise KeyError(f"no suite for stage {stage!r}; stages are {', '.join(STAGES)}")
    return [declared for topic in TOPICS for declared in getattr(topic, stage, list)()]


def stages_from(stage: str) -> list[str]:
    """The stage and those after it, in the order of the flow."""
    return list(STAGES[STAGES.index(stage) :])
