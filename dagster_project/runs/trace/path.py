"""The way from a mart back to the tables of the lake, as dbt's manifest and the registry of statistics know it."""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from dagster_project.runs.dbt_project import current_manifest
from dagster_project.statistics.registry import REGISTRY

Graph = dict[str, list[str]]
"""What each relation, `schema.name`, is made from."""


@dataclass(frozen=True)
class MartPath:
    """`by_table`: table of the lake -> the shortest way from it to the mart; `relations` counts all that lie between.

    `statistic` is the id of the estimate that the claimed column is read from, None for a count.
    """

    by_table: dict[str, list[str]]
    relations: int
    statistic: str | None
    uses_classifiers: bool


def mart_path(mart: str, column: str, estimates: Path) -> MartPath:
    """The way of a column of a mart, whose relations are `<schema>.<name>`; nothing for a table that dbt does not make.

    estimates: folder of the lake with a Parquet file a statistic, whose columns tell an estimate from a count.
    """
    graph = _graph()
    goal = f"marts.{mart}"
    own = [name.removeprefix("estimates.") for name in graph.get(goal, ()) if name.startswith("estimates.")]
    statistic = next((one for one in own if column in _columns(estimates / f"{one}.parquet")), None)
    ways = dict(_ways_back(graph, goal))
    if statistic:
        ways |= {name: [*way, goal] for name, way in _ways_back(graph, f"estimates.{statistic}")}
    tables = {name.removeprefix("raw."): way for name, way in sorted(ways.items()) if name.startswith("raw.")}
    between = [name for name in ways if name.split(".")[0] in ("staging", "intermediate", "estimates", "predictions")]
    return MartPath(tables, len(between), statistic, any(name.startswith("predictions.") for name in ways))


def _columns(file: Path) -> list[str]:
    return pq.read_schema(file).names if file.is_file() else []


def _graph() -> Graph:
    manifest = json.loads(current_manifest().read_text(encoding="utf-8"))
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    names = {key: f"{node['schema']}.{node['name']}" for key, node in nodes.items()}
    names |= {key: f"{source['source_name']}.{source['name']}" for key, source in manifest["sources"].items()}
    graph = {
        names[key]: [names[parent] for parent in node.get("depends_on", {}).get("nodes", ()) if parent in names]
        for key, node in nodes.items()
    }
    graph |= {f"estimates.{id}": [f"intermediate.{one.counts_table}"] for id, one in REGISTRY.items()}
    return graph | {"predictions.post_technologies": ["staging.stg_marketplace__candidates"]}


def _ways_back(graph: Graph, start: str) -> Iterator[tuple[str, list[str]]]:
    """Everything that `start` is made from, each with the shortest way from it to `start`; the nearest first."""
    waiting = deque([[start]])
    seen = {start}
    while waiting:
        way = waiting.popleft()
        yield way[0], way
        for parent in graph.get(way[0], ()):
            if parent not in seen:
                seen.add(parent)
                waiting.append([parent, *way])
