"""The first stage without Dagster: read the feed into the lake, judge its months, write down what the run builds."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pandas as pd

from dagster_project.settings import Settings
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.lake.accounting import input_hashes, judge_months, usd_values
from dagster_project.sources.lake.books import write_loads
from dagster_project.sources.lake.load import IngestResult, ingest
from dagster_project.sources.lake.manifests import Manifest, all_manifests, left_out_loads, standing
from dagster_project.sources.lake.publication import write_schema_files
from dagster_project.sources.mapping.load import workspace_labels_mapping
from dagster_project.sources.mapping.model import Mapping
from dagster_project.stages.provenance import damaged_predictions
from dagster_project.storage import warehouse
from dagster_project.storage.holds import months_held_by_hand, read_holds
from dagster_project.storage.plan import (
    MonthState,
    built_states,
    months_to_build,
    rules_hash,
    stale_months,
    write_candidate_rules,
    write_plan,
)
from dagster_project.storage.workspace import Workspace, record_origin, require_own_feed
from ml.atomic import write_text
from ml.features.keywords import TECHNOLOGIES
from ml.training.champion import champion_version

Log = Callable[[str], None]


class NothingToReportError(RuntimeError):
    """None of the requested months can be built; the message says why for each."""


class LostStateError(RuntimeError):
    """A held month has no last state to keep, as the warehouse that had it is gone; the message says what to do."""


@dataclass(frozen=True)
class Intake:
    """What came in and what follows: months as YYYY-MM; `held` and `stale` say why."""

    loaded: IngestResult
    plan: list[MonthState]
    held: dict[str, str]
    stale: dict[str, list[str]]
    absent: list[str] = field(default_factory=list)


def take_in(settings: Settings, requested: list[str], log: Log, warn: Log | None = None) -> Intake:
    """Read what is new, hold months over their reject limit, and publish the plan of this run.

    `warn` is told what was damaged and is healed; where it is not given `log`.

    Raises SourceError before the lake changes when a file or the mapping is unusable, ForeignWorkspaceError when the
    workspace holds another feed, NothingToReportError when no requested month is left to build, LostStateError when the
    numbers of a held month would go.
    """
    workspace, mapping = settings.workspace, settings.mapping
    warn = warn or log
    require_own_feed(workspace, settings.origin)
    warehouse.set_aside_if_damaged(workspace.warehouse, warn, read_all=workspace.unfinished.exists())
    write_text(workspace.unfinished, "")
    if mapping.is_simulated:
        simulate_until(settings, max(requested), log)
    loaded = load_everything(settings, log, warn)
    write_schema_files(workspace)
    write_candidate_rules(workspace)
    write_left_out(workspace)
    held = held_months(workspace, mapping)
    present, built = present_states(workspace, mapping.mapping_hash), whole_states(workspace, warn)
    absent = sorted(set(requested) - set(present))
    _require_a_month(requested, held, absent, present)
    _require_last_states(workspace, held)
    plan = months_to_build(requested, present, built, held)
    write_plan(workspace, plan)
    write_loads(workspace, set(held), {state.month: state.related_months for state in plan})
    tell_posts_without_usd(settings, [state.month for state in plan], log)
    return Intake(loaded, plan, held, stale_months(present, built), absent)


def whole_states(workspace: Workspace, log: Log) -> dict[str, MonthState]:
    """What the months of the warehouse were built from, without those whose predictions are damaged."""
    damaged = damaged_predictions(workspace)
    for month, told in damaged.items():
        log(f"{told}; {month} is scored again")
    return {month: state for month, state in built_states(workspace.warehouse).items() if month not in damaged}


def load_everything(settings: Settings, log: Log, warn: Log | None = None) -> IngestResult:
    """Read the new files of the feed, then the audit labels that came back to the workspace, which is this feed's.

    Raises SourceError before the lake changes, ForeignWorkspaceError when the workspace holds another feed.
    """
    workspace = settings.workspace
    require_own_feed(workspace, settings.origin)
    read = partial(
        ingest,
        workspace,
        now=datetime.now(UTC),
        progress=log,
        warn=warn,
        memory_limit=settings.memory_limit,
        history_start=settings.history_start,
    )
    loaded = read(settings.mapping, settings.data_location)
    record_origin(workspace, settings.origin)
    labels = workspace_labels_mapping(workspace.audit_labels)
    if labels is None:
        return loaded
    returned = read(labels, workspace.audit_labels)
    return IngestResult([*loaded.loads, *returned.loads], loaded.unchanged_files + returned.unchanged_files)


def tell_posts_without_usd(settings: Settings, months: list[str], log: Log) -> None:
    """Tell how many posts of the months that are built have no amount in USD, where any has none."""
    with tempfile.TemporaryDirectory() as spill, reading_connection(settings.memory_limit, Path(spill)) as connection:
        counted = usd_values(connection, settings.workspace, settings.mapping, months)
    if counted and counted.without:
        log(counted.line)


def held_months(workspace: Workspace, mapping: Mapping) -> dict[str, str]:
    """Months over their reject limit and months that people hold, in order, each with the sentence that says why."""
    by_limit, by_hand = months_over_limit(workspace, mapping), months_held_by_hand(workspace)
    return {
        month: ". ".join(held[month] for held in (by_hand, by_limit) if month in held)
        for month in sorted(by_limit | by_hand)
    }


def months_over_limit(workspace: Workspace, mapping: Mapping) -> dict[str, str]:
    """Months over their reject limit, each with the sentence that says so."""
    verdicts = judge_months(workspace, mapping)
    return {month: verdict.message for month, verdict in verdicts.items() if not verdict.passed}


def simulate_until(settings: Settings, last_month: str, log: Log) -> None:
    """Let the simulated marketplace write its files from its first month to `last_month`."""
    # Imported here: the simulation loads scipy, and a feed of files must not pay for it.
    from dagster_project.simulation.feed import write_months

    months = pd.period_range(settings.first_month, last_month, freq="M").strftime("%Y-%m").tolist()
    write_months(
        settings.workspace.feed,
        months,
        seed=settings.seed,
        posts_per_month=settings.posts_per_month,
        long_text_share=settings.long_text_share,
        world=settings.world,
        workers=settings.workers,
        progress=log,
    )


def present_states(workspace: Workspace, mapping_hash: str) -> dict[str, MonthState]:
    """What each month of the lake would be made from now; a model that is not trained yet has the version ``."""
    manifests = all_manifests(workspace)
    left_out, hashes = left_out_loads(workspace, manifests), input_hashes(workspace)
    accepted = {month for manifest in manifests for month in manifest.accepted_months}
    months = sorted(
        month for month in accepted if any(m.accepted_months.count(month) for m in standing(manifests, month, left_out))
    )
    versions = {name: champion_version(workspace.models, name) or "" for name in TECHNOLOGIES}
    rules = rules_hash()
    return {
        month: MonthState(
            month=month,
            input_hash=hashes[month],
            mapping_hash=mapping_hash,
            rules_hash=rules,
            related_months=_related_months(month, manifests),
            ai_model_version=versions["ai"],
            cloud_model_version=versions["cloud"],
            rpa_model_version=versions["rpa"],
        )
        for month in months
    }


def _related_months(month: str, manifests: list[Manifest]) -> list[str]:
    """Other months in which a post of this month may have a state: those that share a load with it."""
    touched = {other for m in manifests if month in m.touched_months for other in m.touched_months}
    return sorted(touched - {month})


def write_left_out(workspace: Workspace) -> None:
    """`lake/left_out.json` for dbt: month and the load, or the category, whose rows or growth it leaves out."""
    loads = [
        {"month": month, "load_id": load, "category": None}
        for month, load_ids in sorted(left_out_loads(workspace, all_manifests(workspace)).items())
        for load in sorted(load_ids)
    ]
    categories = [
        {"month": hold.month, "load_id": None, "category": hold.category}
        for hold in read_holds(workspace)
        if hold.category
    ]
    write_text(workspace.lake / "left_out.json", json.dumps([*loads, *categories], indent=1))


def _require_a_month(
    requested: list[str], held: dict[str, str], absent: list[str], present: dict[str, MonthState]
) -> None:
    if set(requested) - set(held) - set(absent):
        return
    reasons = [held[month] for month in requested if month in held]
    if absent:
        span = f"it holds {min(present)} to {max(present)}" if present else "it holds no accepted row"
        reasons.append(f"{', '.join(absent)}: the feed has no posts of it; {span}")
    raise NothingToReportError("\n".join(reasons))


def _require_last_states(workspace: Workspace, held: dict[str, str]) -> None:
    """Predictions tell that a month was counted once: a release without it would say that its posts are gone."""
    kept = built_states(workspace.warehouse)
    lost = [month for month in held if month not in kept and workspace.predictions(TECHNOLOGIES[0], month).exists()]
    if lost:
        raise LostStateError(
            f"{', '.join(lost)}: held, and the warehouse that kept its last state is gone. Let it go once: "
            "`hiring-pulse unhold <month>`, or where it is over its reject limit `hiring-pulse hold <month> --file "
            "<file>` for the file that brought it there; then run, and hold it again. What is held:\n"
            + "\n".join(held[month] for month in lost)
        )
