"""One rule a mart; a mart without a rule is not released."""

from dagster_project.disclosure.cells import MartRule
from dagster_project.disclosure.contract_marts import CONTRACT_RULES
from dagster_project.disclosure.post_marts import POST_RULES
from dagster_project.disclosure.skill_marts import SKILL_RULES
from dagster_project.disclosure.spread_marts import SPREAD_RULES
from dagster_project.disclosure.survey_marts import SURVEY_RULES

RULES: dict[str, MartRule] = POST_RULES | SPREAD_RULES | SKILL_RULES | CONTRACT_RULES | SURVEY_RULES
