"""Who was asked: quotas, eligibility, weights, the sample one and two dimensions at a time; and how it is computed."""

from itertools import groupby

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import NO_VALUE, capitalised, count, decimal_number, is_missing, share
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import WaveView
from dagster_project.reports.sections.study.sentences import quota_claim
from dagster_project.statistics.registry import REGISTRY
from dagster_project.statistics.survey.sample_table import ALL
from dagster_project.storage.shown_text import display_text

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
    rows = view.of_wave("study_eligibility_checks").sort_values("rule_id")
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
