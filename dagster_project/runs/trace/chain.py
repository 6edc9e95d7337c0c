"""`hiring-pulse trace`: from a printed sentence to the rows of the lake that it was counted from."""

import glob
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from dagster_project.publishing.catalog import Release, ReleaseError, latest_release, list_releases
from dagster_project.reports.claims.claims import Claim
from dagster_project.runs.dbt_project import current_manifest
from dagster_project.runs.trace.claims import MartRow, PrintedClaim, mart_row, meant_claims, months_of, printed_claims
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.sources.lake.publication import finding_of
from dagster_project.stages.provenance import Lineage, ReleasedLoad, read_lineage
from dagster_project.statistics.registry import REGISTRY
from dagster_project.storage.plan import MonthState, rules_hash
from dagster_project.storage.sql import literal
from dagster_project.storage.workspace import Workspace
from ml.features.keywords import TECHNOLOGIES

Graph = dict[str, list[str]]
"""What each relation, `schema.name`, is made from."""
_HASH = 16
"""Digits of a SHA-256 that are printed: enough to find the file by."""


@dataclass(frozen=True)
class MartPath:
    """`by_table`: table of the lake -> the shortest way from it to the mart; `relations` counts all that lie between.

    `statistic` is the id of the estimate that the claimed column is read from, None for a count.
    """

    by_table: dict[str, list[str]]
    relations: int
    statistic: str | None
    uses_classifiers: bool


def trace(workspace: Workspace, asked: str, release_id: str | None = None) -> Iterator[str]:
    """The chain of one sentence, a line a link; `release_id` None takes `latest`.

    Raises ReleaseError for an unknown release, NoSuchSentenceError for a sentence that it does not print.
    """
    release = chosen_release(workspace, release_id)
    found = meant_claims(printed_claims(release), asked)
    claim = found[0].claim
    yield from _told_sentence(found)
    row = mart_row(release, claim)
    if row is None:
        yield f"mart row   {claim.mart}: the release has no row with the key {claim.key}; see `hiring-pulse verify`"
        return
    yield from _told_row(release, claim, row)
    yield f"release    {release.id}, released {release.released_at:%Y-%m-%d %H:%M} UTC"
    path = mart_path(claim.mart, claim.metric, workspace.estimates)
    yield from _told_path(path, claim)
    if lineage := read_lineage(release.path):
        yield from _told_origin(workspace, lineage, path, months_of(row.row, claim.period))
    else:
        yield "loads      the release was made by a version that did not record its loads"


def chosen_release(workspace: Workspace, release_id: str | None) -> Release:
    """The release of an id, or of the beginning of one (`2025-11`, the newest of them); `latest` without."""
    if release_id is None:
        if (latest := latest_release(workspace.releases)) is None:
            raise ReleaseError(f"{workspace.releases}: nothing was released yet; run `make report`")
        return latest
    releases = list_releases(workspace.releases)
    fitting = [release for release in releases if release.id.startswith(release_id)]
    if not fitting:
        known = ", ".join(release.id for release in releases) or "none"
        raise ReleaseError(f"{release_id}: no such release; there are {known}")
    return fitting[-1]


def _told_sentence(found: list[PrintedClaim]) -> Iterator[str]:
    first, claim = found[0], found[0].claim
    yield f"sentence   {claim.sentence}"
    yield f"printed    {first.page}.html" + "".join(f", and as {other.id}" for other in found[1:])
    limits = f" [{claim.low:g}, {claim.high:g}]" if claim.low is not None and claim.high is not None else ""
    value = "empty" if claim.value is None else f"{claim.value:g}"
    words = f"; tested words: {claim.hedge}" if claim.hedge else ""
    yield f"claim      {first.id}: {claim.metric} = {value}{limits} {claim.unit}, {claim.n_column} = {claim.n}{words}"
    yield f"           about {claim.slice}, {claim.period}, {claim.population}"


def _told_row(release: Release, claim: Claim, found: MartRow) -> Iterator[str]:
    yield f"mart row   {claim.mart}: " + ", ".join(f"{name} = {value}" for name, value in claim.key.items())
    shown = dict.fromkeys([claim.metric, f"{claim.metric}_low", f"{claim.metric}_high", claim.n_column])
    yield "           " + ", ".join(f"{name} = {found.row[name]}" for name in shown if name in found.row)
    yield from (f"           DIFFERS: {difference}" for difference in found.differences)
    if not release.is_pruned:
        yield f"  see it   in {release.database}"
    yield f"  SQL      {found.sql};"


def _told_path(path: MartPath, claim: Claim) -> Iterator[str]:
    if path.statistic:
        one = REGISTRY[path.statistic]
        yield f"column     {claim.metric} is estimates.{one.id}: {one.method} ({one.library})"
        yield f"           from intermediate.{one.counts_table}: {', '.join(one.inputs)}"
    for way in path.by_table.values():
        yield f"path       {' > '.join(way)}"
    yield f"           {path.relations} relations lie between the lake and marts.{claim.mart} in all"


def _told_origin(workspace: Workspace, lineage: Lineage, path: MartPath, months: list[str]) -> Iterator[str]:
    yield f"run        {lineage.run_id}"
    states = [lineage.months[month] for month in months if month in lineage.months]
    if path.uses_classifiers:
        for technology in TECHNOLOGIES:
            versions = sorted({getattr(state, f"{technology}_model_version") for state in states})
            yield f"model      {technology}: {', '.join(versions) or 'none'}"
    yield from _told_rules(states)
    yield from _told_loads(workspace, lineage.loads, path, months)


def _told_rules(states: list[MonthState]) -> Iterator[str]:
    used, present = {state.rules_hash for state in states}, rules_hash()
    if used - {present}:
        yield f"rules      {', '.join(sorted(used))}; today's are {present}: vocabularies or SQL changed since"
    else:
        yield f"rules      {present}, as today"


def _told_loads(workspace: Workspace, loads: list[ReleasedLoad], path: MartPath, months: list[str]) -> Iterator[str]:
    """A line a file that was read and month, with what lies of it in the lake, and the SQL that shows its rows."""
    yield f"months     {', '.join(months)}"
    for table in path.by_table:
        of_table = [load for load in loads if load.table == table and set(months) & set(load.months)]
        accepted = sum(load.months[month].accepted for load in of_table for month in months if month in load.months)
        if not of_table:
            continue
        yield f"loads      {table}: files {len(of_table)}, rows accepted in these months {accepted:,}"
        for load in of_table:
            yield from _told_load(workspace, load, months)
        raw = workspace.raw(table)
        folders = [raw / f"month={month}" for month in months if (raw / f"month={month}").is_dir()]
        patterns = ", ".join(literal(f"{glob.escape(str(folder))}/load=*.parquet") for folder in folders)
        yield f"  SQL      select * from read_parquet([{patterns}], hive_partitioning = false);"


def _told_load(workspace: Workspace, load: ReleasedLoad, months: list[str]) -> Iterator[str]:
    yield f"  {load.source_file}  load {load.load_id}, read {load.loaded_at:%Y-%m-%d}, SHA-256 {load.file_hash[:_HASH]}"
    for month in months:
        if (counts := load.months.get(month)) is None:
            continue
        left_out = ", left out of this month" if month in load.left_out else ""
        yield f"    {month}  {counts.accepted:,} accepted, {counts.rejected:,} rejected{left_out}"
        for name, recorded in load.files.items():
            if f"/month={month}/" in name:
                yield (
                    f"      lake/{name}  {recorded.rows:,} rows, {recorded.size:,} bytes, "
                    f"SHA-256 {recorded.sha256[:_HASH]}: {told_file(workspace, load, name)}"
                )


def told_file(workspace: Workspace, load: ReleasedLoad, name: str) -> str:
    """What became of a file since the release: nothing, a later reading that its load has recorded, or damage."""
    finding = finding_of(workspace.lake / name, load.files[name])
    if finding is None:
        return "as it was written"
    present = next((one for one in load_manifests(workspace, load.table) if one.load_id == load.load_id), None)
    if present is None:
        return f"{finding}: its load is no longer in the lake"
    if name not in present.files:
        return "no longer there: a later run read its rows again"
    if present.files[name] == load.files[name] or finding_of(workspace.lake / name, present.files[name]):
        return finding
    return f"written again by a later run, with {present.files[name].rows:,} rows"


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
