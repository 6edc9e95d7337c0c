"""How technologies spread over categories: the expectations of its marts, called by the marts' suite."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite

POSTS = frozenset({"job_posts", "job_posts.category"})
NO_STUDY = "no study period may hold a month of the feed, or only one"
CONCENTRATION = Table("marts.period_technology_concentration", POSTS)
RANKS = Table("marts.period_category_ranks", POSTS)
COMPARISONS = Table("marts.study_period_comparisons", POSTS, may_be_empty=NO_STUDY)


def marts() -> list[Declared]:
    """Numbers that each may be right and cannot be right together."""
    return [*_concentration(), *_ranks(), *_comparisons()]


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
    return ranks.declared


def _comparisons() -> list[Declared]:
    comparisons = TableSuite(COMPARISONS)
    comparisons.row_count(
        "study_comparisons_exist", "Two study periods in the feed are always compared.", severity=Severity.WARNING
    )
    comparisons.no_rows(
        "a_change_is_the_difference_of_its_shares",
        "A difference that is not that of the shares beside it compares other periods than it names.",
        "select technology, base_period_id, current_period_id, series_id, difference_points from {batch}"
        " where withheld_reason is null and series_kind <> 'stability'"
        " and (abs(difference_points - 100 * (current_share - base_share)) < 0.001) is not true",
    )
    comparisons.no_rows(
        "a_change_in_words_excludes_no_change",
        "'rose' or 'fell' beside an interval that holds zero would be printed as a finding.",
        "select technology, series_id, verdict, difference_points_low, difference_points_high from {batch}"
        " where verdict = 'rose' and (difference_points_low > 0) is not true"
        " or verdict = 'fell' and (difference_points_high < 0) is not true",
    )
    return comparisons.declared
