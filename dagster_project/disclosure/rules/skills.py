"""Rules of the marts that count posts by skill. A post carries several skills: they are no parts that add up."""

from dataclasses import replace

from dagster_project.disclosure.engine.cells import Cell, Complement, Computed, Count, MartRule, TooFew, month

_SKILL = Cell("posts", month("posted_month"), population="population", technology="'ai'", place="':' || skill")
_SKILLS = MartRule(
    counts={
        "part": Count.column(_SKILL, "ai_post_count", "ai_client_count"),
        "ai": Count.column(replace(_SKILL, place="':any skill'"), "ai_total_count"),
        "skill": Count.column(replace(_SKILL, technology="'any'"), "all_post_count"),
        "all": Count.column(replace(_SKILL, technology="'any'", place="':any skill'"), "all_total_count"),
    },
    computed=(
        Computed(("*ai_share*", "skill_rank*"), ("part", "ai")),
        Computed(("lift*",), ("part", "ai", "skill", "all")),
    ),
    complements=(
        Complement("part", "ai", "ai_complement_client_count"),
        Complement("part", "skill", "other_client_count"),
        Complement("skill", "all"),
        Complement("ai", "all"),
    ),
    too_few=(TooFew(("*ai_share*", "skill_rank*", "lift*"), "ai_total_count"),),
    client_counts="int_monthly_skill_counts",
    client_counts_key=("posted_month", "population", "skill"),
)

_TRAILING = replace(_SKILL, period="period_id")
_TRAILING_SKILLS = MartRule(
    counts={
        "part": Count.column(_TRAILING, "ai_post_count", "ai_client_count"),
        "ai": Count.column(replace(_TRAILING, place="':any skill'"), "ai_total_count"),
    },
    computed=(Computed(("*ai_share*", "skill_rank*"), ("part", "ai")),),
    complements=(Complement("part", "ai", "ai_complement_client_count"),),
    too_few=(TooFew(("*ai_share*", "skill_rank*"), "ai_total_count"),),
    client_counts="int_trailing_skill_counts",
    client_counts_key=("period_id", "population", "skill"),
)

_THEME = Cell("posts", "period_id", technology="'ai'", place="':' || category_id || ' ' || skill")
_THEME_TOTAL = replace(_THEME, place="':' || category_id || ' any skill'")
_THEMES = MartRule(
    counts={
        "part": Count.column(_THEME, "ai_post_count", "ai_client_count"),
        "ai": Count.column(_THEME_TOTAL, "ai_total_count"),
        "other": Count.column(replace(_THEME, technology="'not ai'"), "other_post_count", "other_client_count"),
        "others": Count.column(replace(_THEME_TOTAL, technology="'not ai'"), "other_total_count"),
    },
    computed=(
        Computed(("*ai_share*",), ("part", "ai")),
        Computed(("other_share*",), ("other", "others")),
        Computed(("lift*", "p_value", "q_value", "verdict"), ("part", "ai", "other", "others")),
    ),
    complements=(
        Complement("part", "ai", "ai_complement_client_count"),
        Complement("other", "others", "other_complement_client_count"),
    ),
    too_few=(
        TooFew(("*ai_share*",), "ai_total_count"),
        TooFew(("other_share*",), "other_total_count"),
        TooFew(("lift*", "p_value", "q_value", "verdict"), "least(ai_total_count, other_total_count)"),
    ),
    client_counts="int_period_theme_counts",
    client_counts_key=("period_id", "category_id", "skill"),
)

_GENAI = Cell("posts", "period_id", technology="'genai'", place="':data_science_analytics'")
_GROUPS = MartRule(
    counts={
        "part": Count.column(
            replace(_GENAI, place="':data_science_analytics ' || series_id"),
            "mention_post_count",
            "mention_client_count",
        ),
        "genai": Count.column(_GENAI, "genai_post_count", "mention_cluster_count"),
        "unmapped": Count.column(replace(_GENAI, place="':data_science_analytics unmapped'"), "unmapped_post_count"),
    },
    computed=(Computed(("*mention_share*", "*fractional_*"), ("part", "genai")),),
    complements=(
        Complement("part", "genai", "mention_complement_client_count"),
        Complement("unmapped", "genai"),
    ),
    too_few=(TooFew(("*mention_share*", "*fractional_*"), "genai_post_count"),),
    client_counts="int_period_genai_group_counts",
    client_counts_key=("period_id", "series_id"),
)

_UNMAPPED = MartRule(
    counts={
        "part": Count.column(replace(_GENAI, place="':data_science_analytics unmapped ' || skill"), "post_count"),
        "genai": Count.column(_GENAI, "genai_post_count"),
    },
    computed=(Computed(("skill_rank",), ("part",)),),
    complements=(Complement("part", "genai"),),
)

RULES = {
    "monthly_ai_skills": _SKILLS,
    "trailing_ai_skills": _TRAILING_SKILLS,
    "category_ai_themes": _THEMES,
    "period_genai_groups": _GROUPS,
    "period_unmapped_skills": _UNMAPPED,
}
