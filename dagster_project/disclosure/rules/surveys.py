"""Rules of the marts of the pulse and of the worker study; a respondent is its own client."""

from dataclasses import replace

from dagster_project.disclosure.engine.cells import (
    QUESTION,
    Cell,
    Complement,
    Computed,
    Count,
    MartRule,
    Rounded,
    month,
)


def _asked(period: str, question: str = QUESTION) -> Cell:
    return Cell("pulse", period, technology=question)


_PULSE = _asked(month("wave_month"))
_ANSWER = replace(_PULSE, place="answer")
_BASE_PULSE = _asked(month("base_wave_month"), "question_id || '/' || base_wording_version")
_PULSE_COUNTS = {
    "answer": Count.column(_ANSWER, "answer_count", "answer_count"),
    "respondents": Count.column(_PULSE, "respondent_count"),
}

_PULSE_SHARES = MartRule(
    counts=_PULSE_COUNTS,
    computed=(
        Computed(("answer_share*",), ("answer", "respondents")),
        Computed(("effective_*",), ("respondents",)),
    ),
    complements=(Complement("answer", "respondents"),),
    free=("answer_order",),
)

_PULSE_RANKS = MartRule(
    counts=_PULSE_COUNTS | {"answer": Count(_ANSWER)},
    computed=(Computed(("answer_share*", "answer_rank*", "effective_*"), ("answer", "respondents")),),
    free=("answer_order",),
)

_PULSE_DIFFUSION = MartRule(
    counts={"respondents": Count.column(_PULSE, "respondent_count")},
    computed=(Computed(("diffusion_index*", "effective_*"), ("respondents",)),),
    rounded=(Rounded(("diffusion_index*",), "respondents", -1),),
)

_PULSE_CHANGES = MartRule(
    counts={
        "answer": Count(_ANSWER),
        "respondents": Count.column(_PULSE, "respondent_count"),
        "base_answer": Count(replace(_BASE_PULSE, place="answer")),
        "base_respondents": Count.column(_BASE_PULSE, "base_respondent_count"),
    },
    computed=(
        Computed(("answer_share*",), ("answer", "respondents")),
        Computed(("base_share*",), ("base_answer", "base_respondents")),
        Computed(("change_points*",), ("answer", "respondents", "base_answer", "base_respondents")),
    ),
)


def _study(population: str, place: str = "''") -> Cell:
    return Cell("study", month("wave_month"), population=population, technology=QUESTION, place=place)


_MEASURE = "case when is_cut then ':' else '' end || measure"

_CUT_SUMS = f"""
    select
        cuts.key as equation,
        cuts.key as whole,
        options.key as part,
    from (select *, {_study("population_id", _MEASURE).key_sql} as key from study_answer_shares where is_cut) as cuts
    inner join (
        select *, {_study("population_id", _MEASURE).key_sql} as key from study_answer_shares where not is_cut
    ) as options
        using (wave_month, question_id, wording_version, population_id)
    where options.measure_order <= cuts.measure_order
"""

_STUDY_SHARES = MartRule(
    counts={
        "answer": Count.column(_study("population_id", _MEASURE), "answer_count"),
        "respondents": Count.column(_study("population_id"), "respondent_count"),
    },
    computed=(Computed(("answer_share*", "effective_respondent_count"), ("answer", "respondents")),),
    complements=(Complement("answer", "respondents"),),
    sums=_CUT_SUMS,
    free=("measure_order",),
)

_STUDY_NUMBERS = MartRule(
    counts={"respondents": Count.column(_study("population_id"), "respondent_count")},
    computed=(Computed(("estimate*", "effective_*"), ("respondents",)),),
)


def _measure_in(mart: str) -> str:
    """SQL of the place of a measure in a mart that does not say whether it is a cut."""
    cut = f"""(
        select any_value(is_cut) from study_answer_shares as shares
        where shares.question_id = {mart}.question_id and shares.measure = {mart}.measure
    )"""
    return f"case when {cut} then ':' else '' end || measure"


def _compared(population: str) -> Count:
    return Count(_study(population, _measure_in("study_group_comparisons")))


_WAVE = _study("population_id", _measure_in("study_wave_changes"))

_BASE_WAVE = replace(_WAVE, period=month("base_wave_month"), technology="question_id || '/' || base_wording_version")

_STUDY_CHANGES = MartRule(
    counts={
        "answer": Count(_WAVE),
        "respondents": Count.column(replace(_WAVE, place="''"), "respondent_count"),
        "base_answer": Count(_BASE_WAVE),
        "base_respondents": Count.column(replace(_BASE_WAVE, place="''"), "base_respondent_count"),
    },
    computed=(
        Computed(("answer_share*",), ("answer", "respondents")),
        Computed(("base_share*",), ("base_answer", "base_respondents")),
        Computed(("change_points*",), ("answer", "respondents", "base_answer", "base_respondents")),
    ),
)

_STUDY_COMPARISONS = MartRule(
    counts={
        "answer": _compared("population_id"),
        "respondents": Count.column(_study("population_id"), "respondent_count"),
        "reference": _compared("reference_population_id"),
        "reference_respondents": Count.column(_study("reference_population_id"), "reference_respondent_count"),
    },
    computed=(
        Computed(("answer_share*", "effective_respondent_count"), ("answer", "respondents")),
        Computed(("reference_share*", "effective_reference*"), ("reference", "reference_respondents")),
        Computed(("difference_points*", "risk_ratio*", "*p_value", "verdict"), ("answer", "reference")),
    ),
)

_SAMPLE = Cell(
    "sample",
    month("wave_month"),
    technology="dimension || '/' || second_dimension",
    place="':' || level || '/' || second_level",
)

_SAMPLE_KEY = f"(select *, {_SAMPLE.key_sql} as key from study_sample)"

_SAMPLE_SUMS = f"""
    select
        whole.key || '=' || part.dimension || '/' || part.second_dimension as equation,
        whole.key as whole,
        part.key as part,
    from {_SAMPLE_KEY} as whole
    inner join {_SAMPLE_KEY} as part using (wave_month)
    where
        whole.second_dimension = 'all'
        and (
            (whole.dimension = 'all' and part.dimension != 'all' and part.second_dimension = 'all')
            or (
                whole.dimension != 'all' and part.second_dimension != 'all'
                and (
                    (part.dimension = whole.dimension and part.level = whole.level)
                    or (part.second_dimension = whole.dimension and part.second_level = whole.level)
                )
            )
        )
"""

_STUDY_SAMPLE = MartRule(
    counts={"respondents": Count.column(_SAMPLE, "respondent_count")},
    computed=(
        Computed(
            ("effective_respondent_count", "design_effect", "sample_share", "weighted_share", "is_quota_met"),
            ("respondents",),
        ),
    ),
    sums=_SAMPLE_SUMS,
    free=("quota",),
)

_READ = Cell("eligibility", month("wave_month"))

_ELIGIBILITY = MartRule(
    counts={
        "excluded": Count.column(
            replace(_READ, kind="'excluded'", place="case rule_id when 'all' then '' else rule_id end"),
            "excluded_count",
        ),
        "all_excluded": Count(replace(_READ, kind="'excluded'")),
        "read": Count.column(_READ, "respondent_count"),
    },
    complements=(Complement("all_excluded", "read"),),
)

RULES = {
    "pulse_answer_shares": _PULSE_SHARES,
    "pulse_answer_ranks": _PULSE_RANKS,
    "pulse_diffusion_indexes": _PULSE_DIFFUSION,
    "pulse_wave_changes": _PULSE_CHANGES,
    "study_answer_shares": _STUDY_SHARES,
    "study_numeric_answers": _STUDY_NUMBERS,
    "study_group_comparisons": _STUDY_COMPARISONS,
    "study_sample": _STUDY_SAMPLE,
    "study_wave_changes": _STUDY_CHANGES,
    "study_eligibility_checks": _ELIGIBILITY,
}
