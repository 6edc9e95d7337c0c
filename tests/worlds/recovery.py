"""Whether the chain finds the planted values again: `python -m tests.worlds.recovery --seeds 1,2,3`.

Every world goes through `hiring-pulse report` in its own workspace; its truths come from the generator's tables, its
estimates from the marts. All intervals of a world hold together with 95 % (Bonferroni): the printed 95 % interval is
widened on its own scale (logit, log or plain) to the joint level.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import binom, norm

from dagster_project.storage.workspace import REPOSITORY, Workspace
from tests.worlds.mart_rows import MART_ROWS, Scale, read_estimates
from tests.worlds.truths import headline_truths

MONTH = "2025-11"
CONFIDENCE = 0.95
LEAST_SHARE = 1e-6
CHANCE = 0.05
"""A result that is rarer than this where every interval is right fails the command."""


def build_world(workspace: Workspace, models: Path | None, seed: int, posts: int, world: str) -> None:
    """Run the report of a world in its workspace, which takes the models of another workspace where some are given."""
    if models and not workspace.models.exists():
        shutil.copytree(models, workspace.models)
    variables = {
        "HIRING_PULSE_SOURCES": "simulated_marketplace",
        "HIRING_PULSE_DATA_ROOT": str(workspace.root.parent),
        "HIRING_PULSE_SEED": str(seed),
        "HIRING_PULSE_POSTS_PER_MONTH": str(posts),
        "HIRING_PULSE_WORLD": world,
    }
    command = [sys.executable, "-m", "dagster_project.cli", "report", "--month", MONTH]
    log = workspace.root.parent / "report.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        subprocess.run(command, cwd=REPOSITORY, env=os.environ | variables, stdout=output, stderr=output, check=True)


def recovery_table(warehouse: Path, seed: int, posts: int, world: str) -> pd.DataFrame:
    """A row a statistic: planted, estimate, kind, joint low and high, is_inside, is_inside_alone (at 95 %)."""
    truths, estimates = headline_truths(seed, posts, world), read_estimates(warehouse)
    rows = []
    for name, planted in truths.items():
        estimate = estimates[name]
        if estimate is None:
            rows.append({"statistic": name, "planted": planted, "kind": "withheld"})
            continue
        low, high = widened(estimate.value, estimate.low, estimate.high, MART_ROWS[name].scale, len(truths))
        rows.append(
            {
                "statistic": name, "planted": planted, "estimate": estimate.value, "kind": estimate.kind,
                "low": low, "high": high, "is_inside": low <= planted <= high,
                "is_inside_alone": estimate.low <= planted <= estimate.high,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def widened(estimate: float, low: float, high: float, scale: Scale, statistics: int) -> tuple[float, float]:
    """The 95 % limits moved out to the level at which `statistics` intervals hold together with 95 %."""
    factor = norm.ppf(1 - (1 - CONFIDENCE) / 2 / statistics) / norm.ppf((1 + CONFIDENCE) / 2)
    centre, *limits = (_forward(value, scale) for value in (estimate, low, high))
    return tuple(_backward(centre + factor * (limit - centre), scale) for limit in limits)  # type: ignore[return-value]


def _forward(value: float, scale: Scale) -> float:
    if scale == "share":
        return float(logit(np.clip(value, LEAST_SHARE, 1 - LEAST_SHARE)))
    if scale == "growth":
        return float(np.log(max(1 + value / 100, LEAST_SHARE)))
    return float(np.log(value)) if scale == "ratio" else value


def _backward(value: float, scale: Scale) -> float:
    if scale == "share":
        return float(expit(value))
    if scale == "growth":
        return float(100 * np.expm1(value))
    return float(np.exp(value)) if scale == "ratio" else value


def verdict(tables: dict[int, pd.DataFrame]) -> tuple[str, bool]:
    """What the worlds say together, and whether that is within chance: exact binomial, both with all and with each."""
    rows = pd.concat(tables.values())
    estimated = rows[rows["kind"] != "withheld"]
    outside = sum(not table["is_inside"].dropna().all() for table in tables.values())
    chance = float(binom.sf(outside - 1, len(tables), 1 - CONFIDENCE))
    alone = int((~estimated["is_inside_alone"].astype(bool)).sum())
    lines = [
        f"worlds with a planted value outside its joint interval: {outside} of {len(tables)};"
        f" so many or more by chance: {chance:.3f}",
        f"single 95 % intervals that miss: {alone} of {len(estimated)} ({alone / len(estimated):.1%})",
        f"withheld: {len(rows) - len(estimated)}",
    ]
    return "\n".join(lines), chance >= CHANCE


def by_statistic(tables: dict[int, pd.DataFrame]) -> pd.DataFrame:
    """A row a statistic over the worlds: mean planted value and estimate, and how many intervals miss."""
    rows = pd.concat(tables.values())
    rows = rows[rows["kind"] != "withheld"].astype({"is_inside": bool, "is_inside_alone": bool})
    groups = rows.groupby("statistic", sort=False)
    return pd.DataFrame(
        {
            "planted": groups["planted"].mean(),
            "estimate": groups["estimate"].mean(),
            "worlds": groups.size(),
            "alone_outside": groups["is_inside_alone"].agg(lambda inside: (~inside).sum()),
            "joint_outside": groups["is_inside"].agg(lambda inside: (~inside).sum()),
        }
    ).round(4)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1,2,3", help="seeds of the worlds, divided by commas")
    parser.add_argument("--posts", type=int, default=3000, help="posts a month of 2025")
    parser.add_argument("--world", default="drawn", help="planted, drawn, or a table of one's own")
    parser.add_argument(
        "--models", type=Path, help="models/ of a finished workspace; without it the first world trains"
    )
    parser.add_argument("--scratch", type=Path, default=REPOSITORY / "data" / "worlds", help="folder of the workspaces")
    parser.add_argument("--keep", action="store_true", help="keep the workspaces; one that is there is not built again")
    arguments = parser.parse_args()
    tables: dict[int, pd.DataFrame] = {}
    models = arguments.models
    for seed in map(int, arguments.seeds.split(",")):
        workspace = Workspace(
            (arguments.scratch / f"{arguments.world}-{seed}-{arguments.posts}" / "simulated_marketplace").resolve()
        )
        if not (workspace.releases / "latest").exists():
            build_world(workspace, models, seed, arguments.posts, arguments.world)
        tables[seed] = recovery_table(workspace.warehouse, seed, arguments.posts, arguments.world)
        print(
            f"\nworld {arguments.world}, seed {seed}",
            tables[seed].round(4).to_string(index=False),
            sep="\n",
            flush=True,
        )
        if models is None:
            models = arguments.scratch / "models"
            shutil.copytree(workspace.models, models, dirs_exist_ok=True)
        if not arguments.keep:
            shutil.rmtree(workspace.root.parent)
    words, is_within_chance = verdict(tables)
    print("\nAll worlds", by_statistic(tables).to_string(), words, sep="\n")
    return 0 if is_within_chance else 1


if __name__ == "__main__":
    raise SystemExit(main())
