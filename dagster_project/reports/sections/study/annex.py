"""The sections of the worker study's annex: the gain, pairs, further findings, answers, changes, sample and method."""

from itertools import groupby

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import (
    NO_VALUE,
    capitalised,
    count,
    decimal_number,
    direction,
    interval,
    is_missing,
    month_name,
    point_change,
    share,
    word,
)
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import WaveView
from dagster_project.reports.sections.study.sentences import (
    NUMBER_SENTENCES,
    comparison_claim,
    number_claim,
    quota_claim,
    ratio_claim,
    share_claim,
)
from dagster_project.statistics.growth.verdicts import NO_CHANGE
from dagster_project.statistics.registry import REGISTRY
from dagster_project.statistics.survey.sample_table import ALL
from dagster_project.storage.shown_text import display_text

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


MART = "study_wave_changes"
COMPARED, NO_EARLIER = "compared", "no earlier wave"
SMALLEST_COMPARED = 30
COLUMNS = ["Finding and population", "Wave before", "Share then", "Share now", "Change", "95% interval", "Comparison"]


def changes_section(view: WaveView) -> Section:
    """A sentence for each finding whose change excludes none, a table of all; one note where no wave came before."""
    section = Section("changes", "Against the wave before", claim_columns=2)
    section.lead = "Waves are compared only where the wording is the same; each finding is judged alone."
    rows = view.of_wave(MART).sort_values(["question_id", "measure", "population_id"])
    if (rows["status"] == NO_EARLIER).all():
        section.notes.append("No earlier wave asked these questions: there is nothing to compare with.")
        return section
    counts = rows[["respondent_count", "base_respondent_count"]].min(axis=1)
    is_told = (rows["status"] == COMPARED) & (counts >= SMALLEST_COMPARED)
    compared = (row for _, row in rows[is_told].iterrows())
    told = [row for row in compared if direction(row["change_points_low"], row["change_points_high"])]
    section.claims.extend(change_claim(view, row) for row in told)
    if not told:
        section.notes.append(f"Of no finding is the change {NO_CHANGE.removeprefix('not ')}.")
    section.tables.append(_table(rows[rows["status"] != NO_EARLIER]))
    return section


def change_claim(view: WaveView, row: pd.Series) -> Claim:
    """`Among freelancers, those who learn faster rose by 5.0 points since January 2025: from 80.0% to 85.0% (...).`"""
    population, finding = display_text(row["population"], 200), display_text(row["finding"], 200)
    word = direction(row["change_points_low"], row["change_points_high"])
    limits = interval(row["change_points_low"], row["change_points_high"], point_change)
    sentence = (
        f"Of {population}, the share who {finding} {word} by {point_change(abs(row['change_points'])).lstrip('+')} "
        f"since {month_name(row['base_wave_month'])}: from {share(row['base_share'])} to {share(row['answer_share'])} "
        f"(95% interval {limits}; {count(row['base_respondent_count'])} and {count(row['respondent_count'])} "
        "respondents)."
    )
    return view.book.add(
        MART, row, "change_points", "respondent_count", sentence,
        about=finding, period=view.context.month, population=population, unit="point_change",
    )  # fmt: skip


def _table(rows: pd.DataFrame) -> Table:
    cells = [
        [
            f"{capitalised(display_text(row['finding'], 200))}: {display_text(row['population'], 200)}",
            NO_VALUE if is_missing(row["base_wave_month"]) else month_name(row["base_wave_month"]),
            share(row["base_share"]),
            share(row["answer_share"]),
            NO_VALUE if is_missing(row["change_points"]) else point_change(row["change_points"]),
            interval(row["change_points_low"], row["change_points_high"], point_change),
            str(row["status"]),
        ]
        for _, row in rows.iterrows()
    ]
    numeric = frozenset({"Share then", "Share now", "Change"})
    return Table("table-study-changes", "Findings against the wave before", COLUMNS, cells, numeric)


STATISTICS = ("study_sample", "study_answer_shares", "study_numeric_answers", "study_group_comparisons")
ONE_WAY = ["Level", "Respondents", "Quota", "Effective n", "Design effect", "Share of sample", "Weighted share"]
GROUPS = {"c_suite": "C-suite leaders", "full_time": "Full-time employees", "freelance": "Freelancers"}


def sample_section(view: WaveView) -> Section:
    """Eligibility and quotas first, then the tables."""
    section = Section("sample", "Sample")
    rows = view.of_wave("study_sample")
    section.lead = f"Eligible respondents. {capitalised(display_text(view.weighting))}."
    section.claims.extend(_quota_claims(view, rows))
    section.tables.append(_eligibility_table(view))
    one_way = rows[rows["second_dimension"] == ALL]
    section.tables.extend(_one_way_table(str(name), of_name) for name, of_name in one_way.groupby("dimension"))
    pairs = rows[rows["second_dimension"] != ALL]
    keys = sorted({(row["dimension"], row["second_dimension"]) for _, row in pairs.iterrows()})
    section.tables.extend(_two_way_table(pairs, *key) for key in keys)
    return section


def _quota_claims(view: WaveView, rows: pd.DataFrame) -> list[Claim]:
    asked = rows[rows["quota"].notna()]
    return [quota_claim(view, row) for _, row in asked[~asked["is_quota_met"].astype(bool)].iterrows()]


def _eligibility_table(view: WaveView) -> Table:
    rows = view.of_wave("study_eligibility_checks")
    rows = rows.sort_values("rule_id", key=lambda ids: ids.where(ids != ALL, "~"))  # the sum of all rules comes last
    cells = [
        [capitalised(display_text(row["rule_label"], 200)), str(row["status"]), count(row["respondent_count"]),
         count(row["excluded_count"])]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    columns = ["Rule", "Check", "Respondents read", "Excluded"]
    note = "A respondent who breaks several rules is counted under the first; excluded respondents are kept with it."
    return Table("table-eligibility", "Eligibility", columns, cells, frozenset(columns[2:]), note)


def _one_way_table(dimension: str, rows: pd.DataFrame) -> Table:
    cells = [
        [
            _level(row["level"]),
            count(row["respondent_count"]),
            count(row["quota"]),
            decimal_number(row["effective_respondent_count"]),
            NO_VALUE if is_missing(row["design_effect"]) else f"{float(row['design_effect']):.2f}",
            share(row["sample_share"]),
            share(row["weighted_share"]),
        ]
        for _, row in rows.iterrows()
    ]
    return Table(f"table-sample-{dimension}", f"Sample by {dimension}" if dimension != ALL else "Whole sample", ONE_WAY,
                 cells, frozenset(ONE_WAY[1:]))  # fmt: skip


def _two_way_table(rows: pd.DataFrame, dimension: str, second: str) -> Table:
    cells = rows[(rows["dimension"] == dimension) & (rows["second_dimension"] == second)]
    columns = sorted(cells["second_level"].unique())
    lines = []
    records = cells.sort_values("level")[["level", "second_level", "respondent_count"]].itertuples(index=False)
    for level, of_level in groupby(records, key=lambda record: record[0]):
        counts = {record[1]: record[2] for record in of_level}
        lines.append([_level(level), *(count(counts.get(column, 0)) for column in columns)])
    caption = f"Respondents by {dimension} and {second}"
    heads = [capitalised(dimension), *(_level(column) for column in columns)]
    return Table(f"table-sample-{dimension}-{second}", caption, heads, lines, frozenset(heads[1:]))


def _level(level: object) -> str:
    return GROUPS.get(str(level), display_text(level))


def method_section(view: WaveView) -> Section:
    """Definition and method of every statistic of the page, and what the sample is."""
    section = Section("study-method", "Method")
    section.lead = (
        "The sample is a quota sample: respondents were not drawn at random, so the intervals say how far chance alone "
        "could move a number, not how far the sample may differ from the population."
    )
    for id in STATISTICS:
        statistic = REGISTRY[id]
        section.notes.append(f"{statistic.definition} Method: {statistic.method}. Library: {statistic.library}.")
    section.notes.append(
        "The top quartile is cut anew in every replicate, so that its intervals know that the cut is an estimate. "
        "Shares of one wave are set beside those of another only where the wording is the same."
    )
    countries = sorted({name for text in view.findings()["countries"] for name in str(text).split(", ")})
    if countries:
        section.notes.append(f"Countries of the respondents: {', '.join(countries)}.")
    return section
