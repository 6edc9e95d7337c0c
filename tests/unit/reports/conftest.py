"""Fixtures of the report tests: sample marts, contexts, and charts drawn only where a test looks at them."""

from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from dagster_project.reports.page.context import RunContext
from tests.support.sample_marts import sample_context, sample_marts


@pytest.fixture(scope="session")
def _marts() -> dict[str, pd.DataFrame]:
    return sample_marts()


@pytest.fixture
def marts(_marts: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Fifteen months of two populations, three periods, skills, one pulse wave; a copy for each test."""
    return {name: frame.copy() for name, frame in _marts.items()}


@pytest.fixture
def make_context() -> Callable[..., RunContext]:
    """A run context of the simulated feed; keyword arguments replace fields."""
    return sample_context


CHARTS = (
    *("spread_composition", "high_value_contracts", "technology_share", "category_share", "category_growth"),
    *("paired_composition", "finding_shares", "group_comparison"),
    *("contract_value", "search_counts", "genai_groups", "skill_ranks", "answer_shares", "paid_high"),
)


@pytest.fixture
def drawn() -> None:
    """Asked for by a test that looks at the drawings themselves."""


@pytest.fixture(autouse=True)
def _plain_drawings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of a build; a test that does not ask for `drawn` gets an empty SVG."""
    if "drawn" not in request.fixturenames:
        _draw_nothing(monkeypatch)


@pytest.fixture(scope="module")
def undrawn() -> Iterator[None]:
    """The same for pages that a module builds once."""
    with pytest.MonkeyPatch.context() as patch:
        _draw_nothing(patch)
        yield


def _draw_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("dagster_project.reports.page.bulletin.sparkline", lambda values, name: "<svg></svg>")
    for chart in CHARTS:
        patch.setattr(f"dagster_project.reports.charts.{chart}._chart", lambda *arguments: None)
        patch.setattr(f"dagster_project.reports.charts.{chart}.to_svg", lambda chart, prefix: "<svg></svg>")
