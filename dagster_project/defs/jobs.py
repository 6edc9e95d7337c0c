"""Jobs; what starts them without a person is in `automation.py`."""

import dagster as dg

from dagster_project.defs.ingest import read_new_files

monthly_hiring_report = dg.define_asset_job(
    "monthly_hiring_report",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("train", "label"),
    # One that is begun anew because its process was killed: another run may have written another plan meanwhile.
    tags={"dagster/retry_strategy": "ALL_STEPS"},
    description=(
        "The main job: from the feed's files to the released report of a month, or of a range of months in one run."
    ),
)
train_classifiers_job = dg.define_asset_job(
    "train_classifiers_job",
    selection=dg.AssetSelection.groups("train"),
    description="Train a challenger of each technology; it takes over only when it is no worse.",
)
labelling_queue_job = dg.define_asset_job(
    "labelling_queue_job",
    selection=dg.AssetSelection.groups("label"),
    description="Queue the posts of a month to label next: a sample for the audit, uncertain ones for training.",
)


@dg.job(description="Read new files into the lake; the months that they touch are then asked for.")
def load_new_files() -> None:
    read_new_files()
