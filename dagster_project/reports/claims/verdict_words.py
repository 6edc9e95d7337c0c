"""The word of a growth row, as the mart has it: a verdict, a trend, or why there is none."""

import pandas as pd

from dagster_project.reports.claims.wording import is_missing
from dagster_project.statistics.growth.verdicts import FELL, NO_CHANGE, ROSE, SURGED

WITHHELD, NOT_TESTED = "withheld", "not tested"
MOVED = (SURGED, ROSE, FELL)
SHORT_VERDICTS = {NO_CHANGE: "not distinguishable"}


def with_shown_verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of monthly_adjusted_growth with a `shown_verdict`: the mart's verdict, withheld, or not tested."""
    verdicts = rows["verdict"].astype(object).where(rows["verdict"].notna(), NOT_TESTED)
    return rows.assign(shown_verdict=verdicts.mask(rows["is_withheld"].astype(bool), WITHHELD))


def verdict_text(row: pd.Series) -> str:
    """`rose, steady`: shown_verdict and trend as a table shows them."""
    shown_verdict = SHORT_VERDICTS.get(row["shown_verdict"], row["shown_verdict"])
    return shown_verdict if is_missing(row["trend"]) else f"{shown_verdict}, {row['trend']}"
