"""The ten skills that the month's AI posts name most, technical and creative told apart; of three months if need be."""

import pandas as pd

from dagster_project.reports.charts.skill_ranks import skill_ranks_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, is_readable, left_out_note
from dagster_project.reports.claims.wording import month_name, told_share
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView

TOP_SKILLS = 10
MONTH, POOLED = "monthly_ai_skills", "trailing_ai_skills"
POOLED_NOTE = "The month's AI posts, or its audited ones, are too few to rank ten skills: three months are pooled."


def skills_section(view: MonthView) -> Section | None:
    """The month's skills where ten of them can be told, else those of the three months up to it if they tell more.

    None where the feed names no skills.
    """
    if not view.context.provides("job_posts", "skills"):
        return None
    section = Section("skills", "Skills in AI work")
    mart, span, ranked = MONTH, month_name(view.month), _ranked(view, view.of_month(MONTH))
    listed = ranked[is_readable(ranked, "ai_share")]
    if len(listed) < TOP_SKILLS:
        pooled = _ranked(view, _trailing_rows(view))
        readable = pooled[is_readable(pooled, "ai_share")]
        if len(readable) > len(listed):
            mart, span, ranked, listed = POOLED, str(readable["period_label"].iloc[0]), pooled, readable
            section.notes.append(POOLED_NOTE)
    section.lead = f"AI posts among {view.population.posts}, {span}."
    section.notes += left_out_note(len(ranked) - len(listed), "skill is", "skills are")
    if listed.empty:
        section.notes.append("No skill is named in enough AI posts of the month to be ranked.")
        return section
    section.claims = [_skill_claim(view, mart, listed.iloc[0], section.lead)]
    creative = [display_text(skill, 60) for skill in listed.loc[listed["skill_kind"] == "creative", "skill"]]
    if creative:
        section.notes.append(f"Creative skills among the most named: {', '.join(creative)}.")
    if len(listed) > 2:
        section.figures.append(skill_ranks_figure(listed, span))
    return section


def _trailing_rows(view: MonthView) -> pd.DataFrame:
    """The rows of the three months that end with the reported one."""
    rows = view.marts[POOLED]
    return rows[pd.to_datetime(rows["period_end"]) == view.month + pd.offsets.MonthEnd(0)]


def _ranked(view: MonthView, rows: pd.DataFrame) -> pd.DataFrame:
    """The first ten ranks of the population among skills of enough posts; a tie at the last place is whole."""
    rows = rows[(rows["population"] == view.population.code) & (rows["skill_rank"] <= TOP_SKILLS)]
    return rows[rows["ai_post_count"] >= SMALLEST_DENOMINATOR].sort_values(["skill_rank", "skill"])


def _skill_claim(view: MonthView, mart: str, row: pd.Series, setting: str) -> Claim:
    shown, skill = best_estimate(row, "ai_share"), display_text(row["skill"], 60)
    place = "the most named skill, is" if row["skill_rank_high"] == 1 else "among the most named skills, is"
    sentence = f"{skill}, {place} asked for in {told_share(shown.value, shown.low, shown.high)} of AI posts."
    return view.book.add(
        mart, row, shown.metric, "ai_total_count", sentence, about=f"skill {skill}",
        period=row.get("period_id", view.context.month), population=f"AI posts among {view.population.posts}",
        unit="fraction", setting=setting,
    )  # fmt: skip
