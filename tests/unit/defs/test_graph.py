"""The graph that Dagster shows: its shape is a committed snapshot, and every asset says what it is and whose."""

from pathlib import Path

import dagster as dg
import pytest

from dagster_project.defs.resources import monthly_partitions
from tests.support.graph_text import graph_text

SNAPSHOT = Path(__file__).with_name("graph.txt")
GATES = {"raw_gate", "staging_gate", "predictions_gate", "marts_gate", "report_gate"}


def test_the_graph_is_the_committed_one(definitions: dg.Definitions) -> None:
    renew = (
        "the graph changed; if it was meant to: "
        ".venv/bin/python -m tests.support.graph_text > tests/unit/defs/graph.txt"
    )
    assert graph_text(definitions) == SNAPSHOT.read_text(encoding="utf-8"), renew


def test_every_asset_has_a_description_and_an_owner(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.materializable_asset_keys]
    assert [node.key.to_user_string() for node in nodes if not (node.description or "").strip()] == []
    assert [node.key.to_user_string() for node in nodes if not node.owners] == []


def test_every_asset_of_the_main_job_is_partitioned_by_month_and_takes_a_range_in_one_run(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    for key in definitions.resolve_job_def("monthly_hiring_report").asset_layer.selected_asset_keys:
        node = graph.get(key)
        assert node.partitions_def == monthly_partitions, key
        assert node.backfill_policy == dg.BackfillPolicy.single_run(), key


def test_the_main_job_never_trains(definitions: dg.Definitions) -> None:
    steps = set(definitions.resolve_job_def("monthly_hiring_report").graph.node_dict)
    assert "train_classifiers" not in steps
    assert steps >= GATES


@pytest.mark.parametrize("gate", sorted(GATES))
def test_a_gate_blocks_every_asset_of_its_step_that_a_later_step_reads(definitions: dg.Definitions, gate: str) -> None:
    """A check stops only what is downstream of its own asset, so an ungated asset would be a way around the gate."""
    graph = definitions.resolve_asset_graph()
    blocking = [key for key in graph.asset_check_keys if graph.get_check_spec(key).blocking]
    gated = {key.asset_key for key in blocking if key.name == gate.replace("_gate", "_suite")}
    step = {graph.assets_def_for_key(key).op.name for key in gated}
    assert len(step) == 1, f"{gate} gates assets of several steps"
    siblings = {key for key in graph.materializable_asset_keys if graph.assets_def_for_key(key).op.name in step}
    read_later = {key for key in siblings if graph.get(key).child_keys & (graph.materializable_asset_keys - siblings)}
    seeds = {key for key in read_later if key.path[0] == "seeds"}
    inside_staging = {dg.AssetKey(["staging", "stg_marketplace__post_states"])}
    assert read_later - seeds - inside_staging <= gated


def test_every_step_that_opens_the_warehouse_is_in_its_pool(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("monthly_hiring_report")
    without = {name for name, node in job.graph.node_dict.items() if not node.definition.pool}
    assert without == {"ingest", "releases__months_held", "releases__postgres_tables", *GATES}
