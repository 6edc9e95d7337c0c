"""The ten skills that the month's AI posts name most, technical and creative told apart."""

import pandas as pd

from dagster_project.reports.charts.skill_ranks import skill_ranks_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate
from dagster_project.reports.claims.wording import month_name, told_share
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView

TOP_SKILLS = 10


def skills_section(view: MonthView) -> Section | None:
    """None where the feed names no skills."""
    if not view.context.provides("job_posts", "skills"):
        return None
    section = Section("skills", "Skills in AI work")
    section.lead = f"AI posts among {view.population.posts}, {month_name(view.month)}."
    rows = view.of_month("monthly_ai_skills")
    rows = rows[rows["population"] == view.population.code].sort_values(["skill_rank", "skill"])
    listed = rows[(rows["ai_post_count"] >= SMALLEST_DENOMINATOR) & (rows["skill_rank"] <= TOP_SKILLS)]
    if listed.empty:
        section.notes.append("No skill is named in enough AI posts of the month to be ranked.")
        return section
    section.claims = [_skill_claim(view, listed.iloc[0], section.lead)]
    creative = [display_text(skill, 60) for skill in listed.loc[listed["skill_kind"] == "creative", "skill"]]
    if creative:
        section.notes.append(f"Creative skills among the most named: {', '.join(creative)}.")
    if len(listed) > 2:
        section.figures.append(skill_ranks_figure(view, listed))
    return section


def _skill_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    shown, skill = best_estimate(row, "ai_share"), display_text(row["skill"], 60)
    place = "the most named skill, is" if row["skill_rank_high"] == 1 else "among the most named skills, is"
    sentence = f"{skill}, {place} asked for in {told_share(shown.value, shown.low, shown.high)} of AI posts."
    return view.book.add(
        "monthly_ai_skills", row, shown.metric, "ai_total_count", sentence, about=f"skill {skill}",
        period=view.context.month, population=f"AI posts among {view.population.posts}", unit="fraction",
        setting=setting,
    )  # fmt: skip
