"""The page of one wave of the worker study that people read: a chart a finding; the rest is its annex."""

from dataclasses import replace

import pandas as pd

from dagster_project.reports.claims.claims import Claim, matching_rows
from dagster_project.reports.claims.wording import told_growth, told_limits, told_share
from dagster_project.reports.page.document import KeyNumber, Page, Section, numbered
from dagster_project.reports.page.render import Report, rendered
from dagster_project.reports.page.selection import RunContext, WaveView
from dagster_project.reports.page.spread_study import RANGES
from dagster_project.reports.sections.study.pairs import (
    COMPARISONS,
    DIFFERENT,
    TOP_NAMES,
    TOP_PAIR,
    compared_rows,
    headline_claim,
    legend,
    pair_section,
    pairs,
)
from dagster_project.reports.sections.study.story import (
    NUMBERS,
    SHARES,
    asked_section,
    changes_section,
    gain_section,
    topic_sections,
)
from dagster_project.storage.workspace import WORKER_ANNEX_FILES

TITLE = "Worker study"
CAUTION = "A difference between groups is no proof that AI causes it."
PAIR_TITLES = {
    TOP_PAIR: "Top AI users and their peers",
    ("freelance_ai_users", "full_time_ai_users"): "Freelancing with AI",
}
ORDER = ("gain", "pair-full-time-top-quartile", "groups", "phrases", "pair-freelance-ai-users", "agents")
TILES = {"pair-full-time-top-quartile": 2, "phrases": 0}
"""Tiles of a section, where it is not one; the answers of all AI users have a name too long for a tile."""
MOST_TILES = 6
AVERAGE = "winsorised_mean"


def build_worker_study(marts: dict[str, pd.DataFrame], context: RunContext, wave: str) -> Report:
    """Render the page of a wave (YYYY-MM) from the study's marts; every claim is verified before it returns.

    Raises ClaimMismatchError where a sentence and its row differ.
    """
    return rendered(assemble_worker_study(WaveView(marts, replace(context, month=wave, commentary=""))), marts)


def assemble_worker_study(view: WaveView) -> Page:
    """The findings in the order of ORDER, then what it names not, then who was asked."""
    standfirst = " ".join(part for part in (legend(view), CAUTION) if part)
    found = {section.id: section for section in _findings(view, standfirst)}
    sections = [found.pop(id) for id in ORDER if id in found]
    sections += [*found.values(), asked_section(view)]
    page = Page(
        context=view.context,
        month=view.wave_month,
        headline=_headline(view, standfirst, sections),
        numbers=_tiles(view, sections),
        sections=sections,
        suppressed=frozenset(view.book.suppressed),
        title=TITLE,
        standfirst=standfirst,
        plain_title=TITLE,
        basis=f"Shares are of respondents, {view.weighting}. {RANGES}",
        simulated_from="simulated answers",
        evidence_page=WORKER_ANNEX_FILES[0],
    )
    return numbered(page, prefix="r")


def _findings(view: WaveView, standfirst: str) -> list[Section]:
    told = [gain_section(view), *topic_sections(view).values()]
    for pair in pairs(view):
        rows = view.of_wave(COMPARISONS)
        name = str(rows.loc[rows["population_id"] == pair[0], "population"].iloc[0])
        title = PAIR_TITLES.get(pair, f"{name[:1].upper()}{name[1:]}")
        told.append(pair_section(view, pair, title, standfirst if pair == TOP_PAIR else ""))
    told.append(changes_section(view))
    return [section for section in told if section is not None]


def _headline(view: WaveView, standfirst: str, sections: list[Section]) -> Claim | None:
    """The finding in which top users differ furthest from their peers; else the first finding of the page."""
    rows = compared_rows(view, TOP_PAIR)
    rows = rows[rows["verdict"].isin(DIFFERENT)]
    if len(rows):
        row = rows.iloc[rows["difference_points"].astype(float).abs().argmax()]
        return headline_claim(view, row, standfirst)
    claims = [
        claim for section in sections[:-1] for claim in section.claims if claim.mart == SHARES and not claim.setting
    ]
    claims = [claim for claim in claims if claim.id not in view.book.suppressed]
    return view.book.repeat_as(claims[0], claims[0].sentence.rstrip(".")) if claims else None


def _tiles(view: WaveView, sections: list[Section]) -> list[KeyNumber]:
    claims = [claim for section in sections[:-1] for claim in section.claims[: TILES.get(section.id, 1)]]
    tiles = [_tile(view, claim) for claim in claims if claim.id not in view.book.suppressed]
    return [tile for tile in tiles if tile is not None][:MOST_TILES]


def _tile(view: WaveView, claim: Claim) -> KeyNumber | None:
    """None for a change since the wave before and for other statistics of the gain than its average."""
    if claim.mart == COMPARISONS:
        return _pair_tile(view, claim)
    if claim.mart not in (NUMBERS, SHARES) or claim.key.get("statistic", AVERAGE) != AVERAGE:
        return None
    form = told_growth if claim.mart == NUMBERS else told_share
    told = form(claim.value, claim.low, claim.high)
    label = f"average gain of {claim.population}" if claim.mart == NUMBERS else f"of {claim.population} {claim.slice}"
    return KeyNumber(label=label, value=told.partition(" ")[0], detail=told_limits(told), claim=claim)


def _pair_tile(view: WaveView, claim: Claim) -> KeyNumber | None:
    rows = matching_rows(view.marts[claim.mart], claim.key)
    if rows is None or len(rows) != 1:
        return None
    row = rows.iloc[0]
    is_top = (row["population_id"], row["reference_population_id"]) == TOP_PAIR
    names = TOP_NAMES if is_top else (row["population"], row["reference_population"])
    return KeyNumber(
        label=f"of {names[0]} {row['finding']}",
        value=told_share(row["answer_share"], None, None),
        detail=f"{told_share(row['reference_share'], None, None)} of {names[1]}",
        claim=claim,
    )
