"""The skills that AI posts name, those of the month and those of the three months up to it."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, in_brackets, with_corrected
from dagster_project.reports.claims.wording import NO_VALUE, count, decimal_number, interval, month_name, share
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.storage.shown_text import display_text

TOP_SKILLS = 10
NAMED_SKILLS = 3
COLUMNS = ["Skill", "Rank, 95% interval", "Kind", "AI posts", "Share of AI posts", "95% interval"]
LIFT = "Lift, 95% interval"
POOLED = "trailing_ai_skills"


def skill_claim(view: MonthView, row: pd.Series) -> Claim:
    """`The skill Python was named in 18.2% of the AI posts among US job posts (...; rank 2, 95% interval 1 to 3).`"""
    skill = display_text(row["skill"], 60)
    population = f"AI posts among {view.population.posts}"
    shown = best_estimate(row, "ai_share")
    counted = f"{count(row['ai_post_count'])} of {count(row['ai_total_count'])} posts"
    sentence = (
        f"The skill {skill} was named in {share(shown.value)} of the {population} in "
        f"{month_name(view.month)} ({in_brackets(row, 'ai_share', counted)}; rank {_rank(row)}; lift {_lift(row)})."
    )
    return view.book.add(
        "monthly_ai_skills", row, shown.metric, "ai_total_count", sentence,
        about=f"skill {skill}", period=view.context.month, population=population, unit="fraction",
    )  # fmt: skip


def skills_section(view: MonthView) -> Section:
    """Up to ten skills named in at least 30 AI posts; a tie at the last rank is shown whole."""
    section = Section("skills", "Skills in AI posts")
    if not view.context.provides("job_posts", "skills"):
        return section.not_provided("Skills", "The feed has no skill lists.")
    section.lead = (
        f"Skills by the number of AI posts that name them among {view.population.posts}; at least "
        f"{SMALLEST_DENOMINATOR} posts. Lift: share of the AI posts over share of all posts. The interval of a rank "
        "holds for all skills of the month at once."
    )
    listed, pooled = (ranked_skills(view, rows) for rows in (view.of_month("monthly_ai_skills"), pooled_rows(view)))
    section.claims.extend(skill_claim(view, row) for _, row in listed.head(NAMED_SKILLS).iterrows())
    if listed.empty:
        section.notes.append(f"No skill is named in at least {SMALLEST_DENOMINATOR} AI posts of the month.")
    else:
        section.tables.append(_table(view, listed, "table-skills", month_name(view.month)))
    if len(pooled):
        label = str(pooled["period_label"].iloc[0])
        section.tables.append(_table(view, pooled, "table-skills-pooled", label))
    return section


def pooled_rows(view: MonthView) -> pd.DataFrame:
    """The rows of the three months that end with the reported one."""
    rows = view.marts[POOLED]
    return rows[pd.to_datetime(rows["period_end"]) == view.month + pd.offsets.MonthEnd(0)]


def ranked_skills(view: MonthView, rows: pd.DataFrame) -> pd.DataFrame:
    """The first ten ranks of the population among skills of enough posts; a tie at the last place is whole."""
    rows = rows[(rows["population"] == view.population.code) & (rows["skill_rank"] <= TOP_SKILLS)]
    return rows[rows["ai_post_count"] >= SMALLEST_DENOMINATOR].sort_values(["skill_rank", "skill"])


def _rank(row: pd.Series) -> str:
    """`2 (1 to 3)`; the rank alone where it has no limits."""
    limits = interval(row["skill_rank_low"], row["skill_rank_high"], count)
    return _with_limits(count(row["skill_rank"]), limits)


def _lift(row: pd.Series) -> str:
    return _with_limits(decimal_number(row["lift"]), interval(row["lift_low"], row["lift_high"], decimal_number))


def _with_limits(value: str, limits: str) -> str:
    return value if limits == NO_VALUE else f"{value} ({limits})"


def _table(view: MonthView, listed: pd.DataFrame, id: str, span: str) -> Table:
    """Ranked skills of the month, or of three months, of which no lift is known."""
    ties, has_lift = listed["skill_rank"].duplicated(keep=False), "lift" in listed
    cells = []
    for is_tie, (_, row) in zip(ties, listed.iterrows(), strict=True):
        cells.append([
            display_text(row["skill"], 60),
            f"{_rank(row)}{' (tie)' if is_tie else ''}",
            display_text(row["skill_kind"]),
            count(row["ai_post_count"]),
            share(row["ai_share"]),
            interval(row["ai_share_low"], row["ai_share_high"]),
            *([_lift(row)] if has_lift else []),
        ])  # fmt: skip
    caption = f"Most named skills, AI posts among {view.population.posts}, {span}"
    columns, numeric = [*COLUMNS, *([LIFT] if has_lift else [])], frozenset({"AI posts", "Share of AI posts"})
    return with_corrected(Table(id, caption, columns, cells, numeric), listed, "ai_share")
