"""Tables laid over the planted one, ranges drawn by the seed, and what makes months hang together."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from dagster_project.simulation.feed import write_months
from dagster_project.simulation.market.market import Market, expected_posts, market_size
from dagster_project.simulation.market.months import month_range
from dagster_project.simulation.market.posts import MAIN, draw_posts, make_world
from dagster_project.simulation.vocabulary import load_vocabulary
from dagster_project.simulation.wording import draw_subjects, text_error_factors
from dagster_project.simulation.worlds.planted import drawn, laid_over, load_planted, load_world, world_names


def test_a_table_replaces_keys_and_named_rows_and_null_takes_a_key_out() -> None:
    below = {"a": {"x": 1, "y": 2}, "rows": [{"name": "p", "size": 1}, {"name": "q", "size": 2}], "list": [1, 2]}
    above = {"a": {"x": None, "z": 3}, "rows": [{"name": "q", "size": 5}], "list": [9]}
    assert laid_over(below, above) == {
        "a": {"y": 2, "z": 3},
        "rows": [{"name": "p", "size": 1}, {"name": "q", "size": 5}],
        "list": [9],
    }


def test_a_range_is_drawn_by_the_seed_and_the_rest_completes_the_shares() -> None:
    table = {"a": {"between": [0.2, 0.4]}, "b": 0.1, "c": "rest"}
    first, again, other = drawn(table, 1), drawn(table, 1), drawn(table, 2)
    assert first == again
    assert 0.2 <= first["a"] <= 0.4
    assert first["a"] != other["a"]
    assert sum(first.values()) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("world", world_names())
def test_every_world_fits_its_categories_for_every_seed(world: str, seed: int) -> None:
    market = Market(load_world(world, seed), load_vocabulary())
    for month in ("2020-01", "2022-06", "2023-06", "2025-11"):
        for technology in market.planted.technologies:
            assert market.technology_chances(technology, month).min() > 0


def test_the_planted_world_is_the_planted_table() -> None:
    assert load_world("planted", 5) == load_planted()


def test_in_the_null_world_no_series_and_no_technology_changes() -> None:
    market = Market(load_world("null", 1), load_vocabulary())
    assert market_size(market.planted, "2020-01") == market_size(market.planted, "2025-11") == 1
    shares = [market.category_shares(month) / market.category_shares(month).sum() for month in ("2020-03", "2025-11")]
    assert np.allclose(*shares)
    for technology in market.planted.technologies:
        chances = [market.technology_chances(technology, month) for month in ("2020-03", "2025-11")]
        assert np.allclose(*chances)


def test_an_unknown_world_or_key_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="drawn, mixed, null"):
        load_world("nul", 1)
    own = tmp_path / "own.yml"
    own.write_text("volume: {yearly_grwth: 0.1}\n")
    with pytest.raises(ValidationError, match="yearly_grwth"):
        load_world(str(own), 1)


def test_a_file_of_another_world_is_written_again(tmp_path: Path) -> None:
    def posts(world: str) -> int:
        path, *_ = write_months(tmp_path, ["2020-02"], seed=1, posts_per_month=300, world=world)
        return pq.read_metadata(path).num_rows

    assert posts("planted") == posts("planted")
    assert posts("planted") != posts("null")


def test_months_hang_together_as_planted() -> None:
    """Correlation of the log rates of neighbouring months, beyond what is expected, over months and occupations."""
    quiet = load_planted().volume.model_copy(update={"market_noise": 0.0, "season_drift": 0.0})
    market = Market(load_planted().model_copy(update={"volume": quiet}), load_vocabulary())
    months = month_range("2021-03", "2023-12")
    noise = np.array([np.log(expected_posts(market, 3, m, 1500) / (market.expected_shares(m) * 1500)) for m in months])
    assert noise.std() == pytest.approx(quiet.month_noise, rel=0.05)
    assert np.corrcoef(noise[1:].ravel(), noise[:-1].ravel())[0, 1] == pytest.approx(quiet.month_persistence, abs=0.06)


def test_texts_are_harder_to_read_in_some_categories_and_periods() -> None:
    world = make_world(4, 60_000)
    for month in ("2021-05", "2023-05"):
        posts, rng = draw_posts(world, month, MAIN), np.random.default_rng(1)
        subject = draw_subjects(world, posts, month, np.ones(len(posts), bool), rng)
        for name in ("Translation", "Design & Creative", "Legal"):
            category = world.market.vocabulary.categories.index(name)
            ordinary = (posts.category == category) & (subject.technology < 0)
            planted = world.market.planted.hard_negative_share * text_error_factors(world.market, month)[category]
            error = np.sqrt(planted / ordinary.sum())
            assert abs(subject.negative[ordinary].mean() - planted) < 4 * error
