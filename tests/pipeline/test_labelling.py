"""The labelling queue as an asset on a built workspace, and labels that come back through the command line.

The workspace is the shared one; each queue takes some seconds.
"""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dagster_project.cli import app
from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import load_training_labels
from tests.support.job_runs import Place
from tests.support.written_feed import MONTHS, REPORT_MONTH

pytestmark = pytest.mark.slow

FIRST_QUEUE = f"{REPORT_MONTH}-001"


def fill(queue: Path, target: Path) -> Path:
    """Every post of a queue labelled 'no', the way a spreadsheet saves it."""
    with queue.open(encoding="utf-8-sig", newline="") as file:
        rows = [row | dict.fromkeys(TECHNOLOGIES, "no") for row in csv.DictReader(file)]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return target


def call(place: Place, *arguments: str) -> tuple[int, str]:
    with place.configured():
        result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_the_queue_of_a_built_month_is_written_and_its_labels_come_back(place: Place) -> None:
    run = place.run_queue(REPORT_MONTH, audit_posts=20, training_posts=6)
    assert run.succeeded, run.failures
    folder = place.workspace.labelling / "queues" / FIRST_QUEUE
    key = pd.read_parquet(folder / "key.parquet")
    posts = {
        post
        for (post,) in place.query(
            "select post_id from staging.stg_marketplace__job_posts where posted_month = ?", f"{REPORT_MONTH}-01"
        )
    }
    assert set(pd.read_parquet(folder / "design.parquet")["post_id"]) == posts
    assert key["purpose"].value_counts()["training"] == 6 and key["rpa_model_version"].str.len().eq(12).all()
    assert len(json.loads((folder / "label_studio.json").read_text())) == len(key)

    filled = fill(folder / "queue.csv", place.root / "filled.csv")
    exit_code, output = call(place, "labels", str(filled))
    assert exit_code == 0 and "6 posts for the training newly labelled" in output
    (audit,) = place.workspace.audit_labels.glob("*.csv")
    labels = pd.read_csv(audit, dtype={"post_id": str})
    assert set(labels["post_id"]) == set(key.loc[key["purpose"].eq("audit"), "post_id"])
    assert len(load_training_labels(place.workspace.training_labels)) == 6
    assert "no post newly labelled" in call(place, "labels", str(filled))[1]
    exit_code, output = call(place, "labels", str(place.root / "absent.csv"))
    assert exit_code == 1 and "absent.csv: no such file" in output

    again = place.run_queue(REPORT_MONTH, audit_posts=60, training_posts=0)
    assert again.succeeded, again.failures
    second = pd.read_csv(folder.parent / f"{REPORT_MONTH}-002" / "queue.csv", dtype=str)
    assert len(second) and not set(second["post_id"]) & set(key["post_id"])
    assert not [warning for warning in again.warnings if "label one of the two" in warning]

    third = place.run_queue(REPORT_MONTH, audit_posts=60, training_posts=0)
    told = f"{len(second)} of the posts to label in {REPORT_MONTH}-003 stand in {REPORT_MONTH}-002 too"
    assert [warning for warning in third.warnings if warning.startswith(told)], third.warnings


@pytest.mark.parametrize("spoiled", ["month without posts", "candidates without predictions", "labelled whole"])
def test_a_month_that_cannot_be_queued_says_why_and_writes_nothing(place: Place, spoiled: str) -> None:
    month, said = {
        "month without posts": ("2024-05", "the warehouse has no posts of it; run make report MONTH=2024-05 first"),
        "candidates without predictions": (
            MONTHS[0],
            f"rpa candidates have no prediction; run make report MONTH={MONTHS[0]}",
        ),
        "labelled whole": (REPORT_MONTH, "every post of this sample is labelled; ask for a larger SIZE"),
    }[spoiled]
    if spoiled == "candidates without predictions":
        place.workspace.predictions("rpa", month).unlink()
    if spoiled == "labelled whole":
        assert place.run_queue(month, audit_posts=10, training_posts=0).succeeded
        filled = fill(place.workspace.labelling / "queues" / FIRST_QUEUE / "queue.csv", place.root / "filled.csv")
        assert call(place, "labels", str(filled))[0] == 0
    before = sorted(place.workspace.labelling.rglob("*"))
    run = place.run_queue(month, audit_posts=10, training_posts=0)
    assert not run.succeeded and said in run.failures
    assert sorted(place.workspace.labelling.rglob("*")) == before
