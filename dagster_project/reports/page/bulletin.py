"""The page of a month that people read: the news first, a chart a point, and how sure we are; the rest is the annex."""

from dataclasses import replace

import pandas as pd

from dagster_project.reports.charts.style import sparkline
from dagster_project.reports.claims.claims import Claim, matching_rows
from dagster_project.reports.claims.wording import month_name, told_growth, told_limits, told_share
from dagster_project.reports.page.document import Figure, KeyNumber, Page, Section, numbered
from dagster_project.reports.page.render import Report, rendered
from dagster_project.reports.page.selection import MonthView, RunContext, last_seen
from dagster_project.reports.sections.bulletin.ai_work import (
    ai_categories_section,
    ai_share_section,
    pay_label,
    pay_section,
    skills_section,
)
from dagster_project.reports.sections.bulletin.certainty import certainty_section
from dagster_project.reports.sections.bulletin.movers import MART as MOVERS_MART
from dagster_project.reports.sections.bulletin.movers import (
    UNMOVED,
    mover_claim,
    movers_section,
    pulse_section,
    searches_section,
)
from dagster_project.reports.sections.monthly.quality import month_notices
from dagster_project.storage.shown_text import display_text
from dagster_project.storage.workspace import ANNEX_FILES

Z_95 = 1.96
LARGEST_SIGNIFICANCE, LARGEST_UNUSUAL = 5.0, 3.0
TOPIC_WEIGHTS = {"movers": 1.0, "searches": 0.05, "ai-work": 0.2}
"""Sections that may head the page, with the weight of their findings as news: searches moved in six months."""
TITLE = "Monthly hiring report"
BASIS = "Shares are of posts that a stored classifier accepts."


def build_bulletin(marts: dict[str, pd.DataFrame], context: RunContext) -> Report:
    """Render the month's page; errors as for `build_annex`, which lists the evidence of its sentences."""
    return rendered(assemble_bulletin(MonthView(marts, context)), marts)


def assemble_bulletin(view: MonthView) -> Page:
    """Sections in the order of the registry, without those that the feed gives nothing for."""
    movers = movers_section(view)
    told = [
        movers, skills_section(view), ai_share_section(view), ai_categories_section(view), pay_section(view),
        searches_section(view), pulse_section(view),
    ]  # fmt: skip
    sections = [section for section in told if section is not None]
    sections.append(certainty_section(view, _adjustment(view)))
    for section in sections:
        section.figures = [_of_the_page(figure) for figure in section.figures]
    has_tested = bool(movers.figures)
    headline = _headline(view, sections if not has_tested else [s for s in sections if s.id != "ai-work"])
    page = Page(
        context=view.context,
        month=view.month,
        headline=headline,
        numbers=[tile for tile in (_tile(view, section) for section in sections) if tile is not None],
        notices=month_notices(view),
        sections=sections,
        suppressed=frozenset(view.book.suppressed),
        basis=f"{BASIS} {last_seen(view)}".strip(),
        title=TITLE,
        plain_title=_plain_title(view, sections),
        evidence_page=ANNEX_FILES[0],
    )
    return numbered(page, prefix="r")


def _of_the_page(figure: Figure) -> Figure:
    """The figure under a name of its own: the annex has charts of the same kind with more series."""
    return replace(figure, id=figure.id.replace("figure-", "figure-report-", 1))


def news_value(view: MonthView, claim: Claim, topic: str) -> float:
    """Significance x size x how unusual the change is in its own history x the topic's weight; 0 for no change."""
    if claim.value is None or claim.low is None or claim.high is None or claim.id in view.book.suppressed:
        return 0.0
    is_change = claim.unit == "percent"
    if is_change and topic != "movers" and claim.low <= 0 <= claim.high:  # a mover has been tested, one-sided
        return 0.0
    half_width = max((claim.high - claim.low) / 2, 1e-9)
    significance = min(Z_95 * abs(claim.value) / half_width, LARGEST_SIGNIFICANCE)
    size = abs(claim.value) / 100 if is_change else abs(claim.value)
    return significance * size * _unusual(view, claim) * TOPIC_WEIGHTS[topic]


def _unusual(view: MonthView, claim: Claim) -> float:
    """The change over the usual size of earlier months' changes of the same series, between 1 and 3; 1 for a level."""
    history = _history(view, claim)
    usual = history.iloc[:-1].abs().median() if claim.unit == "percent" and len(history) > 6 else None
    if not usual or claim.value is None:
        return 1.0
    return float(min(max(abs(claim.value) / usual, 1.0), LARGEST_UNUSUAL))


def _history(view: MonthView, claim: Claim) -> pd.Series:
    """The claim's metric in the months of its series up to the reported one, oldest first; empty for no series."""
    months = [column for column in claim.key if column.endswith("_month")]
    if not months:
        return pd.Series(dtype=float)
    rows = view.marts[claim.mart]
    for column, value in claim.key.items():
        if column != months[0]:
            rows = rows[rows[column].astype(str) == value]
    rows = rows[pd.to_datetime(rows[months[0]]) <= view.month].sort_values(months[0])
    return rows[claim.metric].astype(float)


def _headline(view: MonthView, sections: list[Section]) -> Claim | None:
    """The finding of most news value, told with its month and population; ties by the order of the sections."""
    news = [
        (claim, news_value(view, claim, section.id))
        for section in sections
        if section.id in TOPIC_WEIGHTS
        for claim in _may_head(section)
    ]
    claim, value = max(news, key=lambda one: one[1], default=(None, 0.0))
    if claim is None or value == 0:
        return None
    if claim.mart != MOVERS_MART:
        return view.book.repeat_as(claim, claim.sentence.replace(_told(claim), _told(claim).split(" (")[0]).rstrip("."))
    rows = matching_rows(view.marts[claim.mart], claim.key)
    return None if rows is None else mover_claim(view, rows.iloc[0])


def _may_head(section: Section) -> list[Claim]:
    """Of the movers all with a verdict of the month, of other sections the first finding."""
    if section.id == "movers":
        return [claim for claim in section.claims if claim.metric == "adjusted_growth_pct"]
    return section.claims[:1]


def _plain_title(view: MonthView, sections: list[Section]) -> str:
    """What heads the page where no finding does: that nothing moved, or the page's name."""
    movers = next(section for section in sections if section.id == "movers")
    if not any(claim.metric == UNMOVED and claim.value == claim.n for claim in movers.claims):
        return TITLE
    before = month_name(view.month - pd.DateOffset(months=1)).split()[0]
    return f"No tested series of {view.population.posts} moved from {before} to {month_name(view.month)}"


def _told(claim: Claim, *, signed: bool = False) -> str:
    """As the claim's sentence tells it; signed: as it is told where no verb says which way."""
    limits = claim.value, claim.low, claim.high
    return told_growth(*limits, signed=signed) if claim.unit == "percent" else told_share(*limits)


LABELS = {
    "movers": "{}, on the month before",
    "skills": "of AI posts ask for {}",
    "ai-work": "of {} ask for AI work",
    "searches": "talent searches for {}, in six months",
    "pulse": "of businesses answer {}",
}
"""What a tile's number is of; no superlative, which only a tested sentence may say."""


def _tile(view: MonthView, section: Section) -> KeyNumber | None:
    """The first finding that may head the page as a tile; None without one."""
    may_head = _may_head(section)
    claims = [claim for claim in may_head if claim.id not in view.book.suppressed and claim.value is not None]
    if not claims or section.id not in (*LABELS, "pay"):
        return None
    claim = claims[0]
    told = _told(claim, signed=True)
    return KeyNumber(
        label=_label(view, section, claim),
        value=told.partition(" ")[0],
        detail=told_limits(told) or month_name(view.month),
        claim=claim,
        sparkline=sparkline(_history(view, claim), section.id),
    )


def _label(view: MonthView, section: Section, claim: Claim) -> str:
    subject = claim.population if section.id == "ai-work" else claim.slice.partition(" ")[2]
    if section.id == "pay":
        return pay_label(view, claim)
    if section.id == "movers":
        subject = f"{view.population.posts} in {claim.slice}"
    if section.id == "pulse" and (rows := matching_rows(view.marts[claim.mart], claim.key)) is not None:
        row = rows.iloc[0]
        subject = f"“{display_text(row['answer'])}” to “{display_text(row['question'], 200)}”"
    return LABELS[section.id].format(subject)


def _adjustment(view: MonthView) -> str:
    rows = view.adjusted_growth_rows("total")
    told = rows[~rows["is_withheld"].astype(bool)]["adjustment"].dropna()
    return "" if told.empty else str(told.iloc[0])
