"""Writes the simulated marketplace's files as any source would deliver them.

One folder a table: `job_posts`, `pulse_answers`, `audit_labels`, `contracts`, `talent_searches`, `quoted_constants`,
`study_respondents`, `study_answers`, with a file `<month>.parquet` for every month that the table has something of.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.simulation.market.market import market_size
from dagster_project.simulation.market.months import month_number
from dagster_project.simulation.market.posts import World, make_world
from dagster_project.simulation.surveys import (
    QUESTIONS_PATH,
    STUDY_QUESTIONS_PATH,
    pulse_answers,
    study_answers,
    study_respondents,
)
from dagster_project.simulation.tables.contracts import contracts
from dagster_project.simulation.tables.job_posts import FIRST_MONTH, audit_labels, job_posts
from dagster_project.simulation.tables.searches import quoted_constants, talent_searches
from dagster_project.simulation.worlds.planted import PLANTED_WORLD, load_world, world_path
from ml.atomic import replacing
from ml.processes import in_processes

METADATA_KEY = b"simulated_marketplace"
POOL_PAYS_FROM_POSTS = 100_000  # starting the processes costs about three seconds


def _quiet(message: str) -> None:
    """Say nothing."""


def write_months(
    feed: Path,
    months: list[str],
    *,
    seed: int,
    posts_per_month: int,
    long_text_share: float = 1.0,
    world: str = PLANTED_WORLD,
    workers: int = 1,
    progress: Callable[[str], None] = _quiet,
) -> list[Path]:
    """Write the files of the given months ('YYYY-MM', from 2020-01 on) below `feed` and return their paths.

    A file depends on the parameters and its month alone. One that is there with the same parameters stays
    untouched; every file appears complete, by one rename. `long_text_share` is the share of posts with a
    description (about 840 characters); `world` a table of `worlds/` or one's own, laid over the planted one;
    `workers` the processes that write where there is enough to write.
    Raises ValueError for a month before 2020-01, a share outside 0 to 1 or a size below 1.
    """
    if not 0 <= long_text_share <= 1:
        raise ValueError(f"long_text_share is {long_text_share}: give a share from 0 to 1")
    early = [month for month in months if month_number(month) < month_number(FIRST_MONTH)]
    if early:
        raise ValueError(f"the simulated marketplace begins in {FIRST_MONTH}: leave out {', '.join(early)}")
    marketplace = make_world(seed, posts_per_month, load_world(world, seed))
    writer = FeedWriter(feed, marketplace, long_text_share, world)
    if workers == 1 or writer.posts_to_write(months) < POOL_PAYS_FROM_POSTS:
        return writer.write(months, progress)
    return _write_in_processes(writer, months, workers, progress)


def _write_in_processes(
    writer: "FeedWriter", months: list[str], workers: int, progress: Callable[[str], None]
) -> list[Path]:
    """A calendar year is one task, because a month speaks of the months before it; the largest tasks go first."""
    years = [list(group) for _, group in groupby(months, key=lambda month: month[:4])]
    years.sort(key=writer.posts_to_write, reverse=True)
    tasks = [(writer.write, (year,)) for year in years]
    written: list[Path] = []
    for i, paths in enumerate(in_processes(tasks, workers, order="finished"), start=1):
        progress(f"simulated {i} of {len(years)} years")
        written += paths
    return sorted(written)


@dataclass(frozen=True)
class FeedWriter:
    """Writes any months of one marketplace below `feed`; `world` names its table."""

    feed: Path
    marketplace: World
    long_text_share: float
    world: str

    def write(self, months: list[str], progress: Callable[[str], None] = _quiet) -> list[Path]:
        """The files of the months, written or found."""
        written: list[Path] = []
        mark = self._mark()
        for i, month in enumerate(months, start=1):
            progress(f"simulating {month} ({i} of {len(months)})")
            for table, make in self._tables(month).items():
                written += _write_once(self._path(table, month), make, mark)
        return written

    def posts_to_write(self, months: list[str]) -> float:
        """Expected posts of the months whose posts are not there yet."""
        mark, planted = self._mark(), self.marketplace.market.planted
        missing = [month for month in months if not _is_written(self._path("job_posts", month), mark)]
        return self.marketplace.posts_per_month * sum(market_size(planted, month) for month in missing)

    def _path(self, table: str, month: str) -> Path:
        return self.feed / table / f"{month}.parquet"

    def _mark(self) -> bytes:
        """What the files were made with, as they carry it."""
        parameters = {
            "seed": self.marketplace.seed,
            "posts_per_month": self.marketplace.posts_per_month,
            "long_text_share": self.long_text_share,
            "world": world_hash(self.world),
            "generator": generator_hash(),
        }
        return json.dumps(parameters, sort_keys=True).encode()

    def _tables(self, month: str) -> dict[str, Callable[[], pa.Table | None]]:
        marketplace, share = self.marketplace, self.long_text_share
        return {
            "job_posts": lambda: job_posts(marketplace, month, share),
            "pulse_answers": lambda: pulse_answers(marketplace, month),
            "audit_labels": lambda: audit_labels(marketplace, month, share),
            "contracts": lambda: contracts(marketplace, month),
            "talent_searches": lambda: talent_searches(marketplace, month),
            "quoted_constants": lambda: quoted_constants(marketplace, month),
            "study_respondents": lambda: study_respondents(marketplace, month),
            "study_answers": lambda: study_answers(marketplace, month),
        }


@lru_cache
def generator_hash() -> str:
    """Changes with the planted table, the vocabulary, the questionnaire or the generator's code."""
    folder = Path(__file__).parent
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".yml"})
    files += [QUESTIONS_PATH, STUDY_QUESTIONS_PATH]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def world_hash(world: str) -> str:
    """Changes with the table that is laid over the planted one."""
    content = b"" if world == PLANTED_WORLD else world_path(world).read_bytes()
    return hashlib.sha256(content).hexdigest()[:16]


def _is_written(path: Path, mark: bytes) -> bool:
    return path.exists() and (pq.read_schema(path).metadata or {}).get(METADATA_KEY) == mark


def _write_once(path: Path, make: Callable[[], pa.Table | None], mark: bytes) -> list[Path]:
    """Write the table unless the same is there already; the path in a list, empty where there is no table."""
    if _is_written(path, mark):
        return [path]
    table = make()
    if table is None:
        return []
    with replacing(path) as building:
        pq.write_table(table.replace_schema_metadata({METADATA_KEY: mark}), building, compression="zstd")
    return [path]
