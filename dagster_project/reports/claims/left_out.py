"""What a short page leaves out because its interval tells next to nothing, each told with the interval that decided."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate
from dagster_project.reports.claims.hedges import WIDEST_POINTS
from dagster_project.reports.claims.wording import told_limits, told_share
from dagster_project.reports.page.selection import MonthView

NAMED = 3


def is_readable(rows: pd.DataFrame, metric: str) -> pd.Series:
    """Whether the interval of the share that a page shows of each row is narrow enough to tell something."""
    widths = [100 * (one.high - one.low) for one in (best_estimate(row, metric) for _, row in rows.iterrows())]
    return pd.Series(widths, index=rows.index, dtype=float) <= WIDEST_POINTS


def left_out_claims(
    view: MonthView,
    mart: str,
    rows: pd.DataFrame,
    metric: str,
    n_column: str,
    *,
    names: pd.Series,
    population: str,
    setting: str,
) -> list[Claim]:
    """`Legal is left out: its range, 21% to 78%, is too wide to tell.`, for the first three rows.

    rows: those that `is_readable` refuses; names: what each is called, by the same index.
    """
    named = zip(rows.head(NAMED).iterrows(), names.reindex(rows.index), strict=False)
    return [_claim(view, mart, row, metric, n_column, str(name), population, setting) for (_, row), name in named]


def further_note(rows: pd.DataFrame) -> list[str]:
    """That more rows are left out than are named; no note otherwise."""
    return ["Others are left out for the same reason; the annex lists them."] if len(rows) > NAMED else []


def _claim(
    view: MonthView, mart: str, row: pd.Series, metric: str, n_column: str, name: str, population: str, setting: str
) -> Claim:
    shown = best_estimate(row, metric)
    limits = told_limits(told_share(shown.value, shown.low, shown.high))
    return view.book.add(
        mart, row, shown.metric, n_column, f"{name} is left out: its range, {limits}, is too wide to tell.",
        about=f"{name}, left out", period=str(row.get("period_id", view.context.month)), population=population,
        unit="fraction", setting=setting,
    )  # fmt: skip
