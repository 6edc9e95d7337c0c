"""The one partition of this project: the UTC calendar month of a post's first posting."""

import dagster as dg

from dagster_project.settings import Settings

monthly_partitions = dg.MonthlyPartitionsDefinition(start_date=f"{Settings().history_start:%Y-%m}", fmt="%Y-%m")
