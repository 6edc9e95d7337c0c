"""Sentences of the worker study, each from one mart row, with the population in the words of the row."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.hedges import likelihood
from dagster_project.reports.claims.wording import (
    capitalised,
    count,
    decimal_number,
    interval,
    number,
    point_change,
    share,
)
from dagster_project.reports.page.selection import WaveView
from dagster_project.storage.shown_text import display_text

NOT_FOUND = "; not distinguishable from no difference after Holm's adjustment"
BEHIND = "({n} respondents{how}; 95% interval {limits})."
NUMBER_SENTENCES = {
    "winsorised_mean": f"The productivity gain that {{population}} report averages {{value}}% {BEHIND}",
    "median": f"The median productivity gain that {{population}} report is {{value}}% {BEHIND}",
    "upper_quartile": f"The top quartile of {{population}} begins at a reported gain of {{value}}% {BEHIND}",
    "top_group_share": f"Because answers heap on round numbers, that group holds {{value}} of {{population}} {BEHIND}",
}
QUOTA_GROUPS = {"c_suite": "C-suite", "full_time": "full-time", "freelance": "freelance"}
HOW = {"winsorised_mean": ", the lowest and highest 1% of answers winsorised"}


def share_claim(view: WaveView, row: pd.Series) -> Claim:
    """`88.0% of full-time employees who ... feel at least somewhat burned out (144 of 164; 95% interval ...).`"""
    population = display_text(row["population"], 200)
    sentence = (
        f"{share(row['answer_share'])} of {population} {display_text(row['finding'], 200)} "
        f"({count(row['answer_count'])} of {count(row['respondent_count'])} respondents; 95% interval "
        f"{interval(row['answer_share_low'], row['answer_share_high'])})."
    )
    return view.book.add(
        "study_answer_shares", row, "answer_share", "respondent_count", sentence,
        about=display_text(row["finding"], 200), period=view.context.month, population=population, unit="fraction",
    )  # fmt: skip


def number_claim(view: WaveView, row: pd.Series) -> Claim:
    """One statistic of a numeric answer; KeyError for a statistic that has no sentence."""
    population, statistic = display_text(row["population"], 200), str(row["statistic"])
    is_share = statistic == "top_group_share"
    form = share if is_share else decimal_number
    limits = interval(row["estimate_low"], row["estimate_high"], form) + ("" if is_share else "%")
    sentence = NUMBER_SENTENCES[statistic].format(
        population=population, value=form(row["estimate"]), n=count(row["respondent_count"]),
        how=HOW.get(statistic, ""), limits=limits,
    )  # fmt: skip
    return view.book.add(
        "study_numeric_answers", row, "estimate", "respondent_count", sentence,
        about=f"{statistic.replace('_', ' ')} of the productivity gain", period=view.context.month,
        population=population, unit="fraction" if is_share else "number",
    )  # fmt: skip


def quota_claim(view: WaveView, row: pd.Series) -> Claim:
    """`The quota of full-time respondents is not met: 612 of 625 eligible ones answered.`; of study_sample."""
    group = QUOTA_GROUPS.get(str(row["level"]), display_text(row["level"]))
    sentence = (
        f"The quota of {group} respondents is not met: {count(row['respondent_count'])} of {count(row['quota'])} "
        "eligible respondents answered."
    )
    return view.book.add(
        "study_sample", row, "respondent_count", "quota", sentence,
        about=f"quota of {group} respondents", period=view.context.month, population="eligible respondents",
        unit="count",
    )  # fmt: skip


def comparison_claim(view: WaveView, row: pd.Series) -> Claim:
    """Both shares, their difference and, where both are above 0, how many times as often; from one row."""
    population = display_text(row["population"], 200)
    limits = interval(row["difference_points_low"], row["difference_points_high"], point_change)
    ending = "" if row["verdict"] in ("higher", "lower") else NOT_FOUND
    sentence = (
        f"{capitalised(display_text(row['finding'], 200))}: {share(row['answer_share'])} of {population}, "
        f"{share(row['reference_share'])} of {display_text(row['reference_population'], 200)}. Difference "
        f"{point_change(row['difference_points'])} (95% interval {limits}){_times(row)}{ending}."
    )
    return view.book.add(
        "study_group_comparisons", row, "difference_points", "respondent_count", sentence,
        about=display_text(row["finding"], 200), period=view.context.month, population=population, unit="point_change",
    )  # fmt: skip


def ratio_claim(view: WaveView, row: pd.Series) -> Claim:
    """`... are twice as likely as ... to say so`; for a row that has a risk ratio."""
    population = display_text(row["population"], 200)
    sentence = (
        f"{capitalised(population)} are {likelihood(row['risk_ratio'], row['risk_ratio_low'])} as "
        f"{display_text(row['reference_population'], 200)} to be "
        f"among those who {display_text(row['finding'], 200)} (risk ratio "
        f"{decimal_number(row['risk_ratio'])}, 95% interval "
        f"{interval(row['risk_ratio_low'], row['risk_ratio_high'], decimal_number)})."
    )
    return view.book.add(
        "study_group_comparisons", row, "risk_ratio", "respondent_count", sentence,
        about=display_text(row["finding"], 200), period=view.context.month, population=population, unit="number",
    )  # fmt: skip


def _times(row: pd.Series) -> str:
    if number(row["risk_ratio"]) is None:
        return ""
    limits = interval(row["risk_ratio_low"], row["risk_ratio_high"], decimal_number)
    return f", {decimal_number(row['risk_ratio'])} times as often ({limits})"
