"""The one partition of this project: the UTC calendar month of a post's first posting."""

import dagster as dg

from dagster_project.sources.contracts import HISTORY_START

# The history starts in 2020-01: the first study period is 2020-21, and the reader rejects older rows.
monthly_partitions = dg.MonthlyPartitionsDefinition(start_date=f"{HISTORY_START:%Y-%m}", fmt="%Y-%m")
