"""What gen-AI work in data science is: the groups that its posts name, and the tags that no group holds."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, in_brackets, with_corrected
from dagster_project.reports.claims.wording import capitalised, count, interval, share
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.statistics.skills.themes import SMALLEST_NUMERATOR

GROUPS, UNMAPPED = "period_genai_groups", "period_unmapped_skills"
MODEL_BUILDING, APPLICATION = "model building", "application"
ALONE = ("development and deployment", "models and architectures")
LISTED_TAGS = 10
HALF = 0.5
COLUMNS = ["Group", "Posts that name it", "Share", "95% interval", "Divided share", "95% interval, divided"]


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
    numeric = frozenset(column for column in COLUMNS[1:] if "interval" not in column)
    return with_corrected(Table("table-genai", caption, COLUMNS, cells, numeric), ordered, "mention_share")


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
