"""The word of a growth row, as the mart has it: a verdict, a trend, or why there is none."""

import pandas as pd

from dagster_project.reports.claims.wording import is_missing
from dagster_project.statistics.growth.verdicts import FELL, NO_CHANGE, ROSE, SURGED

WITHHELD, NOT_TESTED = "withheld", "not tested"
MOVED = (SURGED, ROSE, FELL)
SHORT_READINGS = {NO_CHANGE: "not distinguishable"}


def with_readings(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of monthly_adjusted_growth with a `reading`: the mart's verdict, withheld, or not tested."""
    verdicts = rows["verdict"].astype(object).where(rows["verdict"].notna(), NOT_TESTED)
    return rows.assign(reading=verdicts.mask(rows["is_withheld"].astype(bool), WITHHELD))


def reading_text(row: pd.Series) -> str:
    """`rose, steady`: reading and trend as a table shows them."""
    reading = SHORT_READINGS.get(row["reading"], row["reading"])
    return reading if is_missing(row["trend"]) else f"{reading}, {row['trend']}"
