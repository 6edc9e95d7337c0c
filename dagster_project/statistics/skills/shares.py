"""Shares of AI posts that name a skill, and of gen-AI posts that name a group of skills."""

from dagster_project.statistics.audit.correction import CorrectedShare
from dagster_project.statistics.core.shares import Share
from dagster_project.statistics.shares import share_statistic
from dagster_project.statistics.skills.lift import SKILL_KEYS

SKILL_CORRECTION = CorrectedShare(
    "ai_share",
    "corrected_count",
    "ai_corrected",
    denominator="corrected_total_count",
    denominator_errors="total_",
)
STATISTICS = [
    share_statistic(
        "skill_shares",
        "AI posts that name a skill over all AI posts of the month.",
        "int_monthly_skill_counts",
        SKILL_KEYS,
        "monthly_ai_skills",
        Share("ai_share", "ai_post_count", "ai_total_count", "ai"),
        corrected=(SKILL_CORRECTION,),
    ),
    share_statistic(
        "trailing_skill_shares",
        "AI posts that name a skill over all AI posts of a month and the two before it.",
        "int_trailing_skill_counts",
        ["period_id", "population", "skill"],
        "trailing_ai_skills",
        Share("ai_share", "ai_post_count", "ai_total_count", "ai"),
        corrected=(SKILL_CORRECTION,),
    ),
    share_statistic(
        "genai_group_shares",
        "Gen-AI posts of Data Science & Analytics (AI posts that carry a gen-AI skill or term), by group of gen-AI "
        "skills. Mention: posts that name any skill of the group. Fractional: each post counts 1, divided evenly over "
        "the groups that it names. Both over all of them.",
        "int_period_genai_group_counts",
        ["period_id", "series_id"],
        "period_genai_groups",
        Share("mention_share", "mention_post_count", "genai_post_count", "mention"),
        Share("fractional_share", "fractional_post_count", "genai_post_count", "fractional"),
        corrected=tuple(
            CorrectedShare(
                f"{measure}_share",
                f"{measure}_corrected_count",
                f"{measure}_corrected",
                errors=f"{measure}_",
                denominator="corrected_total_count",
                denominator_errors="total_",
            )
            for measure in ("mention", "fractional")
        ),
    ),
]
