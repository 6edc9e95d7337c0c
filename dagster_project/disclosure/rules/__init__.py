"""One rule a mart, by what it counts; a mart without a rule is not released. What is public is declared here."""

from collections.abc import Collection

from dagster_project.disclosure.engine.cells import MartRule
from dagster_project.disclosure.rules import contracts, posts, spread, surveys

EXEMPT = {
    "monthly_collection": MartRule(exempt="posts of a whole month, and how they were collected"),
    "monthly_source_rows": MartRule(exempt="rows of the files read, counted to prove that none was lost"),
    "quoted_constants": MartRule(exempt="quoted from elsewhere, counted by nobody here"),
}
"""The marts that count nobody."""
MODULES = (posts, spread, contracts, surveys)
RULES: dict[str, MartRule] = {mart: rule for module in MODULES for mart, rule in module.RULES.items()} | EXEMPT

PUBLIC_SUBJECTS = {"job_posts": "posts", "talent_searches": "searches"}
"""Input table -> subject of its cells: published by those who wrote them, so that hiding them protects nobody."""


def disclosure_rules(confidential: Collection[str] = ()) -> dict[str, MartRule]:
    """The rules of a feed whose mapping declares the tables `confidential`; contracts and answers always are.

    A mart of public subjects alone hides no cell; rates from too few rows stay unprinted.
    """
    public = {subject for table, subject in PUBLIC_SUBJECTS.items() if table not in confidential}
    return {mart: _public(rule) if rule.subjects <= public else rule for mart, rule in RULES.items()}


def _public(rule: MartRule) -> MartRule:
    return MartRule(too_few=rule.too_few, exempt=rule.exempt or "posts and searches are public")
