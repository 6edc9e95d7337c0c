"""The estimate that a sentence uses: the corrected one where an audit sample gives one, else the classifier's own."""

from dataclasses import dataclass, replace

import pandas as pd

from dagster_project.reports.claims.wording import NO_VALUE, interval, is_missing, share
from dagster_project.reports.page.document import Table

CORRECTED_COLUMNS = ["Corrected", "95% interval, corrected"]
SAMPLE_COLUMN = "Audit sample"
CORRECTED_BY = "corrected by "


@dataclass(frozen=True)
class BestEstimate:
    """A share as printed: the column it comes from, its value and limits, and whether it is corrected."""

    metric: str
    value: float
    low: float
    high: float
    is_corrected: bool


def is_corrected(row: pd.Series, metric: str) -> bool:
    """Whether the row holds a corrected value of the metric."""
    return not is_missing(row.get(f"corrected_{metric}"))


def best_estimate(row: pd.Series, metric: str) -> BestEstimate:
    """The corrected share of a mart row where there is one, else the naive one."""
    column = f"corrected_{metric}" if is_corrected(row, metric) else metric
    return BestEstimate(column, row[column], row[f"{column}_low"], row[f"{column}_high"], column != metric)


def of_one_kind(rows: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The corrected rows where one is, else all: shares that are set side by side are all corrected or none is."""
    corrected = rows[f"corrected_{metric}"].notna()
    return rows[corrected] if corrected.any() else rows


def correction_of(row: pd.Series, metric: str) -> object:
    """By what a metric of the row is corrected, or why not: its own words where other posts inform it than the rest."""
    return row.get(f"{metric}_correction", row.get("correction"))


def in_brackets(row: pd.Series, metric: str, counted: str) -> str:
    """What stands in a sentence's brackets: counts and interval, and beside a corrected value the naive one.

    counted: `4,912 of 66,380 posts`.
    """
    shown = best_estimate(row, metric)
    limits = f"95% interval {interval(shown.low, shown.high)}"
    if not shown.is_corrected:
        return f"{counted}; {limits}"
    return f"{correction_of(row, metric)}; {limits}; the classifier's own count is {share(row[metric])}, {counted}"


def corrected_cells(row: pd.Series, metric: str) -> list[str]:
    """The two cells of CORRECTED_COLUMNS."""
    columns = (f"corrected_{metric}_low", f"corrected_{metric}_high")
    return [share(row.get(f"corrected_{metric}")), interval(*(row.get(column) for column in columns))]


def with_corrected(table: Table, rows: pd.DataFrame, metric: str) -> Table:
    """The table with a corrected column and interval where one of its rows is corrected, else with the reason.

    Where the rows are informed by samples of different size, a further column names each.
    """
    if not any(is_corrected(row, metric) for _, row in rows.iterrows()):
        return Table(table.id, table.caption, table.columns, table.rows, table.numeric, _note(table, rows))
    cells = [
        [*cells, *corrected_cells(row, metric)] for cells, (_, row) in zip(table.rows, rows.iterrows(), strict=True)
    ]
    columns, is_by_sample = [*table.columns, *CORRECTED_COLUMNS], rows["correction"].map(_is_by_sample)
    if rows.loc[is_by_sample, "correction"].nunique() > 1:
        samples = [sample_cell(row, metric) for _, row in rows.iterrows()]
        cells = [[*of_row, sample] for of_row, sample in zip(cells, samples, strict=True)]
        columns, rows = [*columns, SAMPLE_COLUMN], rows[~is_by_sample]
    return Table(table.id, table.caption, columns, cells, table.numeric | {"Corrected"}, _note(table, rows))


def with_samples(table: Table, rows: pd.DataFrame) -> Table:
    """The table with the sample that corrects each of its displayed rows in a last column; without one, as it is."""
    if not (rows["prefix"] != "").any():
        return replace(table, note=_note(table, rows))
    is_by_sample = rows["correction"].map(_is_by_sample)
    cells = [[*of_row, _sample(words)] for of_row, words in zip(table.rows, rows["correction"], strict=True)]
    columns, note = [*table.columns, SAMPLE_COLUMN], _note(table, rows[~is_by_sample])
    return replace(table, columns=columns, rows=cells, note=note)


def correction_by_period(rows: pd.DataFrame) -> str:
    """`2020-2021: corrected by audit sample of 150 posts; 2022-2023: ...`, from the rows of study periods."""
    periods = rows.drop_duplicates("period_id").dropna(subset="correction")
    sentence = "; ".join(f"{row['period_label']}: {row['correction']}" for _, row in periods.iterrows())
    return f"{sentence}." if sentence else ""


def _is_by_sample(words: object) -> bool:
    return str(words).startswith(CORRECTED_BY)


def sample_cell(row: pd.Series, metric: str) -> str:
    """`62 posts` of the audit sample, or that there is none."""
    return _sample(correction_of(row, metric))


def _sample(words: object) -> str:
    if not _is_by_sample(words):
        return NO_VALUE
    by = str(words).removeprefix(CORRECTED_BY)
    return by.replace("a model and an audit sample of ", "a model, ").removeprefix("audit sample of ")


def _note(table: Table, rows: pd.DataFrame) -> str:
    return " ".join(part for part in (table.note, correction_note(rows)) if part)


def correction_note(rows: pd.DataFrame) -> str:
    """The ways in which the rows are corrected or not, each once, as a sentence; empty where none says."""
    sentence = "; ".join(sorted(set(rows["correction"].dropna().astype(str))))
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def with_shown(data: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The frame with `shown`, `shown_low`, `shown_high` and `is_corrected`: what a chart draws of a metric."""
    shown = [best_estimate(row, metric) for _, row in data.iterrows()]
    return data.assign(
        shown=[float(one.value) for one in shown],
        shown_low=[float(one.low) for one in shown],
        shown_high=[float(one.high) for one in shown],
        is_corrected=[one.is_corrected for one in shown],
    )


CHANGE_METRICS = ("verdict", "difference_points", "distance_points", "current_share")
"""A change is told as corrected where any of these is: a corrected share without a verdict is still corrected."""


def displayed_rows(rows: pd.DataFrame, *metrics: str) -> pd.DataFrame:
    """The rows as the page tells them: every corrected column in place of the naive one where a metric is corrected.

    The naive ones stand on as `naive_...`; `prefix` is `corrected_` in these rows and empty in the others.
    """
    present = [f"corrected_{metric}" for metric in metrics if f"corrected_{metric}" in rows]
    has_correction = rows[present].notna().any(axis=1)
    displayed = rows.assign(prefix=has_correction.map({True: "corrected_", False: ""}))
    for column in rows.columns:
        naive = str(column).removeprefix("corrected_")
        if naive != column and naive in rows:
            displayed[f"naive_{naive}"] = rows[naive]
            displayed[naive] = rows[naive].where(~has_correction, rows[column])
    return displayed


def beside_naive(row: pd.Series, naive: str) -> str:
    """What a displayed row's sentence says in its brackets: by what it is corrected, and the classifier's number."""
    return f"; {row['correction']}; the classifier's own count gives {naive}" if row["prefix"] else ""
