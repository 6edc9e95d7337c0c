"""How the numbers were made, written from the run: definitions, terms, models, correction, mapping."""

from typing import Any

from dagster_project.reports.claims.wording import NO_VALUE, capitalised, count, technology_name
from dagster_project.reports.page.context import RunContext
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.monthly.audit import audit_table, correction_note
from dagster_project.statistics.registry import REGISTRY

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
