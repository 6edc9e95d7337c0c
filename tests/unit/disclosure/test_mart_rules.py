"""Every mart and every number of a mart has its place in the disclosure rules, and a small level leaves no release."""

from fnmatch import fnmatch
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dagster_project.disclosure.engine.cells import read_sums
from dagster_project.disclosure.marts import decide, write_disclosed
from dagster_project.disclosure.rules import RULES, disclosure_rules
from dagster_project.publishing.dictionary import Mart, read_dictionary
from tests.support.sample_study import study_marts

NUMBERS = ("bigint", "integer", "double", "decimal", "hugeint")
MARTS = {mart.name: mart for mart in read_dictionary().marts}


def test_every_mart_has_a_rule_and_every_rule_a_mart() -> None:
    assert set(RULES) == set(MARTS)


@pytest.mark.parametrize("mart", MARTS.values(), ids=lambda mart: mart.name)
def test_every_number_of_a_mart_is_a_count_follows_from_one_or_is_declared_free(mart: Mart) -> None:
    rule = RULES[mart.name]
    if rule.exempt:
        return
    patterns = [pattern for one in (*rule.computed, *rule.rounded) for pattern in one.columns]
    patterns += [*rule.free, *mart.primary_key, *(count.shown for count in rule.counts.values())]
    numbers = [column.name for column in mart.columns if column.data_type.split("(")[0].lower() in NUMBERS]
    assert [name for name in numbers if not any(fnmatch(name, pattern) for pattern in patterns)] == []


@pytest.mark.parametrize("mart", MARTS.values(), ids=lambda mart: mart.name)
def test_every_pattern_of_a_rule_names_a_column(mart: Mart) -> None:
    rule = RULES[mart.name]
    patterns = [pattern for one in (*rule.computed, *rule.rounded, *rule.too_few) for pattern in one.columns]
    patterns += rule.free
    names = [column.name for column in mart.columns]
    assert [pattern for pattern in patterns if not any(fnmatch(name, pattern) for name in names)] == []


def test_a_composite_of_confidential_posts_is_the_sum_of_its_members() -> None:
    """Otherwise the hidden member of a month would be what the other leaves of the composite."""
    mart = "monthly_category_growth"
    rows = [
        ("category", "sales_marketing", "sales_marketing"),
        ("sub_category", "ecommerce_development", "web_mobile_software_dev"),
        ("composite", "marketing_ecommerce", None),
    ]
    frame = pd.DataFrame(rows, columns=["level", "series_id", "category_id"])
    frame = frame.assign(posted_month=pd.Timestamp("2025-11-01"), population="us")
    with duckdb.connect() as connection:
        connection.register(mart, frame)
        sums = read_sums(connection, {mart: RULES[mart]}, with_clients=False)
        keys = connection.execute(f"select {RULES[mart].counts['current'].cell.key_sql} from {mart}").fetchall()
    whole = "posts|2025-11|us|any|:marketing_ecommerce|all"
    assert set(sums["whole"]) == {whole}
    assert {*sums["part"], whole} == {key for (key,) in keys}


def test_posts_and_searches_hide_nothing_unless_the_mapping_says_so() -> None:
    """Whose cells a mart prints decides; contracts and answers stay confidential whatever the mapping says."""
    public = disclosure_rules()
    assert {mart for mart in RULES if RULES[mart].counts and not public[mart].counts} == {
        mart for mart, rule in RULES.items() if rule.subjects in ({"posts"}, {"searches"})
    }
    confidential = disclosure_rules(["job_posts"])
    assert confidential["period_projected_values"] == RULES["period_projected_values"]
    assert not confidential["monthly_search_growth"].counts
    assert disclosure_rules(["job_posts", "talent_searches"]) == RULES


def test_a_level_of_under_ten_respondents_is_hidden_with_its_share(tmp_path: Path) -> None:
    sample = study_marts()["study_sample"].copy()
    is_man = (sample["dimension"] == "gender") & (sample["level"] == "man")
    sample.loc[is_man, "respondent_count"] = 7
    file = tmp_path / "study_sample.parquet"
    sample.to_parquet(file, index=False)
    rules = {"study_sample": RULES["study_sample"]}
    files = {"study_sample": file}
    written = write_disclosed(files, decide(files, {}, [], rules), tmp_path / "disclosed", rules)
    row = pd.read_parquet(written["study_sample"])[is_man.to_numpy()].iloc[0]
    assert row["suppression"] == "primary suppression"
    assert pd.isna(row["respondent_count"]) and pd.isna(row["sample_share"])
