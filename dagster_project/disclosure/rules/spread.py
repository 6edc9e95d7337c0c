"""Rules of the marts that divide posts over categories, study periods and skills.

A post carries several skills: they are no parts that add up.
"""

from dataclasses import replace

from dagster_project.disclosure.engine.cells import (
    PAIR,
    WITH_CATEGORY,
    Cell,
    Complement,
    Computed,
    Count,
    MartRule,
    Rounded,
    TooFew,
    month,
)

_SPREAD = Cell("posts", "period_id", technology="technology", place="category_id")
_RANKS = MartRule(
    counts={
        "part": Count.column(_SPREAD, "classified_count"),
        "technology": Count.column(replace(_SPREAD, place=WITH_CATEGORY), "technology_post_count"),
    },
    computed=(Computed(("*composition_share*", "*category_rank*", "*is_above_one_percent"), ("part", "technology")),),
    complements=(Complement("part", "technology"),),
    too_few=(TooFew(("*composition_share*", "*category_rank*"), "technology_post_count"),),
)

_CONCENTRATION = MartRule(
    counts={"technology": Count.column(replace(_SPREAD, place=WITH_CATEGORY), "technology_post_count")},
    computed=(
        Computed(
            ("*herfindahl*", "*effective_categories*", "*top_*share*", "*categories_above*", "corrected_post_count"),
            ("technology",),
        ),
    ),
    rounded=(
        Rounded(("*herfindahl*", "*top_*share*"), "technology", 2),
        Rounded(("*effective_categories*",), "technology", 1),
    ),
    too_few=(TooFew(("*herfindahl*", "*effective_categories*", "*top_*share*"), "technology_post_count"),),
    free=("client_group_count",),
)

SERIES_PLACE = "case series_kind when 'category' then series_id when 'group' then ':' || series_id "
SERIES_PLACE += f"when 'pair' then '{PAIR}' || series_id end"
WHOLE_PLACE = "case when series_kind in ('concentration', 'stability') then '*' end"


def _side(period: str, place: str) -> Cell:
    return Cell("posts", period, technology="technology", place=place)


_GROUP_SUMS = """
    select whole as equation, whole, part from (
        select
            'posts|' || period_id || '|all|' || technology || '|' || unnest(case
                when is_technical then [':technical'] else [':non_technical'] end
                || case when category_id in ('data_science_analytics', 'web_mobile_software_dev')
                    then ['::data_science_and_web'] else [] end
                || case when category_id in ('it_networking', 'web_mobile_software_dev')
                    then ['::it_and_web'] else [] end) || '|all' as whole,
            'posts|' || period_id || '|all|' || technology || '|' || category_id || '|all' as part
        from period_category_ranks
    )
"""
_COMPARISONS = MartRule(
    counts={
        "base": Count(_side("base_period_id", SERIES_PLACE), "round(base_share * base_post_count)"),
        "current": Count(_side("current_period_id", SERIES_PLACE), "round(current_share * current_post_count)"),
        "base_posts": Count.column(_side("base_period_id", WITH_CATEGORY), "base_post_count"),
        "current_posts": Count.column(_side("current_period_id", WITH_CATEGORY), "current_post_count"),
        "base_whole": Count(_side("base_period_id", WHOLE_PLACE)),
        "current_whole": Count(_side("current_period_id", WHOLE_PLACE)),
    },
    computed=(
        Computed(("*base_share*",), ("base", "base_posts")),
        Computed(("*current_share*",), ("current", "current_posts")),
        Computed(("base_corrected_post_count",), ("base_posts",)),
        Computed(("current_corrected_post_count",), ("current_posts",)),
        Computed(
            ("*difference_points*", "*ratio", "*ratio_low", "*ratio_high", "*p_value", "*distance_points", "*verdict"),
            ("base", "base_posts", "current", "current_posts"),
        ),
    ),
    rounded=tuple(
        Rounded(columns, group, digits)
        for group in ("base_whole", "current_whole")
        for columns, digits in (
            (("*base_share*", "*current_share*"), 2),
            (("*difference_points*", "*distance_points", "*ratio", "*ratio_low", "*ratio_high"), None),
        )
    ),
    complements=(Complement("base", "base_posts"), Complement("current", "current_posts")),
    sums=_GROUP_SUMS,
)

_YEAR_PLACE = "case series_id when 'all' then '*' else ':' || series_id end"
_YEARLY = MartRule(
    counts={
        "current": Count.column(_side("period_id", _YEAR_PLACE), "post_count"),
        "base": Count.column(_side("base_period_id", _YEAR_PLACE), "base_post_count"),
    },
    computed=(
        Computed(("corrected_post_count",), ("current",)),
        Computed(("corrected_base_post_count",), ("base",)),
        Computed(("*growth_pct*",), ("current", "base")),
    ),
)


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
    "period_category_ranks": _RANKS,
    "period_technology_concentration": _CONCENTRATION,
    "study_period_comparisons": _COMPARISONS,
    "yearly_technology_growth": _YEARLY,
    "monthly_ai_skills": _SKILLS,
    "trailing_ai_skills": _TRAILING_SKILLS,
    "category_ai_themes": _THEMES,
    "period_genai_groups": _GROUPS,
    "period_unmapped_skills": _UNMAPPED,
}
