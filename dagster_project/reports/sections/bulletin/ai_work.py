"""AI work on a short page: its share, its categories, its skills, its pay; what the data do not bear is left out."""

import pandas as pd

from dagster_project.reports.charts.shares import category_share_figure, technology_share_figure
from dagster_project.reports.charts.skills import skill_ranks_figure
from dagster_project.reports.charts.values import paid_high_figure
from dagster_project.reports.claims.claims import Claim, matching_rows
from dagster_project.reports.claims.corrected import best_estimate, of_one_kind
from dagster_project.reports.claims.hedges import WIDEST_POINTS
from dagster_project.reports.claims.wording import capitalised, month_name, told_limits, told_share
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.monthly.skills import POOLED, TOP_SKILLS, pooled_rows, ranked_skills
from dagster_project.reports.sections.monthly.values import (
    HEADLINE_KIND,
    TECHNOLOGIES,
    complete_study_periods,
    contracts_phrase,
)
from dagster_project.statistics.contracts.values import MODELLED_BY
from dagster_project.storage.shown_text import display_text

NAMED = 3


def is_readable(rows: pd.DataFrame, metric: str) -> pd.Series:
    """Whether the interval of the share that a page shows of each row is narrow enough to tell something."""
    widths = [100 * (one.high - one.low) for one in (best_estimate(row, metric) for _, row in rows.iterrows())]
    return pd.Series(widths, index=rows.index, dtype=float) <= WIDEST_POINTS


def left_out_claims(
    view: MonthView,
    mart: str,
    rows: pd.DataFrame,
    metric: str,
    n_column: str,
    *,
    names: pd.Series,
    population: str,
    setting: str,
) -> list[Claim]:
    """`Legal is left out: its range, 21% to 78%, is too wide to tell.`, for the first three rows.

    rows: those that `is_readable` refuses; names: what each is called, by the same index.
    """
    named = zip(rows.head(NAMED).iterrows(), names.reindex(rows.index), strict=False)
    return [_claim(view, mart, row, metric, n_column, str(name), population, setting) for (_, row), name in named]


def further_note(rows: pd.DataFrame) -> list[str]:
    """That more rows are left out than are named; no note otherwise."""
    return ["Others are left out for the same reason; the annex lists them."] if len(rows) > NAMED else []


def _claim(
    view: MonthView, mart: str, row: pd.Series, metric: str, n_column: str, name: str, population: str, setting: str
) -> Claim:
    shown = best_estimate(row, metric)
    limits = told_limits(told_share(shown.value, shown.low, shown.high))
    return view.book.add(
        mart, row, shown.metric, n_column, f"{name} is left out: its range, {limits}, is too wide to tell.",
        about=f"{name}, left out", period=str(row.get("period_id", view.context.month)), population=population,
        unit="fraction", setting=setting,
    )  # fmt: skip


LARGEST_CATEGORIES = 6
MEASURES = {"composition": "technology_post_count", "penetration": "category_post_count"}
"""A measure of the chart and the posts that it is a share of."""
SHARES = "period_technology_category_shares"


def ai_share_section(view: MonthView) -> Section:
    """The month's AI share of the view's population with its history."""
    section = Section("ai-work", "AI's share of posts")
    rows = view.technology_rows()
    rows = rows[(rows["technology"] == "ai") & (pd.to_datetime(rows["posted_month"]) <= view.month)]
    current = rows[(pd.to_datetime(rows["posted_month"]) == view.month) & _has_share(rows)]
    section.claims = [share_claim(view, row) for _, row in current.iterrows()]
    if len(current) and len(rows) > 2:
        section.figures.append(technology_share_figure(view, rows))
    if not section.claims:
        section.notes.append("The month's posts are too few to say what share asks for AI work.")
    return section


def ai_categories_section(view: MonthView) -> Section | None:
    """The categories with most AI posts, of clients in all countries; None where the month's AI posts are too few."""
    rows = view.share_rows()
    rows = rows[(rows["technology"] == "ai") & rows["composition_share"].notna()]
    rows = rows[rows["technology_post_count"] >= SMALLEST_DENOMINATOR]
    if rows.empty:
        return None
    section = Section("ai-categories", "Where AI work sits")
    section.lead = f"AI posts of the feed, of clients in all countries, {month_name(view.month)}."
    largest = rows.head(LARGEST_CATEGORIES)
    if is_readable(largest, "composition_share").iloc[0]:
        section.claims.append(_category_claim(view, largest.iloc[0], section.lead))
    for measure, n_column in MEASURES.items():
        metric = f"{measure}_share"
        left_out = largest[~is_readable(largest, metric)]
        section.claims += left_out_claims(
            view, SHARES, left_out, metric, n_column, names=f"The {measure} of " + left_out["category"],
            population="AI posts of the feed", setting=section.lead,
        )  # fmt: skip
        largest = _without_values(largest, left_out, metric)
    if largest[[f"{measure}_share" for measure in MEASURES]].notna().any(axis=None):
        section.figures.append(category_share_figure(view, largest))
    return section


def _without_values(rows: pd.DataFrame, left_out: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The rows, those that are left out without their values of the metric."""
    is_told = ~rows.index.isin(left_out.index)
    columns = [f"{prefix}{metric}{end}" for prefix in ("", "corrected_") for end in ("", "_low", "_high")]
    return rows.assign(**{column: rows[column].astype(float).where(is_told) for column in columns})


def _has_share(rows: pd.DataFrame) -> pd.Series:
    return (rows["post_count"] >= SMALLEST_DENOMINATOR) & rows["penetration_share"].notna()


def share_claim(view: MonthView, row: pd.Series, setting: str = "") -> Claim:
    """`7.4% (7.1–7.7) of US job posts in November 2025 asked for AI work.`"""
    shown = best_estimate(row, "penetration_share")
    told = told_share(shown.value, shown.low, shown.high)
    sentence = f"{told} of {view.population.posts} in {month_name(view.month)} asked for AI work."
    return view.book.add(
        "monthly_technology_posts", row, shown.metric, "post_count", sentence, about="AI work",
        period=view.context.month, population=view.population.posts, unit="fraction", setting=setting,
    )  # fmt: skip


def _category_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    """`Web, Mobile & Software Dev holds 24% (22–26) of all AI posts.`"""
    shown = best_estimate(row, "composition_share")
    sentence = f"{row['category']} holds {told_share(shown.value, shown.low, shown.high)} of all AI posts."
    return view.book.add(
        SHARES, row, shown.metric, "technology_post_count", sentence, about=f"AI posts in {row['category']}",
        period=view.context.month, population="AI posts of the feed", unit="fraction", setting=setting,
    )  # fmt: skip


MONTH = "monthly_ai_skills"
POOLED_NOTE = "The month's AI posts, or its audited ones, are too few to rank ten skills: three months are pooled."


def skills_section(view: MonthView) -> Section | None:
    """The month's skills where ten of them can be told, else those of the three months up to it if they tell more.

    None where the feed names no skills.
    """
    if not view.context.provides("job_posts", "skills"):
        return None
    section = Section("skills", "Skills in AI work")
    mart, span, ranked = MONTH, month_name(view.month), ranked_skills(view, view.of_month(MONTH))
    listed = ranked[is_readable(ranked, "ai_share")]
    if len(listed) < TOP_SKILLS:
        pooled = ranked_skills(view, pooled_rows(view))
        readable = pooled[is_readable(pooled, "ai_share")]
        if len(readable) > len(listed):
            mart, span, ranked, listed = POOLED, str(readable["period_label"].iloc[0]), pooled, readable
            section.notes.append(POOLED_NOTE)
    section.lead = f"AI posts among {view.population.posts}, {span}."
    if listed.empty:
        section.notes.append("No skill is named in enough AI posts of the month to be ranked.")
        return section
    left_out = ranked.drop(listed.index)
    section.claims = [
        _skill_claim(view, mart, listed.iloc[0], section.lead),
        *left_out_claims(
            view, mart, left_out, "ai_share", "ai_total_count",
            names=left_out["skill"].map(lambda skill: display_text(skill, 60)),
            population=f"AI posts among {view.population.posts}", setting=section.lead,
        ),
    ]  # fmt: skip
    section.notes += further_note(left_out)
    creative = [display_text(skill, 60) for skill in listed.loc[listed["skill_kind"] == "creative", "skill"]]
    if creative:
        section.notes.append(f"Creative skills among the most named: {', '.join(creative)}.")
    if len(listed) > 2:
        section.figures.append(skill_ranks_figure(listed, span))
    return section


def _skill_claim(view: MonthView, mart: str, row: pd.Series, setting: str) -> Claim:
    shown, skill = best_estimate(row, "ai_share"), display_text(row["skill"], 60)
    place = "the most named skill, is" if row["skill_rank_high"] == 1 else "among the most named skills, is"
    sentence = f"{skill}, {place} asked for in {told_share(shown.value, shown.low, shown.high)} of AI posts."
    return view.book.add(
        mart, row, shown.metric, "ai_total_count", sentence, about=f"skill {skill}",
        period=row.get("period_id", view.context.month), population=f"AI posts among {view.population.posts}",
        unit="fraction", setting=setting,
    )  # fmt: skip


MART, METRIC = "period_contract_values", "high_value_share"
MODELLED = (
    "By category the shares of AI contracts are modelled: what the classifier accepted falsely is taken to be worth as "
    "much as the category's other contracts."
)

NOT_BY_CATEGORY = "Not told by category: most categories have too few AI contracts, or confidential ones."


def pay_section(view: MonthView) -> Section | None:
    """The latest complete study period, since what a contract paid is known some time after its start; None without."""
    periods = complete_study_periods(view)
    if not view.context.provides("contracts") or not periods:
        return None
    rows = view.marts[MART]
    rows = rows[(rows["period_id"] == periods[-1]) & (rows["value_kind"] == HEADLINE_KIND)]
    rows = rows[rows["technology"].isin(TECHNOLOGIES) & (rows["valued_count"] >= SMALLEST_DENOMINATOR)]
    rows = rows[rows[METRIC].notna()]
    overall = rows[rows["category_id"] == "all"].set_index("technology", drop=False)
    if overall.empty:
        return None
    section = Section("pay", "What the work pays")
    section.lead = f"Contracts of all clients that started in {overall['period_label'].iloc[0]}, of known value."
    in_order = overall.loc[[name for name in TECHNOLOGIES if name in overall.index]]
    section.claims = [high_value_claim(view, row, section.lead) for _, row in in_order.iterrows()]
    _tell_categories(view, section, rows[rows["category_id"] != "all"])
    return section


def _tell_categories(view: MonthView, section: Section, rows: pd.DataFrame) -> None:
    """The category with the highest share of AI contracts and a chart of those that can be told; which ones cannot."""
    of_ai = of_one_kind(rows[rows["technology"] == "ai"], METRIC)
    is_told = is_readable(of_ai, METRIC)
    readable, left_out = of_ai[is_told], of_ai[~is_told]
    if len(readable) > 1:
        section.claims.append(high_value_claim(view, _surely_highest(readable), section.lead))
        section.figures.append(paid_high_figure(rows[rows["category_id"].isin(readable["category_id"])]))
        if readable["correction"].str.startswith(MODELLED_BY).any():
            section.notes.append(MODELLED)
    elif left_out.empty:
        section.notes.append(NOT_BY_CATEGORY)
    section.claims += left_out_claims(
        view, MART, left_out, METRIC, "valued_count",
        names="The share of AI contracts in " + left_out["category"], population="AI contracts", setting=section.lead,
    )  # fmt: skip
    section.notes += further_note(left_out)


def _surely_highest(rows: pd.DataFrame) -> pd.Series:
    """The row whose share is surely above most others': the one with the highest lower limit."""
    lows = [best_estimate(row, METRIC).low for _, row in rows.iterrows()]
    return rows.iloc[lows.index(max(lows))]


def pay_label(view: MonthView, claim: Claim) -> str:
    """`of AI contracts of 2022-2023 above 1,000 USD`: what a tile of the section's first claim tells."""
    rows = matching_rows(view.marts[claim.mart], claim.key)
    period = claim.period if rows is None else rows["period_label"].iloc[0]
    return f"of {contracts_phrase(claim.key['technology'])} of {period} above 1,000 USD"


def high_value_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    """`60% (52–68) of AI contracts were worth more than 1,000 USD.`, or `In Translation 86% (80–91) of ...`."""
    shown, contracts = best_estimate(row, METRIC), contracts_phrase(row["technology"])
    told = told_share(shown.value, shown.low, shown.high)
    where = "" if row["category_id"] == "all" else f"In {row['category']} "
    sentence = f"{where}{told} of {contracts} were worth more than 1,000 USD."
    return view.book.add(
        MART, row, shown.metric, "valued_count", sentence, about=f"high value among {contracts}",
        period=row["period_id"], population=capitalised(contracts), unit="fraction", setting=setting,
    )  # fmt: skip
