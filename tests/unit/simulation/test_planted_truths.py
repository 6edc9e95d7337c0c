"""The planted table implies what it should, and the drawn posts follow it within their sampling error."""

import csv
from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from dagster_project.simulation.market.market import (
    Market,
    composition,
    growth_index,
    market_size,
    monthly_volume,
    pooled_posts,
    prevalence,
)
from dagster_project.simulation.market.months import month_range
from dagster_project.simulation.market.posts import CARRIED, MAIN, draw_posts, make_world
from dagster_project.simulation.market.values import HOURS_A_WEEK, WEEKS
from dagster_project.simulation.wording import MOST_TECHNOLOGY_SKILLS, skill_weights
from dagster_project.simulation.worlds.planted import Implied, Planted, load_planted
from dagster_project.storage.workspace import REPOSITORY
from tests.support.ledger import realised_ledger
from tests.worlds.truths import MODEL_BUILDING

IMPLIED = load_planted().implied
# Clients with several posts widen a share's error; this covers it.
DESIGN_EFFECT = 2.2
BUILDING = ("development and deployment", "models and architectures")


@pytest.fixture(scope="module")
def study() -> pd.DataFrame:
    """Ledgers of four months of 2022 and 2023 with 40,000 posts each."""
    months = ("2021-05", "2021-10", "2023-05", "2023-10")
    return pd.concat([realised_ledger(4, month, 40_000).assign(month=month) for month in months])


def _within_error(share: float, expected: float, n: int, errors: float = 4.0) -> bool:
    return abs(share - expected) < errors * np.sqrt(DESIGN_EFFECT * expected * (1 - expected) / n)


def _positions(market: Market, names: Iterable[str]) -> list[int]:
    return [market.vocabulary.categories.index(name) for name in names]


@pytest.mark.parametrize("implied", IMPLIED, ids=[f"{row.what} {row.period}" for row in IMPLIED])
def test_the_planted_table_implies_the_published_figures(market: Market, implied: Implied) -> None:
    posts = pooled_posts(market, implied.technology, implied.period)
    rows = _positions(market, implied.categories)
    if implied.composition is not None:
        assert posts[rows].sum() / posts.sum() == pytest.approx(implied.composition, abs=implied.within)
    if implied.high_value is not None:
        shares = [market.planted.values[name].ai_high_value_share for name in market.vocabulary.categories]
        assert posts @ shares / posts.sum() == pytest.approx(implied.high_value, abs=implied.within)
    if implied.growth is not None and implied.next_period is not None:
        following = pooled_posts(market, implied.technology, implied.next_period)
        assert following[rows].sum() / posts[rows].sum() - 1 == pytest.approx(implied.growth, abs=implied.within)


@pytest.mark.parametrize("technology", ["ai", "cloud", "rpa"])
def test_the_ledger_holds_the_planted_prevalence(study: pd.DataFrame, market: Market, technology: str) -> None:
    for month, posts in study.groupby("month"):
        expected = prevalence(market.planted.technologies[technology], str(month))
        assert _within_error(posts[technology].mean(), expected, len(posts))


@pytest.mark.parametrize(
    ("technology", "category"),
    [
        ("ai", "Data Science & Analytics"),
        ("ai", "Translation"),
        ("ai", "Writing"),
        ("cloud", "IT & Networking"),
        ("cloud", "Web, Mobile & Software Dev"),
        ("rpa", "Web, Mobile & Software Dev"),
    ],
)
def test_the_ledger_holds_the_planted_composition(
    study: pd.DataFrame, market: Market, technology: str, category: str
) -> None:
    for month, posts in study[study[technology]].groupby("month"):
        expected = composition(market.planted.technologies[technology], str(month))[category]
        assert _within_error((posts["category"] == category).mean(), expected, len(posts))


def test_categories_and_countries_have_their_planted_shares(study: pd.DataFrame, market: Market) -> None:
    may = study[study["month"] == "2021-05"]
    expected = market.category_shares("2021-05") / market.category_shares("2021-05").sum()
    drawn = may["category"].value_counts(normalize=True).reindex(list(market.vocabulary.categories))
    assert np.abs(drawn.to_numpy() - expected).max() < 0.012
    assert (may["client_country"] == "United States").mean() == pytest.approx(0.45, abs=0.02)


@pytest.mark.parametrize("name", ["QA testing", "Language tutoring and interpretation", "Photography"])
def test_planted_growth_is_in_the_raw_counts(market: Market, name: str) -> None:
    sub_category = next(row for row in market.planted.sub_categories if row.name == name)
    months = [realised_ledger(8, month, 150_000) for month in ("2025-10", "2025-11")]
    before, after = (posts["occupation"].isin(sub_category.occupations).sum() for posts in months)
    relative_error = np.sqrt(DESIGN_EFFECT * (1 / before + 1 / after) + 2 * market.planted.volume.month_noise**2)
    growth = sub_category.growth["2025-11"]
    assert abs(np.log(after / before) - np.log(1 + growth)) < 4 * relative_error


def test_growth_can_be_planted_on_top_of_season_and_calendar(market: Market) -> None:
    sub_category = market.planted.sub_categories[0]
    raw = market.planted.model_copy(update={"growth_basis": "raw"})
    assert growth_index(market.planted, sub_category, "2025-11") == pytest.approx(1.19)
    change = monthly_volume(raw, "2025-11") / monthly_volume(raw, "2025-10")
    assert growth_index(raw, sub_category, "2025-11") * change == pytest.approx(1.19)


def test_october_and_november_2025_are_alike_so_that_raw_and_underlying_growth_agree(market: Market) -> None:
    volumes = [monthly_volume(market.planted, month) for month in ("2025-10", "2025-11")]
    assert volumes[1] / volumes[0] == pytest.approx(1, abs=0.01)


def test_the_marketplace_grows_to_the_size_of_its_last_year(market: Market) -> None:
    sizes = [market_size(market.planted, month) for month in month_range("2020-01", "2026-06")]
    assert sizes[0] < 0.1
    assert np.all(np.diff(sizes) >= 0)
    assert sizes[month_range("2020-01", "2026-06").index("2025-01") :] == pytest.approx([1.0] * 18)


def test_counts_vary_more_than_independent_posts_would() -> None:
    counts = [len(realised_ledger(seed, "2023-04", 1000)) for seed in range(60)]
    assert np.var(counts, ddof=1) / np.mean(counts) > 1.1
    ledger = realised_ledger(1, "2023-04", 5000)
    assert ledger["client_id"].value_counts().iloc[0] >= 8


def test_known_values_are_above_the_limit_with_the_planted_share(market: Market) -> None:
    posts = draw_posts(make_world(6, 60_000), "2023-07", MAIN)
    money = posts.money
    hours, weeks = np.append(HOURS_A_WEEK, np.nan)[money.hours_band], WEEKS[money.duration_band]
    hourly = (money.rate_low + money.rate_high) / 2 * hours * weeks
    value = np.where(money.fixed == 1, money.budget, hourly)
    is_ai = posts.technologies[:, 0]
    assert np.isnan(value).mean() == pytest.approx(market.planted.unknown_value_share, abs=0.01)
    for category in ("Translation", "Web, Mobile & Software Dev", "Design & Creative"):
        planted = market.planted.values[category]
        rows = (posts.category == market.vocabulary.categories.index(category)) & ~np.isnan(value)
        for chosen, share in (
            (rows & is_ai, planted.ai_high_value_share),
            (rows & ~is_ai, planted.high_value_share),
        ):
            assert _within_error((value[chosen] > 1000).mean(), share, int(chosen.sum()))


def test_the_carried_piece_is_a_slice_of_its_month_and_has_ids_of_its_own() -> None:
    world = make_world(9, 30_000)
    main, carried = draw_posts(world, "2024-02", MAIN), draw_posts(world, "2024-02", CARRIED)
    assert len(carried) / len(main) == pytest.approx(0.007, rel=0.35)
    assert not set(main.post_id) & set(carried.post_id)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("category_share", {"Legal": 0.5}),
        ("growth_basis", "seasonal"),
        ("no_such_key", 1),
    ],
)
def test_a_contradictory_or_unknown_planted_value_is_an_error(key: str, value: object) -> None:
    with pytest.raises(ValidationError, match=key):
        Planted.model_validate(load_planted().model_dump() | {key: value})


def test_a_technology_that_does_not_fit_its_category_is_an_error(market: Market) -> None:
    shares = market.planted.category_share | {"Data Science & Analytics": 0.005, "Design & Creative": 0.24}
    crowded = Market(market.planted.model_copy(update={"category_share": shares}), market.vocabulary)
    with pytest.raises(ValueError, match="ai in Data Science & Analytics in 2025-11"):
        crowded.technology_chances("ai", "2025-11")


def test_every_month_of_the_history_can_be_drawn(market: Market) -> None:
    for month in month_range("2020-01", "2026-12"):
        for technology in market.planted.technologies:
            chances = market.technology_chances(technology, month)
            assert chances.min() > 0
            assert chances.max() <= 0.95


def test_gen_ai_posts_of_data_science_build_models_with_the_planted_share(market: Market) -> None:
    """By their tags alone, over four months of a large marketplace."""
    seeds = csv.DictReader((REPOSITORY / "dbt" / "seeds" / "skills.csv").open(encoding="utf-8"))
    groups = {row["alias"].lower(): row["genai_group"] for row in seeds if row["genai_group"]}
    names = np.array([groups.get(name.lower(), "") for name in market.planted.technologies["ai"].skills])
    builds, any_group = np.isin(names, BUILDING), names != ""
    weight = np.vstack([skill_weights(market, "ai", month) for month in ("2024-03", "2024-11", "2025-06", "2025-11")])
    categories = market.vocabulary.categories
    of_data_science = weight[categories.index("Data Science & Analytics") :: len(categories)]
    shares = []
    rng = np.random.default_rng(3)
    for month_weight in of_data_science:
        with np.errstate(divide="ignore"):
            keys = np.log(month_weight) + rng.gumbel(size=(20_000, len(names)))
        tags = np.argsort(-keys, axis=1)[:, :MOST_TECHNOLOGY_SKILLS]
        given = np.arange(MOST_TECHNOLOGY_SKILLS) < rng.integers(2, MOST_TECHNOLOGY_SKILLS + 1, len(tags))[:, None]
        shares.append((builds[tags] & given).any(axis=1)[(any_group[tags] & given).any(axis=1)].mean())
    assert np.mean(shares) == pytest.approx(MODEL_BUILDING, abs=0.012)
