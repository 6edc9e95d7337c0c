"""One rule a mart, by topic; a mart without a rule is not released. What is public is declared here."""

from collections.abc import Collection

from dagster_project.disclosure.engine.cells import MartRule
from dagster_project.disclosure.rules import (
    audit,
    collection,
    contracts,
    drift,
    growth,
    pulse,
    searches,
    shares,
    skills,
    spread,
    study,
)

TOPICS = (shares, growth, spread, skills, contracts, searches, drift, audit, pulse, study, collection)
RULES: dict[str, MartRule] = {mart: rule for topic in TOPICS for mart, rule in topic.RULES.items()}

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
