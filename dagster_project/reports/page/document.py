"""The parts that a report is made of; the HTML and the Markdown templates render the same objects."""

from dataclasses import dataclass, field

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.page.context import RunContext

HIDDEN = (
    "A dash stands where there is no value, and where a number is hidden because it would show, or give away, a group "
    "of fewer than ten rows or of fewer than three clients."
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


@dataclass(frozen=True)
class KeyNumber:
    """One big number of the page's head, with what it is of and how sure it is."""

    label: str
    value: str
    detail: str
    claim: Claim


@dataclass(frozen=True)
class Page:
    """Everything that the two templates print."""

    context: RunContext
    month: pd.Timestamp
    headline: Claim | None
    findings: list[Claim]
    numbers: list[KeyNumber]
    notices: list[Notice]
    sections: list[Section]
    claims: list[Claim]
    figures: dict[str, str]
    untold: frozenset[str] = frozenset()
    title: str = "Monthly hiring report"
    basis: str = (
        "Shares are of posts that a stored classifier accepts, corrected for its errors where they say so; "
        f"intervals are 95% intervals. {HIDDEN}"
    )
    simulated_from: str = "simulated posts"
