"""Other worlds than the planted one: small tables laid over `planted.yml`, and ranges that a world's seed draws from.

In such a table a key replaces the planted one, mappings key by key and lists of rows with a `name` row by row; null
takes a key out. `{between: [a, b]}` is drawn uniformly by the seed, `rest` in a table of shares is what the others
leave of 1.
"""

import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from dagster_project.simulation.worlds.planted import PLANTED_PATH, Planted

WORLDS_PATH = Path(__file__).with_name("tables")
PLANTED_WORLD = "planted"
RANGE, REST = "between", "rest"


def world_names() -> list[str]:
    """Names that a world may be given by; a path of one's own table does as well."""
    return [PLANTED_WORLD, *sorted(path.stem for path in WORLDS_PATH.glob("*.yml"))]


@lru_cache
def load_world(world: str, seed: int) -> Planted:
    """The truths of one world; ValueError for an unknown name, pydantic.ValidationError for an unknown key."""
    table = yaml.safe_load(PLANTED_PATH.read_text(encoding="utf-8"))
    if world != PLANTED_WORLD:
        table = laid_over(table, yaml.safe_load(world_path(world).read_text(encoding="utf-8")) or {})
    return Planted.model_validate(drawn(table, seed))


def world_path(world: str) -> Path:
    """The file of a world other than the planted one."""
    path = Path(world) if world.endswith((".yml", ".yaml")) else WORLDS_PATH / f"{world}.yml"
    if not path.is_file():
        raise ValueError(f"no world {world!r}: give one of {', '.join(world_names())}, or the path of a .yml file")
    return path


def laid_over(below: Any, above: Any) -> Any:
    """`above` laid over `below`; see the top of this module."""
    if isinstance(below, dict) and isinstance(above, dict) and RANGE not in above:
        merged = below | {key: laid_over(below.get(key), value) for key, value in above.items()}
        return {key: value for key, value in merged.items() if value is not None}
    if _has_names(below) and _has_names(above):
        rows = laid_over({row["name"]: row for row in below}, {row["name"]: row for row in above})
        return list(rows.values())
    return above


def _has_names(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) and "name" in row for row in rows)


def drawn(table: Any, seed: int, path: str = "") -> Any:
    """The table with every range drawn by the seed and its own place in the table, and every `rest` filled in."""
    if isinstance(table, list):
        return [drawn(value, seed, f"{path}/{number}") for number, value in enumerate(table)]
    if not isinstance(table, dict):
        return table
    if RANGE in table:
        low, high = table[RANGE]
        return float(np.random.default_rng([seed, zlib.crc32(path.encode())]).uniform(low, high))
    values = {key: drawn(value, seed, f"{path}/{key}") for key, value in table.items()}
    rest = [key for key, value in values.items() if value == REST]
    if len(rest) > 1:
        raise ValueError(f"{path}: only one of {rest} can be the rest")
    return values | {key: 1 - sum(value for other, value in values.items() if other != key) for key in rest}
