"""What really happened in a simulated month: for tests, never part of the feed."""

import numpy as np
import pandas as pd

from dagster_project.simulation.market.posts import (
    CARRIED,
    MAIN,
    TECHNOLOGIES,
    Posts,
    World,
    client_countries,
    client_ids,
    draw_posts,
    is_late,
    make_world,
)
from dagster_project.simulation.worlds.planted import Planted


def realised_ledger(seed: int, month: str, posts_per_month: int = 1500, planted: Planted | None = None) -> pd.DataFrame:
    """The acceptable posts of a month with their true technologies.

    Columns: post_id, posted_at (UTC), category, occupation, client_id (str), client_country (None: unknown),
    ai, cloud, rpa, is_late (bool: only the next month's file has it). Posts repeated or changed by a later row appear
    once, under the category's last name.
    """
    world = make_world(seed, posts_per_month, planted)
    main, carried = (draw_posts(world, month, piece) for piece in (MAIN, CARRIED))
    pieces = [
        _ledger_rows(world, main).assign(is_late=False),
        _ledger_rows(world, carried).assign(is_late=is_late(world, carried)),
    ]
    return pd.concat(pieces).sort_values("post_id", ignore_index=True)


def _ledger_rows(world: World, posts: Posts) -> pd.DataFrame:
    vocabulary = world.market.vocabulary
    countries = np.array([*world.market.planted.clients.countries, None], dtype=object)
    rows = {
        "post_id": posts.post_id.astype(str),
        "posted_at": pd.to_datetime(posts.posted_ms, unit="ms", utc=True),
        "category": np.array(vocabulary.categories, dtype=object)[posts.category],
        "occupation": np.array(vocabulary.occupations, dtype=object)[posts.occupation],
        "client_id": client_ids(posts.client).astype(str),
        "client_country": countries[client_countries(world.market, posts.client)],
    }
    return pd.DataFrame(rows | {name: posts.technologies[:, i] for i, name in enumerate(TECHNOLOGIES)})
