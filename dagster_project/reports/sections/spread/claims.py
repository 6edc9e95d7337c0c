"""Sentences and tables of one technology in the spread study, each sentence from one row of a mart."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import beside_naive, correction_by_period, correction_note
from dagster_project.reports.claims.hedges import ONE_SIDED_LEVEL, largest
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
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.spread.overview import COMPARISONS, CONCENTRATION, MOVED, RANKS
from dagster_project.statistics.spread.stability import SMALLEST_PERIOD, TOO_FEW


def rank_limits(row: pd.Series) -> str:
    """`1 to 2`: the best and the worst rank."""
    low, high = number(row["category_rank_low"]), number(row["category_rank_high"])
    return NO_VALUE if low is None or high is None else f"{low:.0f} to {high:.0f}"


def change_limits(row: pd.Series) -> str:
    """`−15.8 to −7.1 points`."""
    return interval(row["difference_points_low"], row["difference_points_high"], point_change)


def share_tables(technology: str, name: str, displayed: pd.DataFrame, naive: pd.DataFrame) -> list[Table]:
    """The shares and ranks as the page tells them, and where these are corrected the classifier's own after them."""
    note = correction_by_period(displayed)
    return _corrected_and_naive(partial(share_table, technology, name), displayed, naive, note)


def change_tables(technology: str, name: str, displayed: pd.DataFrame, naive: pd.DataFrame) -> list[Table]:
    """The same of the changes between two periods."""
    note = correction_note(displayed)
    return _corrected_and_naive(partial(change_table, technology, name), displayed, naive, note)


def _corrected_and_naive(
    table_of: Callable[[pd.DataFrame], Table], displayed: pd.DataFrame, naive: pd.DataFrame, note: str
) -> list[Table]:
    if not displayed["prefix"].any():
        return [table_of(displayed)]
    corrected = table_of(_corrected_alone(displayed))
    return [
        _with_words(corrected, "corrected", "corrected", note),
        _with_words(table_of(naive), "naive", "as the classifier counts"),
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


# stated before the data by the study that this page follows; every other change is tested in both directions
EXPECTED_CONCENTRATION = {"rpa": "rose"}


def largest_claim(view: MonthView, name: str, row: pd.Series) -> Claim:
    """`Writing was the largest category ...`, or `among the largest` where another may be larger."""
    place = largest("category", "categories", row["category_rank_high"])
    sentence = (
        f"{row['category']} was {place} of {name} posts in {row['period_label']}: {share(row['composition_share'])} of "
        f"{count(row['technology_post_count'])} posts (95% interval "
        f"{interval(row['composition_share_low'], row['composition_share_high'])}; rank {count(row['category_rank'])}, "
        f"95% interval {rank_limits(row)}{_naive_share(row)})."
    )
    return view.book.add(
        RANKS, row, f"{row['prefix']}composition_share", "technology_post_count", sentence,
        about=f"{row['category']} within {name} posts", period=row["period_id"],
        population=f"{name} posts of the feed", unit="fraction",
    )  # fmt: skip


def above_one_percent_claim(view: MonthView, name: str, row: pd.Series) -> Claim:
    """`10 of the twelve categories each held more than 1% of the AI posts of 2020-2021, ...`"""
    above = count(row["categories_above_one_percent"])
    sentence = (
        f"{above} of the twelve categories each held more than 1% of the {name} posts of {row['period_label']}, by the "
        f"lower bound of their 95% intervals ({count(row['technology_post_count'])} posts{_naive_categories(row)})."
    )
    return view.book.add(
        CONCENTRATION, row, f"{row['prefix']}categories_above_one_percent", "technology_post_count", sentence,
        about=f"categories of {name} posts", period=row["period_id"],
        population=f"{name} posts of the feed", unit="count",
    )  # fmt: skip


def share_change_claim(view: MonthView, name: str, row: pd.Series) -> Claim:
    """`Translation rose by 5.1 points, from 3.4% of AI posts in 2020-2021 to 8.5% in 2022-2023 (...).`"""
    if row["verdict"] in MOVED:
        change = f"{row['verdict']} by {point_change(abs(row['difference_points'])).lstrip('+')}"
    else:
        change = f"changed by {point_change(row['difference_points'])}, not distinguishable from no change"
    sentence = (
        f"{row['series']} {change}: from {share(row['base_share'])} of {name} posts in {row['base_period_label']} to "
        f"{share(row['current_share'])} in {row['current_period_label']} (95% interval of the change "
        f"{change_limits(row)}; {_sizes(row)}{_naive_change(row)})."
    )
    return _comparison_claim(view, name, row, sentence)


def concentration_claim(view: MonthView, name: str, row: pd.Series) -> Claim:
    """`AI posts became less concentrated ...`, two-sided at 5 %, or one-sided where a direction was expected."""
    rise = float(row["rise_p_value"])
    sentence = (
        f"{capitalised(name)} posts {concentration_words(row)} from "
        f"{row['base_period_label']} to {row['current_period_label']}: their Herfindahl index went from "
        f"{row['base_share']:.3f} to {row['current_share']:.3f} ({point_change(row['difference_points'])}, 95% "
        f"interval {change_limits(row)}; one-sided {_p_value(min(rise, 1 - rise))}; {_sizes(row)}{_naive_change(row)})."
    )
    return _comparison_claim(view, name, row, sentence)


def concentration_words(row: pd.Series) -> str:
    """What a displayed row of the Herfindahl index says happened."""
    if EXPECTED_CONCENTRATION.get(row["technology"]) == "rose" and float(row["rise_p_value"]) < ONE_SIDED_LEVEL:
        return "became more concentrated by the one-sided test at 5%"
    words = {"rose": "became more concentrated", "fell": "became less concentrated"}
    return words.get(row["verdict"], "did not change distinguishably in concentration")


def stability_claim(view: MonthView, name: str, row: pd.Series) -> Claim:
    """How much of the composition moved, and whether that is stable."""
    verdict = str(row["verdict"])
    words = f"has too few posts to be called stable{_few(row)}" if verdict == TOO_FEW else f"was {verdict}"
    moved, low, high = (f"{float(row[f'difference_points{end}']):.1f}" for end in ("", "_low", "_high"))
    sentence = (
        f"The composition of {name} posts {words} from {row['base_period_label']} to {row['current_period_label']}: "
        f"{moved} percentage points of it would have to change category (95% interval {low} to {high} points; "
        f"{_sizes(row)}{_naive_distance(row)})."
    )
    return _comparison_claim(view, name, row, sentence)


def _few(row: pd.Series) -> str:
    """Which period has too few posts and how many, corrected where the row is: ` (412 in 2020-2021, under 600)`."""
    corrected = "corrected_" if row["prefix"] else ""
    posts = {side: row[f"{side}_{corrected}post_count"] for side in ("base", "current")}
    few = [
        f"{count(n)} in {row[f'{side}_period_label']}"
        for side, n in posts.items()
        if pd.notna(n) and n < SMALLEST_PERIOD
    ]
    return f" ({' and '.join(few)}, under {SMALLEST_PERIOD})" if few else ""


def _comparison_claim(view: MonthView, name: str, row: pd.Series, sentence: str) -> Claim:
    return view.book.add(
        COMPARISONS, row, f"{row['prefix']}difference_points", "current_post_count", sentence,
        about=f"{row['series']} within {name} posts", period=f"{row['base_period_id']} to {row['current_period_id']}",
        population=f"{name} posts of the feed", unit="point_change",
    )  # fmt: skip


def _p_value(value: float) -> str:
    return "p below 0.001" if value < 0.001 else f"p = {value:.3f}"


def _sizes(row: pd.Series) -> str:
    return f"{count(row['base_post_count'])} and {count(row['current_post_count'])} posts"


def _naive_share(row: pd.Series) -> str:
    return beside_naive(row, share(row.get("naive_composition_share")))


def _naive_categories(row: pd.Series) -> str:
    return beside_naive(row, count(row.get("naive_categories_above_one_percent")))


def _naive_change(row: pd.Series) -> str:
    return beside_naive(row, point_change(row.get("naive_difference_points")))


def _naive_distance(row: pd.Series) -> str:
    return beside_naive(row, point_change(row.get("naive_difference_points")).lstrip("+"))
