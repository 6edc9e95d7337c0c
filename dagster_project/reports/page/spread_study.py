"""The page of the technology-spread study that people read: one period against another; the rest is its annex."""

from dataclasses import replace

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import told_limits, told_share
from dagster_project.reports.page.document import KeyNumber, Page, Section, numbered
from dagster_project.reports.page.render import Report, rendered
from dagster_project.reports.page.selection import MonthView, RunContext, last_seen
from dagster_project.reports.sections.bulletin.ai_work import pay_label, pay_section
from dagster_project.reports.sections.spread.doubt import doubt_section
from dagster_project.reports.sections.spread.overview import (
    MOVED,
    NO_CHANGE,
    Span,
    change_claim,
    change_rows,
    share_of,
    study_span,
)
from dagster_project.reports.sections.spread.skills import about_section
from dagster_project.reports.sections.spread.story import (
    elsewhere_figure,
    elsewhere_section,
    home_figure,
    home_section,
    level_claim,
    level_rows,
    level_section,
    others_figure,
    others_section,
)
from dagster_project.reports.sections.spread.technology import NAMED_PAIRS
from dagster_project.storage.workspace import SPREAD_ANNEX_FILES

TITLE = "Technology-spread study"
SHARES_SAY = "Shares say how AI posts divide over the categories, not how many there are."
RANGES = "A range in brackets is a 95% interval; each raised number leads to its row in the annex."
BASIS = "AI, cloud and RPA posts are those of a classifier; where an audit covers them, its errors are corrected."


def build_spread_study(marts: dict[str, pd.DataFrame], context: RunContext) -> Report:
    """Render the study's page; errors as for `build_annex`. Its annex lists the evidence of its sentences."""
    return rendered(assemble_spread_study(MonthView(marts, replace(context, commentary=""))), marts)


def assemble_spread_study(view: MonthView) -> Page:
    """Five steps and what would change the conclusion, without those that the feed gives nothing for."""
    span = study_span(view)
    pair = None if span is None else _pair(view, span)
    standfirst = SHARES_SAY if span is None else _standfirst(span, pair)
    headline = _level_headline(view) if pair is None else _headline(view, pair, standfirst)
    told = [(level_section(view), [])] if span is None else _compared(view, span, standfirst)
    described = [section for section in (pay_section(view), about_section(view)) if section is not None]
    told += [(section, _pay_tiles(view, section)) for section in described]
    sections = [_of_the_page(section) for section, _ in told if section.claims or section.figures or section.tables]
    sections.append(_nothing_to_compare() if span is None else doubt_section(view, span, standfirst))
    page = Page(
        context=view.context,
        month=view.month,
        headline=headline,
        numbers=[tile for _, tiles in told for tile in tiles],
        sections=sections,
        suppressed=frozenset(view.book.suppressed),
        title=TITLE,
        standfirst=standfirst,
        plain_title=TITLE,
        basis=f"{BASIS} {RANGES} {last_seen(view)}".strip(),
        evidence_page=SPREAD_ANNEX_FILES[0],
    )
    return numbered(page, prefix="r")


def _pair(view: MonthView, span: Span) -> pd.Series | None:
    """The displayed row of AI's two home categories together."""
    rows = change_rows(view, "ai", span.base, span.current)
    rows = rows[rows["series_id"] == NAMED_PAIRS["ai"]]
    return None if rows.empty else rows.iloc[0]


def _standfirst(span: Span, pair: pd.Series | None) -> str:
    """What the title leaves out, and what it does not say."""
    periods = f"The study sets {span.current_label} against {span.base_label}."
    home = "" if pair is None else f"AI's home categories are {pair['series']}. "
    return f"{home}{periods} {SHARES_SAY}"


def _headline(view: MonthView, row: pd.Series, setting: str) -> Claim:
    """The two shares of the home categories without their ranges, which the first section tells."""
    base, current = (share_of(row, side).partition(" ")[0] for side in ("base", "current"))
    periods = row["base_period_label"], row["current_period_label"]
    if row["verdict"] in MOVED:
        change = f"{row['verdict']} from {base} to {current} of AI posts between {periods[0]} and {periods[1]}"
    else:
        change = f"held {base} of AI posts in {periods[0]} and {current} in {periods[1]}, {NO_CHANGE}"
    return change_claim(view, row, f"AI's two home categories {change}", setting)


def _compared(view: MonthView, span: Span, setting: str) -> list[tuple[Section, list[KeyNumber]]]:
    """The sections that set one period against another, each with its chart."""
    told = [
        (home_section(view, span, setting), home_figure(view, span)),
        (elsewhere_section(view, span, setting), elsewhere_figure(view, span)),
        (others_section(view, span), others_figure(view, span)),
    ]
    for (section, _), figure in told:
        section.figures.extend([figure] if figure else [])
    return [one for one, _ in told]


def _level_headline(view: MonthView) -> Claim | None:
    """Where no two periods can be compared: what the first category of AI posts holds in the only one."""
    rows = level_rows(view)
    rows = rows[rows["category_rank"] == 1]
    return None if rows.empty else level_claim(view, rows.iloc[0])


def _nothing_to_compare() -> Section:
    section = Section("doubt", "What is missing")
    section.notes.append("The feed holds no two study periods with enough posts: nothing is said of a change.")
    return section


def _pay_tiles(view: MonthView, section: Section) -> list[KeyNumber]:
    """The high-value share of AI contracts; none of another section."""
    claim = section.claims[0] if section.claims else None
    if section.id != "pay" or claim is None or claim.key["technology"] != "ai":
        return []
    told = told_share(claim.value, claim.low, claim.high)
    return [KeyNumber(pay_label(view, claim), told.partition(" ")[0], told_limits(told) or claim.period, claim)]


def _of_the_page(section: Section) -> Section:
    """The section with figures under names of the page: the hiring report has charts of the same kind."""
    figures = [
        figure if "-spread-" in figure.id else replace(figure, id=figure.id.replace("figure-", "figure-spread-", 1))
        for figure in section.figures
    ]
    return replace(section, figures=figures)
