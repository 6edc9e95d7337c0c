"""How the numbers were made: definitions, terms, models, audit and correction, mapping; quoted figures."""

from typing import Any

import pandas as pd

from dagster_project.reports.claims.wording import (
    NO_VALUE,
    capitalised,
    count,
    interval,
    month_name,
    share,
    technology_name,
)
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import MonthView, RunContext
from dagster_project.statistics.registry import REGISTRY
from dagster_project.storage.shown_text import display_text

RATES = {"sensitivity": "Sensitivity", "specificity": "Specificity", "precision": "Precision",
         "keyword_recall": "Found by keywords"}  # fmt: skip
AUDIT_COLUMNS = ["Technology", "Audited posts", *RATES.values(), "Missed by keywords, at most", "Share, Rogan-Gladen"]
NO_SAMPLE = (
    "Shares of classified posts are not corrected for the classifier's errors: no audit sample with "
    "known inclusion probabilities belongs to this run."
)


def audit_rows(view: MonthView) -> pd.DataFrame:
    """classifier_audit of the month, a row a technology."""
    frame = view.marts["classifier_audit"]
    return frame[frame["period_id"] == view.context.month].sort_values("technology")


def correction_note(view: MonthView) -> str:
    """Whether the shares of the month are corrected, and how; or why they are not."""
    rows = audit_rows(view)
    if rows.empty or not rows["audited_count"].any():
        return NO_SAMPLE
    if not rows["is_covered"].astype(bool).all():
        reason = rows["not_corrected_reason"].dropna().iloc[0]
        return f"Shares of classified posts are not corrected for the classifier's errors: {reason}."
    return (
        "Shares are corrected for the classifier's errors by an audit sample of posts of the month with known "
        "inclusion probabilities, from candidates and from other posts; the classifier's own share stands "
        "beside. Medians, quartiles and growth are not corrected."
    )


def audit_table(view: MonthView) -> Table | None:
    """Rates of the classifiers with their intervals, None where no audit sample covers the month."""
    rows = audit_rows(view)
    rows = rows[rows["is_covered"].astype(bool)]
    if rows.empty:
        return None
    cells = [
        [
            capitalised(technology_name(row["technology"], row["technology_label"])),
            count(row["audited_count"]),
            *(f"{share(row[rate])} ({interval(row[f'{rate}_low'], row[f'{rate}_high'])})" for rate in RATES),
            f"{count(row['missed_by_keywords_posts_high'])} posts ({share(row['missed_by_keywords_share_high'])})",
            share(row["rogan_gladen_share"]),
        ]
        for _, row in rows.iterrows()
    ]
    note = "Weighted by inclusion probability, with 95% intervals. At most: what the sample cannot exclude."
    caption = f"The classifiers in the audit sample, {month_name(view.month)}"
    return Table("table-audit", caption, AUDIT_COLUMNS, cells, frozenset({"Audited posts"}), note)


QUOTED_COLUMNS = ["Figure", "Value", "Unit", "Source", "As of"]


def quoted_section(view: MonthView) -> Section | None:
    """The latest value of each constant as of the reported month; None where none is as old as that."""
    section = Section("quoted", "Figures quoted from others")
    if not view.context.provides("quoted_constants"):
        return section.not_provided("Quoted figures", "The feed brings no figures of others, so none are quoted.")
    rows = view.marts["quoted_constants"].copy()
    rows["as_of_date"] = pd.to_datetime(rows["as_of_date"])
    rows = rows[rows["as_of_date"] < view.month + pd.DateOffset(months=1)]
    if rows.empty:
        return None
    latest = rows.sort_values("as_of_date").groupby("constant_id").tail(1).sort_values("constant_id")
    section.lead = "Not computed by this report and not checked by it."
    cells = [
        [
            display_text(row["constant_id"]).replace("_", " "),
            f"{float(row['value']):,.6f}".rstrip("0").rstrip("."),
            display_text(row["unit"]),
            display_text(row["source"]),
            row["as_of_date"].strftime("%Y-%m-%d"),
        ]
        for _, row in latest.iterrows()
    ]
    section.tables.append(Table("table-quoted", "Quoted figures", QUOTED_COLUMNS, cells, frozenset({"Value"})))
    return section


MODEL_COLUMNS = ["Technology", "Version", "Recipe", "Trained on", "Tested on", "Accuracy", "Precision", "Recall",
                 "Keyword rule", "McNemar p"]  # fmt: skip
MODEL_NUMERIC = frozenset({"Trained on", "Tested on", "McNemar p"})


def methodology_section(view: MonthView) -> Section:
    """Notes and tables from the run's context and the statistics registry."""
    context = view.context
    section = Section("methodology", "How these numbers are made")
    section.notes.extend([
        "A post is one job post after de-duplication, in its latest known state, counted in the UTC calendar "
        "month of its first posting. A candidate carries an include term of a technology outside its "
        "excluded phrases; a classified post is a candidate that the stored classifier accepts.",
        correction_note(view),
        "Intervals are 95% intervals. A full count has an interval too: it describes the underlying rate. "
        "Posts of one client are one cluster where the feed names clients.",
        "No post is dropped for its value; a post whose value is unknown stays in every share that "
        "does not ask for it.",
    ])  # fmt: skip
    audit = audit_table(view)
    if audit is not None:
        section.tables.append(audit)
    section.tables.append(_definitions_table(context))
    if context.term_counts:
        section.tables.append(_terms_table(context))
    if context.model_cards:
        section.tables.append(_models_table(context))
    if context.mapping:
        section.tables.append(_mapping_table(context))
    return section


def _definitions_table(context: RunContext) -> Table:
    names = ("id", "definition", "method", "library")
    entries = context.definitions or [
        {name: getattr(statistic, name) for name in names} for statistic in REGISTRY.values()
    ]
    rows = [[display_text(entry.get(name, ""), 600).replace("_", " ") if name == "id" else
             display_text(entry.get(name, ""), 600) for name in names] for entry in entries]  # fmt: skip
    return Table(
        "table-definitions",
        "Definitions and methods",
        ["Statistic", "Definition", "Interval", "Library"],
        rows,
    )


def _terms_table(context: RunContext) -> Table:
    rows = [
        [capitalised(technology_name(technology)), count(terms.get("include")), count(terms.get("exclude"))]
        for technology, terms in sorted(context.term_counts.items())
    ]
    columns = ["Technology", "Include terms", "Exclude terms"]
    return Table("table-terms", "Keyword terms", columns, rows, frozenset(columns[1:]))


def _models_table(context: RunContext) -> Table:
    """A row a technology: the model in use on frozen posts that no training saw, beside the keyword rule."""
    rows = [
        [capitalised(technology_name(technology)), *_model_cells(card)]
        for technology, card in sorted(context.model_cards.items())
    ]
    note = (
        "Scores on frozen labelled posts that no training saw, with 95% intervals; Keyword rule: accuracy of taking "
        "every candidate; McNemar: exact p-value of both on the same posts. The model cards hold everything else."
    )
    return Table("table-models", "The classifiers", MODEL_COLUMNS, rows, MODEL_NUMERIC, note)


def _model_cells(card: dict[str, Any]) -> list[str]:
    scores = card.get("scores", {})
    model, keywords = scores.get("model", scores), scores.get("keyword_rule", {})
    against = scores.get("model_against_keyword_rule", {}).get("p_value")
    return [
        display_text(card.get("model_version", NO_VALUE)),
        display_text(card.get("recipe", NO_VALUE)).replace("_", " "),
        count(card.get("labels", {}).get("train")),
        count(model.get("n")),
        *(_score(model, name) for name in ("accuracy", "precision", "recall")),
        _score(keywords, "accuracy"),
        NO_VALUE if against is None else "under 0.001" if against < 0.001 else f"{against:.3f}",
    ]


def _score(scores: dict[str, Any], name: str) -> str:
    """`0.910 (0.885 to 0.930)`; the value alone where the card has no interval."""
    value = scores.get(name)
    if value is None:
        return NO_VALUE
    low, high = scores.get(f"{name}_low"), scores.get(f"{name}_high")
    limits = "" if low is None or high is None else f" ({low:.3f} to {high:.3f})"
    return f"{value:.3f}{limits}"


def _mapping_table(context: RunContext) -> Table:
    rows = [
        [f"{table}.{column}", display_text(expression, 200)]
        for table, columns in sorted(context.mapping.items())
        for column, expression in columns.items()
    ]
    return Table("table-mapping", "How the feed's columns were read", ["Column", "Expression over the feed"], rows)
