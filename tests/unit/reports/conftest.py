"""Fixtures of the report tests: sample marts, contexts, and charts drawn only where a test looks at them."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from altair.utils import schemapi

from dagster_project.reports.page.annex import build_annex, build_spread_annex, build_worker_annex
from dagster_project.reports.page.bulletin import build_bulletin
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from dagster_project.reports.page.spread_study import build_spread_study
from dagster_project.reports.page.worker_study import build_worker_study
from tests.support.plain_drawings import draw_nothing, plain_drawings
from tests.support.sample_marts import sample_context, sample_marts
from tests.support.sample_study import study_marts

Marts = dict[str, pd.DataFrame]
WAVE = "2025-07"


@pytest.fixture(scope="session")
def _marts() -> Marts:
    return sample_marts()


@pytest.fixture
def marts(_marts: Marts) -> Marts:
    """Fifteen months of two populations, three periods, skills, one pulse wave; a copy for each test."""
    return {name: frame.copy() for name, frame in _marts.items()}


@pytest.fixture
def make_context() -> Callable[..., RunContext]:
    """A run context of the simulated feed; keyword arguments replace fields."""
    return sample_context


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for by a test that looks at the drawings themselves; every option of a chart is checked as it is made."""
    monkeypatch.setattr(schemapi, "DEBUG_MODE", True)


@pytest.fixture(autouse=True)
def _plain_drawings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of a build; a test that does not ask for `drawn` gets an empty SVG."""
    if "drawn" not in request.fixturenames:
        draw_nothing(monkeypatch)


@pytest.fixture(scope="session")
def study() -> Marts:
    """The marts of a worker study, not to be changed."""
    return study_marts()


def _page(build: Callable[..., Report], marts: str, *arguments: str) -> Any:
    @pytest.fixture(scope="session")
    def page(request: pytest.FixtureRequest) -> Report:
        with plain_drawings():
            return build(request.getfixturevalue(marts), sample_context(), *arguments)

    return page


# the pages of the sample marts without drawings, each built once for all tests that read it
bulletin = _page(build_bulletin, "_marts")
annex = _page(build_annex, "_marts")
spread_study = _page(build_spread_study, "_marts")
spread_annex = _page(build_spread_annex, "_marts")
worker_study = _page(build_worker_study, "study", WAVE)
worker_annex = _page(build_worker_annex, "study", WAVE)
