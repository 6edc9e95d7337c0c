"""Over, nearly, about: between which values each may be said of a round number, and how a sentence picks one."""

import math
import re
from dataclasses import dataclass

from dagster_project.reports.claims.printed_numbers import NUMBER, UNIT

HEDGE_WORDS = {
    **dict.fromkeys(("over", "more than", "above", "at least", "upwards of"), "over"),
    **dict.fromkeys(("nearly", "almost", "close to", "just under", "up to"), "nearly"),
    **dict.fromkeys(("about", "around", "roughly", "approximately", "some"), "about"),
}
FRACTIONS = {
    "a tenth": 10.0, "a fifth": 20.0, "a quarter": 25.0, "a third": 100 / 3, "half": 50.0, "two thirds": 200 / 3,
    "three quarters": 75.0, "four fifths": 80.0, "nine in ten": 90.0,
}  # fmt: skip
FRACTION = "|".join(name.replace(" ", "[ -]") for name in FRACTIONS)
HEDGED = re.compile(
    rf"(?<!\w)(?<!spread )(?P<word>{'|'.join(HEDGE_WORDS)})\s+(?:[+−]?(?P<number>{NUMBER})\s?(?P<unit>{UNIT})?|"
    rf"(?P<fraction>{FRACTION})(?!\w))",
    re.IGNORECASE,
)
BARE_FRACTION = re.compile(rf"(?<!\w)(?<!middle )(?P<fraction>{FRACTION})(?!\w)", re.IGNORECASE)
SHARE, GROWTH = "share", "growth"
LIMITS = {
    (SHARE, "over"): (0.0, 5.0), (SHARE, "nearly"): (-4.0, 0.0), (SHARE, "about"): (-2.5, 2.5),
    (GROWTH, "over"): (1.0, 1.15), (GROWTH, "nearly"): (0.9, 1.0), (GROWTH, "about"): (0.9, 1.1),
}  # fmt: skip
"""(kind, hedge) -> lowest and highest value: in points from a share's round number, in multiples of a growth's."""
RULES = {
    (SHARE, "over"): "over X is X to X + 5 points",
    (SHARE, "nearly"): "nearly X is X - 4 points to X",
    (SHARE, "about"): "about X is within 2.5 points of X",
    (GROWTH, "over"): "over X is X to 1.15 X",
    (GROWTH, "nearly"): "nearly X is 0.9 X to X",
    (GROWTH, "about"): "about X is within 10 % of X",
}
CLOSE = {SHARE: 1.0, GROWTH: 0.02}
"""A value this near to the round number is `about` it: in points, or as a part of it."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Hedged:
    """A hedge in a text: its word of HEDGE_WORDS' three, the round number X, where it stands."""

    hedge: str
    round_number: float
    text: str


def hedged_numbers(text: str) -> list[Hedged]:
    """Every hedge word before a number or a fraction in words, in order."""
    return [_hedged(found) for found in HEDGED.finditer(text)]


def _hedged(found: re.Match[str]) -> Hedged:
    hedge = HEDGE_WORDS[found["word"].lower()]
    return Hedged(hedge, round_number(found["number"], found["fraction"]), found[0])


def round_number(digits: str | None, fraction: str | None) -> float:
    """`1,000` -> 1000, `two thirds` -> 66.7: a fraction in words is a percentage."""
    if digits is not None:
        return float(digits.replace(",", ""))
    return FRACTIONS[str(fraction).lower().replace("-", " ")]


def is_hedge_true(kind: str, hedge: str, round_value: float, value: float) -> bool:
    """Whether `hedge` round_value may be said of the value; shares and growths in percent, growth without its sign.

    A value on the round number itself is neither over it nor nearly it.
    """
    low, high = LIMITS[kind, hedge]
    lowest, highest = (
        (round_value + low, round_value + high) if kind == SHARE else (round_value * low, round_value * high)
    )
    is_within = lowest - ROUNDING <= value <= highest + ROUNDING
    is_on = abs(value - round_value) <= ROUNDING
    return is_within and (hedge == "about" or not is_on)


def hedged_share(fraction: float) -> str:
    """`nearly nine in ten`, `over 55%`: the nearest fraction in words within 2.5 points, else the nearest 5 %.

    Falls back to the plain percentage where no hedge is true.
    """
    percent = 100 * fraction
    words = min(FRACTIONS, key=lambda name: abs(FRACTIONS[name] - percent))
    if abs(FRACTIONS[words] - percent) <= LIMITS[SHARE, "about"][1]:
        hedge = _true_hedge(SHARE, FRACTIONS[words], percent)
        if hedge:
            return f"{hedge} {words}"
    return _hedged_percent(SHARE, percent)


def hedged_growth(percent: float) -> str:
    """`nearly 300%` of a growth in percent, without its sign."""
    return _hedged_percent(GROWTH, abs(percent))


def hedged_points(difference: float) -> str:
    """`over 10 points` of a difference of shares in points, without its sign; the plain one where no hedge is true."""
    return _hedged_percent(SHARE, abs(difference)).replace("%", " points")


def _hedged_percent(kind: str, percent: float) -> str:
    step = 5.0 if kind == SHARE else _growth_step(percent)
    nearest = step * round(percent / step)
    hedge = _true_hedge(kind, nearest, percent) if nearest > 0 else None
    return f"{hedge} {nearest:,.0f}%" if hedge else f"{percent:,.1f}%"


def _growth_step(percent: float) -> float:
    """10 under 100 %, 50 under 1,000 %, 500 under 10,000 %: what a reader takes for a round number."""
    return 10.0 if percent < 100 else 10.0 ** math.floor(math.log10(percent)) / 2


def _true_hedge(kind: str, round_value: float, value: float) -> str | None:
    distance = abs(value - round_value) / (1 if kind == SHARE else round_value)
    preferred = "about" if distance <= CLOSE[kind] else "over" if value > round_value else "nearly"
    return preferred if is_hedge_true(kind, preferred, round_value, value) else None
