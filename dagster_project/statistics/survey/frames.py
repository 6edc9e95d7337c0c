"""Rows of estimates to frames, with the columns and types that the marts cast from, also when there is no row."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dagster_project.statistics.survey.replicated_shares import Estimate

DIGITS = 6


def rounded(metric: str, estimate: Estimate) -> dict[str, float | None]:
    """<metric>, <metric>_low, <metric>_high; what there is no number for is None."""
    names = (metric, f"{metric}_low", f"{metric}_high")
    return {
        name: round(value, DIGITS) if np.isfinite(value) else None for name, value in zip(names, estimate, strict=True)
    }


TEXT = {"question_id", "wording_version", "measure", "answer", "statistic", "population_id", "population", "countries",
        "reference_population_id", "reference_population", "weighting", "method", "reading", "status", "dimension",
        "level", "second_dimension", "second_level", "base_wording_version"}  # fmt: skip


def estimates_frame(rows: Sequence[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    """A frame of `columns` in that order; numbers that are missing in every row still have a numeric type."""
    frame = pd.DataFrame(rows, columns=columns)
    for name in columns:
        if name.endswith("month"):
            frame[name] = pd.to_datetime(frame[name])
        elif name in TEXT:
            frame[name] = frame[name].astype("str")
        elif name.startswith("is_"):
            frame[name] = frame[name].astype("boolean")
        elif name.endswith("_count") and not name.startswith("effective_"):
            frame[name] = frame[name].astype("Int64")
        else:
            frame[name] = frame[name].astype("Float64")
    return frame
