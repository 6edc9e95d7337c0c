"""Pages without their drawings, which take most of a build."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

DRAWINGS = {
    "shares": ("_month_panels", "_category_panels"),
    "growth": ("_growth_chart", "_search_panels"),
    "values": ("_projected_chart", "_high_value_panels", "_paid_chart"),
    "composition": ("_paired_panels", "_spread_panels"),
    "skills": ("_skill_chart", "_group_chart"),
    "surveys": ("_answer_panels", "_comparison_chart"),
}
"""Module of the charts -> its functions that draw."""


def draw_nothing(patch: pytest.MonkeyPatch) -> None:
    """Every chart becomes an empty SVG until the patch is undone."""
    patch.setattr("dagster_project.reports.page.bulletin.sparkline", lambda values, name: "<svg></svg>")
    for module, functions in DRAWINGS.items():
        for function in functions:
            patch.setattr(f"dagster_project.reports.charts.{module}.{function}", lambda *arguments: None)
        patch.setattr(f"dagster_project.reports.charts.{module}.to_svg", lambda chart, prefix: "<svg></svg>")


@contextmanager
def plain_drawings() -> Iterator[None]:
    """For a page that is built once for many tests."""
    with pytest.MonkeyPatch.context() as patch:
        draw_nothing(patch)
        yield
