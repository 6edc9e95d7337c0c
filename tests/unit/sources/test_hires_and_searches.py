"""Contracts, talent searches and quoted constants are read like posts: mapped, judged, revised, replayed."""

from dagster_project.sources.lake.accounting import source_summary
from dagster_project.sources.lake.manifests import load_manifests
from tests.support.small_feed import Feed

CONTRACT_COLUMNS = {
    "contract_id": "id",
    "post_id": "post",
    "started_on": "started",
    "state": "case status when 'ended' then 'closed' when 'active' then 'open' else status end",
    "total_paid_usd": "money(paid)",
    "observed_at": "seen",
}
CONTRACT_HEADER = "id,post,started,status,paid,seen"


def map_contracts(feed: Feed, **columns: str) -> None:
    group = {"files": ["contracts*.csv"], "format": "csv", "columns": CONTRACT_COLUMNS | columns}
    feed.map_tables({"contracts": group})


def test_contracts_lie_in_the_month_of_their_start_and_bad_ones_say_why(feed: Feed) -> None:
    feed.write(
        "contracts.csv",
        'c1,p1,2025-03-04,ended,"$1,250.00",2025-03-31',
        "c2,,2025-03-05,active,,2025-03-31",
        "c3,p3,2025-04-01,active,-5,2025-04-30",
        "c4,p4,2019-12-31,ended,5,2025-03-31",
        "c5,p5,2025-03-09,paused,5,2025-03-31",
        ",p6,2025-03-09,ended,5,2025-03-31",
        header=CONTRACT_HEADER,
    )
    map_contracts(feed)
    assert feed.load().before_history == 1
    assert feed.accepted("contract_id, month, state, total_paid_usd::varchar", "contracts") == [
        ("c1", "2025-03", "closed", "1250.00"),
        ("c2", "2025-03", "open", None),
    ]
    assert feed.rejects("field, reason", "contracts") == [
        ("total_paid_usd", "negative"),
        ("state", "unknown_value"),
        ("contract_id", "missing"),
    ]


def test_a_contract_without_observation_was_seen_when_it_started(feed: Feed) -> None:
    feed.write("contracts.csv", "c1,p1,2025-03-04,ended,5,", header=CONTRACT_HEADER)
    map_contracts(feed)
    feed.load()
    assert feed.accepted("observed_at::varchar", "contracts") == ["2025-03-04 00:00:00"]


def test_a_later_state_of_a_contract_touches_the_month_in_which_it_is_known(feed: Feed) -> None:
    feed.write("contracts_march.csv", "c1,p1,2025-03-30,active,5,2025-03-31", header=CONTRACT_HEADER)
    map_contracts(feed)
    feed.load()
    feed.write(
        "contracts_may.csv",
        "c1,p1,2025-04-01,ended,50,2025-05-31",
        "c2,p2,2025-05-01,active,1,2025-05-31",
        header=CONTRACT_HEADER,
    )
    assert feed.load().touched_months == ["2025-03", "2025-04", "2025-05"]


def test_rejected_contracts_are_replayed_after_the_mapping_was_mended(feed: Feed) -> None:
    feed.write("contracts.csv", "c1,p1,2025-03-04,ended,5,2025-03-31", header=CONTRACT_HEADER)
    map_contracts(feed, state="status")
    feed.load()
    assert feed.rejects("reason", "contracts") == ["unknown_value"]
    map_contracts(feed)
    assert feed.replay().accepted == 1
    assert source_summary(feed.workspace)["contracts"] | {"by_month": None} == {
        "loads": 2, "rows_read": 1, "accepted": 1, "rejected": 0, "rejected_superseded": 0, "by_reason": {},
        "by_month": None, "before_history": 0,
    }  # fmt: skip


def test_searches_come_as_counts_or_as_events_by_mapping_alone(feed: Feed) -> None:
    feed.write("counts.csv", "2025-03,AI agent,90", "2025-03,llm,-1", header="month,term,searches")
    searches = ("s1,2025-04-07 10:00,ai agent", "s2,2025-04-30 23:59,ai agent")
    feed.write("events.csv", *searches, header="id,searched_at,query")
    counts = {"search_month": "month || '-01'", "term": "term", "search_count": "searches"}
    events = {
        "search_month": "date_trunc('month', try_cast(searched_at as timestamp))::date",
        "term": "query",
        "search_count": "1",
        "search_id": "id",
    }
    groups = [
        {"files": [f"{name}.csv"], "format": "csv", "columns": columns}
        for name, columns in (("counts", counts), ("events", events))
    ]
    feed.map_tables({"talent_searches": groups})
    feed.load()
    assert feed.accepted("month, term, search_count, search_id", "talent_searches") == [
        ("2025-03", "AI agent", 90, None),
        ("2025-04", "ai agent", 1, "s1"),
        ("2025-04", "ai agent", 1, "s2"),
    ]
    assert feed.rejects("field, reason", "talent_searches") == [("search_count", "negative")]


def test_a_quoted_constant_needs_its_source_and_date(feed: Feed) -> None:
    columns = {name: name for name in ("constant_id", "value", "unit", "source", "as_of_date")}
    feed.write(
        "quoted.csv",
        "size,1.5e12,USD,An institute,2024-12-31",
        "size,1.4e12,USD,,2023-12-31",
        "size,much,USD,An institute,2023-12-31",
        header=",".join(columns),
    )
    feed.map_tables({"quoted_constants": {"files": ["quoted.csv"], "format": "csv", "columns": columns}})
    feed.load()
    assert feed.accepted("month, value::double", "quoted_constants") == [("2024-12", 1.5e12)]
    assert feed.rejects("field, reason", "quoted_constants") == [("source", "missing"), ("value", "unparsable")]


def test_a_feed_without_them_has_no_loads_of_them(feed: Feed) -> None:
    feed.write("posts.csv", "1,2025-03-04 10:00,Write a text,Writing,$50")
    feed.load()
    for table in ("contracts", "talent_searches", "quoted_constants"):
        assert load_manifests(feed.workspace, table) == []
        assert source_summary(feed.workspace)[table]["rows_read"] == 0
