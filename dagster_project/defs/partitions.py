"""The one partition, the UTC calendar month of a post's first posting, and how old what is made of it may be."""

from datetime import timedelta

import dagster as dg

from dagster_project.settings import Settings

monthly_partitions = dg.MonthlyPartitionsDefinition(start_date=f"{Settings().history_start:%Y-%m}", fmt="%Y-%m")

# Inputs, reports and releases come once a month: the longest has 31 days, and a run may wait for its retries.
monthly_freshness = dg.FreshnessPolicy.time_window(warn_window=timedelta(days=32), fail_window=timedelta(days=34))
