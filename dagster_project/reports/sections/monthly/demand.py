"""What clients searched for, against the month six before, and what a pulse wave says of businesses."""

import pandas as pd

from dagster_project.reports.charts.growth import search_counts_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import (
    NO_VALUE,
    count,
    decimal_number,
    direction,
    growth,
    interval,
    month_name,
    point_change,
    share,
)
from dagster_project.reports.page.document import Notice, Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.statistics.growth.verdicts import NO_CHANGE
from dagster_project.storage.shown_text import display_text

SEARCH_COLUMNS = ["Series", "Searches", "Six months before", "Change", "95% interval", "Dispersion"]
SERIES = ("ai_agents", "ai", "all_searches")


def search_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Talent searches of the series AI agents rose by 285.0% from May 2025 to November 2025 (...).`"""
    since = f"from {month_name(row['base_month'])} to {month_name(row['search_month'])}"
    basis = (
        f"{count(row['base_search_count'])} to {count(row['search_count'])} searches; 95% interval "
        f"{interval(row['growth_pct_low'], row['growth_pct_high'], growth)}"
    )
    word, change = direction(row["growth_pct_low"], row["growth_pct_high"]), growth(row["growth_pct"])
    is_all = row["series_id"] == "all_searches"
    subject = "All talent searches" if is_all else f"Talent searches of the series {row['series']}"
    sentence = (
        f"{subject} {word} by {change.lstrip('+−')} {since} ({basis})."
        if word
        else f"{subject}: {change} {since}, {NO_CHANGE} ({basis})."
    )
    return view.book.add(
        "monthly_search_growth", row, "growth_pct", "search_count", sentence,
        about=f"searches: {row['series']}", period=view.context.month, population="talent searches", unit="percent",
    )  # fmt: skip


def searches_section(view: MonthView) -> Section:
    """A claim, or the reason for none, of each series; a chart of the months; a table."""
    section = Section("searches", "Talent searches")
    if not view.context.provides("talent_searches"):
        return section.not_provided("Talent searches", "The feed has no search log, so nothing is said of searches.")
    section.lead = (
        "Searches for talent by series of terms; the wider AI series holds the agents' terms too. A month is compared "
        "with the month six before; the interval widens with the series' own variation from month to month."
    )
    rows = view.of_month("monthly_search_growth").set_index("series_id", drop=False)
    rows = rows.loc[[name for name in SERIES if name in rows.index]]
    if rows.empty:
        section.notes.append(f"No search of {month_name(view.month)} or later was read.")
        return section
    for _, row in rows.iterrows():
        if row["is_withheld"]:
            title = f"Growth of searches is withheld: {row['series']}"
            section.notices.append(Notice("withheld", title, f"Reason: {row['withheld_reason']}."))
        else:
            section.claims.append(search_claim(view, row))
    history = view.marts["monthly_search_growth"]
    history = history[pd.to_datetime(history["search_month"]) <= view.month]
    if history["search_month"].nunique() >= 2:
        section.figures.append(search_counts_figure(history))
    section.tables.append(_search_table(view, rows))
    return section


def _search_table(view: MonthView, rows: pd.DataFrame) -> Table:
    cells = [
        [
            str(row["series"]),
            count(row["search_count"]),
            count(row["base_search_count"]),
            "withheld" if row["is_withheld"] else growth(row["growth_pct"]),
            NO_VALUE if row["is_withheld"] else interval(row["growth_pct_low"], row["growth_pct_high"], growth),
            NO_VALUE if pd.isna(row["dispersion"]) else f"{float(row['dispersion']):.1f}",
        ]
        for _, row in rows.iterrows()
    ]
    note = "Dispersion: variance of a monthly count over that of independent searches, from up to 24 months."
    caption = f"Talent searches, {month_name(view.month)}"
    return Table(
        "table-searches", caption, SEARCH_COLUMNS, cells, frozenset(SEARCH_COLUMNS[1:4]) | {"Dispersion"}, note
    )


POPULATION = "businesses that answered the pulse survey"
SMALLEST_RANKED = 5
CHANGE_COLUMNS = ["Question and answer", "Share", "Wave before", "Share before", "Change", "95% interval", "Comparison"]
RANK_COLUMNS = ["Answer", "Share", "95% interval", "Rank", "Ranks not ruled out"]


def add_pulse_estimates(view: MonthView, section: Section) -> None:
    """Rank and diffusion claims, a table of ranks a question with at least five answers, one table of changes."""
    ranks = _enough(view.of_month("pulse_answer_ranks"))
    for _, answers in ranks.groupby(["question_id", "wording_version"], sort=True):
        if len(answers) >= SMALLEST_RANKED:
            answers = answers.sort_values(["answer_rank", "answer"])
            if answers["answer_rank"].iloc[0] == 1:  # where the first is hidden, the second is not told in its place
                section.claims.append(rank_claim(view, answers.iloc[0]))
            section.tables.append(_ranks_table(answers))
    for _, row in _enough(view.of_month("pulse_diffusion_indexes")).iterrows():
        section.claims.append(diffusion_claim(view, row))
    changes = _enough(view.of_month("pulse_wave_changes"))
    if not changes.empty:
        section.tables.append(_changes_table(changes))


def _enough(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["respondent_count"] >= SMALLEST_DENOMINATOR]


def rank_claim(view: MonthView, row: pd.Series) -> Claim:
    """`the top answer` only where its rank interval excludes the next one, else `among the top answers`."""
    is_alone = row["answer_rank_high"] == 1
    place = "is the top answer" if is_alone else "is among the top answers"
    question = display_text(row["question"], 200)
    sentence = (
        f"“{display_text(row['answer'])}” {place} to “{question}” in {month_name(view.month)}: "
        f"{share(row['answer_share'])} of the businesses that answered (95% interval "
        f"{interval(row['answer_share_low'], row['answer_share_high'])}; {count(row['respondent_count'])} businesses, "
        f"{display_text(row['weighting'])})."
    )
    return view.book.add(
        "pulse_answer_ranks", row, "answer_share", "respondent_count", sentence,
        about=f"{display_text(row['question_id'])}: {display_text(row['answer'])}", period=view.context.month,
        population=POPULATION, unit="fraction",
    )  # fmt: skip


def diffusion_claim(view: MonthView, row: pd.Series) -> Claim:
    """`The diffusion index of "..." is 66.0 (...); 50 is balance.`"""
    limits = interval(row["diffusion_index_low"], row["diffusion_index_high"], decimal_number)
    sentence = (
        f"The diffusion index of “{display_text(row['question'], 200)}” is {decimal_number(row['diffusion_index'])} in "
        f"{month_name(view.month)} (95% interval {limits}; {count(row['respondent_count'])} businesses that gave a "
        "direction); at 50 as many point up as down."
    )
    return view.book.add(
        "pulse_diffusion_indexes", row, "diffusion_index", "respondent_count", sentence,
        about=f"diffusion index of {display_text(row['question_id'])}", period=view.context.month,
        population="businesses that gave a direction", unit="number",
    )  # fmt: skip


def _ranks_table(answers: pd.DataFrame) -> Table:
    cells = [
        [
            display_text(row["answer"]),
            share(row["answer_share"]),
            interval(row["answer_share_low"], row["answer_share_high"]),
            count(row["answer_rank"]),
            interval(row["answer_rank_low"], row["answer_rank_high"], count),
        ]
        for _, row in answers.iterrows()
    ]
    first = answers.iloc[0]
    slug = "".join(char if char.isalnum() else "-" for char in f"{first['question_id']}-{first['wording_version']}")
    caption = f"{display_text(first['question'], 200)} Ranks, for all answers at once"
    return Table(f"table-pulse-ranks-{slug}", caption, RANK_COLUMNS, cells, frozenset({"Share", "Rank"}))


def _changes_table(changes: pd.DataFrame) -> Table:
    cells = [
        [
            f"{display_text(row['question'], 200)} {display_text(row['answer'])}",
            share(row["answer_share"]),
            NO_VALUE if pd.isna(row["base_wave_month"]) else month_name(row["base_wave_month"]),
            share(row["base_share"]),
            NO_VALUE if pd.isna(row["change_points"]) else point_change(row["change_points"]),
            interval(row["change_points_low"], row["change_points_high"], point_change),
            display_text(row["status"]),
        ]
        for _, row in changes.iterrows()
    ]
    note = (
        "Waves are compared only where the wording is the same; a change is the difference of the two shares before "
        "they are rounded for print."
    )
    numeric = frozenset({"Share", "Share before", "Change"})
    return Table("table-pulse-changes", "Change against the wave before", CHANGE_COLUMNS, cells, numeric, note)


PULSE_COLUMNS = ["Answer", "Businesses", "Share", "95% interval"]


def answer_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Asked "...", 85.0% of the businesses that answered said "Yes" (...).`"""
    sentence = (
        f"Asked “{display_text(row['question'], 200)}” in {month_name(view.month)}, "
        f"{share(row['answer_share'])} of the businesses that answered said “{display_text(row['answer'])}” "
        f"(95% interval {interval(row['answer_share_low'], row['answer_share_high'])}; {count(row['answer_count'])} of "
        f"{count(row['respondent_count'])} businesses, {display_text(row['weighting'])})."
    )
    return view.book.add(
        "pulse_answer_shares", row, "answer_share", "respondent_count", sentence,
        about=f"{display_text(row['question_id'])}: {display_text(row['answer'])}", period=view.context.month,
        population=POPULATION, unit="fraction",
    )  # fmt: skip


def pulse_section(view: MonthView) -> Section:
    """The most frequent answer of each question as a sentence, all answers as a table a question."""
    section = Section("pulse", "Business pulse")
    if not view.context.provides("pulse_answers"):
        return section.not_provided("Pulse survey", "This feed comes without a business survey.")
    rows = view.of_month("pulse_answer_shares")
    section.lead = _lead(rows)
    if rows.empty:
        section.notices.append(
            Notice(
                "withheld",
                "No wave in this month",
                f"No answers were collected for {month_name(view.month)}.",
            )
        )
        return section
    for (question_id, wording), answers in rows.groupby(["question_id", "wording_version"], sort=True):
        _add_question(view, section, f"{question_id}-{wording}", answers.sort_values(["answer_order", "answer"]))
    add_pulse_estimates(view, section)
    return section


def _lead(rows: pd.DataFrame) -> str:
    """What a share is, and which weights it has in this wave."""
    weighting = " or ".join(sorted({display_text(words) for words in rows["weighting"].dropna()}))
    weighted = f" ({weighting})" if weighting else ""
    return (
        f"Shares, ranks and changes are of businesses that answered, by one estimate{weighted}; the counts beside them "
        "are businesses, each counted once. A question's wordings are kept apart."
    )


def _add_question(view: MonthView, section: Section, slug: str, answers: pd.DataFrame) -> None:
    if answers["respondent_count"].max() >= SMALLEST_DENOMINATOR:
        most = answers.sort_values("answer_share", ascending=False, kind="stable").iloc[0]
        section.claims.append(answer_claim(view, most))
    else:
        asked = display_text(answers["question"].iloc[0], 200)
        few = f"fewer than {SMALLEST_DENOMINATOR} businesses answered"
        section.notes.append(f"{asked} The answers are too few to sum up: {few}.")
    cells = [
        [
            display_text(row["answer"]),
            count(row["answer_count"]),
            share(row["answer_share"]),
            interval(row["answer_share_low"], row["answer_share_high"]),
        ]
        for _, row in answers.iterrows()
    ]
    question = display_text(answers["question"].iloc[0], 200)
    table_id = "table-pulse-" + "".join(char if char.isalnum() else "-" for char in slug)
    asked = count(answers["respondent_count"].max())
    section.tables.append(
        Table(table_id, f"{question} ({asked} businesses)", PULSE_COLUMNS, cells, frozenset(PULSE_COLUMNS[1:3]))
    )
