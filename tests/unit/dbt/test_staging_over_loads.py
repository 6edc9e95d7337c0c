"""Staging on a small lake with the real terms: candidates, and a post that a later file moves to an earlier month."""

from datetime import datetime

import pytest

from tests.support.small_lake import SmallLake

NOVEMBER = datetime(2025, 11, 3, 12)
FIRST_FILE = {
    "moved": ("Chatbot with GPT-4", datetime(2025, 11, 2)),
    "stays": ("Logo for a bakery", NOVEMBER),
    "mail": ("Email campaign", NOVEMBER),
    "mail_and_more": ("Email automation with machine learning", NOVEMBER),
    "file_format": ("Send me the logo as .ai file", NOVEMBER),
    "markup": ("<p>Machine&nbsp;learn<b>ing</b></p>", NOVEMBER),
    "invisible": ("Chat\u200bGPT prompts", NOVEMBER),
    "script": ("<script>ChatGPT()</script>Bakery flyer", NOVEMBER),
}
COUNTED = ("stg_marketplace__post_states", "stg_marketplace__job_posts", "stg_marketplace__candidates")
MODELS = ("run", "--select", *COUNTED, "int_daily_post_counts")


@pytest.fixture(scope="module")
def two_loads(lake: SmallLake) -> SmallLake:
    """November is built from one file; then a second file says that one of its posts is from October."""
    posts = [{"post_id": key, "title": title, "posted_at": at} for key, (title, at) in FIRST_FILE.items()]
    lake.add_load("load_1", posts)
    lake.plan({"2025-11": []})
    assert set(lake.dbt(*MODELS).values()) == {"success"}
    later = {"title": "Chatbot with GPT-5", "posted_at": datetime(2025, 10, 30), "observed_at": datetime(2025, 12, 1)}
    lake.add_load("load_2", [{"post_id": "moved"} | later])
    lake.plan({"2025-10": ["2025-11"], "2025-11": ["2025-10"]})
    assert set(lake.dbt(*MODELS).values()) == {"success"}
    return lake


def test_a_post_moved_to_an_earlier_month_leaves_the_later_one(two_loads: SmallLake) -> None:
    months = two_loads.query("""
        select strftime(posted_month, '%Y-%m'), list(post_id order by post_id)
        from staging.stg_marketplace__job_posts group by all order by all
    """)
    stayed = sorted(set(FIRST_FILE) - {"moved"})
    assert months == [("2025-10", ["moved"]), ("2025-11", stayed)]


def test_a_moved_post_is_counted_once_in_what_is_made_of_the_posts(two_loads: SmallLake) -> None:
    counts = two_loads.query("""
        select strftime(posted_month, '%Y-%m'), sum(post_count) from intermediate.int_daily_post_counts
        group by all order by all
    """)
    candidates = two_loads.query("select title from staging.stg_marketplace__candidates where post_id = 'moved'")
    assert counts == [("2025-10", 1), ("2025-11", len(FIRST_FILE) - 1)]
    assert candidates == [("Chatbot with GPT-5",)]


def test_an_excluded_phrase_takes_out_its_hit_and_not_the_post(two_loads: SmallLake) -> None:
    candidates = two_loads.query("""
        select post_id from staging.stg_marketplace__candidates where technology = 'ai' order by post_id
    """)
    assert candidates == [("invisible",), ("mail_and_more",), ("markup",), ("moved",)]


def test_terms_are_looked_for_in_the_clean_text_and_the_post_stays_as_it_came(two_loads: SmallLake) -> None:
    titles = two_loads.query("""
        select post_id, title from staging.stg_marketplace__candidates
        where technology = 'ai' and post_id in ('markup', 'invisible', 'script') order by post_id
    """)
    assert titles == [(key, FIRST_FILE[key][0]) for key in ("invisible", "markup")]
