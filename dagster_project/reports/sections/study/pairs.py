"""Two populations of the worker study side by side, top AI users and their peers first."""

import pandas as pd

from dagster_project.reports.charts.surveys import comparison_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import capitalised, told_points, told_share
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import WaveView
from dagster_project.storage.shown_text import display_text

DIFFERENT = ("higher", "lower")
TOP_PAIR = ("full_time_top_quartile", "full_time_peers")
TOP_NAMES = ("top AI users", "their peers")
NAMED_FINDINGS = 5
COMPARISONS = "study_group_comparisons"
TOLD_FIRST = (
    *("burnout", "considers_quitting", "use_fits_goals", "trusts_ai_more", "better_relationship", "ai_more_polite"),
)
"""Questions whose findings open a comparison, in this order."""


def pair_section(view: WaveView, pair: tuple[str, str], title: str, setting: str = "") -> Section | None:
    """The findings that differ between two populations, and all of them as a chart.

    setting: the page's legend of the two names, where it has one. None where nothing can be compared.
    """
    rows = compared_rows(view, pair)
    if rows.empty:
        return None
    section = Section(f"pair-{pair[0].replace('_', '-')}", title)
    labels = _labels(rows)
    if not setting:
        section.lead = f"{capitalised(labels[0])} beside {labels[1]}."
    names = TOP_NAMES if setting else labels
    told = rows[rows["verdict"].isin(DIFFERENT)]
    first_names = TOP_NAMES if setting else None  # the names of other pairs would make the sentence too long
    section.claims = [
        comparison_claim(view, row, setting or section.lead, None if place else first_names)
        for place, (_, row) in enumerate(told.head(NAMED_FINDINGS).iterrows())
    ]
    section.notes.extend(_rest(rows, told))
    findings = view.findings()
    asked = pd.MultiIndex.from_frame(rows[["question_id", "measure"]])
    charted = findings[pd.MultiIndex.from_frame(findings[["question_id", "measure"]]).isin(asked)]
    charted = charted[charted["answer_share"].notna()]
    if set(pair) <= set(charted["population_id"]):
        section.figures.append(comparison_figure(charted, pair, names))
    return section


def compared_rows(view: WaveView, pair: tuple[str, str]) -> pd.DataFrame:
    """study_group_comparisons of a pair with a value: TOLD_FIRST, then the largest difference first."""
    rows = view.of_wave(COMPARISONS)
    rows = rows[(rows["population_id"] == pair[0]) & (rows["reference_population_id"] == pair[1])]
    rows = rows[rows["difference_points"].notna() & rows["answer_share"].notna() & rows["reference_share"].notna()]
    rows = rows.sort_values("difference_points", key=lambda points: -points.astype(float).abs(), kind="stable")
    places = {question: place for place, question in enumerate(TOLD_FIRST)}
    return rows.sort_values("question_id", key=lambda ids: ids.map(places).fillna(len(places)), kind="stable")


def pairs(view: WaveView) -> list[tuple[str, str]]:
    """The pairs of the wave, top users first."""
    rows = view.of_wave(COMPARISONS)[["population_id", "reference_population_id"]].drop_duplicates()
    return sorted(rows.itertuples(index=False, name=None), key=lambda pair: (pair != TOP_PAIR, pair))


def _labels(rows: pd.DataFrame) -> tuple[str, str]:
    return display_text(rows["population"].iloc[0], 200), display_text(rows["reference_population"].iloc[0], 200)


def legend(view: WaveView) -> str:
    """Who top AI users and their peers are; empty where the wave does not compare them."""
    rows = compared_rows(view, TOP_PAIR)
    if rows.empty:
        return ""
    labels = _labels(rows)
    return " ".join(f"{capitalised(name)}: {label}." for name, label in zip(TOP_NAMES, labels, strict=True))


def _sentence(row: pd.Series, names: tuple[str, str] | None) -> str:
    """`68% of top AI users trust AI more ..., against 34% of their peers`, or what stands without the two names."""
    shares = [told_share(row[column], None, None) for column in ("answer_share", "reference_share")]
    finding = display_text(row["finding"], 200)
    if names is None:
        return f"{shares[0]} against {shares[1]} {finding}"
    return f"{shares[0]} of {names[0]} {finding}, against {shares[1]} of {names[1]}"


def headline_claim(view: WaveView, row: pd.Series, setting: str) -> Claim:
    """The two shares of top AI users and their peers."""
    return pair_claim(view, row, _sentence(row, TOP_NAMES), setting)


def comparison_claim(view: WaveView, row: pd.Series, setting: str, names: tuple[str, str] | None = None) -> Claim:
    """`68% against 34% trust AI more than their coworkers, a difference of 34 points (25–43).`"""
    points = told_points(*(row[f"difference_points{end}"] for end in ("", "_low", "_high")))
    return pair_claim(view, row, f"{_sentence(row, names)}, a difference of {points}.", setting)


def pair_claim(view: WaveView, row: pd.Series, sentence: str, setting: str) -> Claim:
    """A claim of the difference of one finding between two populations."""
    return view.book.add(
        COMPARISONS, row, "difference_points", "respondent_count", sentence, about=display_text(row["finding"], 200),
        period=view.context.month, population=display_text(row["population"], 200), unit="point_change",
        setting=setting,
    )  # fmt: skip


def _rest(rows: pd.DataFrame, told: pd.DataFrame) -> list[str]:
    """What is said of the findings that no sentence names."""
    alike = rows[~rows["verdict"].isin(DIFFERENT)]
    if told.empty:
        return ["No finding differs clearly between the two."]
    more = ["The chart's other findings differ as well."] if len(told) > NAMED_FINDINGS and alike.empty else []
    names = "; ".join(display_text(finding, 200) for finding in alike["finding"])
    return [*more, *([f"No clear difference: {names}."] if names else [])]
