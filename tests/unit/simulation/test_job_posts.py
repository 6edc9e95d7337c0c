"""The rows of a month's file: columns, planned faults, varied words; and an audit sample that tells the truth."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dagster_project.simulation.market.posts import make_world
from dagster_project.simulation.tables.job_posts import JOB_POST_COLUMNS, job_posts
from dagster_project.simulation.wording import skill_weights
from dagster_project.simulation.worlds.planted import load_planted
from tests.support.ledger import realised_ledger
from tests.support.small_marketplace import POSTS, SEED


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    return realised_ledger(SEED, "2025-11", POSTS)


def _acceptable(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[(rows["title"] != "") & ~(rows["budget_usd"].astype(float) < 0)]


def _of_the_month(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["posted_at"] >= "2025-11-01"]


def test_the_feed_has_the_columns_of_the_contract_and_no_truth(november: pd.DataFrame) -> None:
    assert tuple(november.columns) == JOB_POST_COLUMNS


def test_the_acceptable_posts_of_the_month_are_those_of_the_ledger(
    november: pd.DataFrame, ledger: pd.DataFrame
) -> None:
    assert set(_of_the_month(_acceptable(november))["post_id"]) == set(ledger[~ledger["is_late"]]["post_id"])
    assert ledger["post_id"].is_unique


def test_only_the_planned_share_of_posts_comes_twice(november: pd.DataFrame) -> None:
    nuisance = load_planted().nuisance
    repeated = _of_the_month(november)["post_id"].duplicated().mean()
    assert repeated == pytest.approx(nuisance.repeated_same_month, abs=0.006)


def test_a_repeated_post_says_the_same_or_is_a_later_state_with_another_budget(
    november: pd.DataFrame,
) -> None:
    groups = november[november["post_id"].duplicated(keep=False)].groupby("post_id")
    for _, rows in groups:
        assert rows["title"].nunique() == rows["client_id"].nunique() == rows["posted_at"].nunique() == 1
        assert rows["observed_at"].nunique() == 2 or rows["budget_usd"].nunique(dropna=False) == 1


def test_some_of_last_months_posts_come_again_in_a_later_state(feed: Path, november: pd.DataFrame) -> None:
    october = pq.read_table(feed / "job_posts" / "2025-10.parquet").to_pandas().set_index("post_id")
    again = november[november["posted_at"] < "2025-11-01"].set_index("post_id")
    assert 0.003 < len(again) / len(october) < 0.014
    again = again[again.index.isin(october.index)]
    first = october.loc[again.index]
    assert (again["title"] == first["title"]).all()
    later = again["observed_at"] > first["observed_at"]
    assert 0 < later.sum() < len(again)
    assert (again.loc[later, "observed_at"] >= "2025-11-01").all()


def test_some_posts_come_for_the_first_time_in_the_next_months_file(feed: Path, november: pd.DataFrame) -> None:
    october = pq.read_table(feed / "job_posts" / "2025-10.parquet").to_pandas()
    ledger = realised_ledger(SEED, "2025-10", POSTS)
    late = set(ledger[ledger["is_late"]]["post_id"])
    assert late
    assert late <= set(november["post_id"])
    assert not late & set(october["post_id"])
    assert set(ledger["post_id"]) <= set(october["post_id"]) | set(november["post_id"])


def test_a_renamed_category_has_its_earlier_name_until_the_last_month_of_it() -> None:
    names = [
        set(job_posts(make_world(SEED, 400), month, 0.0)["category"].to_pylist()) for month in ("2020-12", "2021-01")
    ]
    assert [("Writing & Content" in found, "Writing" in found) for found in names] == [(True, False), (False, True)]


def test_nothing_is_posted_on_the_days_of_an_outage() -> None:
    days = realised_ledger(SEED, "2021-02", 10 * POSTS)["posted_at"].dt.day
    assert set(range(1, 29)) - set(days) == {20, 21}


def test_a_small_share_of_rows_must_be_rejected(november: pd.DataFrame) -> None:
    spoiled = 1 - len(_acceptable(november)) / len(november)
    assert 0 < spoiled < 0.01
    assert (november["title"] == "").any()


def test_titles_do_not_repeat_more_than_real_ones(november: pd.DataFrame) -> None:
    # A real feed of 14,719 posts has 95 % different titles and its most frequent one 27 times.
    titles = _acceptable(november)["title"].str.strip().str.lower()
    assert titles.nunique() / len(titles) > 0.93
    assert titles.value_counts().iloc[0] / len(titles) < 0.006
    assert 30 < titles.str.len().mean() < 50


def test_no_slot_is_left_unfilled(november: pd.DataFrame) -> None:
    skills = november["skills"].explode().dropna()
    for texts in (november["title"], november["description"], skills):
        assert not texts.str.contains(r"[{}|]").any()


def test_a_technology_mostly_shows_in_words_and_ordinary_work_mostly_does_not(
    november: pd.DataFrame, ledger: pd.DataFrame
) -> None:
    posts = november.drop_duplicates("post_id").merge(ledger[["post_id", "rpa", "ai"]], on="post_id")
    text = posts["title"] + " " + posts["description"] + " " + posts["skills"].map(" ".join)
    says_ai = text.str.contains(r"\b(?:AI|GPT|ChatGPT|machine learning|LLM|model)\b", case=False)
    assert 0.8 < says_ai[posts["ai"]].mean() < 1
    assert 0 < says_ai[~posts["ai"]].mean() < 0.1


def test_posts_keep_the_working_week(november: pd.DataFrame) -> None:
    days = _of_the_month(november)["posted_at"].dt.dayofweek.value_counts()
    assert days[[5, 6]].mean() < 0.8 * days[[0, 1, 2, 3]].mean()


def test_writing_has_ai_tags_of_its_own_and_no_frameworks() -> None:
    market = make_world(5, 10).market
    planted, categories = market.planted.technologies["ai"].skills, market.vocabulary.categories
    weight = dict(zip(planted, skill_weights(market, "ai", "2025-11")[categories.index("Writing")], strict=True))
    assert not {name for name in ("LangChain", "TensorFlow", "PyTorch", "computer vision") if weight[name] > 0}
    assert min(weight[name] for name in ("AI writing", "AI content creation", "ChatGPT", "AI content editing")) > 0
    in_data_science = skill_weights(market, "ai", "2025-11")[categories.index("Data Science & Analytics")]
    assert in_data_science[list(planted).index("AI writing")] == 0
    assert in_data_science[list(planted).index("LangChain")] > 0


def test_skills_appear_when_they_exist() -> None:
    tags = job_posts(make_world(5, 4000), "2021-03", 0.0).column("skills").to_pandas().explode().dropna()
    assert not tags.isin(["ChatGPT", "prompt engineering", "AI agents"]).any()
    assert tags.isin(["machine learning"]).any()


@pytest.fixture(scope="module")
def labels(feed: Path) -> pd.DataFrame:
    return pq.read_table(feed / "audit_labels" / "2025-11.parquet").to_pandas()


def test_labels_say_what_really_happened(labels: pd.DataFrame):
    ledger = realised_ledger(SEED, "2025-11", POSTS).set_index("post_id")
    truth = [
        bool(ledger.loc[post, technology])
        for post, technology in zip(labels["post_id"], labels["technology"], strict=True)
    ]
    assert labels["is_positive"].tolist() == truth


def test_a_drawn_post_is_labelled_once_for_each_technology_with_one_probability(labels: pd.DataFrame):
    by_post = labels.groupby("post_id")
    assert by_post["technology"].nunique().eq(3).all()
    assert by_post["inclusion_probability"].nunique().eq(1).all()
    assert not labels.duplicated(["post_id", "technology"]).any()


def test_the_weights_stand_for_all_posts_of_the_month_and_every_stratum_is_drawn_from(labels: pd.DataFrame):
    posts = labels.drop_duplicates("post_id")
    month = len(realised_ledger(SEED, "2025-11", POSTS))
    deviation = (1 / posts["inclusion_probability"] * (1 / posts["inclusion_probability"] - 1)).sum() ** 0.5
    assert abs((1 / posts["inclusion_probability"]).sum() - month) < 3 * deviation
    assert posts["stratum"].nunique() == 2


def test_a_larger_marketplace_is_not_audited_more(labels: pd.DataFrame):
    assert 600 < labels["post_id"].nunique() < 1200
