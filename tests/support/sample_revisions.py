"""Sample tables of revisions: a workspace with one earlier release and two search counts that changed since."""

import pandas as pd

from dagster_project.publishing.revisions.measures import measure_revisions, summarise
from dagster_project.publishing.revisions.tables import REVISIONS, SERIES_REVISIONS, typed

MONTHS = ["2025-08", "2025-09", "2025-10"]
VALUES = {  # series: (name, unit, half width, values of the earlier release, values now)
    "search_counts": ("Searches", "count", None, [100, 200, 300], [100, 260, 290]),
    "search_growth": ("Growth of searches", "percent", 10.0, [5.0, 4.0, 2.0], [5.0, 4.0, -3.0]),
}


def sample_revisions() -> dict[str, pd.DataFrame]:
    """`revisions` and `series_revisions`; every value was printed."""
    vintages = pd.DataFrame([row for series_id in VALUES for vintage in (0, 1) for row in _rows(series_id, vintage)])
    values = measure_revisions(vintages, present=1).assign(was_printed=True)
    values = values.assign(
        series=values["series_id"].map({name: row[0] for name, row in VALUES.items()}),
        unit=values["series_id"].map({name: row[1] for name, row in VALUES.items()}),
        first_release_id="2025-10-aaaaaaaaaaaa",
        first_released_at=pd.Timestamp("2025-11-04"),
        days_to_first_release=4,
    )
    return {"revisions": typed(values, REVISIONS), "series_revisions": typed(summarise(values, []), SERIES_REVISIONS)}


def _rows(series_id: str, vintage: int) -> list[dict[str, object]]:
    _, _, half_width, *values = VALUES[series_id]
    return [
        {
            "series_id": series_id,
            "value_key": f"search_month={month}-01; series_id=ai_agents",
            "label": f"AI agents, {month}",
            "period_end": pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(),
            "definition_version": "1",
            "value": float(value),
            "value_low": None if half_width is None else value - half_width,
            "value_high": None if half_width is None else value + half_width,
            "vintage": vintage,
        }
        for month, value in zip(MONTHS, values[vintage], strict=True)
    ]
