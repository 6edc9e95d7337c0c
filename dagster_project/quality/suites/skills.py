"""Skills of AI posts: ranks and lifts, gen-AI groups, themes, and tags outside the dictionary."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.quality.suites.shares import corrected_interval, share_interval

POSTS = frozenset({"job_posts", "job_posts.category"})
NO_PERIOD = "the feed may hold no gen-AI post of data science since 2024"
SKILLS = Table(
    "marts.monthly_ai_skills", frozenset({"job_posts", "job_posts.skills"}), may_be_empty="no AI post names a skill"
)
TRAILING = Table(
    "marts.trailing_ai_skills",
    frozenset({"job_posts", "job_posts.skills"}),
    may_be_empty="fewer than three months in a row have posts",
)
GROUPS = Table("marts.period_genai_groups", POSTS, may_be_empty=NO_PERIOD)
UNMAPPED = Table("marts.period_unmapped_skills", POSTS | {"job_posts.skills"}, may_be_empty=NO_PERIOD)
THEMES = Table(
    "marts.category_ai_themes", POSTS | {"job_posts.skills"}, may_be_empty="no category may have enough AI posts"
)


def marts() -> list[Declared]:
    """Numbers that each may be right and cannot be right together."""
    return [*_skills(), *_trailing(), *_groups(), *_unmapped(), *_themes()]


def _skills() -> list[Declared]:
    skills = TableSuite(SKILLS)
    skills.row_count(
        "ai_skills_exist",
        "Posts with skills and no AI skill leave the table empty.",
        severity=Severity.WARNING,
    )
    share_interval(skills, "skill_shares_lie_in_their_intervals", "ai_share", "ai_post_count", "ai_total_count")
    skills.no_rows(
        "skill_counts_of_ai_posts_are_part_of_all_posts",
        "AI posts with a skill are among all posts with it, and the ranks start at 1.",
        "select * from {batch} where (ai_post_count <= all_post_count and ai_total_count <= all_total_count"
        " and skill_rank >= 1 and lift > 0) is not true",
    )
    skills.no_rows(
        "skills_are_mostly_in_the_dictionary",
        "Half of the skill mentions outside the dictionary hides gen-AI groups.",
        "select posted_month, sum(ai_post_count) filter (where skill_kind = 'unmapped') as unmapped,"
        " sum(ai_post_count) as mentions from {batch} where population = 'all'"
        " group by posted_month having unmapped > 0.5 * mentions",
        severity=Severity.WARNING,
    )
    corrected_interval(skills, "corrected_ai_share")
    skills.no_rows(
        "a_skill_ranks_inside_its_rank_interval",
        "A rank outside its interval was joined from another month or population.",
        "select posted_month, population, skill, skill_rank, skill_rank_low, skill_rank_high from {batch}"
        " where ai_post_count >= 10 and skill_rank_low is not null"
        " and (skill_rank between skill_rank_low and skill_rank_high) is not true",
    )
    skills.no_rows(
        "a_lift_lies_in_its_interval",
        "A lift unlike its counts, or outside its interval, was made from other posts.",
        "select posted_month, population, skill, lift, lift_low, lift_high from {batch}"
        " where (lift_low <= lift and lift <= lift_high and abs(lift * ai_total_count * all_post_count"
        " - ai_post_count * all_total_count) <= 0.001 * ai_total_count * all_post_count) is not true",
    )
    return skills.declared


def _trailing() -> list[Declared]:
    skills = TableSuite(TRAILING)
    skills.row_count(
        "trailing_ai_skills_exist",
        "Three months with skills and no AI skill leave the table empty.",
        severity=Severity.WARNING,
    )
    share_interval(skills, "trailing_shares_lie_in_their_intervals", "ai_share", "ai_post_count", "ai_total_count")
    corrected_interval(skills, "corrected_ai_share")
    skills.no_rows(
        "a_trailing_skill_ranks_inside_its_rank_interval",
        "A rank outside its interval was joined from another period or population.",
        "select period_id, population, skill, skill_rank, skill_rank_low, skill_rank_high from {batch}"
        " where ai_post_count >= 10 and skill_rank_low is not null"
        " and (skill_rank between skill_rank_low and skill_rank_high) is not true",
    )
    return skills.declared


def _groups() -> list[Declared]:
    groups = TableSuite(GROUPS)
    groups.row_count(
        "genai_groups_exist", "Gen-AI posts of data science have a row for each group.", severity=Severity.WARNING
    )
    groups.no_rows(
        "a_purpose_is_named_at_least_as_often_as_each_of_its_groups",
        "A post that names a group names its purpose; fewer posts were counted by another dictionary.",
        "select part.period_id, part.series_id, part.mention_post_count from {batch} as part"
        " inner join {batch} as whole on part.period_id = whole.period_id and part.purpose = whole.series_id"
        " where part.series_kind = 'group' and (part.mention_post_count <= whole.mention_post_count) is not true",
    )
    groups.no_rows(
        "genai_posts_divide_without_remainder_over_the_groups",
        "Each post counts 1 in all; another sum lost posts or took some twice.",
        "select period_id, sum(fractional_post_count) as divided, any_value(genai_post_count) as posts from {batch}"
        " where series_kind <> 'purpose' group by period_id having (abs(divided - posts) < 0.01) is not true",
    )
    return groups.declared


def _unmapped() -> list[Declared]:
    unmapped = TableSuite(UNMAPPED)
    unmapped.row_count(
        "unmapped_skills_are_listed", "A feed always has tags that no dictionary knows.", severity=Severity.WARNING
    )
    unmapped.no_rows(
        "no_unmapped_skill_is_common_among_genai_posts",
        "A tag on a fifth of the gen-AI posts belongs into dbt/seeds/skills.csv, with a gen-AI group if it is one.",
        "select period_id, skill, post_count from {batch} where genai_post_count >= 100"
        " and post_count > 0.2 * genai_post_count",
        severity=Severity.WARNING,
    )
    return unmapped.declared


def _themes() -> list[Declared]:
    themes = TableSuite(THEMES)
    themes.row_count(
        "category_themes_exist", "Years of a few AI posts a category have none.", severity=Severity.WARNING
    )
    themes.no_rows(
        "a_theme_is_named_more_often_in_ai_posts",
        "'theme' beside an interval that holds 1, or many such tests with one lucky p-value, would be printed.",
        "select period_id, category_id, skill, lift_low, q_value from {batch}"
        " where verdict = 'theme' and (lift_low > 1 and q_value <= 0.1 and ai_share > other_share) is not true",
    )
    return themes.declared
