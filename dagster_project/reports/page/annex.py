"""The technical annexes of a month, of the spread study and of a wave: every table, definition and footnote."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate
from dagster_project.reports.claims.wording import month_name, share, technology_name
from dagster_project.reports.page.document import HIDDEN, Page, Section, numbered
from dagster_project.reports.page.render import Report, rendered
from dagster_project.reports.page.selection import MONTH_PATTERN, SMALLEST_DENOMINATOR, MonthView, RunContext, WaveView
from dagster_project.reports.sections.monthly.demand import pulse_section, searches_section
from dagster_project.reports.sections.monthly.growth import growth_section
from dagster_project.reports.sections.monthly.methodology import methodology_section, quoted_section
from dagster_project.reports.sections.monthly.quality import month_notices, quality_section
from dagster_project.reports.sections.monthly.revisions import revisions_section
from dagster_project.reports.sections.monthly.shares import categories_section, periods_section, technologies_section
from dagster_project.reports.sections.monthly.skills import skills_section
from dagster_project.reports.sections.monthly.values import contracts_section, values_section
from dagster_project.reports.sections.spread.overview import spread_overview_section, technologies_of
from dagster_project.reports.sections.spread.skills import spread_genai_section, spread_themes_section
from dagster_project.reports.sections.spread.technology import (
    spread_contracts_section,
    spread_method_section,
    spread_technology_section,
    spread_years_section,
)
from dagster_project.reports.sections.study.annex import (
    answers_section,
    changes_section,
    gain_section,
    method_section,
    pair_sections,
    sample_section,
    single_sections,
)

HEADLINE_TECHNOLOGY = "ai"


def headline_claims(view: MonthView, sections: list[Section]) -> tuple[Claim | None, list[Claim]]:
    """The headline from the month's AI share (None where posts are too few) and the findings.

    Findings are new claims of the same rows, so that each printed sentence has its own footnote.
    """
    rows = view.technology_rows()
    current = rows[
        (pd.to_datetime(rows["posted_month"]) == view.month)
        & (rows["technology"] == HEADLINE_TECHNOLOGY)
        & (rows["post_count"] >= SMALLEST_DENOMINATOR)
    ]
    headline = None if current.empty else _headline(view, current.iloc[0])
    return headline, _findings(view, sections)


def _headline(view: MonthView, row: pd.Series) -> Claim:
    name = technology_name(row["technology"], row["technology_label"])
    posts = f"{view.population.posts} in {month_name(view.month)}"
    shown = best_estimate(row, "penetration_share")
    suffix = ", corrected for the classifier's errors" if shown.is_corrected else ""
    sentence = f"{share(shown.value)} of {posts} asked for {name} work{suffix}"
    return view.book.add(
        "monthly_technology_posts", row, shown.metric, "post_count", sentence,
        about=f"{name} work", period=view.context.month, population=view.population.posts, unit="fraction",
    )  # fmt: skip


def _findings(view: MonthView, sections: list[Section]) -> list[Claim]:
    """The sentences that open the page: their places in the sections, in reading order."""
    taken: list[Claim] = []
    claims = {section.id: section.claims for section in sections}
    technology = claims.get("technologies", [])
    taken.extend([claim for claim in technology if claim.metric == "growth_pct"][:1])
    taken.extend([claim for claim in technology if _is_share_of_another(claim)])
    taken.extend(claims.get("categories", [])[:2])
    growth = claims.get("growth", [])
    taken.extend([claim for claim in growth if claim.key["level"] == "total"][:1])
    taken.extend([claim for claim in growth if _is_rise_of_a_sub_category(claim)][:2])
    taken.extend(claims.get("values", [])[:1])
    taken.extend([claim for claim in claims.get("contracts", []) if _is_value_of_a_study_period(claim)][-1:])
    for section_id in ("searches", "skills", "pulse"):
        taken.extend(claims.get(section_id, [])[:1])
    return [view.book.repeat(claim) for claim in taken]


def _is_share_of_another(claim: Claim) -> bool:
    is_share = claim.metric.removeprefix("corrected_") == "penetration_share"
    return is_share and claim.key["technology"] != HEADLINE_TECHNOLOGY


def _is_value_of_a_study_period(claim: Claim) -> bool:
    """The latest one is taken: what a contract paid is known some time after its start."""
    is_value = claim.mart == "period_contract_values"
    is_whole = (claim.key.get("technology"), claim.key.get("category_id")) == (HEADLINE_TECHNOLOGY, "all")
    return is_value and is_whole and not MONTH_PATTERN.fullmatch(claim.period)


def _is_rise_of_a_sub_category(claim: Claim) -> bool:
    """Sub-categories are named only with a verdict, so a growth above 0 is a rise that was tested."""
    return claim.metric == "adjusted_growth_pct" and claim.key["level"] == "sub_category" and (claim.value or 0) > 0


def build_annex(marts: dict[str, pd.DataFrame], context: RunContext, cited: Sequence[Claim] = ()) -> Report:
    """Render HTML and Markdown from the marts of docs/tables.md; every claim is verified before it returns.

    Two builds from equal marts and context give equal bytes. Raises MartError for a missing mart or key
    column and ClaimMismatchError where a sentence and its row differ.
    """
    page = assemble(MonthView(marts, context))
    return rendered(replace(page, cited=list(cited)), marts)


def assemble(view: MonthView) -> Page:
    """All sections in reading order, with the headline and the key findings taken from their claims."""
    technologies, numbers = technologies_section(view)
    sections = [
        technologies,
        categories_section(view),
        periods_section(view),
        growth_section(view),
        values_section(view),
        contracts_section(view),
        searches_section(view),
        skills_section(view),
        pulse_section(view),
        quoted_section(view),
        revisions_section(view),
        quality_section(view),
        methodology_section(view),
    ]
    present = [section for section in sections if section is not None]
    headline, findings = headline_claims(view, present)
    page = Page(
        context=view.context,
        month=view.month,
        headline=headline,
        findings=findings,
        numbers=numbers,
        notices=month_notices(view),
        sections=present,
        suppressed=frozenset(view.book.suppressed),
        title="Technical annex of the monthly hiring report",
    )
    return numbered(page)


SPREAD_TITLE = "Annex of the technology-spread study"


def build_spread_annex(marts: dict[str, pd.DataFrame], context: RunContext, cited: Sequence[Claim] = ()) -> Report:
    """Render the annex from the marts of docs/tables.md; errors as for `build_annex`."""
    page = assemble_spread_annex(MonthView(marts, context))
    return rendered(replace(page, cited=list(cited)), marts)


def assemble_spread_annex(view: MonthView) -> Page:
    """Overview, years, a section a technology, skills, contracts, method."""
    technologies = [spread_technology_section(view, *item) for item in technologies_of(view).items()]
    sections = [
        spread_overview_section(view),
        spread_years_section(view),
        *technologies,
        spread_genai_section(view),
        spread_themes_section(view),
        spread_contracts_section(view),
        spread_method_section(),
    ]
    page = Page(
        context=view.context,
        month=view.month,
        sections=sections,
        suppressed=frozenset(view.book.suppressed),
        title=SPREAD_TITLE,
    )
    return numbered(page)


WORKER_TITLE = "Annex of the worker study"


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
        title=WORKER_TITLE,
        basis=f"Shares are of respondents, {view.weighting}; intervals are 95% intervals. {HIDDEN}",
        simulated_from="simulated answers",
    )
    return numbered(page)
