"""The words that a growth may carry: surged, rose, fell; steady, continued. A family: month, level and population."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dagster_project.statistics.core.estimates import CONFIDENCE
from dagster_project.statistics.core.multiplicity import one_sided_q_values

SMALLEST_FAMILY_BASE = 100
FALSE_DISCOVERY_RATE = 0.10
SURGE_PCT = 25.0
SURGED, ROSE, FELL = "surged", "rose", "fell"
NO_CHANGE = "not distinguishable from no change"
STEADY, CONTINUED = "steady", "continued"
LARGEST_P = (1 - CONFIDENCE) / 2
"""A word needs the 95 % interval on its side of 0 too, or sentence and interval would disagree."""
FAMILY_KEYS = ["posted_month", "level", "population"]


def with_verdicts(estimates: pd.DataFrame) -> pd.DataFrame:
    """The estimates with q_value, verdict, trend and the columns of `with_family_counts`.

    Read: FAMILY_KEYS, is_in_family, p_value (one-sided, of no rise), adjusted_growth_pct and the columns of `trend`.
    q_value: Benjamini-Hochberg over the family's p-values; verdict: null outside the family.
    """
    q_rise = pd.Series(np.nan, index=estimates.index)
    q_fall = q_rise.copy()
    for _, family in estimates[estimates["is_in_family"]].groupby(FAMILY_KEYS, sort=False):
        p_rise = family["p_value"].to_numpy(dtype=float)
        q_rise[family.index] = one_sided_q_values(p_rise, LARGEST_P)
        q_fall[family.index] = one_sided_q_values(1 - p_rise, LARGEST_P)
    verdict = _verdict(estimates, q_rise <= FALSE_DISCOVERY_RATE, q_fall <= FALSE_DISCOVERY_RATE)
    return with_family_counts(estimates.assign(q_value=q_rise, verdict=verdict, trend=trend(estimates)))


def with_family_counts(estimates: pd.DataFrame) -> pd.DataFrame:
    """The estimates with family_count, the series of the row's family, and family_unmoved_count, those of NO_CHANGE.

    Null outside of a family.
    """
    members = estimates[estimates["is_in_family"].astype(bool)]
    families = (members["verdict"] == NO_CHANGE).groupby([members[key] for key in FAMILY_KEYS])
    counts = {"family_count": families.transform("size"), "family_unmoved_count": families.transform("sum")}
    return estimates.assign(
        **{name: values.reindex(estimates.index).astype("Int64") for name, values in counts.items()}
    )


def _verdict(estimates: pd.DataFrame, is_rise: pd.Series, is_fall: pd.Series) -> pd.Series:
    is_surge = is_rise & (estimates["adjusted_growth_pct"].to_numpy(dtype=float) >= SURGE_PCT)
    words = np.select([is_surge, is_rise, is_fall], [SURGED, ROSE, FELL], NO_CHANGE)
    return pd.Series(words, index=estimates.index, dtype="str").where(estimates["is_in_family"])


def trend(estimates: pd.DataFrame) -> pd.Series:
    """`steady`, `continued` or null, for members of the family.

    Steady: three rises, the last three months' changes all above 0 and below 25 %, and a three-month interval above 0.
    Continued: a two-month interval above 0. Steady is the stronger word. Read: smallest_rise_pct and largest_rise_pct
    of the last three changes, three_month_growth_pct_low, two_month_growth_pct_low.
    """
    columns = ("smallest_rise_pct", "largest_rise_pct", "three_month_growth_pct_low", "two_month_growth_pct_low")
    smallest, largest, three_low, two_low = (estimates[name].to_numpy(dtype=float) for name in columns)
    is_steady: NDArray[np.bool_] = (smallest > 0) & (largest < SURGE_PCT) & (three_low > 0)
    words = pd.Series(np.select([is_steady, two_low > 0], [STEADY, CONTINUED], ""), index=estimates.index, dtype="str")
    return words.where(estimates["is_in_family"] & (words != ""))
