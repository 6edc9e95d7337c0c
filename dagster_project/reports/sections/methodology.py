"""How the numbers were made, written from the run: definitions, terms, models, correction, mapping."""

from typing import Any

from dagster_project.reports.context import RunContext
from dagster_project.reports.display_text import display_text
from dagster_project.reports.document import Section, Table
from dagster_project.reports.sections.audit import audit_table, correction_note
from dagster_project.reports.selection import MonthView
from dagster_project.reports.wording import capitalised, count, technology_name
from dagster_project.statistics import REGISTRY

HIDDEN_CARD_FIELDS = {"created_at", "trained_at", "path", "run_id", "bins", "strata", "decision"}


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
    rows = [
        [capitalised(technology_name(technology)), field.replace("_", " "), display_text(value, 200)]
        for technology, card in sorted(context.model_cards.items())
        for field, value in flat_card(card)
    ]
    return Table("table-models", "Model cards", ["Technology", "Property", "Value"], rows)


def flat_card(card: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """(property, value) pairs of a nested model card in its own order; times and paths are left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in card.items():
        if name in HIDDEN_CARD_FIELDS:
            continue
        label = f"{prefix}{name}"
        if isinstance(value, dict):
            pairs.extend(flat_card(value, f"{label}: "))
        elif isinstance(value, float):
            pairs.append((label, f"{value:.4g}"))
        elif isinstance(value, list | tuple):
            pairs.append((label, ", ".join(f"{item:.4g}" if isinstance(item, float) else str(item) for item in value)))
        else:
            pairs.append((label, str(value)))
    return pairs


def _mapping_table(context: RunContext) -> Table:
    rows = [
        [f"{table}.{column}", display_text(expression, 200)]
        for table, columns in sorted(context.mapping.items())
        for column, expression in columns.items()
    ]
    return Table("table-mapping", "How the feed's columns were read", ["Column", "Expression over the feed"], rows)
