"""Pages without their drawings, which take most of a build."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

CHARTS = (
    *("spread_composition", "high_value_contracts", "technology_share", "category_share", "category_growth"),
    *("paired_composition", "finding_shares", "group_comparison"),
    *("contract_value", "search_counts", "genai_groups", "skill_ranks", "answer_shares", "paid_high"),
)


def draw_nothing(patch: pytest.MonkeyPatch) -> None:
    """Every chart becomes an empty SVG until the patch is undone."""
    patch.setattr("dagster_project.reports.page.bulletin.sparkline", lambda values, name: "<svg></svg>")
    for chart in CHARTS:
        patch.setattr(f"dagster_project.reports.charts.{chart}._chart", lambda *arguments: None)
        patch.setattr(f"dagster_project.reports.charts.{chart}.to_svg", lambda chart, prefix: "<svg></svg>")


@contextmanager
def plain_drawings() -> Iterator[None]:
    """For a page that is built once for many tests."""
    with pytest.MonkeyPatch.context() as patch:
        draw_nothing(patch)
        yield
