"""Whom a number of the worker study is about: which respondents, and in which words a sentence names them."""

from dataclasses import dataclass
from typing import Literal

Gain = Literal["any", "above_zero", "top_quartile", "below_top_quartile"]


@dataclass(frozen=True)
class Population:
    """Respondents of `groups`, AI users only or all; `gain`: by their reported productivity gain, `any` asks for none.

    `top_quartile`: gain at or above the weighted 75th percentile of the AI users among `groups` that report one.
    """

    id: str
    label: str
    groups: tuple[str, ...]
    uses_ai: bool = False
    gain: Gain = "any"


FULL_TIME = ("full_time",)
POPULATIONS = {
    population.id: population
    for population in (
        Population("c_suite", "C-suite leaders", ("c_suite",)),
        Population("full_time", "full-time employees", FULL_TIME),
        Population("freelance", "freelancers", ("freelance",)),
        Population(
            "c_suite_and_full_time", "C-suite leaders and full-time employees together", ("c_suite", *FULL_TIME)
        ),
        Population(
            "ai_users",
            "AI users among C-suite leaders, full-time employees and freelancers together",
            ("c_suite", *FULL_TIME, "freelance"),
            uses_ai=True,
        ),
        Population("full_time_ai_users", "full-time employees who use AI", FULL_TIME, uses_ai=True),
        Population(
            "full_time_ai_gainers",
            "full-time employees who use AI and report a productivity gain",
            FULL_TIME,
            uses_ai=True,
            gain="above_zero",
        ),
        Population(
            "full_time_top_quartile",
            "full-time employees who use AI and whose gain is in the top quartile",
            FULL_TIME,
            uses_ai=True,
            gain="top_quartile",
        ),
        Population(
            "full_time_peers",
            "full-time employees who use AI and whose gain is below the top quartile",
            FULL_TIME,
            uses_ai=True,
            gain="below_top_quartile",
        ),
    )
}
