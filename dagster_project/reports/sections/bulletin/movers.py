"""What moved: tested sub-categories, steady growers, composites, hires; searches; answers of businesses."""

import pandas as pd

from dagster_project.reports.charts.growth import growth_figure, search_counts_figure
from dagster_project.reports.charts.surveys import answer_shares_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import (
    direction,
    is_missing,
    month_name,
    told_growth,
    told_share,
    within_sentence,
)
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.monthly.demand import POPULATION
from dagster_project.reports.sections.monthly.growth import (
    ADJUSTED_FOR,
    MOVED,
    NOT_TESTED,
    TREND_PHRASES,
    TREND_SPANS,
    WITHHELD,
    with_shown_verdicts,
)
from dagster_project.storage.shown_text import display_text

MART, HIRES = "monthly_adjusted_growth", "monthly_contract_activity"
NAMED_MOVERS, NAMED_TRENDS, CHARTED = 5, 4, 16
ALL_TESTED, LARGEST = "All tested series.", "The tested series with most posts."
MOVED_AND_LARGEST = "The series that moved, then the largest others."
UNMOVED = "family_unmoved_count"


def movers_section(view: MonthView) -> Section:
    """Movers first, largest rise first; then series that grew month after month; then composites; then hires."""
    section = Section("movers", "What moved")
    tested, adjustment = _tested(view)
    section.lead = _setting(view, adjustment)
    moved = tested[tested["shown_verdict"].isin(MOVED)].sort_values("adjusted_growth_pct", ascending=False)
    section.claims = [mover_claim(view, row, section.lead) for _, row in moved.head(NAMED_MOVERS).iterrows()]
    trending = tested[tested["trend"].notna() & ~tested["shown_verdict"].isin(MOVED)]
    section.claims += [_trend_claim(view, row, section.lead) for _, row in trending.head(NAMED_TRENDS).iterrows()]
    if len(tested) >= 2:
        section.claims += _unmoved(view, tested.iloc[0], section.lead)
    section.claims += _composites(view, section.lead)
    if len(moved) > NAMED_MOVERS:
        section.notes.append("Further series moved; the annex lists them.")
    if len(tested) >= 2:
        which = ALL_TESTED if len(tested) <= CHARTED else MOVED_AND_LARGEST if len(moved) else LARGEST
        section.figures.append(growth_figure(view, _charted(tested), which))
    elif tested.empty:
        section.notes.append("No series has enough posts, or enough history, for a test of its change.")
    section.claims += _hires(view, section.lead)
    return section


def _tested(view: MonthView) -> tuple[pd.DataFrame, str | None]:
    """The tested sub-categories, most posts first, and what growth is adjusted for."""
    rows = with_shown_verdicts(view.adjusted_growth_rows("sub_category"))
    tested = rows[~rows["shown_verdict"].isin([WITHHELD, NOT_TESTED])]
    adjustments = tested["adjustment"].dropna()
    return tested, None if adjustments.empty else str(adjustments.iloc[0])


def _setting(view: MonthView, adjustment: str | None) -> str:
    before = month_name(view.month - pd.DateOffset(months=1)).split()[0]
    how = f", {ADJUSTED_FOR[adjustment]}" if adjustment else ""
    return f"{view.population.posts[0].upper()}{view.population.posts[1:]}, {before} to {month_name(view.month)}{how}."


def mover_claim(view: MonthView, row: pd.Series, setting: str = "") -> Claim:
    """`QA Testing rose 19% (12–26).`, or with its month and population where no setting says them."""
    told = told_growth(*(row[f"adjusted_growth_pct{end}"] for end in ("", "_low", "_high")))
    if setting:
        sentence = f"{row['series']} {row['verdict']} {told}."
    else:
        sentence = (
            f"{view.population.posts[0].upper()}{view.population.posts[1:]} in {row['series']} {row['verdict']} "
            f"{told.split(' ')[0]} from {_months(row)}"
        )
    return _claim(view, row, "adjusted_growth_pct", sentence, setting)


def _months(row: pd.Series) -> str:
    return f"{pd.Timestamp(row['base_month']):%B} to {month_name(row['posted_month'])}"


def _trend_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    metric, months = TREND_SPANS[row["trend"]]
    told = told_growth(*(row[f"{metric}{end}"] for end in ("", "_low", "_high")))
    sentence = f"{row['series']} {TREND_PHRASES[row['trend']]}, by {told} over {months} months."
    return _claim(view, row, metric, sentence, setting)


def _composites(view: MonthView, setting: str) -> list[Claim]:
    """Each tested composite in one sentence: its trend, else its verdict of the month, else that nothing can be told.

    A composite is declared because readers ask for it, so no change is told too: over the two months of `continued`.
    """
    rows = with_shown_verdicts(view.adjusted_growth_rows("composite"))
    rows = rows[~rows["shown_verdict"].isin([WITHHELD, NOT_TESTED]) & rows["two_month_growth_pct"].notna()]
    return [_composite_claim(view, row, setting) for _, row in rows.iterrows()]


def _composite_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    if not is_missing(row["trend"]):
        return _trend_claim(view, row, setting)
    if row["shown_verdict"] in MOVED:
        return mover_claim(view, row, setting)
    metric = "two_month_growth_pct"
    told = told_growth(*(row[f"{metric}{end}"] for end in ("", "_low", "_high")), signed=True)
    sentence = f"{row['series']} taken together cannot be told from no change: {told} over 2 months."
    return _claim(view, row, metric, sentence, setting)


def _claim(view: MonthView, row: pd.Series, metric: str, sentence: str, setting: str) -> Claim:
    return view.book.add(
        MART, row, metric, "post_count", sentence, about=str(row["series"]), period=view.context.month,
        population=view.population.posts, unit="percent", setting=setting,
    )  # fmt: skip


def _unmoved(view: MonthView, row: pd.Series, setting: str) -> list[Claim]:
    """`Of 32 tested series, 27 cannot be told from no change on the month before.`, from any row of the family."""
    tested, unmoved = int(row["family_count"]), int(row[UNMOVED])
    if unmoved == 0:
        return []
    told = "None of {} tested series can" if unmoved == tested else "Of {} tested series, {} cannot"
    sentence = f"{told.format(tested, unmoved)} be told from no change on the month before."
    return [
        view.book.add(
            MART, row, UNMOVED, "family_count", sentence, about="tested series", period=view.context.month,
            population=view.population.posts, unit="count", setting=setting,
        )
    ]  # fmt: skip


def _charted(tested: pd.DataFrame) -> pd.DataFrame:
    """Every mover, then the largest of the others."""
    is_mover = tested["shown_verdict"].isin(MOVED)
    return pd.concat([tested[is_mover], tested[~is_mover]]).head(CHARTED)


def _hires(view: MonthView, setting: str) -> list[Claim]:
    """Hires of all series together, where the feed has contracts and the change can be told."""
    rows = view.of_month(HIRES)
    rows = rows[(rows["population"] == view.population.code) & (rows["comparison"] == "month")]
    rows = rows[(rows["level"] == "total") & (rows["measure"] == "hires") & ~rows["is_withheld"].astype(bool)]
    return [_hires_claim(view, row, setting) for _, row in rows.iterrows()]


def _hires_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    word = direction(row["growth_pct_low"], row["growth_pct_high"])
    told = told_growth(row["growth_pct"], row["growth_pct_low"], row["growth_pct_high"])
    clients = "US clients" if row["population"] == "us" else "clients of the feed"
    change = f"{word} {told}" if word else "cannot be told from no change"
    return view.book.add(
        HIRES, row, "growth_pct", "contract_count", f"Hires of {clients}, not adjusted, {change}.", about="hires",
        period=view.context.month, population=clients, unit="percent", setting=setting,
    )  # fmt: skip


SEARCHES, RANKS = "monthly_search_growth", "pulse_answer_ranks"
SEARCH_SERIES = ("ai_agents", "ai")
ASKED, QUESTIONS = ["question_id", "wording_version"], 3
TOLD_FIRST = ("digital_fluency_value", "top_workforce_challenge", "digital_marketing_hiring_plan")
"""Questions that come before others, in this order."""


def searches_section(view: MonthView) -> Section | None:
    """The series of AI searches against the month six before; None without a search log."""
    if not view.context.provides("talent_searches"):
        return None
    section = Section("searches", "What clients search for")
    rows = view.of_month(SEARCHES).set_index("series_id", drop=False)
    rows = rows.loc[[name for name in SEARCH_SERIES if name in rows.index]]
    told = rows[~rows["is_withheld"].astype(bool)]
    section.claims = [search_claim(view, row) for _, row in told.iterrows()]
    if told.empty:
        section.notes.append("The search log does not reach back far enough for a change to be told.")
        return section
    history = view.marts[SEARCHES]
    history = history[(pd.to_datetime(history["search_month"]) <= view.month) & (history["series_id"] == told.index[0])]
    if history["search_month"].nunique() > 2:
        section.figures.append(search_counts_figure(history))
    return section


def search_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Talent searches for AI agents rose 285% (250–322) from May 2025 to November 2025.`"""
    word = direction(row["growth_pct_low"], row["growth_pct_high"])
    told = told_growth(row["growth_pct"], row["growth_pct_low"], row["growth_pct_high"])
    since = f"from {month_name(row['base_month'])} to {month_name(row['search_month'])}"
    change = f"{word} {told} {since}" if word else f"cannot be told from no change {since}"
    sentence = f"Talent searches for {within_sentence(row['series'])} {change}."
    return view.book.add(
        SEARCHES, row, "growth_pct", "search_count", sentence, about=f"searches: {row['series']}",
        period=view.context.month, population="talent searches", unit="percent",
    )  # fmt: skip


def pulse_section(view: MonthView) -> Section | None:
    """The most frequent answer of up to three questions, and their answers as bars; None without a survey.

    A question whose first answer is suppressed is left out: the second would be told in its place.
    """
    if not view.context.provides("pulse_answers"):
        return None
    section = Section("pulse", "What businesses say")
    rows = view.of_month(RANKS)
    rows = rows[(rows["respondent_count"] >= SMALLEST_DENOMINATOR) & rows["answer_share"].notna()]
    places = {question: place for place, question in enumerate(TOLD_FIRST)}
    rows = rows.sort_values("question_id", key=lambda ids: ids.map(places).fillna(len(places)), kind="stable")
    first = rows[rows["answer_rank"] == 1].drop_duplicates(ASKED).head(QUESTIONS)
    if first.empty:
        section.notes.append("No wave of the survey fell into this month, or too few businesses answered it.")
        return section
    section.lead = f"Businesses that answered the pulse survey of {month_name(view.month)}."
    section.claims = [answer_claim(view, row, section.lead) for _, row in first.iterrows()]
    section.figures.append(answer_shares_figure(view, rows.merge(first[ASKED], on=ASKED)))
    return section


def answer_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    """`“…?”: 66% (60–71) answered “Yes”.`"""
    told = told_share(row["answer_share"], row["answer_share_low"], row["answer_share_high"])
    sentence = f"“{display_text(row['question'], 200)}” {told} answered “{display_text(row['answer'])}”."
    return view.book.add(
        RANKS, row, "answer_share", "respondent_count", sentence,
        about=f"{display_text(row['question_id'])}: {display_text(row['answer'])}", period=view.context.month,
        population=POPULATION, unit="fraction", setting=setting,
    )  # fmt: skip
