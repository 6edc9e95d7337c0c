"""Contracts that came of the simulated posts: their start, what was paid, and what a month's file knows of them.

A file holds the contracts started in its month, those of the month before that came late, and later states of older
ones: closed by now, or with a corrected total.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from dagster_project.simulation.market.months import first_ms, month_name, month_number, next_month, scrambled, stream
from dagster_project.simulation.market.posts import (
    CARRIED,
    DAY_MS,
    MAIN,
    Piece,
    Posts,
    World,
    client_countries,
    client_ids,
    draw_posts,
)
from dagster_project.simulation.market.values import HOURS_A_WEEK, WEEKS, Money
from dagster_project.simulation.tables.job_posts import dollars, instants, named

FIRST_MONTH = "2020-01"
LONGEST_LAG_DAYS = 27
MONTH_DAYS = 30
LEAST_PAID = 5.0


@dataclass(frozen=True)
class Agreed:
    """The contracts of one month's posts, arrays of shape (n,); `closed_ms` is infinite for one that stays open.

    paid_share: part of the total that is paid while the contract is open; capped: its payments stay below the limit
    until it closes; no_total: the feed leaves its payments out.
    """

    post: Posts
    rows: np.ndarray
    started_ms: np.ndarray
    closed_ms: np.ndarray
    total: np.ndarray
    paid_share: np.ndarray
    capped: np.ndarray
    no_total: np.ndarray
    is_late: np.ndarray
    names_post: np.ndarray
    corrected_total: np.ndarray


def contracts(world: World, month: str) -> pa.Table:
    """One row a state of a contract as the month's file has it, in the columns of the input contract."""
    planted = world.market.planted.contracts
    sources = [
        _agreed(world, month_name(number), piece)
        for number in range(month_number(month) - planted.months_followed, month_number(month) + 1)
        if number >= month_number(FIRST_MONTH)
        for piece in (MAIN, CARRIED)
    ]
    states = pa.concat_tables([_states(world, agreed, month) for agreed in sources])
    states = states.sort_by([("contract_id", "ascending"), ("observed_at", "ascending")])
    rng = stream(world.seed, month, "contracts.unacceptable")
    spoiled = states.filter(pa.array(rng.random(len(states)) < planted.unacceptable))
    negative = pa.array([-1.0] * len(spoiled)).cast(pa.decimal128(18, 2))
    paid = states.schema.get_field_index("total_paid_usd")
    return pa.concat_tables([states, spoiled.set_column(paid, "total_paid_usd", negative)])


@lru_cache(maxsize=16)
def _agreed(world: World, month: str, piece: Piece) -> Agreed:
    """Draw which posts of a month led to a contract, and how it goes."""
    planted = world.market.planted.contracts
    posts, rng = draw_posts(world, month, piece), stream(world.seed, month, f"{piece.name}.contracts")
    rows = np.flatnonzero(rng.random(len(posts)) < planted.hired)
    n, lag = len(rows), rng.exponential(planted.start_lag_days, len(rows)).clip(max=LONGEST_LAG_DAYS)
    started = posts.posted_ms[rows] + (lag * DAY_MS).astype(np.int64)
    days_open = rng.exponential(planted.months_open * MONTH_DAYS, n).clip(1, (planted.months_followed - 2) * MONTH_DAYS)
    stays_open = rng.random(n) < planted.stays_open
    was_high, is_high = _sides(world, posts, rows, stays_open, rng)
    total = _totals(world.market.planted.high_value_usd, is_high, rng)
    correction = rng.choice([0.9, 1.05], n)
    return Agreed(
        post=posts,
        rows=rows,
        started_ms=started,
        closed_ms=np.where(stays_open, np.inf, started + days_open * DAY_MS),
        total=total,
        paid_share=rng.random(n),
        capped=~was_high,
        no_total=rng.random(n) < np.where(is_high, planted.unknown_high, planted.unknown_low),
        is_late=rng.random(n) < planted.late,
        names_post=rng.random(n) >= planted.without_post,
        corrected_total=np.where(rng.random(n) < planted.corrected, np.round(total * correction, 2), np.nan),
    )


def _sides(
    world: World, posts: Posts, rows: np.ndarray, stays_open: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Whether the projected value lies above the limit, and whether the total does in the end.

    Some totals are drawn anew with the same planted share, which leaves the share of high values as it is.
    """
    values = [world.market.planted.values[name] for name in world.market.vocabulary.categories]
    chance = np.where(
        posts.technologies[rows, 0],
        np.array([value.ai_high_value_share for value in values])[posts.category[rows]],
        np.array([value.high_value_share for value in values])[posts.category[rows]],
    )
    projected = _projected(posts.money)[rows]
    drawn = rng.random(len(rows)) < chance
    was_high = np.where(np.isnan(projected), drawn, projected > world.market.planted.high_value_usd)
    redrawn = (rng.random(len(rows)) < world.market.planted.contracts.redrawn) & ~stays_open
    return was_high, np.where(redrawn, rng.random(len(rows)) < chance, was_high)


def _projected(money: Money) -> np.ndarray:
    """What the post promises in USD, NaN where it leaves a part open."""
    hours = np.append(HOURS_A_WEEK, np.nan)[money.hours_band]
    hourly = (money.rate_low + money.rate_high) / 2 * hours * WEEKS[money.duration_band]
    return np.where(money.fixed == 1, money.budget, hourly)


def _totals(limit: float, is_high: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Totals in USD on the wanted side of the limit, with a long tail above it."""
    distance = rng.exponential(1.0, len(is_high))
    above, below = limit * np.exp(0.02 + 0.45 * distance), (limit * np.exp(-1.3 * distance)).clip(LEAST_PAID)
    return np.round(np.where(is_high, above, below), 2)


def _states(world: World, agreed: Agreed, month: str) -> pa.Table:
    """The rows that the file of `month` has of these contracts."""
    begin, end = first_ms(month), first_ms(next_month(month))
    before = first_ms(month_name(month_number(month) - 1))
    started, closed = agreed.started_ms, agreed.closed_ms
    is_new = (started >= begin) & (started < end) & ~agreed.is_late
    came_late = (started >= before) & (started < begin) & agreed.is_late
    closes = (closed >= begin) & (closed < end) & (started < begin)
    corrected = (closed >= before) & (closed < begin) & ~np.isnan(agreed.corrected_total)
    shown = np.flatnonzero(is_new | came_late | closes | corrected)
    is_closed = closed[shown] < end
    limit = world.market.planted.high_value_usd
    so_far = agreed.total[shown] * agreed.paid_share[shown]
    so_far = np.round(np.where(agreed.capped[shown], np.minimum(so_far, limit), so_far), 2)
    final = np.where(corrected[shown], agreed.corrected_total[shown], agreed.total[shown])
    paid = np.where(agreed.no_total[shown], np.nan, np.where(is_closed, final, so_far))
    return _rows(world, agreed, shown, is_closed, paid, end - 1000)


def _rows(
    world: World, agreed: Agreed, shown: np.ndarray, is_closed: np.ndarray, paid: np.ndarray, seen_ms: int
) -> pa.Table:
    posts, vocabulary = agreed.post, world.market.vocabulary
    rows, post_id = agreed.rows[shown], posts.post_id[agreed.rows[shown]]
    numbers = (scrambled(post_id, 31) >> np.uint64(8)).astype(np.int64)
    countries = tuple(world.market.planted.clients.countries)
    return pa.table(
        {
            "contract_id": pa.array([f"C{number:017d}" for number in numbers], pa.string()),
            "post_id": pa.array(post_id, mask=~agreed.names_post[shown]).cast(pa.string()),
            "started_on": pa.array(agreed.started_ms[shown].astype("datetime64[ms]").astype("datetime64[D]")),
            "state": named(("open", "closed"), is_closed.astype(np.int8)),
            "total_paid_usd": dollars(np.round(paid, 2)),
            "observed_at": instants(np.full(len(shown), seen_ms, np.int64)),
            "category": named(vocabulary.categories, posts.category[rows]),
            "occupation": named(vocabulary.occupations, posts.occupation[rows]),
            "client_id": pa.array(client_ids(posts.client[rows])).cast(pa.string()),
            "client_country": named(countries, client_countries(world.market, posts.client[rows])),
        }
    )
