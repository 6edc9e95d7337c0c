"""The rows of the marts that the page of one wave speaks of."""

from dataclasses import dataclass, field

import pandas as pd

from dagster_project.reports.claims.claim_book import ClaimBook
from dagster_project.reports.page.context import RunContext
from dagster_project.reports.page.selection import plain_frame

STUDY_MARTS = (
    "study_sample",
    "study_eligibility_checks",
    "study_answer_shares",
    "study_numeric_answers",
    "study_group_comparisons",
    "study_wave_changes",
)


def study_waves(marts: dict[str, pd.DataFrame]) -> list[str]:
    """The waves that the marts hold, YYYY-MM in order."""
    months = pd.to_datetime(marts["study_sample"]["wave_month"])
    return sorted(months.dt.strftime("%Y-%m").unique())


@dataclass
class WaveView:
    """The marts of the worker study seen from the wave of `context.month`."""

    marts: dict[str, pd.DataFrame]
    context: RunContext
    book: ClaimBook = field(default_factory=ClaimBook)

    def __post_init__(self) -> None:
        self.marts = {mart: plain_frame(self.marts[mart]) for mart in STUDY_MARTS}

    @property
    def wave_month(self) -> pd.Timestamp:
        return pd.Timestamp(f"{self.context.month}-01")

    def of_wave(self, mart: str) -> pd.DataFrame:
        """Rows of the wave."""
        frame = self.marts[mart]
        return frame[pd.to_datetime(frame["wave_month"]) == self.wave_month]

    def findings(self) -> pd.DataFrame:
        """study_answer_shares of the findings that somebody answered, in the order of the questionnaire's ids."""
        rows = self.of_wave("study_answer_shares")
        return rows[rows["finding"].notna() & (rows["respondent_count"] > 0)]

    @property
    def weighting(self) -> str:
        """Where the weights of the wave come from, as its rows say."""
        return ", ".join(sorted(self.of_wave("study_sample")["weighting"].unique()))
