"""Growth on the month before, adjusted beside raw, and on the year before; words as the mart's verdicts have them."""

import pandas as pd

from dagster_project.reports.charts.growth import growth_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import (
    capitalised,
    count,
    direction,
    growth,
    interval,
    is_missing,
    month_name,
)
from dagster_project.reports.page.document import Notice, Section, Table
from dagster_project.reports.page.selection import MonthView
from dagster_project.statistics.growth.verdicts import (
    CONTINUED,
    FALSE_DISCOVERY_RATE,
    FELL,
    NO_CHANGE,
    ROSE,
    SMALLEST_FAMILY_BASE,
    STEADY,
    SURGED,
)

WITHHELD, NOT_TESTED = "withheld", "not tested"
MOVED = (SURGED, ROSE, FELL)
SHORT_VERDICTS = {NO_CHANGE: "not distinguishable"}


def with_shown_verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of monthly_adjusted_growth with a `shown_verdict`: the mart's verdict, withheld, or not tested."""
    verdicts = rows["verdict"].astype(object).where(rows["verdict"].notna(), NOT_TESTED)
    return rows.assign(shown_verdict=verdicts.mask(rows["is_withheld"].astype(bool), WITHHELD))


def verdict_text(row: pd.Series) -> str:
    """`rose, steady`: shown_verdict and trend as a table shows them."""
    shown_verdict = SHORT_VERDICTS.get(row["shown_verdict"], row["shown_verdict"])
    return shown_verdict if is_missing(row["trend"]) else f"{shown_verdict}, {row['trend']}"


MART = "monthly_adjusted_growth"
ADJUSTED_FOR = {"seasonal": "adjusted for calendar and season", "calendar": "adjusted for calendar, not for season"}
TREND_PHRASES = {STEADY: "grew steadily", CONTINUED: "continued to grow"}
TREND_SPANS = {STEADY: ("three_month_growth_pct", 3), CONTINUED: ("two_month_growth_pct", 2)}


def adjusted_growth_claim(view: MonthView, row: pd.Series, what: str) -> Claim:
    """`QA posts surged by 31.0% from October to November 2025, adjusted ... (1,200 to 1,428 posts; ...).`"""
    since = f"from {month_name(row['base_month'])} to {month_name(row['posted_month'])}, "
    since += ADJUSTED_FOR[row["adjustment"]]
    basis = (
        f"{count(row['base_post_count'])} to {count(row['post_count'])} posts; "
        f"95% interval {interval(row['adjusted_growth_pct_low'], row['adjusted_growth_pct_high'], growth)}; "
        f"raw {growth(row['raw_growth_pct'])}"
    )
    change = growth(row["adjusted_growth_pct"])
    verdict = row["verdict"]
    if is_missing(verdict):
        sentence = f"{capitalised(what)}: {change} {since}, not tested: {row['no_verdict_reason']} ({basis})."
    elif verdict == NO_CHANGE:
        sentence = f"{capitalised(what)}: {change} {since}, {NO_CHANGE} ({basis})."
    else:
        sentence = f"{capitalised(what)} {verdict} by {change.lstrip('+−')} {since} ({basis})."
    return _claim(view, row, "adjusted_growth_pct", sentence, what)


def trend_claim(view: MonthView, row: pd.Series, what: str) -> Claim:
    """`QA posts grew steadily: +18.2% over three months to November 2025, adjusted ... (95% interval ...).`"""
    metric, months = TREND_SPANS[row["trend"]]
    basis = f"95% interval {interval(row[f'{metric}_low'], row[f'{metric}_high'], growth)}"
    sentence = (
        f"{capitalised(what)} {TREND_PHRASES[row['trend']]}: {growth(row[metric])} over {months} months to "
        f"{month_name(row['posted_month'])}, {ADJUSTED_FOR[row['adjustment']]} "
        f"({count(row['post_count'])} posts; {basis})."
    )
    return _claim(view, row, metric, sentence, what)


def _claim(view: MonthView, row: pd.Series, metric: str, sentence: str, what: str) -> Claim:
    return view.book.add(
        MART, row, metric, "post_count", sentence,
        about=what, period=view.context.month, population=view.population.posts, unit="percent",
    )  # fmt: skip


CHART_SERIES = 24
NAMED_SERIES = 5
LISTED_WHOLE = 12
LEVEL_NAMES = {"category": "Categories", "sub_category": "Sub-categories"}
COLUMNS = ["Series", "Posts", "Month before", "Raw change", "Calendar-adjusted", "Adjusted change", "95% interval",
           "Verdict", "Raw change on year", "95% interval, year"]  # fmt: skip
NUMERIC = frozenset({*COLUMNS[1:6], "Raw change on year"})


def growth_claim(view: MonthView, row: pd.Series, what: str) -> Claim:
    """One raw growth sentence: `rose` or `fell` where the interval excludes 0, else not distinguishable."""
    since = f"from {month_name(row['base_month'])} to {month_name(row['posted_month'])}"
    basis = (
        f"{count(row['base_post_count'])} to {count(row['post_count'])} posts; "
        f"95% interval {interval(row['growth_pct_low'], row['growth_pct_high'], growth)}"
    )
    word = direction(row["growth_pct_low"], row["growth_pct_high"])
    change = growth(row["growth_pct"])
    subject = capitalised(what)
    sentence = (
        f"{subject} {word} by {change.lstrip('+−')} {since} ({basis})."
        if word
        else f"{subject}: {change} {since}, {NO_CHANGE} ({basis})."
    )
    return view.book.add(
        "monthly_category_growth", row, "growth_pct", "post_count", sentence,
        about=what, period=view.context.month, population=view.population.posts, unit="percent",
    )  # fmt: skip


def growth_cells(row: pd.Series) -> tuple[str, str]:
    """Change and interval of one raw row, or `withheld` and an empty cell."""
    if row["is_withheld"]:
        return WITHHELD, ""
    return growth(row["growth_pct"]), interval(row["growth_pct_low"], row["growth_pct_high"], growth)


def growth_section(view: MonthView) -> Section:
    """Total, categories and sub-categories against the month before (adjusted) and the year before (raw)."""
    section = Section("growth", "Growth")
    section.lead = (
        f"Change of the number of {view.population.posts} on the month before, adjusted for weekdays and holidays "
        "and, from 36 months of history on, for the season as the months before had it; both months are counted at "
        f"the same age. In lists the false discovery rate is held at {FALSE_DISCOVERY_RATE:.0%}; series with fewer "
        f"than {SMALLEST_FAMILY_BASE} posts in the base month are not tested."
    )
    _add_total(view, section)
    if not view.context.provides("job_posts", "category"):
        return section.not_provided("Categories", "The feed has no category, so no series by category.")
    levels = {level: with_shown_verdicts(view.adjusted_growth_rows(level)) for level in LEVEL_NAMES}
    charted = next((rows for rows in reversed(levels.values()) if len(_tested(rows)) >= 2), None)
    if charted is not None:
        section.figures.append(
            growth_figure(view, _tested(charted).head(CHART_SERIES), "The tested series with most posts.")
        )
    for level, rows in levels.items():
        if not rows.empty:
            section.claims.extend(_level_claims(view, rows))
            section.tables.append(_table(view, level, rows))
    return section


def _add_total(view: MonthView, section: Section) -> None:
    """Adjusted growth on the month and raw growth on the year of all posts, or why they are withheld."""
    posts = view.population.posts
    month, year = view.adjusted_growth_rows("total"), view.growth_rows("total", "year")
    for rows, claim_of, against in (
        (month, adjusted_growth_claim, "the month before"),
        (year, growth_claim, "the same month of the year before"),
    ):
        is_withheld = rows["is_withheld"].astype(bool)
        section.claims.extend(claim_of(view, row, posts) for _, row in rows[~is_withheld].iterrows())
        section.notices.extend(
            Notice("withheld", f"Growth against {against} is withheld", f"Reason: {row['withheld_reason']}.")
            for _, row in rows[is_withheld].iterrows()
        )


def _tested(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["shown_verdict"].isin([WITHHELD, NOT_TESTED])]


def _level_claims(view: MonthView, rows: pd.DataFrame) -> list[Claim]:
    """The largest moves that carry a verdict, rises first, then the largest series that carry a trend alone."""
    moved = rows[rows["shown_verdict"].isin(MOVED)].sort_values("adjusted_growth_pct", ascending=False)
    trending = rows[rows["trend"].notna() & ~rows["shown_verdict"].isin(MOVED)]

    def what(row: pd.Series) -> str:
        return f"{view.population.posts} in {row['series']}"

    claims = [adjusted_growth_claim(view, row, what(row)) for _, row in moved.head(NAMED_SERIES).iterrows()]
    return claims + [trend_claim(view, row, what(row)) for _, row in trending.head(NAMED_SERIES).iterrows()]


def _table(view: MonthView, level: str, rows: pd.DataFrame) -> Table:
    years = view.growth_rows(level, "year").set_index("series_id")
    cells, left_out = [], []
    for _, row in rows.iterrows():
        year = growth_cells(years.loc[row["series_id"]]) if row["series_id"] in years.index else (WITHHELD, "")
        if row["is_withheld"] and year[0] == WITHHELD and len(rows) > LISTED_WHOLE:
            left_out.append(str(row["series"]))
        else:
            cells.append([str(row["series"]), *_month_cells(row), *year])
    caption = f"{LEVEL_NAMES[level]}: {view.population.posts}, {month_name(view.month)}"
    note = " ".join(part for part in (left_out_note(left_out), _note(rows, years)) if part)
    return Table(f"table-growth-{level.replace('_', '-')}", caption, COLUMNS, cells, NUMERIC, note)


def left_out_note(series: list[str]) -> str:
    """Says that a long list leaves out the series without any change to print; empty where it leaves out none."""
    return "Series without any change to print are not listed; the mart holds them." if series else ""


def _month_cells(row: pd.Series) -> list[str]:
    counts = [count(row["post_count"]), count(row["base_post_count"])]
    if row["is_withheld"]:
        return [*counts, WITHHELD, "", "", "", WITHHELD]
    changes = [growth(row[f"{kind}_growth_pct"]) for kind in ("raw", "calendar", "adjusted")]
    limits = interval(row["adjusted_growth_pct_low"], row["adjusted_growth_pct_high"], growth)
    return [*counts, *changes, limits, verdict_text(row)]


def _note(rows: pd.DataFrame, years: pd.DataFrame) -> str:
    """Why rows are not tested or withheld, three reasons at most."""
    untested = sorted(set(rows["no_verdict_reason"].dropna()))
    withheld = sorted(set(rows["withheld_reason"].dropna()) | set(years["withheld_reason"].dropna()))
    notes = []
    for word, reasons in (("Not tested", untested), ("Withheld", withheld)):
        if reasons:
            notes.append(f"{word}: {'; '.join(reasons[:3])}{' and others' if len(reasons) > 3 else ''}.")
    return " ".join(notes)
