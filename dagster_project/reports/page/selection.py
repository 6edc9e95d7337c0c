"""What a page speaks of: its run, the rows of the marts of its month or its wave, and the claims made from these."""

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd
from pandas.api.types import is_object_dtype

from dagster_project.reports.claims.claims import Claim, key_text, mart_keys
from dagster_project.reports.claims.hedges import opening_sentence
from dagster_project.reports.claims.wording import ALL_POSTS, US_POSTS, Population, month_name, number
from dagster_project.reports.lint.sentences import hedges_of

MONTH_PATTERN = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class RunContext:
    """Facts of one run, JSON-able; texts may come from third parties and are escaped where they are shown.

    month: the reported month, YYYY-MM. provided: fields that the mapping provides, by table (a table that is
    absent is not provided). source: {rows_read, kept, duplicate, rejected, by_reason {reason: rows},
    before_history} of the job posts, the last older than the history and not among those read.
    by_month: {YYYY-MM: the same counts}. failed_months: {YYYY-MM: reason}. model_cards: by technology
    {model_version, threshold, scores, label_counts, ...}. mapping: {column: expression} by table.
    term_counts: {technology: {include, exclude}}. definitions: [{id, definition, method, library}];
    empty takes those of the statistics registry. compared_release_id: the release that came before, None for the
    first one. not_compared: a sentence for each release or series that cannot be compared.
    commentary: Markdown of named people for this month, printed as theirs. data_age: a sentence with the day of the
    newest post and that of reading it. held_parts: a sentence for each category or file that people hold in a month.
    """

    month: str
    sources: str
    title: str
    is_simulated: bool
    provided: dict[str, list[str]]
    source: dict[str, Any]
    by_month: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed_months: dict[str, str] = field(default_factory=dict)
    model_cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    mapping: dict[str, dict[str, str]] = field(default_factory=dict)
    term_counts: dict[str, dict[str, int]] = field(default_factory=dict)
    definitions: list[dict[str, str]] = field(default_factory=list)
    compared_release_id: str | None = None
    not_compared: list[str] = field(default_factory=list)
    commentary: str = ""
    data_age: str = ""
    held_parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not MONTH_PATTERN.fullmatch(self.month):
            raise ValueError(f"month is {self.month!r}; write it as YYYY-MM, for example 2025-11")

    @property
    def quoted(self) -> list[str]:
        """Texts that a page quotes from the run and no mart holds."""
        release = [self.compared_release_id] if self.compared_release_id else []
        months = [datetime.strptime(month, "%Y-%m").strftime("%B %Y") for month in (self.month, *self.failed_months)]
        told = [*self.failed_months.values(), *self.held_parts, *self.not_compared, self.data_age]
        return [self.title, self.sources, *months, *release, *told]

    def provides(self, table: str, column: str | None = None) -> bool:
        """Whether the feed has the table, or a column of it."""
        return table in self.provided and (column is None or column in self.provided[table])

    def to_dict(self) -> dict[str, Any]:
        """The JSON-able form; `RunContext(**values)` reads it back."""
        return asdict(self)


def plain_frame(mart: pd.DataFrame) -> pd.DataFrame:
    """The mart with Decimal columns as floats and date columns as timestamps; everything else as it is.

    DuckDB's own pandas reader gives floats and timestamps, an Arrow or Parquet reader Decimals and dates.
    """
    changed: dict[str, pd.Series] = {}
    for column in (str(name) for name, kind in mart.dtypes.items() if is_object_dtype(kind)):  # no texts
        known = mart[column].dropna()
        if known.empty:
            continue
        if isinstance(known.iloc[0], Decimal):
            changed[column] = mart[column].astype(float)
        elif isinstance(known.iloc[0], date):
            changed[column] = pd.to_datetime(mart[column])
    return mart.assign(**changed) if changed else mart


class ClaimBook:
    """Collects the claims of one report in reading order and numbers them c1, c2, ...

    suppressed: ids of claims whose row is suppressed; the page leaves them out.
    """

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.suppressed: set[str] = set()

    def add(
        self,
        mart: str,
        row: pd.Series,
        metric: str,
        n_column: str,
        sentence: str,
        *,
        about: str,
        period: str,
        population: str,
        unit: str,
        setting: str = "",
    ) -> Claim:
        """Make the claim of one mart row; raises KeyError where the row lacks a column of its mart."""
        n = number(row[n_column])
        claim = Claim(
            id=f"c{len(self.claims) + 1}",
            metric=metric,
            slice=about,
            period=period,
            value=number(row[metric]),
            low=number(row.get(f"{metric}_low")),
            high=number(row.get(f"{metric}_high")),
            n=None if n is None else int(n),
            n_column=n_column,
            population=population,
            unit=unit,
            mart=mart,
            key={column: key_text(row[column]) for column in mart_keys()[mart]},
            sentence=sentence,
            hedge=hedges_of(sentence, row, metric),
            setting=setting,
        )
        self.claims.append(claim)
        if row.get("is_suppressed") is not None and bool(row["is_suppressed"]):
            self.suppressed.add(claim.id)
        return claim

    def repeat_as(self, claim: Claim, sentence: str) -> Claim:
        """The same finding in other words, as a claim of its own that stands under nothing."""
        copy = replace(claim, id=f"c{len(self.claims) + 1}", sentence=sentence, setting="")
        self.claims.append(copy)
        return copy

    def repeat(self, claim: Claim) -> Claim:
        """The same finding as a claim of its own that opens the page, its number by a tested hedge where one holds."""
        sentence, hedge = opening_sentence(claim)
        hedges = "; ".join(words for words in (hedge, claim.hedge) if words) or None
        copy = replace(claim, id=f"c{len(self.claims) + 1}", sentence=sentence, hedge=hedges)
        self.claims.append(copy)
        if claim.id in self.suppressed:
            self.suppressed.add(copy.id)
        return copy


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

    def share_rows(self) -> pd.DataFrame:
        """period_technology_category_shares of the month, posts of any value, largest share first."""
        frame = self.marts["period_technology_category_shares"]
        is_row = (frame["period_id"] == self.context.month) & (frame["value_filter"] == "all")
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
