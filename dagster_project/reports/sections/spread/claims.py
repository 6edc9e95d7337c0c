"""The sentences of one technology in the spread study, each from one row of a mart."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import beside_naive
from dagster_project.reports.claims.hedges import ONE_SIDED_LEVEL, largest
from dagster_project.reports.claims.wording import capitalised, count, interval, point_change, share
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.spread.overview import COMPARISONS, CONCENTRATION, RANKS
from dagster_project.reports.sections.spread.tables import change_limits, rank_limits
from dagster_project.statistics.spread.stability import SMALLEST_PERIOD, TOO_FEW

MOVED = ("rose", "fell")
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
