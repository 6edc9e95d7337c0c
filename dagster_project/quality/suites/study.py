"""The worker study: respondents and answers of every wave, and the marts made from them."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite

STUDY = frozenset({"study_respondents", "study_answers"})
NO_WAVE = "no wave of the worker study was read"
RESPONDENTS = Table("staging.stg_survey__study_respondents", STUDY, may_be_empty=NO_WAVE)
ANSWERS = Table("staging.stg_survey__study_answers", STUDY, may_be_empty=NO_WAVE)
MARGINS = Table("staging.stg_survey__study_margins", frozenset({"study_margins"}), may_be_empty=NO_WAVE)
ELIGIBILITY = Table("marts.study_eligibility_checks", STUDY, may_be_empty=NO_WAVE)
SAMPLE = Table("marts.study_sample", STUDY, may_be_empty=NO_WAVE)
SHARES = Table("marts.study_answer_shares", STUDY, may_be_empty=NO_WAVE)
NUMBERS = Table("marts.study_numeric_answers", STUDY, may_be_empty=NO_WAVE)
COMPARISONS = Table("marts.study_group_comparisons", STUDY, may_be_empty=NO_WAVE)
CHANGES = Table("marts.study_wave_changes", STUDY, may_be_empty=NO_WAVE)


def some_rows(suite: TableSuite, id: str) -> None:
    """At least one row of a survey that the feed provides."""
    suite.row_count(id, "A provided survey without any wave leaves its pages empty.", severity=Severity.WARNING)


def staging() -> list[Declared]:
    """Expectations of the study's staged respondents and answers, over every wave: most months have none."""
    respondents, answers, margins = TableSuite(RESPONDENTS), TableSuite(ANSWERS), TableSuite(MARGINS)
    some_rows(respondents, "staged_study_respondents_arrived")
    some_rows(answers, "staged_study_answers_arrived")
    respondents.no_rows(
        "staged_study_respondents_are_mostly_eligible",
        "More than a quarter excluded is more often a wrong mapping than a wrong sample.",
        "select wave_month, count(*) filter (where not is_eligible) as excluded, count(*) as respondents from {batch}"
        " group by wave_month having excluded > 0.25 * respondents",
        severity=Severity.WARNING,
    )
    answers.no_rows(
        "staged_study_answers_can_be_counted",
        "Answers outside the questionnaire are left out; more than 5 % of them change the shares of the others.",
        "select wave_month, max(issue) as issue, count(issue) as uncounted, count(*) as answers from {batch}"
        " group by wave_month having uncounted > 0.05 * answers",
    )
    answers.no_rows(
        "staged_study_waves_use_one_wording",
        "Answers to two wordings of one question in one wave are two series and cannot be pooled.",
        "select wave_month, question_id, count(distinct wording_version) as wordings from {batch}"
        " group by all having wordings > 1",
        severity=Severity.WARNING,
    )
    some_rows(margins, "staged_study_margins_arrived")
    margins.no_rows(
        "staged_study_margins_sum_to_one",
        "Raking to shares that leave out a level of a variable weighs the others too much.",
        "select wave_month, respondent_group, variable, sum(population_share) as total from {batch}"
        " group by all having abs(total - 1) > 0.01",
    )
    return [*respondents.declared, *answers.declared, *margins.declared]


def marts() -> list[Declared]:
    """Expectations of the study's marts, over every wave they hold."""
    return [*_eligibility(), *_sample(), *_shares(), *_numbers(), *_comparisons(), *_changes()]


def _eligibility() -> list[Declared]:
    rules = TableSuite(ELIGIBILITY)
    some_rows(rules, "study_eligibility_checks_exist")
    rules.no_rows(
        "study_exclusions_are_of_checked_rules",
        "A rule over a field that nobody gave excludes nobody, and no rule excludes more than answered.",
        "select * from {batch} where (excluded_count <= respondent_count"
        " and (status = 'checked' or excluded_count = 0)) is not true",
    )
    return rules.declared


def _sample() -> list[Declared]:
    sample = TableSuite(SAMPLE)
    some_rows(sample, "study_sample_exists")
    sample.no_rows(
        "study_quotas_are_met",
        "A group under its quota widens its intervals and shifts every pooled share.",
        "select wave_month, level, respondent_count, quota from {batch} where quota is not null and not is_quota_met",
        severity=Severity.WARNING,
    )
    sample.no_rows(
        "study_effective_numbers_do_not_exceed_respondents",
        "Weights can only lower the effective number; a higher one means that they were joined wrongly.",
        "select * from {batch} where (0 < effective_respondent_count"
        " and effective_respondent_count <= respondent_count + 0.1) is not true",
    )
    return sample.declared


def _shares() -> list[Declared]:
    shares = TableSuite(SHARES)
    some_rows(shares, "study_shares_exist")
    shares.no_rows(
        "study_shares_lie_in_their_intervals",
        "A share outside its interval or outside 0 to 1 joins counts with foreign estimates.",
        "select * from {batch} where case when respondent_count > 0 then 0 <= answer_share_low"
        " and answer_share_low <= answer_share and answer_share <= answer_share_high and answer_share_high <= 1"
        " and answer_count <= respondent_count else answer_share is null end is not true",
    )
    return shares.declared


def _numbers() -> list[Declared]:
    numbers = TableSuite(NUMBERS)
    some_rows(numbers, "study_numbers_exist")
    numbers.no_rows(
        "study_top_groups_hold_at_least_a_quarter",
        "Who is at or above an upper quartile is a quarter or, where answers heap, more; never less.",
        "select * from {batch} where statistic = 'top_group_share' and (estimate >= 0.249999) is not true",
    )
    return numbers.declared


def _comparisons() -> list[Declared]:
    comparisons = TableSuite(COMPARISONS)
    some_rows(comparisons, "group_comparisons_exist")
    comparisons.no_rows(
        "study_comparisons_follow_from_their_shares",
        "A difference or ratio unlike its two shares compares other populations than it names.",
        "select * from {batch} where (abs(difference_points - 100 * (answer_share - reference_share)) < 0.001"
        " and (risk_ratio is null or abs(risk_ratio - answer_share::double / reference_share) < 0.01)) is not true",
    )
    comparisons.no_rows(
        "study_comparisons_are_adjusted_for_their_number",
        "A p-value that the adjustment lowered, or a verdict against it, prints chance as a finding.",
        "select * from {batch} where (adjusted_p_value >= p_value - 0.000001"
        " and (verdict = 'not distinguishable') = (adjusted_p_value >= 0.05)) is not true",
    )
    return comparisons.declared


def _changes() -> list[Declared]:
    changes = TableSuite(CHANGES)
    some_rows(changes, "study_changes_exist")
    changes.no_rows(
        "study_changes_compare_one_wording",
        "Shares of two wordings are answers to two questions; their difference means nothing.",
        "select * from {batch} where change_points is not null and (status = 'compared'"
        " and wording_version = base_wording_version"
        " and abs(change_points - 100 * (answer_share - base_share)) < 0.001) is not true",
    )
    return changes.declared
