"""What people wrote freely, and who they are, stays in the lake: a mart has no column for it."""

import pytest

from dagster_project.publishing.dictionary import Mart, read_dictionary
from dagster_project.sources.contracts import TABLES

OF_THE_VOCABULARIES = {
    *("technology", "technology_label", "category_id", "category", "series_id", "series", "series_kind", "level"),
    *("skill_kind", "genai_group", "purpose", "period_id", "period_kind", "period_label", "base_period_id"),
    *("base_period_label", "current_period_id", "current_period_label", "question_id", "question", "wording_version"),
    *("base_wording_version", "answer", "response_kind", "finding", "measure", "rule_id", "rule_label"),
    *("dimension", "second_dimension", "second_level", "population_id", "reference_population_id"),
}
"""Words of the seeds; answers are the options that a questionnaire offers, and any other answer is counted nowhere."""
OF_THE_PROJECT = {
    *("adjustment", "comparison", "corrected_verdict", "correction", "method", "no_verdict_reason", "trend", "verdict"),
    *("not_corrected_reason", "penetration_share_correction", "population", "reference_population", "reason"),
    *("statistic", "status", "status_reason", "table_name", "value_filter", "value_kind", "weighting"),
    *("withheld_reason", "ai_model_version", "cloud_model_version", "rpa_model_version", "model_version"),
    *("input_hash", "mapping_hash", "rules_hash"),
}
"""Words that SQL and statistics write themselves."""
OF_THE_FEED = {"skill", "constant_id", "unit", "source", "countries", "other_languages"}
"""Tags of posts, quoted figures with their source, codes of countries and languages: short, and of no one person."""


@pytest.mark.parametrize("mart", read_dictionary().marts, ids=lambda mart: mart.name)
def test_every_text_of_a_mart_has_an_origin_that_is_no_free_text(mart: Mart) -> None:
    """A new column of text is declared here, by who writes it, or does not leave."""
    texts = {column.name for column in mart.columns if column.data_type.split("(")[0] in ("varchar", "json", "blob")}
    nested = {column.name for column in mart.columns if "[" in column.data_type or "struct" in column.data_type}
    assert texts | nested <= OF_THE_VOCABULARIES | OF_THE_PROJECT | OF_THE_FEED


def test_no_field_that_names_a_person_or_holds_their_words_is_among_the_declared() -> None:
    inputs = {column for table in TABLES.values() for column in table.column_names}
    private = {"post_id", "title", "description", "client_id", "respondent_id", "contract_id", "labeller", "search_id"}
    assert private <= inputs, "a field was renamed: the test would check nothing"
    assert not private & (OF_THE_VOCABULARIES | OF_THE_PROJECT | OF_THE_FEED)
