"""`make bench`: measure the chain against its floor, polars and the notebook, in pairs of one run, as Markdown tables.

Environment: POSTS (sizes, comma-separated), PAIRS (chain, floor, polars, notebook, chain, ...), NOTEBOOK_MONTHS (months
that the notebook reads; its figures are multiplied to the whole feed; 0 leaves it out), OUT (the file), MODELS (stored
classifiers; trained first when unset).
"""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from dagster_project.storage.workspace import REPOSITORY
from tests.bench.agreement import compared_rows
from tests.bench.chain import LAST_MONTH, NEW_MONTH, ChainRun, Market, prepare, run_chain, train
from tests.bench.measure import Usage, measure
from tests.bench.table import Notebook, SizeResult, comparison_table, fixed_table, machine, spread, stage_table

Measured = TypeVar("Measured", Usage, ChainRun)
FIXED_MARKETS = {
    "1,000 posts in one month": Market.of_posts(1_000, first_month=LAST_MONTH),
    "1,000 posts in 12 months": Market.of_posts(1_000, first_month=f"{LAST_MONTH[:4]}-01"),
}


@dataclass(frozen=True)
class Options:
    """What the environment asks for; see the head of this module."""

    sizes: list[int] = field(default_factory=lambda: [*map(int, os.environ.get("POSTS", "1000000,5000000").split(","))])
    pairs: int = field(default_factory=lambda: int(os.environ.get("PAIRS", "2")))
    notebook_months: int = field(default_factory=lambda: int(os.environ.get("NOTEBOOK_MONTHS", "6")))
    out: Path = field(default_factory=lambda: Path(os.environ.get("OUT", "data/bench.md")))
    models: str | None = field(default_factory=lambda: os.environ.get("MODELS"))


def main() -> None:
    """Measure every size and write the tables after each, so that a run that is stopped leaves what it finished."""
    options = Options()
    with tempfile.TemporaryDirectory(prefix="hiring-pulse-bench-") as folder:
        root = Path(folder)
        models = Path(options.models).resolve() if options.models else train(root / "training")
        fixed = fixed_costs(root / "fixed", models, options.pairs)
        sections = [fixed_table(fixed)]
        for posts in options.sizes:
            result = measure_size(root / str(posts), posts, models, options)
            sections += [
                f"Chain, floor and polars agree in {result.agreed_rows:,} rows of counts.",
                stage_table(result),
            ]
            sections.append(comparison_table(result, next(iter(fixed.values()))[0]))
            write(options, sections)


def write(options: Options, sections: list[str]) -> None:
    """Publish the tables in the file OUT and on standard output."""
    head = f"Whole processes on {machine()}; {options.pairs} pairs, minimum - median - maximum."
    text = "\n\n".join([head, *sections]) + "\n"
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text, encoding="utf-8")
    print(text, flush=True)


def fixed_costs(root: Path, models: Path, pairs: int) -> dict[str, list[ChainRun]]:
    """The chain on 1,000 posts: of one month, and of a year."""
    runs: dict[str, list[ChainRun]] = {name: [] for name in FIXED_MARKETS}
    for name, market in FIXED_MARKETS.items():
        place = root / str(market.posts_per_month)
        feed = market.write(place / "feed")
        for number in range(pairs):
            workspace = prepare(place / str(number), feed, models)
            runs[name].append(told(name, run_chain(workspace, market, LAST_MONTH)))
    return runs


def measure_size(root: Path, posts: int, models: Path, options: Options) -> SizeResult:
    """All four of one size in turns, then one month more, and the same month on a young workspace."""
    market = Market.of_posts(posts)
    log(f"{posts:,} posts: writing the feed")
    feed = market.write(root / "feed")
    chains: list[ChainRun] = []
    floors: list[Usage] = []
    polars: list[Usage] = []
    notebooks: list[Notebook] = []
    for number in range(options.pairs):
        workspace = prepare(root / f"chain_{number}", feed, models)
        floor, peer = root / f"floor_{number}", root / f"polars_{number}"
        chains.append(told("chain", run_chain(workspace, market, LAST_MONTH)))
        floors.append(told("floor", run_script("floor", root, feed, models, floor)))
        polars.append(told("polars", run_script("bare_polars", root, feed, models, peer)))
        agreed_rows = compared_rows(workspace, floor, peer)
        notebooks += run_notebook(root / f"notebook_{number}", market, feed, options.notebook_months)
        if number < options.pairs - 1:
            shutil.rmtree(workspace.root.parent)
    market.write(workspace.feed, extra_months=(NEW_MONTH,))
    new_month = told("one month more", run_chain(workspace, market, NEW_MONTH))
    early_month = told("same month on a young workspace", second_month(root / "young", market, models))
    shutil.rmtree(root)
    return SizeResult(posts, chains, floors, polars, notebooks, agreed_rows, new_month, early_month)


def second_month(root: Path, market: Market, models: Path) -> ChainRun:
    """The chain on NEW_MONTH in a workspace that holds nothing but the month before it."""
    young = Market(market.posts_per_month, first_month=LAST_MONTH)
    workspace = prepare(root / "workspace", young.write(root / "feed"), models)
    run_chain(workspace, young, LAST_MONTH)
    young.write(workspace.feed, extra_months=(NEW_MONTH,))
    return run_chain(workspace, young, NEW_MONTH)


def run_notebook(out: Path, market: Market, feed: Path, months: int) -> list[Notebook]:
    """The notebook on the feed's first months; none when that is 0."""
    if months == 0:
        return []
    usage = told("notebook", run_script("notebook", out.parent, feed, out, market.months[months - 1]))
    return [Notebook(usage, months, len(market.months))]


def run_script(name: str, root: Path, *arguments: Path | str) -> Usage:
    """Measure one of this package's scripts."""
    return measure([sys.executable, "-m", f"tests.bench.{name}", *arguments], REPOSITORY, {}, root / f"{name}.log")


def told(name: str, run: Measured) -> Measured:
    """Say what a measured run took, and hand it on."""
    usage = run.usage if isinstance(run, ChainRun) else run
    figures = f"{spread([usage.seconds])} s, {spread([usage.cpu_seconds])} processor s"
    log(f"{name}: {figures}, {usage.peak_bytes / 2**30:.2f} GiB")
    return run


def log(message: str) -> None:
    """Progress goes to standard error; standard output is the tables."""
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
