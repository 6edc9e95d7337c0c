"""The pulse survey: waves that arrived whole and in one wording; shares, ranks and changes between waves."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.quality.suites.study import some_rows

PULSE = frozenset({"pulse_answers"})
NO_PULSE = "no wave of the pulse survey was read"
RAW_ANSWERS = Table(
    "raw.pulse_answers",
    PULSE,
    month_column="month",
    may_be_empty="a pulse wave may be missing in a month",
)
STAGED_ANSWERS = Table(
    "staging.stg_survey__pulse_answers",
    PULSE,
    month_column="wave_month",
    may_be_empty="a pulse wave may be missing in a month",
)
SHARES = Table("marts.pulse_answer_shares", PULSE, may_be_empty=NO_PULSE)
RANKS = Table("marts.pulse_answer_ranks", PULSE, may_be_empty=NO_PULSE)
CHANGES = Table("marts.pulse_wave_changes", PULSE, may_be_empty=NO_PULSE)
INDEXES = Table("marts.pulse_diffusion_indexes", PULSE, may_be_empty=NO_PULSE)


def raw() -> list[Declared]:
    """Did a wave arrive, with enough respondents and no dominating weight?"""
    answers = TableSuite(RAW_ANSWERS)
    answers.row_count(
        "raw_pulse_answers_arrived",
        "A provided survey without a wave in the run's months leaves the pulse box empty.",
        severity=Severity.WARNING,
    )
    answers.no_rows(
        "raw_pulse_waves_have_enough_respondents",
        "Shares of fewer than 30 respondents say little; such a wave was probably cut short.",
        "select wave_month, count(distinct respondent_id) as respondents from {batch}"
        " group by wave_month having respondents < 30",
        severity=Severity.WARNING,
    )
    answers.no_rows(
        "raw_pulse_weights_are_not_dominated_by_few",
        "A weight above 20 times its wave's mean lets a single business decide a share.",
        "select wave_month, respondent_id, weight from {batch} qualify weight > 20 * avg(weight) over"
        " (partition by wave_month)",
        severity=Severity.WARNING,
        needs=frozenset({"pulse_answers.weight"}),
    )
    return answers.declared


def staging() -> list[Declared]:
    """Does a wave ask each question in one wording?"""
    answers = TableSuite(STAGED_ANSWERS)
    answers.row_count(
        "staged_pulse_answers_arrived",
        "A provided survey without a wave in the run's months leaves the pulse box empty.",
        severity=Severity.WARNING,
    )
    answers.no_rows(
        "staged_pulse_waves_use_one_wording",
        "Answers to two wordings of one question in one wave are two series and cannot be pooled.",
        "select wave_month, question_id, count(distinct wording_version) as wordings from {batch}"
        " group by all having wordings > 1",
        severity=Severity.WARNING,
    )
    return answers.declared


def marts() -> list[Declared]:
    """Shares, ranks and indexes in their intervals, changes within one wording."""
    return [*_shares(), *_ranks_and_changes(), *_indexes()]


def _shares() -> list[Declared]:
    pulse = TableSuite(SHARES)
    pulse.row_count("pulse_shares_exist", "A provided survey gives at least one wave.", severity=Severity.WARNING)
    pulse.no_rows(
        "pulse_shares_lie_in_their_intervals",
        "A share outside its interval joins counts with foreign estimates.",
        "select * from {batch} where (0 <= answer_share_low and answer_share_low <= answer_share"
        " and answer_share <= answer_share_high and answer_share_high <= 1) is not true",
    )
    pulse.no_rows(
        "pulse_shares_are_those_of_their_counts",
        "Without weights the share is the count over all that answered; with weights nobody still weighs nothing.",
        "select * from {batch} where case when weighting = 'unweighted'"
        " then abs(answer_share - answer_count::double / respondent_count) < 0.000002"
        " else (answer_count > 0) >= (answer_share > 0) and answer_count <= respondent_count end is not true",
    )
    return pulse.declared


def _ranks_and_changes() -> list[Declared]:
    ranks, changes = TableSuite(RANKS), TableSuite(CHANGES)
    some_rows(ranks, "pulse_ranks_exist")
    some_rows(changes, "pulse_changes_exist")
    for suite in (ranks, changes):
        _same_shares(suite)
    changes.no_rows(
        "pulse_changes_are_differences_of_the_shares",
        "A change beside shares that do not differ by it is made by another estimator.",
        "select * from {batch} where change_points is not null"
        " and (abs(change_points - 100 * (answer_share - base_share)) < 0.0001) is not true",
    )
    ranks.no_rows(
        "pulse_ranks_lie_in_their_intervals",
        "A rank outside its interval would be printed as sure.",
        "select * from {batch} where (1 <= answer_rank_low and answer_rank_low <= answer_rank"
        " and answer_rank <= answer_rank_high) is not true",
    )
    changes.no_rows(
        "pulse_changes_compare_one_wording",
        "Shares of two wordings are answers to two questions; their difference means nothing.",
        "select * from {batch} where change_points is not null and (status = 'compared'"
        " and wording_version = base_wording_version) is not true",
    )
    return [*ranks.declared, *changes.declared]


def _same_shares(suite: TableSuite) -> None:
    """The share of an answer is one number, whichever table prints it."""
    table = suite.table.name.removeprefix("marts.")
    suite.no_rows(
        f"{table}_have_the_shares_of_pulse_answer_shares",
        "Two shares of one answer in one wave are two estimators, and a reader cannot tell which one is meant.",
        "select here.* from {batch} as here inner join marts.pulse_answer_shares as there"
        " using (wave_month, question_id, wording_version, answer)"
        " where (abs(here.answer_share - there.answer_share) < 0.000002) is false",
    )


def _indexes() -> list[Declared]:
    indexes = TableSuite(INDEXES)
    some_rows(indexes, "pulse_indexes_exist")
    indexes.no_rows(
        "pulse_indexes_lie_between_0_and_100",
        "Below 0 or above 100 the shares of up and same were not those of one question.",
        "select * from {batch} where (0 <= diffusion_index and diffusion_index <= 100"
        " and coalesce(diffusion_index_low, 0) <= diffusion_index"
        " and diffusion_index <= coalesce(diffusion_index_high, 100)) is not true",
    )
    return indexes.declared
