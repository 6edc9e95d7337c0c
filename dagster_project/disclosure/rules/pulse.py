"""Rules of the marts of the pulse; a respondent is its own client."""

from dataclasses import replace

from dagster_project.disclosure.engine.cells import Cell, Complement, Computed, Count, MartRule, Rounded
from dagster_project.disclosure.rules.cell_keys import QUESTION, month


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

RULES = {
    "pulse_answer_shares": _PULSE_SHARES,
    "pulse_answer_ranks": _PULSE_RANKS,
    "pulse_diffusion_indexes": _PULSE_DIFFUSION,
    "pulse_wave_changes": _PULSE_CHANGES,
}
