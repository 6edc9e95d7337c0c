"""The benchmark's figures as Markdown tables."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from tests.bench.chain import ChainRun
from tests.bench.measure import Usage

GIB = 1024**3
TOLD_SECONDS = 0.5
"""Of a shorter stage no rows a second are told: it reads hardly any."""


@dataclass(frozen=True)
class Notebook:
    """A measured notebook: on `months` of the feed's `all_months` months."""

    usage: Usage
    months: int
    all_months: int

    @property
    def factor(self) -> float:
        """What a figure of the sample is multiplied with to speak for all months."""
        return self.all_months / self.months


@dataclass(frozen=True)
class SizeResult:
    """All runs of one size, pair by pair."""

    posts: int
    chains: list[ChainRun]
    floors: list[Usage]
    polars: list[Usage]
    notebooks: list[Notebook]
    agreed_rows: int
    new_month: ChainRun
    early_month: ChainRun


def machine() -> str:
    """What the figures were taken on."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    memory = psutil.virtual_memory().total / GIB
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory; load average at the end {load}"


def spread(values: Iterable[float], form: str = "{:,.1f}") -> str:
    """`minimum - median - maximum`, or the value alone when there is one."""
    ordered = sorted(values)
    if len(ordered) == 1:
        return form.format(ordered[0])
    return " - ".join(form.format(value) for value in (ordered[0], median(ordered), ordered[-1]))


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, the first column left, the others right; ValueError for a row unlike the head in length."""
    rows = list(rows)
    if wrong := [row for row in rows if len(row) != len(header)]:
        raise ValueError(f"{header} has {len(header)} columns, not so the row {wrong[0]}")
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def fixed_table(runs: dict[str, list[ChainRun]]) -> str:
    """The chain on 1,000 posts: a line a spread over months."""
    rows = [[name, *_figures([chain.usage for chain in chains])] for name, chains in runs.items()]
    return markdown_table(["fixed cost", "seconds", "rows a second", "processor seconds", "peak GiB"], rows)


def stage_table(result: SizeResult) -> str:
    """Seconds, rows a second and peak memory by stage of the chain, then its whole."""
    names = [stage.name for stage in result.chains[0].stages]
    rows_read = result.chains[0].rows_read
    rows = []
    for number, name in enumerate(names):
        stages = [chain.stages[number] for chain in result.chains]
        seconds = median(stage.seconds for stage in stages)
        peak = max(stage.peak_bytes for stage in stages) / GIB
        rate = f"{rows_read / seconds:,.0f}" if seconds >= TOLD_SECONDS else ""
        rows.append([name, spread(s.seconds for s in stages), rate, f"{peak:.2f}"])
    whole = [chain.usage for chain in result.chains]
    outside = [chain.usage.seconds - sum(stage.seconds for stage in chain.stages) for chain in result.chains]
    rows.append(["start, between stages, end", spread(outside), "", ""])
    rate = rows_read / median(usage.seconds for usage in whole)
    rows.append(["**whole chain**", spread(u.seconds for u in whole), f"{rate:,.0f}", _peak(whole)])
    return markdown_table([f"chain, {rows_read:,} rows read", "seconds", "rows a second", "peak GiB"], rows)


def comparison_table(result: SizeResult, fixed: ChainRun) -> str:
    """Chain, floor, polars and notebook beside each other, and the ratios of each pair."""
    chains, floors, polars = [chain.usage for chain in result.chains], result.floors, result.polars
    new, early = [result.new_month.usage], [result.early_month.usage]
    rows_read = result.chains[0].rows_read
    rows = [
        ["chain", *_figures(chains, rows_read)],
        ["floor", *_figures(floors, rows_read)],
        ["the floor's work in polars", *_figures(polars, rows_read)],
        ["notebook, whole feed", *_notebook_figures(result.notebooks, rows_read)],
        ["chain / floor", *_ratios(chains, floors)],
        ["(chain - fixed cost) / floor", *_ratios(chains, floors, fixed.usage)],
        ["polars / floor", *_ratios(polars, floors)],
        ["chain / polars", *_ratios(chains, polars)],
        ["notebook / chain", *_notebook_ratios(result.notebooks, chains)],
        ["one month after all others", *_figures(new)],
        ["same month on a young workspace", *_figures(early)],
        ["one month more / young workspace", *_ratios(new, early)],
    ]
    header = [f"{result.posts:,} posts", "seconds", "rows a second", "processor seconds", "peak GiB"]
    return markdown_table(header, rows)


def _peak(usages: Iterable[Usage]) -> str:
    return f"{max(usage.peak_bytes for usage in usages) / GIB:.2f}"


def _figures(usages: list[Usage], rows_read: int | None = None) -> list[str]:
    """Seconds, rows a second where the rows are given, processor seconds and peak."""
    rates = spread((rows_read / u.seconds for u in usages), "{:,.0f}") if rows_read else ""
    return [spread(u.seconds for u in usages), rates, spread(u.cpu_seconds for u in usages), _peak(usages)]


def _ratios(left: list[Usage], right: list[Usage], fixed: Usage | None = None) -> list[str]:
    """Ratios of the pairs in wall and processor seconds, less the fixed cost where one is given, and in peak memory."""

    def of(measure: Callable[[Usage], float]) -> str:
        less = measure(fixed) if fixed else 0.0
        return spread(((measure(a) - less) / measure(b) for a, b in zip(left, right, strict=True)), "{:.2f}")

    peak = "" if fixed else of(lambda usage: float(usage.peak_bytes))
    return [of(lambda usage: usage.seconds), "", of(lambda usage: usage.cpu_seconds), peak]


def _notebook_figures(notebooks: list[Notebook], rows_read: int) -> list[str]:
    if not notebooks:
        return ["not measured", "", "", ""]
    rates = spread((rows_read / (book.usage.seconds * book.factor) for book in notebooks), "{:,.0f}")
    seconds = spread(book.usage.seconds * book.factor for book in notebooks)
    processor = spread(book.usage.cpu_seconds * book.factor for book in notebooks)
    peak = _peak(book.usage for book in notebooks)
    if notebooks[0].factor == 1:
        return [seconds, rates, processor, peak]
    sample = f"{notebooks[0].months} of {notebooks[0].all_months} months"
    whole = (f"{seconds} (extrapolated from {sample})", *(f"{figure} (extrapolated)" for figure in (rates, processor)))
    return [*whole, f"{peak} ({sample})"]


def _notebook_ratios(notebooks: list[Notebook], chains: list[Usage]) -> list[str]:
    if not notebooks:
        return ["", "", "", ""]
    pairs = list(zip(notebooks, chains, strict=False))
    return [
        spread((book.usage.seconds * book.factor / chain.seconds for book, chain in pairs), "{:.1f}"),
        "",
        spread((book.usage.cpu_seconds * book.factor / chain.cpu_seconds for book, chain in pairs), "{:.1f}"),
        "",
    ]
