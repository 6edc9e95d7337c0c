"""What goes wrong in a feed: rows that come twice, posts that changed, rows that no reader may accept."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.simulation.market.columns import dollars, instants, milliseconds, with_column
from dagster_project.simulation.market.values import LEAST_BUDGET, tidy

# A changed budget is this factor of the first one.
CHANGES = (0.6, 0.8, 1.25, 1.5)
A_MINUTE_MS = 60_000


def repeat(rows: pa.Table, first_ms: int, last_ms: int, changed_share: float, rng: np.random.Generator) -> pa.Table:
    """A second row of each post: an exact copy, or a later state seen between the two instants."""
    is_changed = rng.random(len(rows)) < changed_share
    copies, changed = rows.filter(pa.array(~is_changed)), rows.filter(pa.array(is_changed))
    earliest = np.maximum(milliseconds(changed["observed_at"]) + A_MINUTE_MS, first_ms)
    span = np.maximum(last_ms - earliest, 1)
    seen = earliest + (rng.random(len(changed)) * span).astype(np.int64)
    return pa.concat_tables([copies, _later_state(changed, seen, rng)])


def _later_state(rows: pa.Table, observed_ms: np.ndarray, rng: np.random.Generator) -> pa.Table:
    """The same posts seen later with another budget; posts without a budget keep theirs."""
    budget = rows["budget_usd"].cast(pa.float64()).combine_chunks().to_numpy(zero_copy_only=False)
    changed = np.maximum(LEAST_BUDGET, tidy(budget * rng.choice(CHANGES, len(rows))))
    return with_column(with_column(rows, "budget_usd", dollars(changed)), "observed_at", instants(observed_ms))


def spoil(rows: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Make every row one that a reader must refuse: no title, or a budget below zero."""
    untitled = pa.array(rng.random(len(rows)) < 0.5)
    below_zero = dollars(-tidy(rng.uniform(LEAST_BUDGET, 500, len(rows))))
    rows = with_column(rows, "title", pc.if_else(untitled, "", rows["title"]))
    return with_column(rows, "budget_usd", pc.if_else(untitled, rows["budget_usd"], below_zero))
