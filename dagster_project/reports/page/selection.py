"""The rows of the marts that the report of one month speaks of, in plain pandas types."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

import pandas as pd

from dagster_project.reports.claims.claim_book import ClaimBook
from dagster_project.reports.claims.claims import mart_keys
from dagster_project.reports.claims.wording import ALL_POSTS, US_POSTS, Population, month_name
from dagster_project.reports.page.context import RunContext


def plain_frame(mart: pd.DataFrame) -> pd.DataFrame:
    """The mart with Decimal columns as floats and date columns as timestamps; everything else as it is.

    DuckDB's own pandas reader gives floats and timestamps, an Arrow or Parquet reader Decimals and dates.
    """
    changed: dict[str, pd.Series] = {}
    for column in map(str, mart.select_dtypes(include="object")):
        known = mart[column].dropna()
        if known.empty:
            continue
        if isinstance(known.iloc[0], Decimal):
            changed[column] = mart[column].astype(float)
        elif isinstance(known.iloc[0], date):
            changed[column] = pd.to_datetime(mart[column])
    return mart.assign(**changed) if changed else mart


SMALLEST_DENOMINATOR = 30
MONTH_COLUMNS = ("posted_month", "wave_month", "started_month", "search_month")


class MartError(ValueError):
    """A mart that the report needs is absent or has no such column."""


@dataclass
class MonthView:
    """The marts seen from one month; `population`: US posts where the feed knows countries, else all."""

    marts: dict[str, pd.DataFrame]
    context: RunContext
    book: ClaimBook = field(default_factory=ClaimBook)

    def __post_init__(self) -> None:
        for mart, keys in mart_keys().items():
            if mart not in self.marts:
                raise MartError(f"mart {mart} is missing; pass it empty where its input is not provided")
            missing = [key for key in keys if key not in self.marts[mart].columns]
            if missing:
                raise MartError(f"mart {mart} has no column {', '.join(missing)}")
        self.marts = {mart: plain_frame(frame) for mart, frame in self.marts.items()}

    @property
    def month(self) -> pd.Timestamp:
        return pd.Timestamp(f"{self.context.month}-01")

    @cached_property
    def population(self) -> Population:
        rows = self.of_month("monthly_technology_posts")
        has_us = bool(((rows["population"] == US_POSTS.code) & (rows["post_count"] > 0)).any())
        return US_POSTS if has_us else ALL_POSTS

    def of_month(self, mart: str) -> pd.DataFrame:
        """Rows of the reported month, whatever the mart calls its month."""
        frame = self.marts[mart]
        column = next(name for name in MONTH_COLUMNS if name in frame.columns)
        return frame[pd.to_datetime(frame[column]) == self.month]

    def technology_rows(self) -> pd.DataFrame:
        """monthly_technology_posts of the population, all months, in the order ai, cloud, rpa."""
        frame = self.marts["monthly_technology_posts"]
        return frame[frame["population"] == self.population.code].sort_values(["technology", "posted_month"])

    def share_rows(self, period_id: str | None = None, value_filter: str = "all") -> pd.DataFrame:
        """period_technology_category_shares of a period (default: the month), largest share first."""
        frame = self.marts["period_technology_category_shares"]
        is_row = (frame["period_id"] == (period_id or self.context.month)) & (frame["value_filter"] == value_filter)
        return frame[is_row].sort_values(["technology", "classified_count", "category"], ascending=[True, False, True])

    def value_rows(self) -> pd.DataFrame:
        """period_projected_values of the month."""
        frame = self.marts["period_projected_values"]
        return frame[frame["period_id"] == self.context.month]

    def growth_rows(self, level: str, comparison: str) -> pd.DataFrame:
        """monthly_category_growth of the month and population."""
        frame = self.of_month("monthly_category_growth")
        is_row = (
            (frame["level"] == level)
            & (frame["comparison"] == comparison)
            & (frame["population"] == self.population.code)
        )
        return frame[is_row].sort_values(["post_count", "series"], ascending=[False, True])

    def adjusted_growth_rows(self, level: str) -> pd.DataFrame:
        """monthly_adjusted_growth of the month and population, most posts first."""
        frame = self.of_month("monthly_adjusted_growth")
        is_row = (frame["level"] == level) & (frame["population"] == self.population.code)
        return frame[is_row].sort_values(["post_count", "series"], ascending=[False, True])

    def collection_status(self, month: pd.Timestamp | None = None) -> pd.Series | None:
        """The monthly_collection row of a month (default: the reported one), None where there is none."""
        frame = self.marts["monthly_collection"]
        rows = frame[pd.to_datetime(frame["posted_month"]) == (self.month if month is None else month)]
        return None if rows.empty else rows.iloc[0]


def last_seen(view: MonthView) -> str:
    """How fresh the feed is: its newest post and the day of reading it, else the last month with posts; or nothing."""
    if view.context.data_age:
        return view.context.data_age
    rows = view.marts["monthly_collection"]
    known = rows[rows["post_count"] > 0]
    if known.empty:
        return ""
    return f"Last posts seen: {month_name(pd.to_datetime(known['posted_month']).max())}."
