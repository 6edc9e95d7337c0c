"""The floor's work in polars: lazy frames on the streaming engine. `python -m tests.bench.bare_polars FEED MODELS OUT`.

It reads, joins and counts with nothing of chain or floor. What it has in common with the floor is given to both: the
terms, and the stored classifiers that score the candidates.
"""

import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
from polars import selectors as cs

from dagster_project.storage.workspace import REPOSITORY
from ml.classify import classify_candidates
from ml.features.keywords import TechnologyTerms, alternation, load_terms
from ml.training.artifact import load_champion
from tests.bench.bare_polars_counts import TECHNOLOGY, growth_counts, share_counts, value_counts

SEEDS = REPOSITORY / "dbt" / "seeds"
TEXTS = ("title", "description", "skills")
HOURS = {"under_30": 15, "30_plus": 35}
WEEKS = {"under_1_month": 2, "1_to_3_months": 9, "3_to_6_months": 20, "over_6_months": 39}
COUNTED = ("posted_month", "client", "is_us_client", "category_id", "sub_category_id", "usd")


def run(feed: Path, models: Path, out: Path) -> None:
    """Write share_counts, value_counts and growth_counts as Parquet below `out`."""
    out.mkdir(parents=True)
    posts = latest_posts(feed).collect()
    classified = accepted_posts(posts, models).lazy()
    posts = posts.select(COUNTED)
    periods = periods_of(posts)
    tables = {
        "share_counts": share_counts(posts.lazy(), classified, periods),
        "value_counts": value_counts(posts.lazy(), classified, periods),
        "growth_counts": growth_counts(posts.lazy(), classified, seed("composites")),
    }
    for name, table in tables.items():
        table.sink_parquet(out / f"{name}.parquet")


def latest_posts(feed: Path) -> pl.LazyFrame:
    """A row a post in its latest state; its texts stay only where a technology's terms hit."""
    states = pl.scan_parquet(feed / "job_posts" / "*.parquet", row_index_name="row").filter(
        pl.col("title").fill_null("").str.strip_chars(" ") != "", pl.col("budget_usd").fill_null(0) >= 0
    )
    repeated = (
        states.group_by("post_id")
        .agg(
            pl.len().alias("states"),
            pl.col("posted_at").min().alias("first_posted_at"),
            pl.col("row").sort_by("observed_at", "row").last().alias("last_row"),
        )
        .filter(pl.col("states") > 1)
    )
    latest = states.join(repeated, on="post_id", how="left").filter(pl.col("row") == pl.coalesce("last_row", "row"))
    hits = {name: post_text().str.contains(pattern(terms.included)) for name, terms in load_terms().items()}
    is_hit = pl.any_horizontal(*hits)
    return (
        latest.with_columns(**hits)
        .join(seed("categories").select("category", "category_id").unique(), on="category", how="left")
        .join(seed("occupations"), on=["occupation", "category_id"], how="left")
        .join(seed("countries"), left_on="client_country", right_on="country_alias", how="left")
        .select(
            "post_id",
            pl.coalesce("first_posted_at", "posted_at").dt.truncate("1mo").dt.date().alias("posted_month"),
            pl.coalesce("client_id", "post " + pl.col("post_id")).cast(pl.Categorical).alias("client"),
            (pl.col("country_code") == "US").fill_null(False).alias("is_us_client"),
            "category_id",
            "sub_category_id",
            projected_value().alias("usd"),
            *hits,
            *(pl.when(is_hit).then(name).alias(name) for name in TEXTS),
        )
    )


def post_text() -> pl.Expr:
    """Title, skills and description as one text."""
    return pl.concat_str("title", pl.col("skills").list.join(" | "), "description", separator=" | ", ignore_nulls=True)


def pattern(terms: list[str]) -> str:
    """Finds any of the terms; `-u` since Rust is two hundred times as slow with the word ends of all Unicode."""
    return f"(?i-u){alternation(terms)}"


def projected_value() -> pl.Expr:
    """Budget, or mid rate by hours by weeks, in USD rounded to cents."""
    rate = (pl.col("hourly_rate_low_usd") + pl.col("hourly_rate_high_usd")).cast(pl.Float64) / 2
    hours = pl.col("weekly_hours_band").replace_strict(HOURS, default=None)
    weeks = pl.col("duration_band").replace_strict(WEEKS, default=None)
    return (
        pl.when(pl.col("contract_type") == "fixed")
        .then(pl.col("budget_usd").cast(pl.Float64))
        .when(pl.col("contract_type") == "hourly")
        .then((rate * hours * weeks).round(2, "half_away_from_zero"))
    )


def accepted_posts(posts: pl.DataFrame, models: Path) -> pl.DataFrame:
    """A row a post and technology whose stored classifier accepts it."""
    return pl.concat(
        posts.lazy()
        .join(accepted_ids(posts, models, terms), on="post_id", how="semi")
        .select(*COUNTED, technology=pl.lit(technology, TECHNOLOGY))
        for technology, terms in load_terms().items()
    ).collect()


def accepted_ids(posts: pl.DataFrame, models: Path, terms: TechnologyTerms) -> pl.LazyFrame:
    """The post_id of each accepted candidate: posts that a term still hits once the excluded phrases are gone."""
    remaining = post_text().str.replace_all(pattern(terms.excluded), " ")
    candidates = posts.lazy().filter(terms.technology, remaining.str.contains(pattern(terms.included)))
    batches = candidates.select("post_id", *TEXTS).collect().to_arrow().to_batches()
    scored = pa.Table.from_batches(classify_candidates(batches, load_champion(models, terms.technology)))
    return pl.DataFrame(scored).lazy().filter("is_positive").select("post_id")


def periods_of(posts: pl.DataFrame) -> pl.LazyFrame:
    """Each month with the periods that it belongs to: itself, its year, its study."""
    month = pl.col("posted_month")
    months = posts.select(month.unique())
    studies = months.join_where(
        pl.read_csv(SEEDS / "study_periods.csv", try_parse_dates=True),
        month >= pl.col("period_start"),
        month <= pl.col("period_end"),
    )
    named = [months.with_columns(period_id=month.dt.strftime(form)) for form in ("%Y-%m", "%Y")]
    periods = pl.concat([*named, studies.select("posted_month", "period_id")])
    return periods.cast({"period_id": pl.Enum(periods["period_id"].unique())}).lazy()


def seed(name: str) -> pl.LazyFrame:
    """A seed of the project; `category_id` has the same type in each, which also knows `all`."""
    table = pl.scan_csv(SEEDS / f"{name}.csv")
    ids = pl.read_csv(SEEDS / "categories.csv")["category_id"].unique(maintain_order=True)
    return table.cast({cs.by_name("category_id", require_all=False): pl.Enum([*ids, "all"])})


if __name__ == "__main__":
    run(*map(Path, sys.argv[1:4]))
