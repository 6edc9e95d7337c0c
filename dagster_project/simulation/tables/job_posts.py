"""The job posts of a month's file in the columns of the input contract, what goes wrong in a feed, and the posts that a
reader labelled: the only part of the feed that knows the truth of its posts.

The labelled posts are a Poisson sample with permanent random numbers (Ohlsson 1995): a post is drawn when its own fixed
uniform number lies below its inclusion probability, which depends on nothing but whether its text mentions a technology
word.
"""

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.simulation.market.market import market_size
from dagster_project.simulation.market.months import (
    days_of,
    first_ms,
    month_number,
    next_month,
    previous_month,
    stream,
    uniform_of,
)
from dagster_project.simulation.market.posts import (
    CARRIED,
    MAIN,
    TECHNOLOGIES,
    UNACCEPTABLE,
    Piece,
    Posts,
    World,
    client_countries,
    client_ids,
    draw_posts,
    is_late,
)
from dagster_project.simulation.market.values import DURATION_BANDS, HOURS_BANDS, LEAST_BUDGET, tidy
from dagster_project.simulation.wording import (
    context_of,
    draw_subjects,
    handwrite,
    write_descriptions,
    write_skills,
    write_titles,
)

JOB_POST_COLUMNS = (
    "post_id",
    "posted_at",
    "observed_at",
    "title",
    "description",
    "skills",
    "category",
    "occupation",
    "contract_type",
    "budget_usd",
    "hourly_rate_low_usd",
    "hourly_rate_high_usd",
    "weekly_hours_band",
    "duration_band",
    "client_id",
    "client_country",
)
INSTANT, MONEY = pa.timestamp("us", tz="UTC"), pa.decimal128(18, 2)


def instants(milliseconds: np.ndarray) -> pa.Array:
    """Milliseconds since 1970 as UTC timestamps."""
    return pa.array(milliseconds).cast(pa.timestamp("ms", tz="UTC")).cast(INSTANT)


def dollars(amounts: np.ndarray) -> pa.Array:
    """US dollars as decimals, NaN as null."""
    return pa.array(amounts, from_pandas=True).cast(MONEY)


def named(names: tuple[str, ...], position: np.ndarray) -> pa.Array:
    """The name at each position, null for a negative one."""
    return pa.array(names, pa.string()).take(pa.array(position.astype(np.int64), mask=position < 0))


def milliseconds(column: pa.ChunkedArray) -> np.ndarray:
    """The inverse of `instants`."""
    return column.cast(pa.int64()).combine_chunks().to_numpy(zero_copy_only=False) // 1000


def with_column(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """The rows with one column replaced."""
    return rows.set_column(JOB_POST_COLUMNS.index(name), name, values)


# A changed budget is this factor of the first one.
CHANGES = (0.6, 0.8, 1.25, 1.5)
A_MINUTE_MS = 60_000


def repeat(rows: pa.Table, first_ms: int, last_ms: int, changed_share: float, rng: np.random.Generator) -> pa.Table:
    """A second row of each post: an exact copy, or a later state seen between the two instants."""
    is_changed = rng.random(len(rows)) < changed_share
    copies, changed = rows.filter(pa.array(~is_changed)), rows.filter(pa.array(is_changed))
    earliest = np.maximum(milliseconds(changed["observed_at"]) + A_MINUTE_MS, first_ms)
    span = np.maximum(last_ms - earliest, 1)
    seen = earliest + (rng.random(len(changed)) * span).astype(np.int64)
    return pa.concat_tables([copies, _later_state(changed, seen, rng)])


def _later_state(rows: pa.Table, observed_ms: np.ndarray, rng: np.random.Generator) -> pa.Table:
    """The same posts seen later with another budget; posts without a budget keep theirs."""
    budget = rows["budget_usd"].cast(pa.float64()).combine_chunks().to_numpy(zero_copy_only=False)
    changed = np.maximum(LEAST_BUDGET, tidy(budget * rng.choice(CHANGES, len(rows))))
    return with_column(with_column(rows, "budget_usd", dollars(changed)), "observed_at", instants(observed_ms))


def spoil(rows: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Make every row one that a reader must refuse: no title, or a budget below zero."""
    untitled = pa.array(rng.random(len(rows)) < 0.5)
    below_zero = dollars(-tidy(rng.uniform(LEAST_BUDGET, 500, len(rows))))
    rows = with_column(rows, "title", pc.if_else(untitled, "", rows["title"]))
    return with_column(rows, "budget_usd", pc.if_else(untitled, rows["budget_usd"], below_zero))


FIRST_MONTH = "2020-01"
# Posts are seen some minutes after they were posted; changed ones up to weeks later.
MEAN_LAG_MS = 20 * 60_000


def job_posts(world: World, month: str, long_text_share: float) -> pa.Table:
    """All rows of the month's file, ordered by observed_at.

    The month's posts, repeats of some of them and of last month's, some of which come now for the first time, and rows
    that a reader must reject.
    """
    main, carried, unacceptable = (
        piece_rows(world, month, piece, long_text_share) for piece in (MAIN, CARRIED, UNACCEPTABLE)
    )
    in_time = carried.filter(pa.array(~is_late(world, draw_posts(world, month, CARRIED))))
    tables = [main, in_time, _repeats(world, month, main)]
    tables.append(spoil(unacceptable, stream(world.seed, month, "spoil")))
    if month_number(month) > month_number(FIRST_MONTH):
        tables.append(_late_repeats(world, month, long_text_share))
    order = [("observed_at", "ascending"), ("post_id", "ascending"), ("budget_usd", "ascending")]
    return pa.concat_tables(tables).sort_by(order)


def _repeats(world: World, month: str, main: pa.Table) -> pa.Table:
    nuisance = world.market.planted.nuisance
    rng = stream(world.seed, month, "repeats")
    rows = main.filter(pa.array(rng.random(len(main)) < nuisance.repeated_same_month))
    return repeat(rows, first_ms(month), first_ms(next_month(month)), nuisance.changed_when_repeated, rng)


def _late_repeats(world: World, month: str, long_text_share: float) -> pa.Table:
    rows = piece_rows(world, previous_month(month), CARRIED, long_text_share)
    changed_share = world.market.planted.nuisance.changed_when_repeated
    rng = stream(world.seed, month, "late repeats")
    return repeat(rows, first_ms(month), first_ms(next_month(month)), changed_share, rng)


@lru_cache(maxsize=4)
def piece_rows(world: World, month: str, piece: Piece, long_text_share: float) -> pa.Table:
    """The rows of one piece of a month in the order of `draw_posts`; kept for the next file that speaks of them."""
    posts = draw_posts(world, month, piece)
    lag = stream(world.seed, month, f"{piece.name}.lag").exponential(MEAN_LAG_MS, len(posts)).astype(np.int64)
    numbers = _numbers(world, month, posts, posts.posted_ms + lag)
    words = _words(world, month, piece, posts, long_text_share)
    return pa.table(numbers | words).select(JOB_POST_COLUMNS)


def _words(world: World, month: str, piece: Piece, posts: Posts, long_text_share: float) -> dict[str, pa.Array]:
    def purpose(name: str) -> np.random.Generator:
        return stream(world.seed, month, f"{piece.name}.{name}")

    has_text = purpose("has_text").random(len(posts)) < long_text_share
    subject = draw_subjects(world, posts, month, has_text, purpose("subject"))
    context = context_of(world, posts, subject, purpose("context"))
    titles = write_titles(world, posts, subject, context, purpose("title"))
    return {
        "title": handwrite(titles, world.market.planted.nuisance.typos, purpose("handwriting")),
        "description": write_descriptions(world, posts, subject, context, has_text, purpose("description")),
        "skills": write_skills(world, posts, subject, context, month, purpose("skills")),
    }


def _category_names(world: World, month: str) -> tuple[str, ...]:
    """The names of the categories as they were in that month."""
    earlier = {row.category: row.was for row in world.market.planted.nuisance.renamed if month <= row.until}
    return tuple(earlier.get(name, name) for name in world.market.vocabulary.categories)


def _numbers(world: World, month: str, posts: Posts, observed_ms: np.ndarray) -> dict[str, pa.Array]:
    vocabulary, money = world.market.vocabulary, posts.money
    countries = tuple(world.market.planted.clients.countries)
    return {
        "post_id": pa.array(posts.post_id).cast(pa.string()),
        "posted_at": instants(posts.posted_ms),
        "observed_at": instants(observed_ms),
        "category": named(_category_names(world, month), posts.category),
        "occupation": named(vocabulary.occupations, posts.occupation),
        "contract_type": named(("hourly", "fixed"), money.fixed),
        "budget_usd": dollars(money.budget),
        "hourly_rate_low_usd": dollars(money.rate_low),
        "hourly_rate_high_usd": dollars(money.rate_high),
        "weekly_hours_band": named(HOURS_BANDS, money.hours_band),
        "duration_band": named(DURATION_BANDS, money.duration_band),
        "client_id": pa.array(client_ids(posts.client)).cast(pa.string()),
        "client_country": named(countries, client_countries(world.market, posts.client)),
    }


SALT = 21
GUIDE_VERSION, LABELLER = "simulated", "simulated reader"


def audit_labels(world: World, month: str, long_text_share: float) -> pa.Table:
    """One row a drawn post and technology, in the columns of the input contract."""
    pieces = [_labels(world, month, piece, long_text_share) for piece in (MAIN, CARRIED)]
    return pa.concat_tables(pieces).sort_by([("post_id", "ascending"), ("technology", "ascending")])


def _labels(world: World, month: str, piece: Piece, long_text_share: float) -> pa.Table:
    audit = world.market.planted.audit
    posts, rows = draw_posts(world, month, piece), piece_rows(world, month, piece, long_text_share)
    mentions = _mentions(rows, audit.words)
    expected = np.where(mentions, audit.mentioned, audit.other)
    probability = np.minimum(1.0, expected / (market_size(world.market.planted, month) * world.posts_per_month))
    # A reader can only be given what the month's own file holds.
    offered = ~is_late(world, posts) if piece == CARRIED else np.ones(len(posts), bool)
    drawn = np.flatnonzero(offered & (uniform_of(posts.post_id, world.seed + SALT) < probability))
    post, technology = np.repeat(drawn, len(TECHNOLOGIES)), np.tile(np.arange(len(TECHNOLOGIES)), len(drawn))
    return pa.table(
        {
            "post_id": pa.array(posts.post_id[post]).cast(pa.string()),
            "posted_month": _repeated(days_of(month)[0], len(post), pa.date32()),
            "technology": pa.array(TECHNOLOGIES).take(pa.array(technology)),
            "is_positive": pa.array(posts.technologies[post, technology]),
            "is_unsure": _repeated(False, len(post), pa.bool_()),
            "inclusion_probability": pa.array(probability[post]),
            "stratum": pa.array(["other text", "mentions a technology"]).take(pa.array(mentions[post].astype(int))),
            "guide_version": _repeated(GUIDE_VERSION, len(post), pa.string()),
            "labelled_on": _repeated(days_of(month)[-1], len(post), pa.date32()),
            "labeller": _repeated(LABELLER, len(post), pa.string()),
        }
    )


def _mentions(rows: pa.Table, words: str) -> np.ndarray:
    """Whether title, description or skills hold one of the words, given as patterns divided by spaces."""
    pattern = rf"\b({'|'.join(words.split())})\b"
    skills = pc.binary_join(rows["skills"].combine_chunks(), " ")
    texts = (rows["title"], rows["description"], skills)
    hits = [pc.fill_null(pc.match_substring_regex(text, pattern, ignore_case=True), False) for text in texts]
    return np.logical_or.reduce([hit.to_numpy(zero_copy_only=False) for hit in hits])


def _repeated(value: object, count: int, data_type: pa.DataType) -> pa.Array:
    return pa.repeat(pa.scalar(value, data_type), count)
