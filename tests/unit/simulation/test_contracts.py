"""Contracts, searches and quoted figures of the simulated marketplace follow the planted table and err as feeds do."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.simulation.market.market import Market
from dagster_project.simulation.market.months import month_range
from dagster_project.simulation.market.posts import CARRIED, MAIN, World, draw_posts, make_world
from dagster_project.simulation.tables.contracts import contracts
from dagster_project.simulation.tables.searches import quoted_constants, search_level, talent_searches
from tests.support.small_marketplace import SEED

MONTHS = month_range("2023-05", "2023-12")


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(SEED, 8_000)


@pytest.fixture(scope="module")
def files(world: World) -> dict[str, pd.DataFrame]:
    """Files of 2023-05 to 2023-12; a contract of May or June is closed by then, or stays open."""
    return {month: contracts(world, month).to_pandas() for month in MONTHS}


@pytest.fixture(scope="module")
def latest(files: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The last state of each acceptable contract, with the month of its start."""
    rows = pd.concat(files.values())
    rows = rows[rows["total_paid_usd"].isna() | (rows["total_paid_usd"].astype(float) >= 0)]
    rows = rows.sort_values("observed_at").drop_duplicates("contract_id", keep="last")
    return rows.assign(month=rows["started_on"].astype(str).str[:7])


def test_a_file_depends_on_its_month_alone(world: World, files: dict[str, pd.DataFrame]) -> None:
    again = contracts(make_world(SEED, 8_000), "2023-08").to_pandas()
    pd.testing.assert_frame_equal(again, files["2023-08"])
    other = contracts(make_world(SEED + 1, 8_000), "2023-08").to_pandas()
    assert not set(other["contract_id"]) & set(again["contract_id"])


def test_three_posts_in_ten_lead_to_a_contract(world: World, latest: pd.DataFrame) -> None:
    posts = sum(len(draw_posts(world, month, piece)) for month in MONTHS[1:-1] for piece in (MAIN, CARRIED))
    started = latest["month"].isin(MONTHS[1:-1]).sum()
    assert started / posts == pytest.approx(world.market.planted.contracts.hired, abs=0.02)


def test_what_closed_contracts_paid_is_above_the_limit_with_the_planted_share(
    world: World, latest: pd.DataFrame, market: Market
) -> None:
    closed = latest[(latest["state"] == "closed") & latest["total_paid_usd"].notna()]
    for category in ("Translation", "Web, Mobile & Software Dev", "Design & Creative"):
        of_category = closed[closed["category"] == category]
        share = (of_category["total_paid_usd"].astype(float) > 1000).mean()
        planted = market.planted.values[category]
        # almost all contracts are not AI, and payments above the limit are left out a little more often
        assert share == pytest.approx(planted.high_value_share, abs=0.07 if category == "Translation" else 0.05)


def test_payments_are_left_out_more_often_where_much_was_paid(world: World) -> None:
    planted = world.market.planted.contracts
    assert planted.unknown_high > planted.unknown_low
    rows = pd.concat([contracts(world, month).to_pandas() for month in ("2021-03", "2021-07")])
    assert rows["total_paid_usd"].isna().mean() == pytest.approx(
        np.mean([planted.unknown_high, planted.unknown_low]), abs=0.012
    )


def test_contracts_come_late_change_and_are_refused(files: dict[str, pd.DataFrame], latest: pd.DataFrame) -> None:
    august = files["2023-08"]
    started = august["started_on"].astype(str).str[:7]
    first_seen = {}
    for month, rows in files.items():
        for contract_id in rows["contract_id"]:
            first_seen.setdefault(contract_id, month)
    new = august["contract_id"].map(first_seen) == "2023-08"
    assert 0 < (new & (started == "2023-07")).sum() < 0.1 * (started == "2023-08").sum()
    assert (~new & (august["state"] == "closed")).sum() > 100
    assert (august["total_paid_usd"].astype(float) < 0).any()
    corrected = pd.concat(files.values()).query("state == 'closed' and total_paid_usd >= 0")
    assert (corrected.groupby("contract_id")["total_paid_usd"].nunique() > 1).any()
    assert latest["post_id"].isna().mean() == pytest.approx(0.04, abs=0.01)


def test_searches_for_agents_grow_nearly_fourfold_beside_a_wider_series(market: Market) -> None:
    series = market.planted.searches.series
    agents = search_level(series["ai_agents"], "2025-11") / search_level(series["ai_agents"], "2025-05")
    assert 3.7 <= agents <= 4.0
    wider = sum(search_level(series[name], "2025-11") for name in ("ai_agents", "other_ai"))
    before = sum(search_level(series[name], "2025-05") for name in ("ai_agents", "other_ai"))
    assert 1.2 <= wider / before <= 1.8


def test_a_search_file_counts_the_month_before_again(world: World, market: Market) -> None:
    first, later = (talent_searches(world, month).to_pandas() for month in ("2025-10", "2025-11"))
    october = [rows[rows["search_month"].astype(str) == "2025-10-01"].set_index("term") for rows in (first, later)]
    assert (october[0]["search_count"] <= october[1]["search_count"]).all()
    assert october[0]["search_count"].sum() < october[1]["search_count"].sum()
    assert talent_searches(world, "2021-12") is None
    assert set(later["term"]) == {term for series in market.planted.searches.series.values() for term in series.terms}


def test_a_constant_stands_in_the_file_of_its_month(world: World) -> None:
    assert quoted_constants(world, "2025-11") is None
    assert quoted_constants(world, "2025-06").to_pylist()[0]["unit"] == "fraction of the workforce"
