"""From posts to the counts that shares, values and growth are made from, in polars.

posts: a row a post with posted_month, client, is_us_client, category_id, sub_category_id, usd. classified: a row a post
and technology that it was accepted for, with `technology` besides. periods: posted_month, period_id.
"""

import polars as pl

from ml.features.keywords import TECHNOLOGIES

TECHNOLOGY = pl.Enum([*TECHNOLOGIES, "any"])
VALUE_FILTERS = {"all": None, "at_least_0": 0, "at_least_50": 50, "at_least_100": 100, "at_least_1000": 1000}
FILTER = pl.Enum([*VALUE_FILTERS])
HIGH_VALUE = 1000
QUARTILES = {"lower_quartile_usd": 0.25, "median_value_usd": 0.5, "upper_quartile_usd": 0.75}


def share_counts(posts: pl.LazyFrame, classified: pl.LazyFrame, periods: pl.LazyFrame) -> pl.LazyFrame:
    """A row a period, technology, category and value filter."""
    keys = ["period_id", "value_filter", "category_id"]
    in_category = _by_filter(posts, periods, ["period_id", "category_id", "client"], "posts")
    accepted = _by_filter(classified, periods, ["period_id", "technology", "category_id", "client"], "accepted")
    of_technology = ["period_id", "technology", "value_filter"]
    clients = accepted.group_by(*of_technology, "client").agg(pl.sum("accepted").alias("total"))
    categories = in_category.group_by(keys).agg(
        pl.sum("posts").alias("category_post_count"),
        pl.len().alias("penetration_cluster_count"),
        _product("posts", "posts").alias("penetration_sum_nn"),
    )
    technologies = clients.group_by(of_technology).agg(
        pl.sum("total").alias("technology_post_count"),
        pl.len().alias("composition_cluster_count"),
        _product("total", "total").alias("composition_sum_nn"),
    )
    shares = (
        accepted.join(clients, on=[*of_technology, "client"])
        .join(in_category, on=[*keys, "client"])
        .group_by(*keys, "technology")
        .agg(
            pl.sum("accepted").alias("classified_count"),
            _product("accepted", "accepted").alias("sum_yy"),
            _product("accepted", "total").alias("composition_sum_yn"),
            _product("accepted", "posts").alias("penetration_sum_yn"),
        )
    )
    all_technologies = pl.LazyFrame({"technology": TECHNOLOGIES}, {"technology": TECHNOLOGY})
    return (
        categories.join(all_technologies, how="cross")
        .join(shares, on=[*keys, "technology"], how="left")
        .join(technologies, on=of_technology, how="left")
    )


def value_counts(posts: pl.LazyFrame, classified: pl.LazyFrame, periods: pl.LazyFrame) -> pl.LazyFrame:
    """A row a period, technology (or `any`) and category (or `all`)."""
    any_technology = posts.with_columns(technology=pl.lit("any", TECHNOLOGY))
    columns = ["period_id", "technology", "category_id"]
    valued = pl.concat([any_technology, classified]).join(periods, on="posted_month")
    clients = valued.group_by(*columns, "client").agg(
        pl.len().alias("posts"),
        pl.count("usd").alias("known"),
        (pl.col("usd") > HIGH_VALUE).sum().alias("high"),
    )
    over_categories = clients.group_by("period_id", "technology", "client").agg(pl.sum("posts", "known", "high"))
    sums = (
        _with_all(clients, over_categories)
        .group_by(columns)
        .agg(
            pl.sum("posts").alias("post_count"),
            pl.sum("known").alias("known_value_count"),
            pl.sum("high").alias("high_value_count"),
            _product("high", "high").alias("high_value_sum_yy"),
            _product("high", "known").alias("high_value_sum_yn"),
            _product("known", "known").alias("high_value_sum_nn"),
            _product("known", "posts").alias("known_value_sum_yn"),
            _product("posts", "posts").alias("known_value_sum_nn"),
            pl.len().alias("known_value_cluster_count"),
        )
    )
    return sums.join(_quartiles(valued), on=columns, how="left")


def growth_counts(posts: pl.LazyFrame, classified: pl.LazyFrame, composites: pl.LazyFrame) -> pl.LazyFrame:
    """A row a month, series (all posts, a category, a sub-category, a composite, a technology) and population.

    composites: composite_id, member_level (category, sub_category) and member_id, a row a member.
    """
    members = pl.concat(
        posts.with_columns(member_level=pl.lit(level), member_id=pl.col(f"{level}_id").cast(pl.String)).join(
            composites, on=["member_level", "member_id"]
        )
        for level in ("category", "sub_category")
    )
    series = {
        "total": (posts, pl.lit("all_posts")),
        "category": (posts, pl.col("category_id").cast(pl.String)),
        "sub_category": (posts, pl.col("sub_category_id").cast(pl.String)),
        "composite": (members, pl.col("composite_id")),
        "technology": (classified, pl.col("technology").cast(pl.String)),
    }
    counted = []
    for level, (rows, series_id) in series.items():
        by_client = (
            rows.with_columns(series_id=series_id)
            .filter(pl.col("series_id").is_not_null())
            .group_by("posted_month", "series_id", "client")
            .agg(pl.len().alias("all"), pl.sum("is_us_client").alias("us"))
        )
        for population in ("all", "us"):
            posts_of_client = pl.col(population).cast(pl.Int64)
            counted.append(
                by_client.filter(posts_of_client > 0)
                .group_by("posted_month", "series_id")
                .agg(
                    posts_of_client.sum().alias("post_count"),
                    pl.len().alias("client_count"),
                    (posts_of_client * posts_of_client).sum().alias("sum_client_squares"),
                )
                .with_columns(level=pl.lit(level), population=pl.lit(population))
            )
    return pl.concat(counted)


def _by_filter(posts: pl.LazyFrame, periods: pl.LazyFrame, keys: list[str], count: str) -> pl.LazyFrame:
    """Posts of a category that pass each value filter, by `keys`; no row where none passes."""
    passing = {
        name: pl.len() if minimum is None else (pl.col("usd") >= minimum).sum()
        for name, minimum in VALUE_FILTERS.items()
    }
    return (
        posts.filter(pl.col("category_id").is_not_null())
        .join(periods, on="posted_month")
        .group_by(keys)
        .agg(**passing)
        .unpivot(on=list(passing), index=keys, variable_name="value_filter", value_name=count)
        .filter(pl.col(count) > 0)
        .cast({"value_filter": FILTER, count: pl.Int64})
    )


def _quartiles(valued: pl.LazyFrame) -> pl.LazyFrame:
    """The value below which, or at which, a quarter, a half and three quarters of the known values lie.

    Counted from how often each value occurs: posts by the million have values by the hundred.
    """
    columns = ["period_id", "technology", "category_id"]
    known = valued.filter(pl.col("usd").is_not_null()).group_by(*columns, "usd").agg(pl.len().cast(pl.Int64).alias("n"))
    over_categories = known.group_by("period_id", "technology", "usd").agg(pl.sum("n"))
    values, up_to = pl.col("usd").sort(), pl.col("n").sort_by("usd").cum_sum()
    places = {name: values.filter(up_to >= pl.sum("n") * quartile).first() for name, quartile in QUARTILES.items()}
    return _with_all(known, over_categories).group_by(columns).agg(**places)


def _with_all(by_category: pl.LazyFrame, over_categories: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of the known categories, and those over all posts under the name `all`."""
    category = by_category.collect_schema()["category_id"]
    return pl.concat(
        [
            by_category.filter(pl.col("category_id").is_not_null()),
            over_categories.with_columns(category_id=pl.lit("all", category)),
        ],
        how="diagonal",
    )


def _product(left: str, right: str) -> pl.Expr:
    return (pl.col(left).cast(pl.Int64) * pl.col(right)).sum()
