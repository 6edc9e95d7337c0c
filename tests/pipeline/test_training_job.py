"""The training job on a real Dagster instance: its gate, and what its outcome does to the months already built."""

import json
from pathlib import Path

import dagster as dg
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dagster_project.runs.progress import gate_verdicts
from dagster_project.stages import train as training
from dagster_project.stages.classify import predict_months
from dagster_project.stages.ingest import present_states
from dagster_project.storage.plan import MonthState, built_states, months_to_build, stale_months, write_plan
from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import load_labels
from ml.training import champion, training_set
from tests.support.champions import hold_a_short_contest
from tests.support.job_runs import QUIET, Place

pytestmark = pytest.mark.slow  # trains on a copy of the shared workspace: some twenty seconds


def few_labels() -> pd.DataFrame:
    """Every fourteenth post: enough of each class to train on."""
    return load_labels().iloc[::14].reset_index(drop=True)


def states(place: Place) -> tuple[dict[str, MonthState], dict[str, MonthState]]:
    """What each month would be made from now, and what it was made from."""
    with place.configured() as settings:
        return present_states(place.workspace, settings.mapping.mapping_hash), built_states(place.workspace.warehouse)


def train(
    place: Place, labels: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, *, learn_from_feed: bool = False
) -> dg.ExecuteInProcessResult:
    hold_a_short_contest(monkeypatch)
    monkeypatch.setattr(training_set, "SURE_POSTS", 60)
    monkeypatch.setattr(training, "load_labels", lambda: labels)
    with place.configured(), dg.DagsterInstance.get() as instance:
        from dagster_project.definitions import defs

        job = defs().resolve_job_def("train_classifiers_job")
        options = {"ops": {"train_classifiers": {"config": {"learn_from_feed": learn_from_feed}}}}
        result = job.execute_in_process(instance=instance, run_config=QUIET | options)
    assert result.success
    return result


def test_a_worse_challenger_is_refused_and_no_month_becomes_stale(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {name: champion.champion_version(place.workspace.models, name) for name in TECHNOLOGIES}
    labels = few_labels()
    rng = np.random.default_rng(3)
    shuffled = {
        name: labels[name].where(labels["is_held_out"], rng.permutation(labels[name].to_numpy()))
        for name in TECHNOLOGIES
    }
    result = train(place, labels.assign(**shuffled), monkeypatch)
    assert {name: champion.champion_version(place.workspace.models, name) for name in TECHNOLOGIES} == before
    assert stale_months(*states(place)) == {}
    gates = result.get_asset_check_evaluations()
    assert {gate.check_name for gate in gates} == {"promotion_gate"} and not any(gate.passed for gate in gates)
    assert {gate.severity for gate in gates} == {dg.AssetCheckSeverity.WARN}
    with place.configured(), dg.DagsterInstance.get() as instance:
        told = gate_verdicts(instance, result.run_id)
    assert [line.split()[0] for line in told[::2]] == list(TECHNOLOGIES)
    assert all(" is not in use: refused against " in line for line in told[::2])
    assert all(Path(line.strip()).is_file() for line in told[1::2])
    for technology in TECHNOLOGIES:
        metadata = result.asset_materializations_for_node("train_classifiers")
        promotion = next(m for m in metadata if m.asset_key.path[-1].startswith(technology)).metadata["promotion"]
        assert f"refused against {before[technology]}" in promotion.value


def test_posts_of_the_feed_that_the_model_in_use_is_sure_of_teach_models_of_this_workspace_which_face_the_gate(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = {name: champion.champion_version(place.workspace.shared_models, name) for name in TECHNOLOGIES}
    before = {name: champion.champion_version(place.workspace.models, name) for name in TECHNOLOGIES}
    result = train(place, few_labels(), monkeypatch, learn_from_feed=True)
    made = result.asset_materializations_for_node("train_classifiers")
    for materialization in made:
        metadata = materialization.metadata
        assert metadata["labels"].value["sources"]["labelled by model"] > 0
        assert before[materialization.asset_key.path[-1].removesuffix("_classifier")] in metadata["promotion"].value
    assert {gate.check_name for gate in result.get_asset_check_evaluations()} == {"promotion_gate"}
    after = {name: champion.champion_version(place.workspace.shared_models, name) for name in TECHNOLOGIES}
    assert after == shared, "models of one feed are not shared with others"


def test_an_accepted_challenger_has_every_candidate_of_every_month_scored_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    present, built = states(place)
    former = champion.champion_version(place.workspace.models, "rpa")
    spoil_the_models_in_use(place)
    result = train(place, few_labels(), monkeypatch)
    assert all(gate.passed for gate in result.get_asset_check_evaluations())
    new = champion.champion_version(place.workspace.models, "rpa")
    assert new != former
    present, built = states(place)
    assert set(stale_months(present, built)) == set(built)
    plan = months_to_build([], present, built, held=[])
    assert [state.month for state in plan] == sorted(built)
    write_plan(place.workspace, plan)
    predict_months(place.workspace, [state.month for state in plan], workers=1, log=lambda _: None)
    for month in built:
        versions = pq.read_table(place.workspace.predictions("rpa", month))["model_version"].unique().to_pylist()
        assert versions in ([new], [])
        assert all((place.workspace.models / "rpa" / version / "model_card.json").exists() for version in versions)


def spoil_the_models_in_use(place: Place) -> None:
    """Make them models of other features, which no longer load: any challenger is better."""
    for technology in TECHNOLOGIES:
        version = champion.champion_version(place.workspace.models, technology)
        path = place.workspace.models / technology / str(version) / "model_card.json"
        card = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(card | {"features_version": "0"}), encoding="utf-8")
