"""Marts, over every month they hold: shares in [0, 1], estimates inside their intervals, comparable months.

Keys, relations and sums belong to dbt's tests; here are values allowed one by one and absurd together.
"""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.quality.suites import (
    adjusted_growth,
    classifier_drift,
    hires_and_searches,
    skill_groups,
    surveys,
    technology_spread,
)

POSTS = frozenset({"job_posts"})
SHARES = Table("marts.period_technology_category_shares", POSTS | {"job_posts.category"})
VALUES = Table("marts.contract_values", POSTS)
GROWTH = Table("marts.monthly_category_growth", POSTS)
TECHNOLOGY_POSTS = Table("marts.monthly_technology_posts", POSTS)
SKILLS = Table("marts.monthly_ai_skills", POSTS | {"job_posts.skills"}, may_be_empty="no AI post names a skill")
PULSE = Table("marts.pulse_answer_shares", frozenset({"pulse_answers"}), may_be_empty="no wave of the survey was read")
AUDIT = Table("marts.classifier_audit", POSTS)
SOURCE_ROWS = Table("marts.monthly_source_rows", POSTS)
COLLECTION = Table("marts.monthly_collection", POSTS)

# A technology's share of a month beside the median of up to twelve months before it; three make a history.
SHARE_DRIFT = """
select
    run.posted_month, run.technology, run.penetration_share,
    median(before.penetration_share) as usual_share
from {batch} as run
inner join {batch} as before
    on before.technology = run.technology and before.population = run.population
    and before.posted_month < run.posted_month and before.posted_month >= run.posted_month - interval 12 month
where run.population = 'all' and run.post_count >= 1000 and before.post_count >= 1000
group by run.posted_month, run.technology, run.penetration_share
having count(*) >= 3 and usual_share > 0.001
    and (run.penetration_share between usual_share / 3 and usual_share * 3) is not true
"""


def suite() -> list[Declared]:
    """Expectations of every mart."""
    return [
        *_period_shares(),
        *_contract_values(),
        *_growth(),
        *adjusted_growth.suite(),
        *_technology_posts(),
        *_skills(),
        *_pulse(),
        *_corrections(),
        *_source_rows(),
        *_collection(),
        *surveys.marts(),
        *classifier_drift.suite(),
        *hires_and_searches.marts(),
        *technology_spread.marts(),
        *skill_groups.marts(SKILLS),
    ]


def _share_interval(suite: TableSuite, id: str, metric: str, count: str, total: str) -> None:
    """0 <= low <= share <= high <= 1, and a share exists exactly where its denominator is above 0."""
    suite.no_rows(
        id,
        f"A {metric} outside its interval or unlike its counts joins counts with foreign estimates.",
        f"select * from {{batch}} where case when {total} > 0"
        f" then 0 <= {metric}_low and {metric}_low <= {metric} and {metric} <= {metric}_high"
        f" and {metric}_high <= 1 and abs({metric} - {count}::double / {total}) < 0.000002"
        f" else {metric} is null end is not true",
    )


def _period_shares() -> list[Declared]:
    shares = TableSuite(SHARES)
    shares.row_count("period_shares_exist", "Posts with categories always make category shares.")
    _share_interval(
        shares,
        "composition_shares_lie_in_their_intervals",
        "composition_share",
        "classified_count",
        "technology_post_count",
    )
    _share_interval(
        shares,
        "penetration_shares_lie_in_their_intervals",
        "penetration_share",
        "classified_count",
        "category_post_count",
    )
    return shares.declared


def _contract_values() -> list[Declared]:
    values = TableSuite(VALUES)
    values.row_count("contract_values_exist", "Every period has a row for all posts, valued or not.")
    _share_interval(
        values,
        "known_value_shares_lie_in_their_intervals",
        "known_value_share",
        "known_value_count",
        "post_count",
    )
    _share_interval(
        values,
        "high_value_shares_lie_in_their_intervals",
        "high_value_share",
        "high_value_count",
        "known_value_count",
    )
    values.no_rows(
        "value_quartiles_are_ordered",
        "Quartiles out of order, or missing beside known values, mean that rows of two groups were mixed.",
        "select * from {batch} where known_value_count > 0 and (0 <= lower_quartile_usd"
        " and lower_quartile_usd <= median_value_usd and median_value_usd <= upper_quartile_usd) is not true",
    )
    return values.declared


def _growth() -> list[Declared]:
    growth = TableSuite(GROWTH)
    growth.row_count("growth_rows_exist", "Every month has growth rows, withheld or not.")
    growth.no_rows(
        "printed_growth_lies_in_its_interval",
        "Growth below -100 % or outside its interval cannot be printed.",
        "select * from {batch} where not is_withheld and (-100 <= growth_pct_low"
        " and growth_pct_low <= growth_pct and growth_pct <= growth_pct_high) is not true",
    )
    growth.no_rows(
        "withheld_growth_says_why_and_shows_no_number",
        "A withheld value that is printed after all, or without its reason, misleads.",
        "select * from {batch} where is_withheld is null"
        " or is_withheld and (withheld_reason <> '' and growth_pct is null) is not true",
    )
    growth.no_rows(
        "growth_is_not_explosive",
        "More than fifty times the base is more often a collection fault than a market.",
        "select * from {batch} where not is_withheld and growth_pct > 4900",
        severity=Severity.WARNING,
    )
    return growth.declared


def _technology_posts() -> list[Declared]:
    posts = TableSuite(TECHNOLOGY_POSTS)
    posts.row_count("technology_posts_exist", "Every month has a row for each technology, also at zero.")
    _share_interval(
        posts,
        "technology_shares_lie_in_their_intervals",
        "penetration_share",
        "classified_count",
        "post_count",
    )
    posts.no_rows(
        "classified_posts_are_candidates",
        "Classified posts are candidates and candidates are posts; a larger part counts something twice.",
        "select * from {batch} where (0 <= classified_count and classified_count <= candidate_count"
        " and candidate_count <= post_count) is not true",
    )
    posts.no_rows(
        "technology_share_is_usual",
        "A third or three times the usual share points to terms, text fields or a model that changed.",
        SHARE_DRIFT,
        severity=Severity.WARNING,
    )
    return posts.declared


def _skills() -> list[Declared]:
    skills = TableSuite(SKILLS)
    skills.row_count(
        "ai_skills_exist",
        "Posts with skills and no AI skill leave the table empty.",
        severity=Severity.WARNING,
    )
    _share_interval(skills, "skill_shares_lie_in_their_intervals", "ai_share", "ai_post_count", "ai_total_count")
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
    return skills.declared


def _pulse() -> list[Declared]:
    pulse = TableSuite(PULSE)
    pulse.row_count("pulse_shares_exist", "A provided survey gives at least one wave.", severity=Severity.WARNING)
    _share_interval(
        pulse,
        "pulse_shares_lie_in_their_intervals",
        "answer_share",
        "answer_count",
        "respondent_count",
    )
    return pulse.declared


def _source_rows() -> list[Declared]:
    rows = TableSuite(SOURCE_ROWS)
    rows.row_count("source_rows_are_accounted_for", "The report prints what was read, kept and refused.")
    rows.no_rows(
        "source_row_counts_are_not_negative",
        "A negative count of duplicates means that a month keeps rows it never read.",
        "select * from {batch} where (least(rows_read, rows_kept, rows_duplicate, rows_rejected) >= 0) is not true",
    )
    rows.no_rows(
        "duplicates_are_the_exception",
        "More repeated than new rows in a month: a source that delivers its history again and again.",
        "select * from {batch} where rows_read >= 100 and rows_duplicate > rows_kept",
        severity=Severity.WARNING,
    )
    return rows.declared


def _collection() -> list[Declared]:
    months = TableSuite(COLLECTION)
    months.row_count("collected_months_are_listed", "A month's state decides whether growth is printed.")
    months.in_set(
        "collection_states_are_known",
        "Growth is printed only between complete months; an unknown state would be printed.",
        "status",
        ["complete", "empty", "partial", "unusual_volume"],
    )
    months.no_rows(
        "months_are_collected_completely",
        "Growth from or to an empty, partial or unusual month is withheld; here are the months and why.",
        "select posted_month, post_count, status, status_reason from {batch} where status <> 'complete'",
        severity=Severity.WARNING,
    )
    months.no_rows(
        "months_name_the_models_that_judged_them",
        "A share without its model cannot be compared with another month's.",
        "select * from {batch} where post_count > 0 and (ai_model_version <> ''"
        " and cloud_model_version <> '' and rpa_model_version <> '') is not true",
    )
    months.no_rows(
        "months_are_judged_by_one_model",
        "Two models in one pooled period compare models, not months. Build the stale months again.",
        "select posted_month, ai_model_version, cloud_model_version, rpa_model_version from {batch}"
        " where post_count > 0 qualify (ai_model_version, cloud_model_version, rpa_model_version)"
        " <> last_value((ai_model_version, cloud_model_version, rpa_model_version)) over"
        " (order by posted_month rows between unbounded preceding and unbounded following)",
        severity=Severity.WARNING,
    )
    return months.declared


CORRECTED = {
    SHARES: ("corrected_composition_share", "corrected_penetration_share"),
    VALUES: ("corrected_high_value_share",),
    TECHNOLOGY_POSTS: ("corrected_penetration_share",),
    SKILLS: ("corrected_ai_share",),
    technology_spread.CONCENTRATION: ("corrected_herfindahl", "corrected_top_share"),
    technology_spread.RANKS: ("corrected_composition_share",),
    hires_and_searches.VALUES: ("corrected_high_value_share",),
}


def _corrections() -> list[Declared]:
    """A corrected share lies in its interval and in 0 to 1, and is there exactly where the row says corrected."""
    declared = [one for table, metrics in CORRECTED.items() for one in _corrected(table, metrics)]
    audit = TableSuite(AUDIT)
    audit.row_count("audit_of_every_period_is_listed", "A period without an audit sample has a row that says so.")
    audit.no_rows(
        "audit_without_coverage_gives_no_rates",
        "Rates from a sample that does not cover its period would be read as the classifier's.",
        "select * from {batch} where not is_covered and (not_corrected_reason <> '' and sensitivity is null"
        " and rogan_gladen_share is null) is not true",
    )
    audit.no_rows(
        "audit_labels_take_part",
        "Labels of unknown posts are kept and counted; a fifth of the sample unknown points to wrong ids or months.",
        "select period_id, technology, audited_count, unknown_label_count from {batch}"
        " where unknown_label_count > 0.2 * 3 * audited_count and unknown_label_count > 0",
        severity=Severity.WARNING,
    )
    return [*declared, *audit.declared]


def _corrected(table: Table, metrics: tuple[str, ...]) -> list[Declared]:
    shares = TableSuite(table)
    for metric in metrics:
        shares.no_rows(
            f"{table.name.removeprefix('marts.')}_{metric}_lies_in_its_interval",
            "A corrected share outside its interval, or without the words that say so, misleads.",
            f"select * from {{batch}} where case when {metric} is null then {metric}_low is null"
            f" else 0 <= {metric}_low and {metric}_low <= {metric} and {metric} <= {metric}_high"
            f" and {metric}_high <= 1 and starts_with(correction, 'corrected by') end is not true",
        )
    return shares.declared
