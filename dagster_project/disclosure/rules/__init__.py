"""One rule a mart, by topic; a mart without a rule is not released."""

from dagster_project.disclosure.engine.cells import MartRule
from dagster_project.disclosure.rules.contracts import CONTRACT_RULES
from dagster_project.disclosure.rules.posts import POST_RULES
from dagster_project.disclosure.rules.skills import SKILL_RULES
from dagster_project.disclosure.rules.spread import SPREAD_RULES
from dagster_project.disclosure.rules.survey import SURVEY_RULES

RULES: dict[str, MartRule] = POST_RULES | SPREAD_RULES | SKILL_RULES | CONTRACT_RULES | SURVEY_RULES
