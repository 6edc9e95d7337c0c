"""Jobs and the schedule."""

import dagster as dg

monthly_hiring_report = dg.define_asset_job(
    "monthly_hiring_report",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("train", "label"),
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
# On the second day of a month at 06:00 UTC it asks for the month just ended; the first day's late posts are in by then.
monthly_hiring_report_schedule = dg.build_schedule_from_partitioned_job(
    monthly_hiring_report, day_of_month=2, hour_of_day=6, name="monthly_hiring_report_schedule"
)
