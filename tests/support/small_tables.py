"""Tables small enough to work through by hand, as cells and equations, and a mart with one rule."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from dagster_project.disclosure.engine.cells import DIMENSIONS, Cell, Complement, Computed, Count, MartRule
from dagster_project.disclosure.engine.links import Equations, equations

RULES = {
    "posts_by_place": MartRule(
        counts={
            "part": Count.column(Cell("posts", "period_id", technology="'ai'", place="place"), "post_count"),
            "whole": Count.column(Cell("posts", "period_id", technology="'ai'"), "total_count"),
        },
        computed=(Computed(("share*",), ("part", "whole")),),
        complements=(Complement("part", "whole"),),
    )
}


def cross_table(counts: np.ndarray) -> Equations:
    """Rows r0, r1, ... by columns c0, c1, ... with both margins; every margin is the sum of its line."""
    rows, columns = counts.shape
    values = {f"r{r}c{c}": counts[r, c] for r in range(rows) for c in range(columns)}
    values |= {f"r{r}": counts[r].sum() for r in range(rows)} | {f"c{c}": counts[:, c].sum() for c in range(columns)}
    keys = list(values)
    lines = [(f"r{r}", [f"r{r}c{c}" for c in range(columns)]) for r in range(rows)]
    lines += [(f"c{c}", [f"r{r}c{c}" for r in range(rows)]) for c in range(columns)]
    linked = [
        (number, keys.index(whole), keys.index(part), None, np.nan)
        for number, (whole, parts) in enumerate(lines)
        for part in parts
    ]
    cells = pd.DataFrame({"key": keys, "count": [float(values[key]) for key in keys], "clients": np.nan})
    cells = cells.assign(**dict.fromkeys(DIMENSIONS, ""))
    return equations(cells, pd.DataFrame(linked, columns=["equation", "whole", "part", "left_name", "clients"]))


def keys_of(table: Equations, flags: np.ndarray) -> set[str]:
    """Keys of the printed cells that are flagged."""
    return set(table.cells.loc[flags & table.cells["is_printed"].to_numpy(), "key"])


def write_mart(folder: Path, posts: dict[str, dict[str, int]]) -> dict[str, Path]:
    """The mart `posts_by_place`: period -> place -> posts; a year is written like any period."""
    rows = [
        (period, place, count, sum(places.values()), count / sum(places.values()))
        for period, places in posts.items()
        for place, count in places.items()
    ]
    frame = pd.DataFrame(rows, columns=["period_id", "place", "post_count", "total_count", "share"])  # noqa: F841
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "posts_by_place.parquet"
    duckdb.connect().execute(f"copy (from frame order by all) to '{file}' (format parquet)")
    return {"posts_by_place": file}


def printed(files: dict[str, Path]) -> dict[tuple[str, str], int | None]:
    """(period, place) -> post_count as the file has it."""
    rows = duckdb.connect().execute(
        "select period_id, place, post_count from read_parquet(?)", [str(files["posts_by_place"])]
    )
    return {(period, place): count for period, place, count in rows.fetchall()}
