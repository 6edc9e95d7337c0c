"""The parts that a report is made of; the HTML and the Markdown templates render the same objects."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.page.selection import RunContext
from dagster_project.storage.shown_text import csv_text

HIDDEN = (
    "A dash stands where there is no value, where fewer than ten rows are too few for a rate, and where a confidential "
    "number would show, or give away, a group of fewer than ten rows or of fewer than three clients."
)


@dataclass(frozen=True)
class Table:
    """A table of display texts. The first column holds row headers; `numeric` names right-aligned columns."""

    id: str
    caption: str
    columns: list[str]
    rows: list[list[str]]
    numeric: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart in two widths as SVG, with its alternative text and the rows behind it."""

    id: str
    title: str
    subtitle: str
    alternative: str
    svg_wide: str
    svg_narrow: str
    data: pd.DataFrame


@dataclass(frozen=True)
class Notice:
    """A boxed remark: kind `not-provided`, `withheld` or `quality`."""

    kind: str
    title: str
    text: str


@dataclass
class Section:
    """One part of the report in reading order: notices, claims, figures, notes, tables.

    claim_columns: how many claims stand side by side where the page is wide enough.
    """

    id: str
    title: str
    lead: str = ""
    claim_columns: int = 1
    notices: list[Notice] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def not_provided(self, what: str, text: str) -> "Section":
        """The section with the notice that the feed lacks what it is about, which is all it says."""
        self.notices.append(Notice("not-provided", f"{what} not provided", text))
        return self


@dataclass(frozen=True)
class KeyNumber:
    """One big number of the page's head, with what it is of and how sure it is."""

    label: str
    value: str
    detail: str
    claim: Claim
    sparkline: str = ""


@dataclass(frozen=True)
class Page:
    """Everything that the two templates print."""

    context: RunContext
    month: pd.Timestamp
    sections: list[Section]
    suppressed: frozenset[str]
    title: str
    headline: Claim | None = None
    findings: list[Claim] = field(default_factory=list)
    numbers: list[KeyNumber] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    """All of the page in the order of their numbers, which `numbered` gives."""
    cited: list[Claim] = field(default_factory=list)
    """Claims of another page whose evidence this one lists."""
    standfirst: str = ""
    """What stands below the title: names that it leaves out, and what it does not say."""
    plain_title: str = ""
    """What heads the page where no claim does; empty for title and month."""
    evidence_page: str = ""
    """File of the page that lists the evidence; empty where it is this one."""
    basis: str = (
        "Shares are of posts that a stored classifier accepts, corrected for its errors where they say so; "
        f"intervals are 95% intervals. {HIDDEN}"
    )
    simulated_from: str = "simulated posts"

    @cached_property
    def figures(self) -> dict[str, str]:
        """CSV text by file name, one file a figure."""
        figures = (figure for section in self.sections for figure in section.figures)
        return {f"{figure.id.removeprefix('figure-')}.csv": figure_csv(figure) for figure in figures}


def figure_csv(figure: Figure) -> str:
    """CSV of a figure's rows: months as YYYY-MM-DD, texts that a spreadsheet would run neutralised."""
    data = figure.data.copy()
    for column in data.columns:
        if pd.api.types.is_datetime64_any_dtype(data[column]):
            data[column] = data[column].dt.strftime("%Y-%m-%d")
        elif not pd.api.types.is_numeric_dtype(data[column]):
            data[column] = data[column].map(lambda value: csv_text(value) if isinstance(value, str) else value)
    return data.to_csv(index=False, lineterminator="\n")


def numbered(page: Page, prefix: str = "c") -> Page:
    """The page with claims c1, c2, ... in the order headline, findings, sections; suppressed ones are gone."""
    headline = None if page.headline is None or page.headline.id in page.suppressed else page.headline
    head = [headline] if headline else []
    written = [*head, *page.findings, *(claim for section in page.sections for claim in section.claims)]
    in_order = [claim for claim in written if claim.id not in page.suppressed]
    renamed = {claim.id: replace(claim, id=f"{prefix}{place}") for place, claim in enumerate(in_order, start=1)}

    def rename(claims: list[Claim]) -> list[Claim]:
        return [renamed[claim.id] for claim in claims if claim.id in renamed]

    return replace(
        page,
        headline=renamed[headline.id] if headline else None,
        findings=rename(page.findings),
        numbers=[replace(one, claim=renamed[one.claim.id]) for one in page.numbers if one.claim.id in renamed],
        sections=[replace(section, claims=rename(section.claims)) for section in page.sections],
        claims=list(renamed.values()),
    )
