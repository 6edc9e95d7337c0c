"""What work is worth: projected values of posts; contracts with the bounds of unknown values, hires and spend."""

import pandas as pd

from dagster_project.reports.charts.values import contract_value_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, in_brackets, of_one_kind, with_corrected, with_shown
from dagster_project.reports.claims.wording import (
    NO_VALUE,
    capitalised,
    count,
    direction,
    growth,
    interval,
    month_name,
    share,
    technology_name,
    usd,
)
from dagster_project.reports.page.document import Notice, Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.monthly.growth import LISTED_WHOLE, left_out_note
from dagster_project.statistics.growth.raw import SMALLEST_BASE
from dagster_project.statistics.growth.verdicts import NO_CHANGE

VALUE_FIELDS = ("budget_usd", "hourly_rate_low_usd", "hourly_rate_high_usd")
COLUMNS = ["Category", "Posts", "Value known", "Share known", "Median, USD", "Middle half, USD",
           "Above 1,000 USD", "95% interval"]  # fmt: skip
NUMERIC_COLUMNS = frozenset({"Posts", "Value known", "Share known", "Median, USD", "Above 1,000 USD"})


def posts_phrase(technology: str) -> str:
    """`AI posts of the feed`, or `posts of the feed` for any."""
    return "posts of the feed" if technology == "any" else f"{technology_name(technology)} posts of the feed"


def high_value_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Of the AI posts of the feed with a known projected value, 58.2% were above 1,000 USD (...).`"""
    posts = posts_phrase(row["technology"])
    shown = best_estimate(row, "high_value_share")
    counted = f"{count(row['high_value_count'])} of {count(row['known_value_count'])} posts"
    sentence = (
        f"Of the {posts} with a known projected value, {share(shown.value)} were projected above "
        f"1,000 USD in {month_name(view.month)} ({in_brackets(row, 'high_value_share', counted)})."
    )
    return view.book.add(
        "period_projected_values", row, shown.metric, "known_value_count", sentence,
        about=f"high value among {posts}", period=view.context.month,
        population=f"{posts} with a known projected value", unit="fraction",
    )  # fmt: skip


def median_claim(view: MonthView, row: pd.Series) -> Claim:
    """`The median projected value of AI posts of the feed was 1,240 USD (...).`"""
    posts = posts_phrase(row["technology"])
    sentence = (
        f"The median projected value of {posts} was {usd(row['median_value_usd'])} in "
        f"{month_name(view.month)} (middle half {usd(row['lower_quartile_usd'])} "
        f"to {usd(row['upper_quartile_usd'])}; known for {count(row['known_value_count'])} of "
        f"{count(row['post_count'])} posts)."
    )
    return view.book.add(
        "period_projected_values", row, "median_value_usd", "known_value_count", sentence,
        about=f"median value of {posts}", period=view.context.month,
        population=f"{posts} with a known projected value", unit="usd",
    )  # fmt: skip


def values_section(view: MonthView) -> Section:
    """High-value shares and medians of AI and of all posts, a chart by category and one table for each."""
    section = Section("values", "Projected value", claim_columns=2)
    section.lead = (
        "Projected value: the budget of a fixed-price post; for an hourly post the middle of its rate range "
        "times hours a week times weeks. What a contract paid in the end is not part of the feed."
    )
    if not any(view.context.provides("job_posts", column) for column in VALUE_FIELDS):
        return section.not_provided("Values", "The feed has neither a budget nor an hourly rate.")
    rows = view.value_rows()
    for technology in ("ai", "any"):
        overall = rows[(rows["technology"] == technology) & (rows["category_id"] == "all")]
        for _, row in overall[overall["known_value_count"] >= SMALLEST_DENOMINATOR].iterrows():
            section.claims.extend([high_value_claim(view, row), median_claim(view, row)])
        if (overall["known_value_count"] < SMALLEST_DENOMINATOR).any():
            section.notes.append(
                f"{capitalised(posts_phrase(technology))} with a known value are too few to sum up (fewer than "
                f"{SMALLEST_DENOMINATOR})."
            )
    charted = rows[(rows["category_id"] != "all") & (rows["known_value_count"] >= SMALLEST_DENOMINATOR)]
    if charted[charted["technology"] == "ai"]["category_id"].nunique() >= 2:
        section.figures.append(contract_value_figure(view, charted))
    section.tables.extend(_tables(view, rows))
    return section


def _tables(view: MonthView, rows: pd.DataFrame) -> list[Table]:
    tables = []
    for technology in ("ai", "any"):
        chosen = rows[rows["technology"] == technology].sort_values(["post_count", "category"], ascending=[False, True])
        if chosen.empty:
            continue
        caption = f"Projected value: {posts_phrase(technology)}, {month_name(view.month)}"
        cells = [_cells(row) for _, row in chosen.iterrows()]
        table = Table(f"table-values-{technology}", caption, COLUMNS, cells, NUMERIC_COLUMNS)
        tables.append(table if technology == "any" else with_corrected(table, chosen, "high_value_share"))
    return tables


def _cells(row: pd.Series) -> list[str]:
    return [
        str(row["category"]),
        count(row["post_count"]),
        count(row["known_value_count"]),
        share(row["known_value_share"]),
        count(row["median_value_usd"]),
        interval(row["lower_quartile_usd"], row["upper_quartile_usd"], count),
        share(row["high_value_share"]),
        interval(row["high_value_share_low"], row["high_value_share_high"]),
    ]


HEADLINE_KIND, BOUNDS = "closed_and_open", ("unknown_below", "unknown_above")
TECHNOLOGIES = ("ai", "non_ai")
VALUE_COLUMNS = ["Category", "Contracts", "Share known", "Above 1,000 USD", "95% interval", "Closed only",
                 "If unknown values are below to above", "Median, USD"]  # fmt: skip
ACTIVITY_COLUMNS = ["Series", "Hires", "Change on month", "95% interval", "Spend, USD", "Change of spend",
                    "95% interval of spend"]  # fmt: skip
MEASURES = {"hires": "hires", "spend": "spend on contracts"}


def contracts_phrase(technology: str) -> str:
    """`AI contracts`, `contracts of posts that are not AI`."""
    if technology == "any":
        return "contracts"
    if technology == "non_ai":
        return "contracts of posts that are not AI"
    return f"{technology_name(technology)} contracts"


def contract_value_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Of the AI contracts that started in 2022–2023 and whose value is known, 57.9% were worth ... (...).`"""
    contracts = contracts_phrase(row["technology"])
    where = "" if row["category_id"] == "all" else f" in {row['category']}"
    population = f"{contracts}{where} that started in {row['period_label']} and whose value is known"
    counted = f"{count(row['high_value_count'])} of {count(row['valued_count'])} contracts"
    shown = best_estimate(row, "high_value_share")
    sentence = (
        f"Of the {population}, {share(shown.value)} were worth more than 1,000 USD "
        f"({in_brackets(row, 'high_value_share', counted)}; the value is known for "
        f"{share(row['known_value_share'])} of them)."
    )
    return view.book.add(
        "period_contract_values", row, shown.metric, "valued_count", sentence,
        about=f"high value among {contracts}{where}", period=row["period_id"], population=population, unit="fraction",
    )  # fmt: skip


def activity_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Hires rose by 4.1% from October 2025 to November 2025 (412 to 429 contracts; ...).`"""
    since = f"from {month_name(row['base_month'])} to {month_name(row['started_month'])}"
    amounts = (
        f"{usd(row['base_amount'])} to {usd(row['amount'])} of {count(row['contract_count'])} contracts"
        if row["measure"] == "spend"
        else f"{count(row['base_contract_count'])} to {count(row['contract_count'])} contracts"
    )
    basis = f"{amounts}; 95% interval {interval(row['growth_pct_low'], row['growth_pct_high'], growth)}"
    word, change = direction(row["growth_pct_low"], row["growth_pct_high"]), growth(row["growth_pct"])
    clients = "clients in the US" if row["population"] == "us" else "clients of the feed"
    subject = f"{capitalised(MEASURES[row['measure']])} of {clients}"
    sentence = (
        f"{subject} {word} by {change.lstrip('+−')} {since} ({basis})."
        if word
        else f"{subject}: {change} {since}, {NO_CHANGE} ({basis})."
    )
    return view.book.add(
        "monthly_contract_activity", row, "growth_pct", "contract_count", sentence,
        about=MEASURES[row["measure"]], period=view.context.month, population=clients, unit="percent",
    )  # fmt: skip


def contracts_section(view: MonthView) -> Section:
    """Contract values of the month and of the study periods, then hires and spend against the month before."""
    section = Section("contracts", "Contract values, hires and spend", claim_columns=2)
    if not view.context.provides("contracts"):
        return section.not_provided(
            "Contracts", "The feed has no contracts, so nothing is said of what was paid, of hires or of spend."
        )
    section.lead = (
        "Value of a contract: what was paid when it is closed; while it is open, the larger of what was paid so far "
        "and what its post projects, where both are known. Contracts count in the month of their start. Technologies "
        "are those of the contract's post."
    )
    for period_id in [*complete_study_periods(view), view.context.month]:
        add_contract_values(view, section, period_id)
    _add_activity(view, section)
    return section


def complete_study_periods(view: MonthView) -> list[str]:
    """Complete study periods that ended before the reported month, in order."""
    rows = view.marts["period_contract_values"]
    is_past = (rows["period_kind"] == "study") & rows["is_complete_period"].astype(bool)
    is_past &= pd.to_datetime(rows["period_end"]) < view.month
    return sorted(rows.loc[is_past, "period_id"].unique())


def add_contract_values(view: MonthView, section: Section, period_id: str) -> None:
    """Claims of all AI and all other contracts and of the AI category with the highest share, a table of each."""
    rows = view.marts["period_contract_values"]
    rows = rows[(rows["period_id"] == period_id) & rows["technology"].isin(TECHNOLOGIES)]
    headline = rows[(rows["value_kind"] == HEADLINE_KIND) & (rows["valued_count"] >= SMALLEST_DENOMINATOR)]
    for technology in TECHNOLOGIES:
        overall = headline[(headline["technology"] == technology) & (headline["category_id"] == "all")]
        section.claims.extend(contract_value_claim(view, row) for _, row in overall.iterrows())
    categories = headline[(headline["technology"] == "ai") & (headline["category_id"] != "all")]
    told = of_one_kind(categories[categories["high_value_share"].notna()], "high_value_share")
    highest = with_shown(told, "high_value_share")
    highest = highest.sort_values(["shown", "category"], ascending=[False, True]).head(1)
    section.claims.extend(contract_value_claim(view, row) for _, row in highest.iterrows())
    section.tables.extend(_value_table(rows, technology) for technology in TECHNOLOGIES
                          if (rows["technology"] == technology).any())  # fmt: skip


def _value_table(rows: pd.DataFrame, technology: str) -> Table:
    chosen = rows[rows["technology"] == technology]
    kinds = {str(kind): part.set_index("category_id") for kind, part in chosen.groupby("value_kind")}
    headline = kinds[HEADLINE_KIND].sort_values(["contract_count", "category"], ascending=[False, True])
    cells = {str(category_id): _value_cells(str(category_id), row, kinds) for category_id, row in headline.iterrows()}
    is_told = headline["corrected_high_value_share"].notna() | (headline.index == "all")
    without = [name for name, (_, _, *values) in cells.items() if set(values) == {NO_VALUE} and not is_told[name]]
    note = _left_out_categories([cells.pop(name)[0] for name in without])
    headline = headline.drop(index=without)
    period = chosen.iloc[0]
    caption = f"{capitalised(contracts_phrase(technology))} that started in {period['period_label']}"
    table_id = f"table-contracts-{period['period_id']}-{technology}".replace("_", "-")
    numeric = frozenset({"Contracts", "Share known", "Above 1,000 USD", "Closed only", "Median, USD"})
    table = Table(table_id, caption, VALUE_COLUMNS, [*cells.values()], numeric, note)
    return with_corrected(table, headline, "high_value_share")


def _left_out_categories(names: list[str]) -> str:
    """Categories of which every value is hidden or has too few contracts."""
    return f"Not listed, because no value of theirs is printed: {', '.join(names)}." if names else ""


def _value_cells(category_id: str, row: pd.Series, kinds: dict[str, pd.DataFrame]) -> list[str]:
    def high_value(kind: str) -> object:
        rows = kinds.get(kind)
        return None if rows is None or category_id not in rows.index else rows.loc[category_id, "high_value_share"]

    return [
        str(row["category"]),
        count(row["contract_count"]),
        share(row["known_value_share"]),
        share(row["high_value_share"]),
        interval(row["high_value_share_low"], row["high_value_share_high"]),
        share(high_value("closed")),
        interval(*(high_value(kind) for kind in BOUNDS)),
        count(row["median_value_usd"]),
    ]


def _add_activity(view: MonthView, section: Section) -> None:
    rows = view.of_month("monthly_contract_activity")
    rows = rows[(rows["population"] == view.population.code) & (rows["comparison"] == "month")]
    for measure in MEASURES:
        total = rows[(rows["level"] == "total") & (rows["measure"] == measure)]
        for _, row in total.iterrows():
            if row["is_withheld"]:
                title = f"Growth of {MEASURES[measure]} is withheld"
                section.notices.append(Notice("withheld", title, f"Reason: {row['withheld_reason']}."))
            else:
                section.claims.append(activity_claim(view, row))
    for level, name in (("category", "categories"), ("sub_category", "sub-categories")):
        chosen = rows[rows["level"] == level]
        if not chosen.empty:
            section.tables.append(_activity_table(view, chosen, level, name))


def _activity_table(view: MonthView, rows: pd.DataFrame, level: str, name: str) -> Table:
    hires = rows[rows["measure"] == "hires"].sort_values(["contract_count", "series"], ascending=[False, True])
    spend = {row["series_id"]: row for _, row in rows[rows["measure"] == "spend"].iterrows()}
    is_listed = [len(hires) <= LISTED_WHOLE or _has_change(row) or _has_change(spend[row["series_id"]])
                 for _, row in hires.iterrows()]  # fmt: skip
    cells = [[str(row["series"]), *_amount_cells(row), *_amount_cells(spend[row["series_id"]])]
             for _, row in hires[is_listed].iterrows()]  # fmt: skip
    left_out = hires.loc[[not listed for listed in is_listed], "series"].tolist()
    caption = f"Hires and spend by {name}, {month_name(view.month)} against the month before"
    note = " ".join([left_out_note(left_out), f"Growth from fewer than {SMALLEST_BASE} contracts is withheld. "
                     "Spend: contract values that are known, by month of start."]).strip()  # fmt: skip
    return Table(f"table-hires-{level.replace('_', '-')}", caption, ACTIVITY_COLUMNS, cells,
                 frozenset({"Hires", "Change on month", "Spend, USD", "Change of spend"}), note)  # fmt: skip


def _has_change(row: pd.Series) -> bool:
    return not (row["is_withheld"] or pd.isna(row["growth_pct"]))


def _amount_cells(row: pd.Series) -> list[str]:
    """Amount, its change and the interval; a change that is withheld says so."""
    if row["is_withheld"]:
        return [count(row["amount"]), "withheld", NO_VALUE]
    limits = interval(row["growth_pct_low"], row["growth_pct_high"], growth)
    return [count(row["amount"]), growth(row["growth_pct"]), limits]
