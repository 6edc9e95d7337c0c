"""What would change the study's conclusion: the classifier's errors and the value of the posts that are counted."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, displayed_rows
from dagster_project.reports.claims.wording import told_points, told_share
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.spread.overview import (
    COMPARISONS,
    MOVED,
    RANKS,
    Span,
    change_claim,
    change_rows,
    study_rows,
)
from dagster_project.reports.sections.spread.technology import NAMED_PAIRS

SHARES, AUDIT = "period_technology_category_shares", "classifier_audit"
HIGH_VALUE = "at_least_1000"


def doubt_section(view: MonthView, span: Span, setting: str) -> Section:
    """Precision in the two periods, the pair without correction, the category most corrected, high-value posts."""
    section = Section("doubt", "What would change the conclusion")
    section.claims = [
        *(change := _change_claims(view, span, setting)),
        *_precision_claims(view, span, setting),
        *_uncorrected_claims(view, span, setting),
        *_category_claims(view, span),
        *_high_value_claims(view, span, setting),
    ]
    if not change:
        section.notes.append("More posts, or a larger audit, could still show a change.")
    if not any(claim.mart == AUDIT for claim in section.claims):
        section.notes.append("No audit covers both periods: how far the classifier's errors move a share is not known.")
    return section


def _change_claims(view: MonthView, span: Span, setting: str) -> list[Claim]:
    """What the title rests on, where the home categories moved."""
    rows = change_rows(view, "ai", span.base, span.current)
    rows = rows[(rows["series_id"] == NAMED_PAIRS["ai"]) & rows["verdict"].isin(MOVED)]
    return [
        change_claim(
            view, row,
            f"The home categories {row['verdict']} "
            f"{told_points(*(row[f'difference_points{end}'] for end in ('', '_low', '_high')))}; the title stands as "
            "long as this range excludes zero.",
            setting,
        )
        for _, row in rows.iterrows()
    ]  # fmt: skip


def _precision_claims(view: MonthView, span: Span, setting: str) -> list[Claim]:
    rows = view.marts[AUDIT]
    rows = rows[(rows["technology"] == "ai") & rows["is_covered"].astype(bool) & rows["precision"].notna()]
    by_id = {row["period_id"]: row for _, row in rows.iterrows()}
    if not {span.base, span.current} <= set(by_id):
        return []
    of = f"of the posts that the classifier took for AI work in {span.base_label}"
    return [
        _precision_claim(view, by_id[span.base], f"An audit confirmed {{}} {of}.", setting),
        _precision_claim(view, by_id[span.current], f"In {span.current_label} it confirmed {{}}.", setting),
    ]


def _precision_claim(view: MonthView, row: pd.Series, sentence: str, setting: str) -> Claim:
    told = told_share(row["precision"], row["precision_low"], row["precision_high"])
    return view.book.add(
        AUDIT, row, "precision", "audited_count", sentence.format(told), about="precision of the AI classifier",
        period=row["period_id"], population="audited posts", unit="fraction", setting=setting,
    )  # fmt: skip


def _uncorrected_claims(view: MonthView, span: Span, setting: str) -> list[Claim]:
    """The home categories as the classifier counts, where the page tells corrected shares."""
    frame = view.marts[COMPARISONS]
    is_row = (frame["technology"] == "ai") & (frame["base_period_id"] == span.base)
    rows = frame[is_row & (frame["current_period_id"] == span.current) & (frame["series_id"] == NAMED_PAIRS["ai"])]
    rows = rows[rows["corrected_current_share"].notna() & rows["difference_points"].notna()]
    return [
        view.book.add(
            COMPARISONS, row, "difference_points", "current_post_count",
            f"Uncorrected, the home categories held {_naive(row, 'base')} and {_naive(row, 'current')}.",
            about="home categories, uncorrected", period=f"{span.base} to {span.current}",
            population="AI posts of the feed", unit="point_change", setting=setting,
        )
        for _, row in rows.iterrows()
    ]  # fmt: skip


def _naive(row: pd.Series, side: str) -> str:
    return told_share(*(row[f"{side}_share{end}"] for end in ("", "_low", "_high")))


def _category_claims(view: MonthView, span: Span) -> list[Claim]:
    """The category whose share of the current period the correction moves furthest."""
    rows = displayed_rows(study_rows(view, RANKS, "ai"), "category_rank")
    rows = rows[(rows["period_id"] == span.current) & (rows["prefix"] != "") & rows["composition_share"].notna()]
    if rows.empty:
        return []
    moved = (rows["composition_share"].astype(float) - rows["naive_composition_share"].astype(float)).abs()
    row = rows.iloc[moved.argmax()]
    told, naive = (
        told_share(*(row[f"{kind}composition_share{end}"] for end in ("", "_low", "_high"))) for kind in ("", "naive_")
    )
    sentence = (
        f"Errors differ by category: of AI posts in {row['period_label']}, {row['category']} held "
        f"{naive} by the classifier's count, {told} corrected."
    )
    return [
        view.book.add(
            RANKS, row, "corrected_composition_share", "technology_post_count", sentence,
            about=f"{row['category']} within AI posts", period=row["period_id"], population="AI posts of the feed",
            unit="fraction",
        )
    ]  # fmt: skip


def _high_value_claims(view: MonthView, span: Span, setting: str) -> list[Claim]:
    """The first home category among posts of high value, in both periods or not at all."""
    frame = view.marts[SHARES]
    is_row = (frame["technology"] == "ai") & (frame["value_filter"] == HIGH_VALUE)
    rows = frame[is_row & (frame["category_id"] == "data_science_analytics") & frame["composition_share"].notna()]
    rows = rows[rows["technology_post_count"] >= SMALLEST_DENOMINATOR]
    by_id = {row["period_id"]: row for _, row in rows.iterrows()}
    if not {span.base, span.current} <= set(by_id):
        return []
    category = rows["category"].iloc[0]
    of = f"Of AI posts worth at least 1,000 USD, {category} held {{}} in {span.base_label}."
    later = "it" if category in setting else category
    return [
        _high_value_claim(view, by_id[span.base], of, setting),
        _high_value_claim(view, by_id[span.current], f"In {span.current_label} {later} held {{}} of them.", setting),
    ]


def _high_value_claim(view: MonthView, row: pd.Series, sentence: str, setting: str) -> Claim:
    shown = best_estimate(row, "composition_share")
    sentence = sentence.format(told_share(shown.value, shown.low, shown.high))
    return view.book.add(
        SHARES, row, shown.metric, "technology_post_count", sentence,
        about=f"{row['category']} within AI posts of high value", period=row["period_id"],
        population="AI posts of the feed worth at least 1,000 USD", unit="fraction", setting=setting,
    )  # fmt: skip
