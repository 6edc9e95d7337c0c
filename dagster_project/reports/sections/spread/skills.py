"""What AI work is about: gen-AI groups of data science, and themes of AI skills in the other categories."""

import pandas as pd

from dagster_project.reports.charts.skills import genai_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, in_brackets, with_corrected
from dagster_project.reports.claims.wording import (
    NO_VALUE,
    capitalised,
    count,
    decimal_number,
    interval,
    is_missing,
    share,
    told_share,
)
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.statistics.skills.themes import SMALLEST_NUMERATOR, THEME
from dagster_project.storage.shown_text import display_text

GROUPS, UNMAPPED = "period_genai_groups", "period_unmapped_skills"
MODEL_BUILDING, APPLICATION = "model building", "application"
ALONE = ("development and deployment", "models and architectures")
LISTED_TAGS = 10
HALF, ONE_PERCENT = 0.5, 0.01
GROUP_COLUMNS = ["Group", "Posts that name it", "Share", "95% interval", "Divided share", "95% interval, divided"]


def spread_genai_section(view: MonthView) -> Section:
    """Claims and tables of the latest study period that began by the month; a note where there is none."""
    section = Section("genai", "What gen-AI work in data science asks for")
    section.lead = (
        "Gen-AI posts are AI posts that carry a gen-AI skill or term. A post counts in every group of skills that it "
        "names; divided, it counts once, evenly over its groups. Development and deployment, and models and "
        "architectures, build models; the other groups apply them."
    )
    rows = genai_rows(view)
    if rows.empty:
        section.notes.append("No study period holds enough gen-AI posts of data science.")
        return section
    section.claims.extend(_claims(view, rows))
    section.tables.append(_group_table(rows))
    section.tables.extend(_unmapped_tables(view, rows))
    return section


def genai_rows(view: MonthView) -> pd.DataFrame:
    """period_genai_groups of the latest study period that began by the month, where posts are enough."""
    frame = view.marts[GROUPS]
    begun = frame[(frame["period_kind"] == "study") & (pd.to_datetime(frame["period_start"]) <= view.month)]
    latest = begun[begun["period_start"] == begun["period_start"].max()]
    return latest[latest["mention_share"].notna() & (latest["genai_post_count"] >= SMALLEST_DENOMINATOR)]


def _claims(view: MonthView, rows: pd.DataFrame) -> list[Claim]:
    by_id = {row["series_id"]: row for _, row in rows.iterrows()}
    mentions = [_mention_claim(view, by_id[name]) for name in (MODEL_BUILDING, *ALONE) if name in by_id]
    applied = by_id.get(APPLICATION)
    if applied is None or pd.isna(applied["fractional_share"]):
        return mentions
    return [*mentions, _application_claim(view, applied)]


def _mention_claim(view: MonthView, row: pd.Series) -> Claim:
    """`15.5% of the gen-AI posts of Data Science & Analytics in 2024-2025 named models and architectures (...).`"""
    shown = best_estimate(row, "mention_share")
    counted = f"{count(row['mention_post_count'])} of {count(row['genai_post_count'])} posts"
    sentence = (
        f"{share(shown.value)} of {genai_population(row)} in {row['period_label']} named {row['series']} "
        f"({in_brackets(row, 'mention_share', counted)})."
    )
    return _add(view, row, shown.metric, sentence)


def _application_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Most of the work ... is application of AI` where the divided share lies above one half, else the share alone."""
    shown = best_estimate(row, "fractional_share")
    counted = f"{count(row['fractional_post_count'])} of {count(row['genai_post_count'])} posts"
    posts = f"{genai_population(row)} in {row['period_label']}"
    backing = in_brackets(row, "fractional_share", counted)
    if shown.low > HALF:
        sentence = (
            f"Most of the work that {posts} ask for is {row['series']}: {share(shown.value)}, each post divided evenly "
            f"over the groups that it names ({backing})."
        )
    else:
        sentence = (
            f"{capitalised(row['series'])} is {share(shown.value)} of the work that {posts} ask for, each post divided "
            f"evenly over the groups that it names ({backing})."
        )
    return _add(view, row, shown.metric, sentence)


def genai_population(row: pd.Series) -> str:
    return f"gen-AI posts of {row['category']}"


def _add(view: MonthView, row: pd.Series, metric: str, sentence: str) -> Claim:
    return view.book.add(
        GROUPS, row, metric, "genai_post_count", sentence,
        about=str(row["series"]), period=row["period_id"], population=genai_population(row), unit="fraction",
    )  # fmt: skip


def _group_table(rows: pd.DataFrame) -> Table:
    kinds = pd.Categorical(rows["series_kind"], ["group", "no group", "purpose"], ordered=True)
    ordered = rows.assign(kind=kinds).sort_values(
        ["kind", "mention_post_count", "series"], ascending=[True, False, True], kind="stable"
    )
    cells = [
        [
            capitalised(str(row["series"])),
            count(row["mention_post_count"]),
            share(row["mention_share"]),
            interval(row["mention_share_low"], row["mention_share_high"]),
            share(row["fractional_share"]),
            interval(row["fractional_share_low"], row["fractional_share_high"]),
        ]
        for _, row in ordered.iterrows()
    ]
    first = rows.iloc[0]
    caption = (
        f"Gen-AI groups among {count(first['genai_post_count'])} {genai_population(first)}, {first['period_label']}"
    )
    numeric = frozenset(column for column in GROUP_COLUMNS[1:] if "interval" not in column)
    return with_corrected(Table("table-genai", caption, GROUP_COLUMNS, cells, numeric), ordered, "mention_share")


def _unmapped_tables(view: MonthView, rows: pd.DataFrame) -> list[Table]:
    """Tags outside the dictionary, most frequent first, under the number of posts that carry any."""
    period = rows.iloc[0]
    tags = view.marts[UNMAPPED]
    tags = tags[(tags["period_id"] == period["period_id"]) & (tags["post_count"] >= SMALLEST_NUMERATOR)]
    tags = tags.sort_values(["skill_rank", "skill"]).head(LISTED_TAGS)
    if tags.empty:
        return []
    any_tag = [["Any skill outside the dictionary", count(period["unmapped_post_count"])]]
    cells = [[display_text(row["skill"], 60), count(row["post_count"])] for _, row in tags.iterrows()]
    caption = f"Skills that no group holds, {genai_population(period)}, {period['period_label']}"
    return [Table("table-genai-unmapped", caption, ["Skill", "Posts"], [*any_tag, *cells], frozenset({"Posts"}))]


THEMES = "category_ai_themes"
LISTED_THEMES = 6
NO_THEME = "Beside tags that name AI itself, no skill of a category's AI posts can be told from chance."
THEME_COLUMNS = ["Category and skill", "AI posts", "Share of AI posts", "95% interval", "Share of other posts", "Lift",
           "95% interval of the lift"]  # fmt: skip


def spread_themes_section(view: MonthView) -> Section:
    """The most named themes of each category in the latest study period; a note where nothing is a theme."""
    section = Section("themes", "Themes of AI work within categories")
    section.lead = (
        "A theme is a skill that a category's AI posts name more often than its other posts; all skills of all "
        "categories are tested together, so that at most one finding in ten is expected to be chance. Lift: share of "
        "the AI posts over share of the other posts. Tags that name AI itself are left out of both: the classifier "
        "reads them, so that they would be themes by definition."
    )
    themes = themes_of(view)
    if themes.empty:
        section.notes.append(NO_THEME)
        return section
    told = themes[themes["lift_low"].notna()].drop_duplicates("category_id")
    section.claims.extend(theme_claim(view, row) for _, row in told.iterrows())
    section.tables.append(_table(themes))
    return section


def themes_of(view: MonthView) -> pd.DataFrame:
    """Most named first within each category, categories by name."""
    frame = view.marts[THEMES]
    begun = frame[(frame["period_kind"] == "study") & (pd.to_datetime(frame["period_start"]) <= view.month)]
    latest = begun[(begun["period_start"] == begun["period_start"].max()) & (begun["verdict"] == THEME)]
    latest = latest[latest["ai_share"].notna()]
    return latest.sort_values(["category", "ai_post_count", "skill"], ascending=[True, False, True], kind="stable")


def theme_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Ghostwriting was a theme of AI work in Writing in 2024-2025: 22.3% of its AI posts named it (...).`"""
    sentence = (
        f"{display_text(row['skill'], 60)} was a theme of AI work in {row['category']} in {row['period_label']}: "
        f"{share(row['ai_share'])} of its AI posts named it and {share(row['other_share'])} of its other posts "
        f"({count(row['ai_post_count'])} of {count(row['ai_total_count'])} AI posts; 95% interval "
        f"{interval(row['ai_share_low'], row['ai_share_high'])}; {_lift_words(row)})."
    )
    return view.book.add(
        THEMES, row, "ai_share", "ai_total_count", sentence,
        about=f"skill {row['skill']} within {row['category']}", period=row["period_id"],
        population=f"AI posts in {row['category']}", unit="fraction",
    )  # fmt: skip


def _lift_words(row: pd.Series) -> str:
    if is_missing(row["lift_high"]):
        return f"lift of {decimal_number(row['lift_low'])} or more by its 95% interval"
    return f"lift {decimal_number(row['lift'])}, 95% interval {_lift_limits(row)}"


def _lift_limits(row: pd.Series) -> str:
    if is_missing(row["lift_low"]):
        return NO_VALUE
    if is_missing(row["lift_high"]):
        return f"{decimal_number(row['lift_low'])} or more"
    return interval(row["lift_low"], row["lift_high"], decimal_number)


def _table(themes: pd.DataFrame) -> Table:
    listed = themes.groupby("category_id", sort=False).head(LISTED_THEMES)
    cells = [
        [
            f"{row['category']}: {display_text(row['skill'], 60)}",
            count(row["ai_post_count"]),
            share(row["ai_share"]),
            interval(row["ai_share_low"], row["ai_share_high"]),
            share(row["other_share"]),
            NO_VALUE if is_missing(row["lift"]) else decimal_number(row["lift"]),
            _lift_limits(row),
        ]
        for _, row in listed.iterrows()
    ]
    numeric = frozenset({"AI posts", "Share of AI posts", "Share of other posts", "Lift"})
    caption = f"Most named themes of AI work by category, {themes['period_label'].iloc[0]}"
    note = "No lift where no other post names the skill."
    return Table("table-themes", caption, THEME_COLUMNS, cells, numeric, note)


def about_section(view: MonthView) -> Section | None:
    """What gen-AI posts of data science name, and the skills of AI work elsewhere; None where the feed has neither."""
    section = Section("about", "What AI work is about")
    rows, themes = genai_rows(view), themes_of(view)
    if not rows.empty:
        first = rows.iloc[0]
        section.lead = f"{capitalised(genai_population(first))}, {first['period_label']}."
        by_id = {row["series_id"]: row for _, row in rows.iterrows()}
        told = {APPLICATION: _application, MODEL_BUILDING: _model_building}
        section.claims = [told[id](view, by_id[id], section.lead) for id in told if id in by_id]
        groups = rows[rows["series_kind"] != "purpose"].sort_values(
            "mention_post_count", ascending=False, kind="stable"
        )
        if not groups.empty:
            section.figures.append(genai_figure(groups))
    if themes.empty and len(view.marts["category_ai_themes"]):
        section.notes.append(NO_THEME)
    elif not themes.empty:
        section.tables.append(_themes_table(themes))
    return section if section.claims or section.tables else None


def _application(view: MonthView, row: pd.Series, setting: str) -> Claim:
    shown = best_estimate(row, "fractional_share")
    told = told_share(shown.value, shown.low, shown.high)
    divided = "each post is divided evenly over the groups that it names"
    is_most = float(shown.low) > HALF
    sentence = (
        f"Most of the work that they ask for, {told}, is {row['series']}; {divided}."
        if is_most
        else f"{capitalised(str(row['series']))} is {told} of the work that they ask for; {divided}."
    )
    return _genai_claim(view, row, shown.metric, sentence, setting)


def _model_building(view: MonthView, row: pd.Series, setting: str) -> Claim:
    shown = best_estimate(row, "mention_share")
    sentence = f"{told_share(shown.value, shown.low, shown.high)} name work that builds models: {row['series']}."
    return _genai_claim(view, row, shown.metric, sentence, setting)


def _genai_claim(view: MonthView, row: pd.Series, metric: str, sentence: str, setting: str) -> Claim:
    return view.book.add(
        GROUPS, row, metric, "genai_post_count", sentence, about=str(row["series"]), period=row["period_id"],
        population=genai_population(row), unit="fraction", setting=setting,
    )  # fmt: skip


def _themes_table(themes: pd.DataFrame) -> Table:
    listed = themes[themes["lift_low"].notna() & themes["other_share"].notna()]
    gap = (listed["ai_share"] - listed["other_share"]).groupby(listed["category_id"])
    listed = listed.loc[gap.idxmax()].sort_values("category")  # the annex lists the others
    cells = [
        [
            f"{row['category']}: {display_text(row['skill'], 60)}",
            told_share(row["ai_share"], row["ai_share_low"], row["ai_share_high"]),
            _told_alone(row["other_share"]),
        ]
        for _, row in listed.iterrows()
    ]
    columns = ["Category and skill", "AI posts", "Other posts"]
    caption = (
        f"A skill of each category that its AI posts name more often than its others, {themes['period_label'].iloc[0]}"
    )
    return Table("table-spread-skills", caption, columns, cells, frozenset(columns[1:]))


def _told_alone(value: object) -> str:
    """A share without a range: whole percent as those beside it, `20%`; under one percent as the annex has it."""
    return share(value) if float(value) < ONE_PERCENT else told_share(value, None, None)  # type: ignore[arg-type]
