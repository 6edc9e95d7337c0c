"""The story of the spread study's page: AI's home categories, the other ones, cloud and RPA."""

import pandas as pd

from dagster_project.reports.charts.composition import paired_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import displayed_rows, is_corrected
from dagster_project.reports.claims.wording import (
    capitalised,
    direction,
    technology_name,
    told_growth,
    told_limits,
    told_share,
)
from dagster_project.reports.page.document import Figure, KeyNumber, Section
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.spread.claims import concentration_words
from dagster_project.reports.sections.spread.overview import (
    MOVED,
    RANKS,
    Span,
    change_claim,
    change_rows,
    change_tile,
    composition_rows,
    share_of,
    study_rows,
    technologies_of,
    told_change,
)
from dagster_project.reports.sections.spread.technology import HERFINDAHL, NAMED_PAIRS
from dagster_project.reports.sections.spread.technology import MART as YEARS

NON_TECHNICAL = "non_technical"
HOME = ("data_science_analytics", "web_mobile_software_dev")
NAMED_CATEGORIES, NAMED_LEVELS = 4, 3
Told = tuple[Section, list[KeyNumber]]


def category_order(view: MonthView, span: Span) -> list[str]:
    """The order of every chart: technical categories first, each kind by its share of AI posts in the base period."""
    rows = composition_rows(view, span, "ai")
    rows = rows[rows["period_id"] == span.base].astype({"composition_share": float, "is_technical": bool})
    rows = rows.sort_values(
        ["is_technical", "composition_share", "category"], ascending=[False, False, True], kind="stable"
    )
    return rows["category"].tolist()


def largest_shown(view: MonthView, span: Span) -> float:
    """The right end of the scale that all charts of shares have in common, with room for a label."""
    ends = [composition_rows(view, span, technology)["composition_share_high"] for technology in NAMED_PAIRS]
    return 1.12 * float(pd.concat(ends).astype(float).max())


def home_section(view: MonthView, span: Span, setting: str) -> Told:
    """AI's two home categories together and each alone, and where a later, open period stands."""
    section, tiles = Section("home", "AI's home categories"), []
    rows = change_rows(view, "ai", span.base, span.current)
    pair = rows[rows["series_id"] == NAMED_PAIRS["ai"]]
    for _, row in pair.iterrows():
        claim = change_claim(view, row, told_change(row, "The home categories together"), setting)
        section.claims.append(claim)
        tiles.append(change_tile(row, claim, "of AI posts in the two home categories"))
    categories = _categories(rows)
    for _, row in categories[categories["series_id"].isin(HOME)].iterrows():
        section.claims.append(change_claim(view, row, told_change(row, str(row["series"])), setting))
    section.claims.extend(_later_claims(view, span, setting))
    return section, tiles


def _categories(rows: pd.DataFrame) -> pd.DataFrame:
    """The categories, the largest change first."""
    categories = rows[rows["series_kind"] == "category"]
    return categories.sort_values("difference_points", key=lambda points: -points.astype(float).abs(), kind="stable")


def _later_claims(view: MonthView, span: Span, setting: str) -> list[Claim]:
    if span.latest is None:
        return []
    rows = change_rows(view, "ai", span.current, span.latest[0])
    return [
        change_claim(
            view, row,
            f"In {span.latest[1]}, not yet complete, the home categories hold {share_of(row, 'current')}.",
            setting,
        )
        for _, row in rows[rows["series_id"] == NAMED_PAIRS["ai"]].iterrows()
    ]  # fmt: skip


def elsewhere_section(view: MonthView, span: Span, setting: str) -> Told:
    """The non-technical categories together, those that gained each alone, and how their AI posts grew in a year."""
    section, tiles = Section("elsewhere", "AI work in other categories"), []
    rows = change_rows(view, "ai", span.base, span.current)
    for _, row in rows[rows["series_id"] == NON_TECHNICAL].iterrows():
        claim = change_claim(view, row, told_change(row, str(row["series"]), " of AI posts"), setting)
        section.claims.append(claim)
        tiles.append(change_tile(row, claim, "of AI posts in non-technical categories"))
    others = _categories(rows)
    others = others[~others["series_id"].isin(HOME)]
    moved = others[others["verdict"].isin(MOVED)]
    growth = _growth_claims(view, span)
    section.claims += growth
    tiles += [_growth_tile(claim) for claim in growth]
    told = others.head(NAMED_LEVELS) if moved.empty else moved.head(NAMED_CATEGORIES)
    section.claims += [
        change_claim(view, row, told_change(row, str(row["series"])), setting) for _, row in told.iterrows()
    ]
    section.notes.extend(_rest(others, len(moved)))
    return section, tiles


def _rest(others: pd.DataFrame, moved: int) -> list[str]:
    """What is said of the categories that no sentence names."""
    if others.empty or moved == len(others):
        return []
    if moved > NAMED_CATEGORIES:
        return ["Further categories moved; the annex lists them."]
    if moved:
        return ["The other categories show no clear change."]
    errors = " once the classifier's errors are counted" if (others["prefix"] != "").any() else ""
    return [f"No category alone shows a clear change{errors}."]


def _growth_claims(view: MonthView, span: Span) -> list[Claim]:
    """AI posts of the non-technical categories in the last year of the current period; none unless they moved."""
    years = view.marts[YEARS]
    is_row = (years["technology"] == "ai") & (years["series_id"] == NON_TECHNICAL)
    rows = years[is_row & (years["period_id"] == span.current[-4:]) & ~years["is_withheld"].astype(bool)]
    return [claim for _, row in rows.iterrows() for claim in _growth_claim(view, row)]


def _growth_claim(view: MonthView, row: pd.Series) -> list[Claim]:
    metric = f"{'corrected_' if is_corrected(row, 'growth_pct') else ''}growth_pct"
    low, high = row[f"{metric}_low"], row[f"{metric}_high"]
    word = direction(low, high)
    if word is None:
        return []
    sentence = (
        f"AI posts of {row['series']} {word} {told_growth(row[metric], low, high)} from {row['base_period_label']} to "
        f"{row['period_label']}."
    )
    return [
        view.book.add(
            YEARS, row, metric, "post_count", sentence, about=f"AI posts of {row['series']}", period=row["period_id"],
            population="AI posts of the feed", unit="percent",
        )
    ]  # fmt: skip


def _growth_tile(claim: Claim) -> KeyNumber:
    told = told_growth(claim.value, claim.low, claim.high, signed=True)
    return KeyNumber(
        label=f"AI posts of non-technical categories, {claim.period}",
        value=told.partition(" ")[0],
        detail=told_limits(told) or claim.period,
        claim=claim,
    )


def home_figure(view: MonthView, span: Span) -> Figure | None:
    """AI posts in the technical categories."""
    return _ai_figure(view, span, "home", "technical", is_technical=True)


def elsewhere_figure(view: MonthView, span: Span) -> Figure | None:
    """AI posts in the non-technical categories."""
    return _ai_figure(view, span, "elsewhere", "non-technical", is_technical=False)


def _ai_figure(view: MonthView, span: Span, id: str, kind: str, *, is_technical: bool) -> Figure | None:
    rows = composition_rows(view, span, "ai")
    rows = rows[rows["is_technical"].astype(bool) == is_technical]
    if rows.empty or rows["composition_share"].isna().all():
        return None
    title = f"AI posts in the {kind} categories, {span.base_label} and {span.current_label}"
    return paired_figure(
        f"figure-spread-{id}", title, rows, category_order(view, span), largest_shown(view, span), {"ai": ""}
    )


def level_rows(view: MonthView) -> pd.DataFrame:
    """period_category_ranks of AI posts in the latest readable period as displayed, largest share first."""
    rows = displayed_rows(study_rows(view, RANKS, "ai"), "category_rank")
    latest = rows[(rows["period_start"] == rows["period_start"].max()) & rows["composition_share"].notna()]
    return latest.sort_values(["composition_share", "category"], ascending=[False, True], kind="stable")


def level_section(view: MonthView) -> Section:
    """How AI posts divide where no two periods can be compared; empty where they are too few for that too."""
    section, rows = Section("level", "Where AI work sits"), level_rows(view)
    if rows.empty:
        return section
    label = rows["period_label"].iloc[0]
    section.lead = f"Shares of AI posts of the feed, {label}."
    section.claims = [level_claim(view, row, section.lead) for _, row in rows.head(NAMED_LEVELS).iterrows()]
    largest = 1.12 * float(rows["composition_share_high"].astype(float).max())
    title = f"AI posts by category, {label}"
    section.figures = [
        paired_figure("figure-spread-level", title, rows, rows["category"].tolist(), largest, {"ai": ""})
    ]
    return section


def level_claim(view: MonthView, row: pd.Series, setting: str = "") -> Claim:
    """`Writing held 37% (30–44).`, or with technology and period where no setting says them."""
    told = told_share(*(row[f"composition_share{end}"] for end in ("", "_low", "_high")))
    sentence = f"{row['category']} held {told}."
    if not setting:
        sentence = f"{row['category']} held {told.partition(' ')[0]} of AI posts in {row['period_label']}"
    return view.book.add(
        RANKS, row, f"{row['prefix']}composition_share", "technology_post_count", sentence,
        about=f"{row['category']} within AI posts", period=row["period_id"], population="AI posts of the feed",
        unit="fraction", setting=setting,
    )  # fmt: skip


def others_section(view: MonthView, span: Span) -> Told:
    """Of cloud and of RPA the two home categories together, and whether the posts became more concentrated."""
    section, tiles = Section("others", "Cloud and RPA work"), []
    section.lead = f"Shares of cloud posts and of RPA posts of the feed, {span.base_label} and {span.current_label}."
    for technology, label in technologies_of(view).items():
        if technology == "ai":
            continue
        name = technology_name(technology, label)
        rows = change_rows(view, technology, span.base, span.current)
        if rows.empty:
            section.notes.append(f"{capitalised(name)} posts are too few in one of the two periods to be compared.")
        for _, row in rows[rows["series_id"] == NAMED_PAIRS[technology]].iterrows():
            claim = change_claim(view, row, told_change(row, str(row["series"]), f" of {name} posts"), section.lead)
            section.claims.append(claim)
            tiles.append(change_tile(row, claim, f"of {name} posts in its two home categories"))
        index = rows[(rows["series_id"] == HERFINDAHL) & rows["verdict"].isin(MOVED)]
        for _, row in index.iterrows():
            sentence = f"By category, {name} posts {concentration_words(row)}."
            section.claims.append(change_claim(view, row, sentence, section.lead))
    return section, tiles


def others_figure(view: MonthView, span: Span) -> Figure | None:
    """Cloud and RPA posts over all categories, a panel each."""
    labels = technologies_of(view)
    compared = {name: composition_rows(view, span, name) for name in labels if name != "ai"}
    shown = {name: rows for name, rows in compared.items() if rows["composition_share"].notna().any()}
    if not shown:
        return None
    panels = {name: f"{capitalised(technology_name(name, labels[name]))} posts" for name in shown}
    title = f"{' and '.join(panels.values())} by category, {span.base_label} and {span.current_label}"
    order, largest = category_order(view, span), largest_shown(view, span)
    return paired_figure("figure-spread-others", title, pd.concat(shown.values()), order, largest, panels)
