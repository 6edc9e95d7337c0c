"""Writes the simulated marketplace's files as any source would deliver them.

One folder a table: `job_posts`, `pulse_answers`, `audit_labels`, `contracts`, `talent_searches`, `quoted_constants`,
`study_respondents`, `study_answers`, with a file `<month>.parquet` for every month that the table has something of.
"""

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.simulation.market.ledger import make_world
from dagster_project.simulation.market.months import month_number
from dagster_project.simulation.surveys.pulse_answers import QUESTIONS_PATH, pulse_answers
from dagster_project.simulation.surveys.study import STUDY_QUESTIONS_PATH, study_answers, study_respondents
from dagster_project.simulation.tables.audit_labels import audit_labels
from dagster_project.simulation.tables.contracts import contracts
from dagster_project.simulation.tables.job_posts import FIRST_MONTH, job_posts
from dagster_project.simulation.tables.quoted_constants import quoted_constants
from dagster_project.simulation.tables.talent_searches import talent_searches
from dagster_project.simulation.worlds.load import PLANTED_WORLD, load_world, world_path
from ml.atomic import replacing

METADATA_KEY = b"simulated_marketplace"


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
    progress: Callable[[str], None] = _quiet,
) -> list[Path]:
    """Write the files of the given months ('YYYY-MM', from 2020-01 on) below `feed` and return their paths.

    A file depends on the parameters and its month alone. One that is there with the same parameters stays
    untouched; every file appears complete, by one rename. `long_text_share` is the share of posts with a
    description (about 840 characters); `world` a table of `worlds/` or one's own, laid over the planted one.
    Raises ValueError for a month before 2020-01, a share outside 0 to 1 or a size below 1.
    """
    if not 0 <= long_text_share <= 1:
        raise ValueError(f"long_text_share is {long_text_share}: give a share from 0 to 1")
    early = [month for month in months if month_number(month) < month_number(FIRST_MONTH)]
    if early:
        raise ValueError(f"the simulated marketplace begins in {FIRST_MONTH}: leave out {', '.join(early)}")
    marketplace = make_world(seed, posts_per_month, load_world(world, seed))
    parameters = {
        "seed": seed,
        "posts_per_month": posts_per_month,
        "long_text_share": long_text_share,
        "world": world_hash(world),
        "generator": generator_hash(),
    }
    written: list[Path] = []
    for i, month in enumerate(months, start=1):
        progress(f"simulating {month} ({i} of {len(months)})")
        tables = {
            "job_posts": lambda m=month: job_posts(marketplace, m, long_text_share),
            "pulse_answers": lambda m=month: pulse_answers(marketplace, m),
            "audit_labels": lambda m=month: audit_labels(marketplace, m, long_text_share),
            "contracts": lambda m=month: contracts(marketplace, m),
            "talent_searches": lambda m=month: talent_searches(marketplace, m),
            "quoted_constants": lambda m=month: quoted_constants(marketplace, m),
            "study_respondents": lambda m=month: study_respondents(marketplace, m),
            "study_answers": lambda m=month: study_answers(marketplace, m),
        }
        for table, make in tables.items():
            written += _write_once(feed / table / f"{month}.parquet", make, parameters)
    return written


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


def _write_once(path: Path, make: Callable[[], pa.Table | None], parameters: dict[str, object]) -> list[Path]:
    """Write the table unless the same is there already; the path in a list, empty where there is no table."""
    mark = json.dumps(parameters, sort_keys=True).encode()
    if path.exists() and (pq.read_schema(path).metadata or {}).get(METADATA_KEY) == mark:
        return [path]
    table = make()
    if table is None:
        return []
    with replacing(path) as building:
        pq.write_table(table.replace_schema_metadata({METADATA_KEY: mark}), building, compression="zstd")
    return [path]
