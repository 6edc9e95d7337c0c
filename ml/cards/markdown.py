"""Numbers and tables as Markdown."""

import math
from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def number(value: float | None) -> str:
    """Three decimals without the leading zero; a dash where a score is not defined."""
    if value is None or math.isnan(value):
        return "–"
    return f"{value:.3f}".removeprefix("0")


def p_value(value: float) -> str:
    return "< .001" if value < 0.001 else number(value)


def with_interval(value: float | None, low: float | None, high: float | None) -> str:
    """The number, and its interval in brackets where there is one."""
    if low is None or high is None or math.isnan(low):
        return number(value)
    return f"{number(value)} ({number(low)}–{number(high)})"
