"""The sections with findings: the gain, pairs of populations, and what is asked of one population alone."""

import pandas as pd

from dagster_project.reports.claims.wording import (
    NO_VALUE,
    capitalised,
    count,
    decimal_number,
    interval,
    is_missing,
    point_change,
    share,
    word,
)
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.sections.study.sentences import (
    NUMBER_SENTENCES,
    comparison_claim,
    number_claim,
    ratio_claim,
    share_claim,
)
from dagster_project.reports.sections.study.view import WaveView

PAIR_COLUMNS = ["Finding", "Share", "Reference", "Difference", "95% interval", "Risk ratio",
                "95% interval of the ratio", "Adjusted p", "Verdict"]  # fmt: skip
NUMERIC = frozenset({"Share", "Reference", "Difference", "Risk ratio", "Adjusted p"})


def gain_section(view: WaveView) -> Section:
    """Average, median, where the top quartile begins and how many are really in it."""
    section = Section("gain", "The productivity gain")
    section.lead = "As respondents report it, in percent. Answers heap on round numbers."
    rows = view.of_wave("study_numeric_answers").set_index("statistic", drop=False)
    for statistic in NUMBER_SENTENCES:
        for _, row in rows[rows["statistic"] == statistic].iterrows():
            section.claims.append(number_claim(view, row))
    if not section.claims:
        section.notes.append("No respondent of this wave reports a gain in percent.")
    return section


def pair_sections(view: WaveView) -> list[Section]:
    """A section a pair of populations, the one with most findings first: claims and table."""
    rows = view.of_wave("study_group_comparisons")
    pairs = rows.groupby(["population_id", "reference_population_id"], sort=True)
    ordered = sorted(pairs, key=lambda pair: -len(pair[1]))
    return [_pair_section(view, (str(one), str(other)), of_pair) for (one, other), of_pair in ordered]


def _pair_section(view: WaveView, pair: tuple[str, str], rows: pd.DataFrame) -> Section:
    labels = (display_text(rows["population"].iloc[0], 200), display_text(rows["reference_population"].iloc[0], 200))
    section = Section(f"pair-{pair[0].replace('_', '-')}", capitalised(labels[0]))
    section.lead = (
        f"Beside {labels[1]}. A finding differs where its p-value stays below 5% after Holm's adjustment over all "
        "findings of the pair."
    )
    rows = rows.sort_values(["answer_share", "question_id", "measure"], ascending=[False, True, True])
    ratios = rows[rows["risk_ratio"].notna() & (rows["verdict"] == "higher")].sort_values("risk_ratio", ascending=False)
    section.claims.extend(ratio_claim(view, row) for _, row in ratios.head(1).iterrows())
    section.claims.extend(comparison_claim(view, row) for _, row in rows.iterrows())
    section.tables.append(_pair_table(section.id, labels, rows))
    return section


def _pair_table(section_id: str, labels: tuple[str, str], rows: pd.DataFrame) -> Table:
    cells = [
        [
            capitalised(display_text(row["finding"], 200)),
            share(row["answer_share"]),
            share(row["reference_share"]),
            point_change(row["difference_points"]),
            interval(row["difference_points_low"], row["difference_points_high"], point_change),
            decimal_number(row["risk_ratio"]),
            interval(row["risk_ratio_low"], row["risk_ratio_high"], decimal_number),
            p_value(row["adjusted_p_value"]),
            word(row["verdict"]),
        ]
        for _, row in rows.iterrows()
    ]
    caption = f"{capitalised(labels[0])} (share) and {labels[1]} (reference)"
    return Table(f"table-{section_id}", caption, PAIR_COLUMNS, cells, NUMERIC)


def p_value(value: float) -> str:
    """`0.012`, `under 0.001`."""
    if is_missing(value):
        return NO_VALUE
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def single_sections(view: WaveView) -> list[Section]:
    """What is asked without a comparison, a section of sentences: each population of a finding alone."""
    findings, compared = view.findings(), set(view.of_wave("study_group_comparisons")["question_id"])
    section = Section("further-findings", "Further findings")
    rows = findings[~findings["question_id"].isin(compared)]
    # a finding's pooled population comes first: its label is the longest
    order = rows.assign(length=rows["population"].str.len()).sort_values(
        ["question_id", "length", "answer_share"], ascending=[True, False, False]
    )
    section.claims.extend(share_claim(view, row) for _, row in order.iterrows())
    return [section] if section.claims else []


def answers_section(view: WaveView) -> Section:
    """Every question with all its answers, a table a question and population."""
    section = Section("answers", "All answers")
    section.lead = "Shares of those of the population who answered the question; n in the caption."
    rows = view.of_wave("study_answer_shares")
    rows = rows[rows["respondent_count"] > 0].sort_values(["question_id", "population_id", "is_cut", "measure_order"])
    for (question_id, population_id), answers in rows.groupby(["question_id", "population_id"], sort=True):
        section.tables.append(_answers_table(f"{question_id}-{population_id}".replace("_", "-"), answers))
    return section


def _answers_table(slug: str, answers: pd.DataFrame) -> Table:
    first = answers.iloc[0]
    cells = [
        [
            display_text(row["measure"]),
            count(row["answer_count"]),
            share(row["answer_share"]),
            interval(row["answer_share_low"], row["answer_share_high"]),
        ]
        for _, row in answers.iterrows()
    ]
    caption = (
        f"{display_text(first['question'], 200)} {capitalised(display_text(first['population'], 200))} "
        f"({count(first['respondent_count'])} respondents)"
    )
    columns = ["Answer", "Respondents", "Share", "95% interval"]
    return Table(f"table-{slug}", caption, columns, cells, frozenset(columns[1:3]))
