"""Figures that a report of the simulated marketplace quotes from others, each in the file of its as-of month."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa

from dagster_project.simulation.market.posts import World


def quoted_constants(world: World, month: str) -> pa.Table | None:
    """Columns constant_id, value, unit, source, as_of_date; None where the month has none."""
    rows = [row for row in world.market.planted.quoted_constants if row.as_of_date.startswith(month)]
    if not rows:
        return None
    return pa.table(
        {
            "constant_id": [row.constant_id for row in rows],
            "value": pa.array([Decimal(str(row.value)) for row in rows], pa.decimal128(28, 6)),
            "unit": [row.unit for row in rows],
            "source": [row.source for row in rows],
            "as_of_date": [dt.date.fromisoformat(row.as_of_date) for row in rows],
        }
    )
