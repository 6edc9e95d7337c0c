"""`make bench ONLY=scoring`: posts a second of the scoring path beside the published recipe on every post, in pairs.

Environment: POSTS (sizes, comma-separated), PAIRS, LONG_TEXT (share of posts with a description), MODELS, OUT.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dagster_project.simulation.feed import write_months
from dagster_project.simulation.market.months import month_range
from dagster_project.sources.lake.load import ingest
from dagster_project.sources.mapping.load import load_mapping
from dagster_project.storage.sql import literal
from dagster_project.storage.workspace import REPOSITORY, Workspace
from tests.bench.measure import Usage, measure

MONTHS = month_range("2025-01", "2025-12")
SEED = 2025
MIB = 1024**2


@dataclass(frozen=True)
class Scored:
    """One measured run: the whole process, and what the script says of its scoring alone."""

    usage: Usage
    posts: int
    seconds: float


def main() -> None:
    """Measure every size (the second is four times the first, for memory); print the tables and write them to OUT."""
    sizes = [int(size) for size in os.environ.get("POSTS", "60000,240000").split(",")]
    pairs = int(os.environ.get("PAIRS", "3"))
    out = Path(os.environ.get("OUT", "data/bench_scoring.md"))
    with tempfile.TemporaryDirectory(prefix="hiring-pulse-scoring-") as folder:
        root = Path(folder)
        models = Path(os.environ["MODELS"]).resolve() if "MODELS" in os.environ else trained(root)
        sections = [table_of(root / str(size), size, models, pairs) for size in sizes]
    text = "\n\n".join(sections) + "\n"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    print(text)


def trained(root: Path) -> Path:
    """Classifiers as the project trains them."""
    environment = {"HIRING_PULSE_SOURCES": "simulated_marketplace", "HIRING_PULSE_DATA_ROOT": str(root)}
    measure([sys.executable, "-m", "dagster_project.cli", "train"], REPOSITORY, environment, root / "train.log")
    return Workspace(root / "simulated_marketplace").models


def table_of(root: Path, posts: int, models: Path, pairs: int) -> str:
    """Path and recipe in turns on one lake, as a Markdown table with what they agree on."""
    workspace = lake(root, posts)
    runs = []
    for number in range(pairs):
        path = run("scoring_path", root, workspace.root, models, root / f"path_{number}")
        runs.append((path, run("scoring_plain", root, workspace.root, root / f"plain_{number}")))
        log(f"{path.posts:,} posts: path {path.seconds:.1f} s, plain {runs[-1][1].seconds:.1f} s")
    paths, plains = zip(*runs, strict=True)
    rows = [
        _line("scoring path", paths),
        _line("published recipe on every post", plains),
        f"| ratio | {spread((plain.seconds / path.seconds for path, plain in runs), '{:.1f}')} | | | |",
    ]
    columns = "seconds | processor seconds, whole process | posts a second | peak MiB"
    head = f"| {paths[0].posts:,} posts, {pairs} pairs | {columns} |\n|---|---:|---:|---:|---:|"
    return "\n".join([head, *rows, "", agreement(root / "path_0", root / "plain_0")])


def lake(root: Path, posts: int) -> Workspace:
    """A lake of the simulated marketplace with about `posts` posts in twelve months."""
    workspace = Workspace(root / "workspace")
    share = float(os.environ.get("LONG_TEXT", "1"))
    write_months(workspace.feed, MONTHS, seed=SEED, posts_per_month=round(posts / len(MONTHS)), long_text_share=share)
    mapping = load_mapping("simulated_marketplace")
    ingest(workspace, mapping, str(workspace.feed), now=datetime.now(UTC), progress=lambda _: None, memory_limit="2GB")
    return workspace


def run(script: str, root: Path, *arguments: Path) -> Scored:
    """One run of a script of this folder, which prints its posts and seconds as the last line."""
    log = root / f"{script}.log"
    place = Path(__file__).with_name(f"{script}.py")
    usage = measure([sys.executable, place, *arguments], REPOSITORY, {"PYTHONPATH": str(REPOSITORY)}, log)
    said = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    return Scored(usage, int(said["posts"]), said["seconds"])


def agreement(path: Path, plain: Path) -> str:
    """On how many posts and technologies both give the same verdict, and how many each accepts.

    A post that the lake holds in several states counts once, as accepted where any state is.
    """
    both = f"""
        with plain_states as (
            unpivot read_parquet({literal(str(plain / "verdicts.parquet"))}) on ai, cloud, rpa
            into name technology value is_positive
        ),
        path_states as (from read_parquet({literal(str(path / "verdicts.parquet"))})),
        plain as (select post_id, technology, bool_or(is_positive) as is_positive from plain_states group by all),
        path as (select post_id, technology, bool_or(is_positive) as is_positive from path_states group by all)
        select count(*), count(*) filter (plain.is_positive = coalesce(path.is_positive, false)),
            count(*) filter (path.is_positive), count(*) filter (plain.is_positive)
        from plain left join path using (post_id, technology)
    """
    verdicts, same, accepted, accepted_plain = duckdb.sql(both).fetchone() or (0, 0, 0, 0)
    return (
        f"{verdicts:,} verdicts each, {same:,} ({same / verdicts:.1%}) the same; the path accepts {accepted:,}, the "
        f"recipe {accepted_plain:,}."
    )


def spread(values: Iterable[float], form: str) -> str:
    """`minimum - median - maximum`."""
    ordered = sorted(values)
    return " - ".join(form.format(ordered[place]) for place in (0, len(ordered) // 2, -1))


def _line(name: str, runs: tuple[Scored, ...]) -> str:
    seconds = spread((one.seconds for one in runs), "{:.1f}")
    speed = spread((one.posts / one.seconds for one in runs), "{:,.0f}")
    peak = max(one.usage.peak_bytes for one in runs) / MIB
    processor = spread((one.usage.cpu_seconds for one in runs), "{:.1f}")
    return f"| {name} | {seconds} | {processor} | {speed} | {peak:,.0f} |"


def log(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
