"""The word that a growth in a list may carry: rose, fell, or not distinguishable from no change."""

import pandas as pd

from dagster_project.reports.wording import direction
from dagster_project.statistics.multiplicity import discoveries, growth_p_values

SMALLEST_LISTED_BASE = 100
NO_CHANGE = "not distinguishable from no change"


def with_readings(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one level and comparison with a `reading`: rose, fell, not distinguishable, or withheld.

    Series with a base of at least 100 posts form the family whose false discovery rate is held at 10 %
    (Benjamini and Hochberg 1995); smaller ones are shown without a word.
    """
    shown = rows.assign(reading="withheld")
    is_given = ~rows["is_withheld"].astype(bool)
    is_listed = is_given & (rows["base_post_count"].fillna(0).astype(float) >= SMALLEST_LISTED_BASE)
    shown.loc[is_given & ~is_listed, "reading"] = "small base"
    family = rows[is_listed]
    columns = [family[name].astype(float) for name in ("growth_pct", "growth_pct_low", "growth_pct_high")]
    is_found = discoveries(growth_p_values(*columns))
    words = [
        (direction(low, high) if found else None) or NO_CHANGE
        for found, low, high in zip(is_found, columns[1], columns[2], strict=True)
    ]
    shown.loc[is_listed, "reading"] = words
    return shown
