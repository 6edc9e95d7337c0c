"""The page of one wave of the worker study from marts and run context."""

from dataclasses import replace

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import capitalised, decimal_number, interval, point_change, share
from dagster_project.reports.page.context import RunContext
from dagster_project.reports.page.document import HIDDEN, KeyNumber, Page, Section, figure_files, numbered
from dagster_project.reports.page.report import Report, rendered
from dagster_project.reports.sections.study.changes import changes_section
from dagster_project.reports.sections.study.findings import (
    answers_section,
    gain_section,
    pair_sections,
    single_sections,
)
from dagster_project.reports.sections.study.sample import method_section, sample_section
from dagster_project.reports.sections.study.sentences import gain_headline
from dagster_project.reports.sections.study.view import WaveView

TITLE = "Worker study"
FINDINGS_A_SECTION = 3
FORMS = {"fraction": share, "number": decimal_number, "point_change": point_change}


def build_worker_study(marts: dict[str, pd.DataFrame], context: RunContext, wave: str) -> Report:
    """Render the page of a wave (YYYY-MM) from the study's marts; every claim is verified before it returns.

    Raises ClaimMismatchError where a sentence and its row differ.
    """
    return rendered(assemble_worker_study(WaveView(marts, replace(context, month=wave))), marts)


def assemble_worker_study(view: WaveView) -> Page:
    """Gain, pairs of populations, further findings, all answers, sample, method."""
    gain, pairs, singles = gain_section(view), pair_sections(view), single_sections(view)
    rest = [changes_section(view), answers_section(view), sample_section(view), method_section(view)]
    sections = [gain, *pairs, *singles, *rest]
    headline, findings = _opening(view, [gain, *pairs, *singles])
    page = Page(
        context=view.context,
        month=view.wave_month,
        headline=headline,
        findings=findings,
        numbers=_numbers(view, gain, pairs),
        notices=[],
        sections=sections,
        claims=view.book.claims,
        suppressed=frozenset(view.book.suppressed),
        figures=figure_files(sections),
        title=TITLE,
        basis=f"Shares are of respondents, {view.weighting}; intervals are 95% intervals. {HIDDEN}",
        simulated_from="simulated answers",
    )
    return numbered(page)


def _opening(view: WaveView, sections: list[Section]) -> tuple[Claim | None, list[Claim]]:
    """The average gain heads the page, where somebody reports one; the first few of every section open it."""
    means = view.of_wave("study_numeric_answers")
    means = means[means["statistic"] == "winsorised_mean"]
    headline = None if means.empty else gain_headline(view, means.iloc[0])
    claims = [claim for section in sections for claim in section.claims[:FINDINGS_A_SECTION]]
    return headline, [view.book.repeat(claim) for claim in claims]


def _numbers(view: WaveView, gain: Section, pairs: list[Section]) -> list[KeyNumber]:
    claims = [*gain.claims[:1], *(claim for pair in pairs for claim in pair.claims[:1])]
    return [_key_number(claim) for claim in claims]


def _key_number(claim: Claim) -> KeyNumber:
    form = FORMS[claim.unit]
    is_ratio = claim.metric == "risk_ratio"
    value = f"{form(claim.value)} times" if is_ratio else form(claim.value) + ("%" if claim.unit == "number" else "")
    label = f"As likely to {claim.slice}" if is_ratio else capitalised(claim.slice)
    detail = f"95% interval {interval(claim.low, claim.high, form)}, {claim.n:,} {claim.population}"
    return KeyNumber(label=label, value=value, detail=detail, claim=claim)
