"""Monthly counts as arrays of (series, months): what raw, calendar-adjusted and seasonally adjusted growth share."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dagster_project.statistics.core.counts import CountsError, numbers
from dagster_project.statistics.growth.calendar_factors import standard_days
from dagster_project.statistics.growth.raw import SERIES_KEYS, dispersion

Floats = NDArray[np.float64]
PANEL_KEYS = ["posted_month", *SERIES_KEYS]
LATE_COUNTS = ("late_count_1", "late_count_2", "late_count_3")
PANEL_INPUTS = [
    *("parent_series_id", "post_count", "sum_client_squares", "daily_post_counts", *LATE_COUNTS),
    *("maturity_days", "status", "status_reason"),
]
CALENDAR_LEVEL = "total"
LEVEL_ABOVE = {"sub_category": "category", "category": "total", "total": "total"}


@dataclass(frozen=True)
class Panel:
    """Arrays over (series, months) unless said otherwise.

    series: frame of level, series_id, population; parent: row of the series above, (series,); months: first days
    without a gap; posts: as known now; dispersion: variance over mean of a count from posts per client; late: posts not
    known yet when the month was as old as the month 1, 2, 3 later is now, (3, series, months); maturity: days that a
    month has been known after its end, (months,); status, reason: collection, (months,); standard_days: of the series'
    population.
    """

    series: pd.DataFrame
    parent: NDArray[np.int64]
    months: pd.DatetimeIndex
    posts: Floats
    dispersion: Floats
    late: Floats
    maturity: NDArray[np.int64]
    status: NDArray[np.object_]
    reason: NDArray[np.object_]
    standard_days: Floats

    @property
    def is_complete(self) -> NDArray[np.bool_]:
        """Months collected completely, (months,)."""
        return np.asarray(self.status == "complete")

    def base_posts(self, steps: int) -> Floats:
        """Posts of the month `steps` before each month, known when it was as old as that month is now; NaN at first."""
        return shifted(self.posts - self.late[steps - 1], steps)


def shifted(values: Floats, steps: int) -> Floats:
    """(series, months): the values of `steps` months before, NaN at the beginning."""
    result = np.full(values.shape, np.nan)
    result[:, steps:] = values[:, :-steps]
    return result


def panel(counts: pd.DataFrame, table: str) -> Panel:
    """The panel of a counts frame with PANEL_KEYS and PANEL_INPUTS; every series has a row in every month.

    Raises CountsError where a series lacks a month or a population lacks its `total` series.
    """
    ordered = counts.assign(posted_month=pd.to_datetime(counts["posted_month"])).sort_values(
        [*SERIES_KEYS, "posted_month"], ignore_index=True
    )
    months = pd.DatetimeIndex(sorted(ordered["posted_month"].unique()))
    series = ordered[SERIES_KEYS].drop_duplicates(ignore_index=True)
    shape = (len(series), len(months))
    if len(ordered) != shape[0] * shape[1]:
        raise CountsError(f"{table}: {shape[0]} series and {shape[1]} months make {len(ordered)} rows; fill the gaps")
    posts = numbers(ordered, "post_count", table).reshape(shape)
    squares = numbers(ordered, "sum_client_squares", table).reshape(shape)
    of_months = ordered.iloc[: len(months)]
    status = of_months["status"].to_numpy(dtype=object)
    return Panel(
        series=series,
        parent=_parents(series, ordered["parent_series_id"].iloc[:: len(months)], table),
        months=months,
        posts=posts,
        dispersion=dispersion(posts, squares),
        late=np.stack([numbers(ordered, name, table).reshape(shape) for name in LATE_COUNTS]),
        maturity=of_months["maturity_days"].to_numpy(dtype=np.int64),
        status=status,
        reason=of_months["status_reason"].to_numpy(dtype=object),
        standard_days=_standard_days(ordered, series, months, status == "complete", table),
    )


def _parents(series: pd.DataFrame, parent_ids: pd.Series, table: str) -> NDArray[np.int64]:
    """Row of each series' parent; raises CountsError where it has none in the frame."""
    above = pd.MultiIndex.from_arrays([series["level"].map(LEVEL_ABOVE), parent_ids, series["population"]])
    rows = pd.MultiIndex.from_frame(series).get_indexer(above)
    if (rows < 0).any():
        orphan = series[rows < 0].iloc[0].to_dict()
        raise CountsError(f"{table}: series {orphan} has no row for the level above it; add its category and total")
    return np.asarray(rows, dtype=np.int64)


def _standard_days(
    ordered: pd.DataFrame, series: pd.DataFrame, months: pd.DatetimeIndex, is_complete: NDArray[np.bool_], table: str
) -> Floats:
    """Standard days by (series, months): those of the population's total."""
    result = np.empty((len(series), len(months)))
    for population in series["population"].unique():
        is_total = (ordered["level"] == CALENDAR_LEVEL) & (ordered["population"] == population)
        if not is_total.any():
            raise CountsError(f"{table}: population {population} has no series of level {CALENDAR_LEVEL}")
        days = standard_days(months, ordered.loc[is_total, "daily_post_counts"].tolist(), is_complete)
        result[(series["population"] == population).to_numpy()] = days
    return result
