"""Words that claim something are tests: over, nearly, about; rose, most, twice. One table of word, rule and test."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.printed_numbers import NUMBER, UNIT
from dagster_project.reports.claims.wording import (
    capitalised,
    decimal_number,
    direction,
    growth,
    is_missing,
    number,
    point_change,
    share,
)
from dagster_project.statistics.growth.verdicts import CONTINUED, FELL, ROSE, STEADY, SURGED
from dagster_project.statistics.skills.themes import THEME
from dagster_project.statistics.spread.stability import NOT_STABLE, STABLE, TOO_FEW

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


SMALLEST_HEDGED, LARGEST_HEDGED = 0.10, 0.975
SIGNS = "+\u2212"


def _hedged_number(claim: Claim) -> tuple[str, str] | None:
    """(as the sentence prints it, by a hedge that passes its test); None where the plain number is better.

    A share under a tenth or close to all, and a change that carries no verdict (`by 4.7%` follows one), stay plain.
    """
    if claim.value is None:
        return None
    if claim.unit == "fraction" and SMALLEST_HEDGED <= claim.value <= LARGEST_HEDGED:
        return share(claim.value), hedged_share(claim.value)
    if claim.unit == "percent":
        return f"by {growth(claim.value).lstrip(SIGNS)}", f"by {hedged_growth(claim.value)}"
    if claim.unit == "point_change":
        return f"by {point_change(claim.value).lstrip(SIGNS)}", f"by {hedged_points(claim.value)}"
    return None


def opening_sentence(claim: Claim) -> tuple[str, str | None]:
    """The sentence of a key finding and the hedge that it gained: `Nearly half (48.7%) of ...`, `nearly half`."""
    both = _hedged_number(claim)
    if both is None:
        return claim.sentence, None
    plain, hedged = both
    found = re.search(rf"(?<![\w.,+{SIGNS}]){re.escape(plain)}(?!\w)", claim.sentence)
    exact = plain.removeprefix("by ")
    if found is None or hedged == plain or _digits(hedged) == float(re.sub(r"[^\d.]", "", exact)):
        return claim.sentence, None
    sentence = f"{claim.sentence[: found.start()]}{hedged} ({exact}){claim.sentence[found.end() :]}"
    return capitalised(sentence), hedged.removeprefix("by ")


def _digits(text: str) -> float | None:
    found = re.search(r"[\d,]*\d(?:\.\d+)?", text)
    return float(found[0].replace(",", "")) if found else None


Test = Callable[[Claim, pd.Series, re.Match[str]], bool]
TWICE, SMALLEST_TWICE = (1.6, 2.5), 1.25
WIDEST_POINTS = 40
"""A share whose 95 % interval is wider than these points tells next to nothing: a short page leaves it out."""
ONE_SIDED_LEVEL = 0.05
TESTED_METRICS = ("growth_pct", "difference_points", "change_points")
DIFFERENT = ("higher", "lower")
PLACES = {"": 1, "second ": 2, "third ": 3}


@dataclass(frozen=True)
class Hedge:
    """A family of words: `kind` is what they are said of, `rule` when they are true."""

    kind: str
    pattern: re.Pattern[str]
    rule: str
    is_true: Test


def is_twice(ratio: object, low: object) -> bool:
    """Ratio from 1.6 to 2.5, its lower limit above 1.25."""
    value, limit = number(ratio), number(low)
    return value is not None and limit is not None and TWICE[0] <= value <= TWICE[1] and limit > SMALLEST_TWICE


def likelihood(ratio: object, low: object) -> str:
    """`twice as likely` where a risk ratio allows it, otherwise `1.4 times as likely`."""
    return "twice as likely" if is_twice(ratio, low) else f"{decimal_number(ratio)} times as likely"


def largest(noun: str, plural: str, rank_high: object) -> str:
    """`the largest category` where no other may be larger, else `among the largest categories`."""
    return f"the largest {noun}" if number(rank_high) == 1 else f"among the largest {plural}"


def _told(claim: Claim, row: pd.Series, column: str) -> object:
    """The row's cell; where the claim is of a corrected number, the cell of the corrected column."""
    corrected = f"corrected_{column}"
    is_corrected = claim.metric.startswith("corrected_") and corrected in row
    return row[corrected] if is_corrected else row.get(column)


def _moved(word: str) -> Test:
    """The row's verdict is the word; a raw change or a difference has its 95 % interval on that side of 0."""

    def is_true(claim: Claim, row: pd.Series, found: re.Match[str]) -> bool:
        verdict = _told(claim, row, "verdict")
        if not is_missing(verdict) and verdict != word:
            return False
        if claim.metric.removeprefix("corrected_") in TESTED_METRICS:
            return direction(claim.low, claim.high) == word
        return not is_missing(verdict)

    return is_true


def _says(column: str, word: str) -> Test:
    return lambda claim, row, found: bool(_told(claim, row, column) == word)


def _is_unmoved(claim: Claim, row: pd.Series, found: re.Match[str]) -> bool:
    verdict = _told(claim, row, "verdict")
    if not is_missing(verdict):
        return verdict not in (SURGED, ROSE, FELL, *DIFFERENT)
    return claim.low is not None and direction(claim.low, claim.high) is None


def _is_concentrated(claim: Claim, row: pd.Series, found: re.Match[str]) -> bool:
    is_rise = found["way"].lower() == "more"
    rise = number(_told(claim, row, "rise_p_value"))
    one_sided = "one-sided test" in claim.sentence and (rise or 1) < ONE_SIDED_LEVEL
    return bool(_told(claim, row, "verdict") == (ROSE if is_rise else FELL)) or (is_rise and one_sided)


def _rank_limit(claim: Claim, row: pd.Series, side: str) -> float | None:
    columns = [str(name) for name in row.index if re.fullmatch(rf"(?!corrected_)(\w+_)?rank_{side}", str(name))]
    return number(_told(claim, row, columns[0])) if columns else None


def _holds_its_place(claim: Claim, row: pd.Series, found: re.Match[str]) -> bool:
    place = PLACES[(found["place"] or "").lower()]
    return _rank_limit(claim, row, "low") == place == _rank_limit(claim, row, "high")


def _may_be_first(claim: Claim, row: pd.Series, found: re.Match[str]) -> bool:
    return _rank_limit(claim, row, "low") == 1


def _is_majority(claim: Claim, row: pd.Series, found: re.Match[str]) -> bool:
    return claim.unit == "fraction" and claim.low is not None and claim.low > 0.5


def _is_too_wide(claim: Claim, row: pd.Series, found: re.Match[str]) -> bool:
    is_share = claim.unit == "fraction" and claim.low is not None and claim.high is not None
    return is_share and 100 * (claim.high - claim.low) > WIDEST_POINTS  # type: ignore[operator]


def _is_double_digit(claim: Claim, row: pd.Series, found: re.Match[str]) -> bool:
    return claim.unit == "percent" and claim.value is not None and 10 <= abs(claim.value) < 100


def _is_twice_as_likely(claim: Claim, row: pd.Series, found: re.Match[str]) -> bool:
    return is_twice(row.get("risk_ratio"), row.get("risk_ratio_low"))


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


MOVED = "the row's verdict is {}, or the 95 % interval of its change lies on that side of 0"
HEDGES = (
    Hedge("growth", _words("surged|soared|jumped|spiked"), "the row's verdict is surged", _says("verdict", SURGED)),
    Hedge("growth", _words("rose|increased|climbed|expanded|grew(?! steadily)"), MOVED.format(ROSE), _moved(ROSE)),
    Hedge("growth", _words("fell|declined|decreased|dropped|shrank"), MOVED.format(FELL), _moved(FELL)),
    Hedge("growth", _words("stead(?:y|ily)"), "the row's trend is steady", _says("trend", STEADY)),
    Hedge("growth", _words("continue[sd]?"), "the row's trend is continued", _says("trend", CONTINUED)),
    Hedge("growth", _words("double[- ]digit"), "growth from 10 to under 100 %", _is_double_digit),
    Hedge("change", _words("not distinguishable|did not change|unchanged|flat"),
          "the interval includes no change", _is_unmoved),
    Hedge("change", _words(r"(?P<way>more|less) (?:concentrated|dispersed)"),
          "the verdict of the concentration says so", _is_concentrated),
    Hedge("change", _words(NOT_STABLE), f"the row's verdict is {NOT_STABLE}", _says("verdict", NOT_STABLE)),
    Hedge("change", _words("to be called stable"), f"the row's verdict is {TOO_FEW}", _says("verdict", TOO_FEW)),
    Hedge("change", _words("(?<!to be )(?<!to be called )stable"),
          "the row's verdict is stable", _says("verdict", STABLE)),
    Hedge("share", _words(r"(?:the |a )?majority|(?<!at )(?<!the )most"), "the interval lies above 50 %", _is_majority),
    Hedge("interval", _words("too wide to tell"), f"the interval is wider than {WIDEST_POINTS} points", _is_too_wide),
    Hedge("theme", _words("a theme of"), f"the row's verdict is {THEME}", _says("verdict", THEME)),
    Hedge("ratio", _words(r"twice as (?:likely|often|many|much)"),
          "risk ratio from 1.6 to 2.5, its lower limit above 1.25", _is_twice_as_likely),
    Hedge("rank", _words(r"among the (?:top|largest|biggest|most)"), "the rank interval includes 1", _may_be_first),
    Hedge("rank", _words(r"(?<!among )(?:the )?(?P<place>second |third )?(?<!among the )"
                         r"(?:largest|biggest|top(?! quartile| group| AI users))"),
          "the rank interval excludes the next; otherwise `among the top`", _holds_its_place),
)  # fmt: skip
UNTESTED = _words(
    "doubled|tripled|quadrupled|skyrocketed|exploded|boomed|plunged|collapsed|dramatic(?:ally)?|significant(?:ly)?|"
    "sharp(?:ly)?|massive(?:ly)?|record|unprecedented|overwhelming(?:ly)?|huge(?:ly)?|booming|three times|four times"
)
"""Words that claim something and have no test: no sentence may use them."""
