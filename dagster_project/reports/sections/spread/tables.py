"""The tables of one technology in the spread study, and the limits as its tables and sentences print them."""

from dataclasses import replace

import pandas as pd

from dagster_project.reports.claims.corrected import correction_note
from dagster_project.reports.claims.wording import (
    NO_VALUE,
    capitalised,
    count,
    interval,
    number,
    point_change,
    share,
    word,
)
from dagster_project.reports.page.document import Table


def rank_limits(row: pd.Series) -> str:
    """`1 to 2`: the best and the worst rank."""
    low, high = number(row["category_rank_low"]), number(row["category_rank_high"])
    return NO_VALUE if low is None or high is None else f"{low:.0f} to {high:.0f}"


def change_limits(row: pd.Series) -> str:
    """`−15.8 to −7.1 points`."""
    low, high = (point_change(row[f"difference_points_{side}"]) for side in ("low", "high"))
    if NO_VALUE in (low, high):
        return NO_VALUE
    return f"{low.removesuffix(' points')} to {high}"


def share_tables(technology: str, name: str, displayed: pd.DataFrame, naive: pd.DataFrame) -> list[Table]:
    """The shares and ranks as the page tells them, and where these are corrected the classifier's own after them."""
    if not displayed["prefix"].any():
        return [share_table(technology, name, displayed)]
    return [
        _with_words(
            share_table(technology, name, _corrected_alone(displayed)),
            "corrected",
            "corrected",
            correction_note(displayed),
        ),
        _with_words(share_table(technology, name, naive), "naive", "as the classifier counts"),
    ]


def change_tables(technology: str, name: str, displayed: pd.DataFrame, naive: pd.DataFrame) -> list[Table]:
    """The same of the changes between two periods."""
    if not displayed["prefix"].any():
        return [change_table(technology, name, displayed)]
    return [
        _with_words(
            change_table(technology, name, _corrected_alone(displayed)),
            "corrected",
            "corrected",
            correction_note(displayed),
        ),
        _with_words(change_table(technology, name, naive), "naive", "as the classifier counts"),
    ]


def _corrected_alone(displayed: pd.DataFrame) -> pd.DataFrame:
    """The rows without the naive numbers of those that are not corrected: the two never share a column."""
    corrected = [column for column in displayed.columns if f"naive_{column}" in displayed.columns]
    return displayed.assign(
        **{column: displayed[column].where(displayed["prefix"] != "", None) for column in corrected}
    )


def _with_words(table: Table, id: str, kind: str, note: str = "") -> Table:
    """The table with the kind of its numbers in id and caption."""
    whole_note = f"{table.note} {note}".strip()
    return replace(table, id=f"{table.id}-{id}", caption=f"{table.caption}, {kind}", note=whole_note)


def share_table(technology: str, name: str, ranks: pd.DataFrame) -> Table:
    """A row a category, largest in the latest period first; share, interval and rank interval of each period."""
    periods = ranks.drop_duplicates("period_id")
    latest = ranks[ranks["period_id"] == periods["period_id"].iloc[-1]]
    order = latest.sort_values(["classified_count", "category"], ascending=[False, True])["category"]
    labels = [f"{row['period_label']} (n = {count(row['technology_post_count'])})" for _, row in periods.iterrows()]
    columns = [part for label in labels for part in (label, f"95% interval, {label[:9]}", f"Rank, {label[:9]}")]
    by_place = ranks.set_index(["category", "period_id"])
    cells = [[str(category), *_share_cells(by_place, category, periods["period_id"])] for category in order]
    caption = f"{capitalised(name)} posts by category and study period"
    note = "Rank: places that the data do not rule out, 95% for all categories of a period at once."
    return Table(f"table-spread-{technology}", caption, ["Category", *columns], cells, frozenset(labels), note)


def _share_cells(by_place: pd.DataFrame, category: str, period_ids: pd.Series) -> list[str]:
    cells = []
    for period_id in period_ids:
        row = by_place.loc[(category, period_id)]
        limits = interval(row["composition_share_low"], row["composition_share_high"])
        cells.extend([share(row["composition_share"]), limits, rank_limits(row)])
    return cells


def change_table(technology: str, name: str, step: pd.DataFrame) -> Table:
    """A row a category, pair and group: both shares, their difference and ratio, and what may be said of it."""
    first = step.iloc[0]
    base, current = first["base_period_label"], first["current_period_label"]
    rows = step[step["series_kind"].isin(["category", "group", "pair"])]
    kinds = pd.Categorical(rows["series_kind"], ["category", "pair", "group"], ordered=True)
    rows = rows.assign(kind=kinds).sort_values(["kind", "difference_points"], ascending=[True, False], kind="stable")
    cells = [
        [str(row["series"]), share(row["base_share"]), share(row["current_share"]),
         point_change(row["difference_points"]), change_limits(row), _ratio(row), word(row["verdict"])]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    columns = ["Category", base, current, "Change", "95% interval of the change", "Ratio, 95% interval", "Verdict"]
    return Table(
        f"table-change-{technology}-{first['current_period_id']}",
        f"Change in the composition of {name} posts, {base} to {current}",
        columns,
        cells,
        frozenset({base, current, "Change"}),
        "Verdict of a category: two-sided test at 5%, adjusted by Holm over the twelve categories.",
    )


def _ratio(row: pd.Series) -> str:
    if number(row["ratio"]) is None:
        return NO_VALUE
    return f"{row['ratio']:.2f} ({row['ratio_low']:.2f} to {row['ratio_high']:.2f})"
