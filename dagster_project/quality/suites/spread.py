"""How technologies spread over categories and study periods: numbers that cannot be right together."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.quality.suites.shares import corrected_interval

POSTS = frozenset({"job_posts", "job_posts.category"})
NO_STUDY = "no study period may hold a month of the feed, or only one"
ONE_YEAR = "the feed may hold posts of one calendar year alone"
CONCENTRATION = Table("marts.period_technology_concentration", POSTS)
RANKS = Table("marts.period_category_ranks", POSTS)
YEARS = Table("marts.yearly_technology_growth", POSTS, may_be_empty=ONE_YEAR)
COMPARISONS = Table("marts.study_period_comparisons", POSTS, may_be_empty=NO_STUDY)


def marts() -> list[Declared]:
    """Numbers that each may be right and cannot be right together."""
    return [*_concentration(), *_ranks(), *_comparisons(), *_years()]


def _concentration() -> list[Declared]:
    periods = TableSuite(CONCENTRATION)
    periods.row_count("technology_concentration_exists", "Every year with posts has a row for each technology.")
    periods.no_rows(
        "concentration_agrees_with_the_top_shares",
        "The sum of squares lies between the square of the largest share and that share, with room for the bias that "
        "is taken off.",
        "select period_id, technology, herfindahl, top_share from {batch} where withheld_reason is null"
        " and (herfindahl <= top_share + 0.01 and herfindahl >= top_share * top_share - 0.05"
        " and top_share <= top_two_share and effective_categories between 1 and 12) is not true",
    )
    corrected_interval(periods, "corrected_herfindahl")
    corrected_interval(periods, "corrected_top_share")
    return periods.declared


def _ranks() -> list[Declared]:
    ranks = TableSuite(RANKS)
    ranks.row_count("category_ranks_exist", "Every year with posts has a row for each technology and category.")
    ranks.no_rows(
        "a_larger_category_never_ranks_behind_a_smaller_one",
        "A rank that does not follow the shares was joined from another period or technology.",
        "select larger.period_id, larger.technology, larger.category_id, larger.category_rank from {batch} as larger"
        " inner join {batch} as smaller using (period_id, technology)"
        " where larger.withheld_reason is null and larger.classified_count > smaller.classified_count"
        " and (larger.category_rank < smaller.category_rank) is not true",
    )
    ranks.no_rows(
        "a_larger_corrected_share_never_ranks_behind_a_smaller_one",
        "A corrected rank that does not follow the corrected shares was joined from another period or technology.",
        "select larger.period_id, larger.technology, larger.category_id, larger.corrected_category_rank"
        " from {batch} as larger inner join {batch} as smaller using (period_id, technology)"
        " where larger.corrected_composition_share > smaller.corrected_composition_share"
        " and (larger.corrected_category_rank < smaller.corrected_category_rank) is not true",
    )
    corrected_interval(ranks, "corrected_composition_share")
    return ranks.declared


def _comparisons() -> list[Declared]:
    comparisons = TableSuite(COMPARISONS)
    comparisons.row_count(
        "study_comparisons_exist", "Two study periods in the feed are always compared.", severity=Severity.WARNING
    )
    for prefix, is_told in (
        ("", "withheld_reason is null"),
        ("corrected_", "starts_with(correction, 'corrected by')"),
    ):
        comparisons.no_rows(
            f"a_{prefix}change_is_the_difference_of_its_shares",
            "A difference that is not that of the shares beside it compares other periods than it names.",
            f"select technology, base_period_id, current_period_id, series_id, {prefix}difference_points from {{batch}}"
            f" where {is_told} and series_kind <> 'stability' and (abs({prefix}difference_points"
            f" - 100 * ({prefix}current_share - {prefix}base_share)) < 0.001) is not true",
        )
        comparisons.no_rows(
            f"a_{prefix}change_in_words_excludes_no_change",
            "'rose' or 'fell' beside an interval that holds zero would be printed as a finding.",
            f"select technology, series_id, {prefix}verdict, {prefix}difference_points_low,"
            f" {prefix}difference_points_high from {{batch}}"
            f" where {prefix}verdict = 'rose' and ({prefix}difference_points_low > 0) is not true"
            f" or {prefix}verdict = 'fell' and ({prefix}difference_points_high < 0) is not true",
        )
    return comparisons.declared


def _years() -> list[Declared]:
    years = TableSuite(YEARS)
    years.row_count(
        "yearly_growth_exists", "Two calendar years in the feed are always compared.", severity=Severity.WARNING
    )
    for prefix in ("", "corrected_"):
        years.no_rows(
            f"{prefix}yearly_growth_is_that_of_its_counts",
            "A growth that its two counts do not give compares other years or other categories than it names.",
            f"select period_id, technology, series_id, {prefix}growth_pct from {{batch}}"
            f" where {prefix}growth_pct is not null and (abs({prefix}growth_pct"
            f" - 100.0 * ({prefix}post_count - {prefix}base_post_count) / {prefix}base_post_count)"
            # corrected counts are rounded: half a post in either
            f" < 100.0 * (2 + {prefix}growth_pct / 100) / {prefix}base_post_count) is not true",
        )
    years.no_rows(
        "technical_and_other_categories_add_up_to_all",
        "A post with a category lies in one of the two groups.",
        "select period_id, technology, sum(case series_id when 'all' then -post_count else post_count end) as missing"
        " from {batch} group by period_id, technology having missing <> 0",
    )
    return years.declared
