"""The story of the worker study's page around its pairs: the gain, groups, answers, changes, who was asked."""

import pandas as pd

from dagster_project.reports.charts.surveys import GAIN_LABELS, finding_figure, gain_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import (
    capitalised,
    count,
    decimal_number,
    direction,
    month_name,
    told_growth,
    told_points,
    told_share,
)
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, WaveView
from dagster_project.reports.sections.study.annex import COMPARED
from dagster_project.reports.sections.study.annex import MART as CHANGES
from dagster_project.reports.sections.study.pairs import COMPARISONS
from dagster_project.reports.sections.study.sentences import quota_claim
from dagster_project.statistics.survey.sample_table import ALL
from dagster_project.storage.shown_text import display_text

NAMED_CHANGES = 3
POOLED = " together"
TOPICS = (
    ("groups", "Groups side by side", "Use of AI and gains seen, by group", ("ai_use_past_year", "ai_gain_seen")),
    ("phrases", "Phrases and thanks", "How requests to AI are made", ("phrased_as_to_person", "courtesy")),
    ("agents", "AI agents", "What is expected of AI agents, by group", ("agents_reinvent_work",)),
)
"""Id and title of a section, title of its chart, its questions."""
DRIVERS = "gain_driver"
"""Asked of those who report a gain: told beside it."""
NUMBERS, SHARES = "study_numeric_answers", "study_answer_shares"


def gain_section(view: WaveView) -> Section | None:
    """Average, median and top quartile of the gain and what drives it; None where nobody reports one."""
    rows = view.of_wave(NUMBERS)
    rows = rows[rows["estimate"].notna() & rows["population"].eq(rows["population"].min())]
    by_id = {row["statistic"]: row for _, row in rows.iterrows()}
    told = [id for id in GAIN_SENTENCES if id in by_id]
    if not told:
        return None
    section = Section("gain", "The productivity gain")
    section.lead = f"{capitalised(display_text(rows['population'].iloc[0], 200))}, as they report it."
    section.claims = [_gain_claim(view, by_id[id], section.lead) for id in told]
    if set(told) & set(GAIN_LABELS):
        section.figures.append(gain_figure(rows))
    _tell_findings(view, section, _asked(view, (DRIVERS,)), "drivers", "What drives the gain")
    return section


GAIN_SENTENCES = {
    "winsorised_mean": "They put the gain at {} on average.",
    "median": "The median is {}.",
    "upper_quartile": "The top quartile begins at {}.",
    "top_group_share": "Since answers heap on round numbers, {} reach it.",
}


def _gain_claim(view: WaveView, row: pd.Series, setting: str) -> Claim:
    statistic = str(row["statistic"])
    is_share = statistic == "top_group_share"
    sentence = GAIN_SENTENCES[statistic].format(told_share(*_limits(row)) if is_share else told_growth(*_limits(row)))
    return view.book.add(
        NUMBERS, row, "estimate", "respondent_count", sentence,
        about=f"{statistic.replace('_', ' ')} of the productivity gain", period=view.context.month,
        population=display_text(row["population"], 200), unit="fraction" if is_share else "number", setting=setting,
    )  # fmt: skip


def _limits(row: pd.Series) -> tuple[object, object, object]:
    """Estimate and limits; none where all answers of the middle are alike, so that the limits are the estimate."""
    low, high = row["estimate_low"], row["estimate_high"]
    return (row["estimate"], None, None) if low == high else (row["estimate"], low, high)


def topic_sections(view: WaveView) -> dict[str, Section]:
    """By id, what is asked without a comparison: the named topics, then what belongs to none."""
    compared = set(view.of_wave(COMPARISONS)["question_id"])
    named = {question for *_, questions in TOPICS for question in questions} | {DRIVERS}
    others = tuple(sorted(set(view.findings()["question_id"]) - compared - named))
    sections = {}
    for id, title, chart, questions in (*TOPICS, ("further", "Further findings", "Findings by group", others)):
        section = Section(id, title)
        _tell_findings(view, section, _asked(view, questions), id, chart)
        if section.claims:
            sections[id] = section
    return sections


def _asked(view: WaveView, questions: tuple[str, ...]) -> pd.DataFrame:
    """Findings of the questions that have a value, in their order; a question's pooled population first."""
    rows = view.findings()
    rows = rows[rows["question_id"].isin(questions) & rows["answer_share"].notna()]
    rows = rows[rows["respondent_count"] >= SMALLEST_DENOMINATOR]
    rows = rows.assign(place=rows["question_id"].map(questions.index), pooled=rows["population"].str.endswith(POOLED))
    return rows.sort_values(["place", "pooled", "answer_share"], ascending=[True, False, False], kind="stable")


def _tell_findings(view: WaveView, section: Section, rows: pd.DataFrame, id: str, chart: str) -> None:
    """A sentence a question, its first row; one figure with a panel a question, under `id` and the title `chart`."""
    if rows.empty:
        return
    panels = [_panel(view, section, of_question) for _, of_question in rows.groupby("place", sort=True)]
    told = rows.drop_duplicates("place")
    if len(told) > 1 and told["pooled"].all() and told["population_id"].nunique() == 1 and not section.lead:
        section.lead = f"{capitalised(display_text(told['population'].iloc[0], 200))}."
    setting = section.lead if told["pooled"].all() else ""
    section.claims += [finding_claim(view, row, setting) for _, row in told.iterrows()]
    drawn = [panel for panel in panels if len(panel) > 1]
    if drawn:
        section.figures.append(finding_figure(f"figure-worker-study-{id}", chart, pd.concat(drawn)))


def _panel(view: WaveView, section: Section, rows: pd.DataFrame) -> pd.DataFrame:
    """The bars of one question: its groups, or where one population was asked alone, all its answers that are told."""
    groups = rows[~rows["pooled"]]
    if groups["population_id"].nunique() > 1:
        return groups.assign(panel=groups["finding"], bar=groups["population"])
    first = rows.iloc[0]
    answers = view.of_wave(SHARES)
    is_answer = (answers["question_id"] == first["question_id"]) & ~answers["is_cut"].astype(bool)
    answers = answers[is_answer & (answers["population_id"] == first["population_id"])]
    known = answers[answers["answer_share"].notna()].sort_values("measure_order", kind="stable")
    if 2 * len(known) < len(answers):
        return known.iloc[:0]
    section.notes += hidden_note(answers.loc[answers["answer_share"].isna(), "measure"])
    of = "" if first["pooled"] else f" {capitalised(display_text(first['population'], 200))}"
    return known.assign(panel=known["question"] + of, bar=known["measure"])


def hidden_note(names: pd.Series) -> list[str]:
    """Which answers a chart leaves out for the confidentiality of who gave them; no note where it draws all."""
    hidden = "; ".join(display_text(name, 60) for name in names)
    return [f"Not shown, to protect the few who gave one of them: {hidden}."] if hidden else []


def finding_claim(view: WaveView, row: pd.Series, setting: str = "") -> Claim:
    """`80% (78–82) of C-suite leaders expect AI agents to ...`, or without the population where a setting says it."""
    population, finding = display_text(row["population"], 200), display_text(row["finding"], 200)
    told = told_share(*(row[f"answer_share{end}"] for end in ("", "_low", "_high")))
    of = "" if setting else f" of {population}"
    return view.book.add(
        SHARES, row, "answer_share", "respondent_count", f"{told}{of} {finding}.", about=finding,
        period=view.context.month, population=population, unit="fraction", setting=setting,
    )  # fmt: skip


def changes_section(view: WaveView) -> Section | None:
    """Findings that moved since an earlier wave of the same wording; None where no wave can be compared."""
    rows = view.of_wave(CHANGES)
    counts = rows[["respondent_count", "base_respondent_count"]].min(axis=1)
    rows = rows[(rows["status"] == COMPARED) & (counts >= SMALLEST_DENOMINATOR) & rows["change_points"].notna()]
    if rows.empty:
        return None
    section = Section("changes", "Against the wave before")
    moved = rows[(rows["change_points_low"] > 0) | (rows["change_points_high"] < 0)]
    moved = moved.sort_values("change_points", key=lambda points: -points.astype(float).abs(), kind="stable")
    section.claims = [_change_claim(view, row) for _, row in moved.head(NAMED_CHANGES).iterrows()]
    section.notes.append("The annex lists all changes." if len(moved) else "No finding changed clearly.")
    return section


def _change_claim(view: WaveView, row: pd.Series) -> Claim:
    population, finding = display_text(row["population"], 200), display_text(row["finding"], 200)
    points = told_points(*(row[f"change_points{end}"] for end in ("", "_low", "_high")))
    word = direction(row["change_points_low"], row["change_points_high"])
    sentence = f"Of {population}, the share who {finding} {word} {points} since {month_name(row['base_wave_month'])}."
    return view.book.add(
        CHANGES, row, "change_points", "respondent_count", sentence, about=finding, period=view.context.month,
        population=population, unit="point_change",
    )  # fmt: skip


def asked_section(view: WaveView) -> Section:
    """Who was asked: how many, under which weights, quotas and rules, in which countries."""
    section = Section("asked", "Who was asked")
    sample = view.of_wave("study_sample")
    whole = sample[(sample["dimension"] == ALL) & (sample["second_dimension"] == ALL)]
    section.claims += [_sample_claim(view, row) for _, row in whole[whole["design_effect"].notna()].iterrows()]
    checks = view.of_wave("study_eligibility_checks")
    checks = checks[(checks["rule_id"] == ALL) & checks["excluded_count"].notna() & checks["respondent_count"].notna()]
    section.claims += [_eligibility_claim(view, row) for _, row in checks.iterrows()]
    quotas = sample[sample["quota"].notna() & sample["is_quota_met"].notna()]
    missed = quotas[~quotas["is_quota_met"].astype(bool)]
    section.claims += [quota_claim(view, row) for _, row in missed.iterrows()]
    if len(quotas) and missed.empty:
        section.notes.append("Every quota is met.")
    countries = sorted({name for text in view.findings()["countries"] for name in str(text).split(", ")})
    if countries:
        section.notes.append(f"Countries of the respondents: {', '.join(countries)}.")
    section.notes.append(
        "A quota sample is not drawn at random: a range says how far chance alone could move a number."
    )
    return section


def _sample_claim(view: WaveView, row: pd.Series) -> Claim:
    sentence = (
        f"{count(row['respondent_count'])} eligible respondents answered: {display_text(row['weighting'])}, with a "
        f"design effect of {decimal_number(row['design_effect'])}."
    )
    return view.book.add(
        "study_sample", row, "respondent_count", "respondent_count", sentence, about="respondents",
        period=view.context.month, population="eligible respondents", unit="count",
    )  # fmt: skip


def _eligibility_claim(view: WaveView, row: pd.Series) -> Claim:
    sentence = (
        f"Of {count(row['respondent_count'])} respondents read in {month_name(view.wave_month)}, "
        f"{count(row['excluded_count'])} were not eligible."
    )
    return view.book.add(
        "study_eligibility_checks", row, "excluded_count", "respondent_count", sentence, about="excluded respondents",
        period=view.context.month, population="respondents read", unit="count",
    )  # fmt: skip
