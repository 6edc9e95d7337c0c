"""The annex of one wave of the worker study: all comparisons and answers, the sample, and the rows behind its page."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.page.context import RunContext
from dagster_project.reports.page.document import HIDDEN, Page, numbered
from dagster_project.reports.page.report import Report, rendered
from dagster_project.reports.sections.study.changes import changes_section
from dagster_project.reports.sections.study.findings import (
    answers_section,
    gain_section,
    pair_sections,
    single_sections,
)
from dagster_project.reports.sections.study.sample import method_section, sample_section
from dagster_project.reports.sections.study.view import WaveView

TITLE = "Annex of the worker study"


def build_worker_annex(
    marts: dict[str, pd.DataFrame], context: RunContext, wave: str, cited: Sequence[Claim] = ()
) -> Report:
    """Render the annex of a wave (YYYY-MM) from the study's marts; errors as for `build_worker_study`."""
    page = assemble_worker_annex(WaveView(marts, replace(context, month=wave)))
    return rendered(replace(page, cited=list(cited)), marts)


def assemble_worker_annex(view: WaveView) -> Page:
    """Gain, pairs of populations, further findings, changes, all answers, sample, method."""
    sections = [
        gain_section(view),
        *pair_sections(view),
        *single_sections(view),
        changes_section(view),
        answers_section(view),
        sample_section(view),
        method_section(view),
    ]
    page = Page(
        context=view.context,
        month=view.wave_month,
        sections=sections,
        suppressed=frozenset(view.book.suppressed),
        title=TITLE,
        basis=f"Shares are of respondents, {view.weighting}; intervals are 95% intervals. {HIDDEN}",
        simulated_from="simulated answers",
    )
    return numbered(page)
