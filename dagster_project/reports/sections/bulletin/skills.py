"""The ten skills that the month's AI posts name most, technical and creative told apart; of three months if need be."""

import pandas as pd

from dagster_project.reports.charts.skill_ranks import skill_ranks_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate
from dagster_project.reports.claims.left_out import further_note, is_readable, left_out_claims
from dagster_project.reports.claims.wording import month_name, told_share
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.monthly.skills import POOLED, TOP_SKILLS, pooled_rows, ranked_skills

MONTH = "monthly_ai_skills"
POOLED_NOTE = "The month's AI posts, or its audited ones, are too few to rank ten skills: three months are pooled."


def skills_section(view: MonthView) -> Section | None:
    """The month's skills where ten of them can be told, else those of the three months up to it if they tell more.

    None where the feed names no skills.
    """
    if not view.context.provides("job_posts", "skills"):
        return None
    section = Section("skills", "Skills in AI work")
    mart, span, ranked = MONTH, month_name(view.month), ranked_skills(view, view.of_month(MONTH))
    listed = ranked[is_readable(ranked, "ai_share")]
    if len(listed) < TOP_SKILLS:
        pooled = ranked_skills(view, pooled_rows(view))
        readable = pooled[is_readable(pooled, "ai_share")]
        if len(readable) > len(listed):
            mart, span, ranked, listed = POOLED, str(readable["period_label"].iloc[0]), pooled, readable
            section.notes.append(POOLED_NOTE)
    section.lead = f"AI posts among {view.population.posts}, {span}."
    if listed.empty:
        section.notes.append("No skill is named in enough AI posts of the month to be ranked.")
        return section
    left_out = ranked.drop(listed.index)
    section.claims = [
        _skill_claim(view, mart, listed.iloc[0], section.lead),
        *left_out_claims(
            view, mart, left_out, "ai_share", "ai_total_count",
            names=left_out["skill"].map(lambda skill: display_text(skill, 60)),
            population=f"AI posts among {view.population.posts}", setting=section.lead,
        ),
    ]  # fmt: skip
    section.notes += further_note(left_out)
    creative = [display_text(skill, 60) for skill in listed.loc[listed["skill_kind"] == "creative", "skill"]]
    if creative:
        section.notes.append(f"Creative skills among the most named: {', '.join(creative)}.")
    if len(listed) > 2:
        section.figures.append(skill_ranks_figure(listed, span))
    return section


def _skill_claim(view: MonthView, mart: str, row: pd.Series, setting: str) -> Claim:
    shown, skill = best_estimate(row, "ai_share"), display_text(row["skill"], 60)
    place = "the most named skill, is" if row["skill_rank_high"] == 1 else "among the most named skills, is"
    sentence = f"{skill}, {place} asked for in {told_share(shown.value, shown.low, shown.high)} of AI posts."
    return view.book.add(
        mart, row, shown.metric, "ai_total_count", sentence, about=f"skill {skill}",
        period=row.get("period_id", view.context.month), population=f"AI posts among {view.population.posts}",
        unit="fraction", setting=setting,
    )  # fmt: skip
