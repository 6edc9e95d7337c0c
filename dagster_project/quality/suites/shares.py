"""Shares of technologies: by category and month, and what the posts are projected to be worth."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite

POSTS = frozenset({"job_posts"})
SHARES = Table("marts.period_technology_category_shares", POSTS | {"job_posts.category"})
VALUES = Table("marts.period_projected_values", POSTS)
TECHNOLOGY_POSTS = Table("marts.monthly_technology_posts", POSTS)


# A technology's share of a month beside the median of up to twelve months before it; three make a history.
SHARE_DRIFT = """
select
    run.posted_month, run.technology, run.penetration_share,
    median(before.penetration_share) as usual_share
from {batch} as run
inner join {batch} as before
    on before.technology = run.technology and before.population = run.population
    and before.posted_month < run.posted_month and before.posted_month >= run.posted_month - interval 12 month
where run.population = 'all' and run.post_count >= 1000 and before.post_count >= 1000
group by run.posted_month, run.technology, run.penetration_share
having count(*) >= 3 and usual_share > 0.001
    and (run.penetration_share between usual_share / 3 and usual_share * 3) is not true
"""


def share_interval(suite: TableSuite, id: str, metric: str, count: str, total: str) -> None:
    """0 <= low <= share <= high <= 1, and a share exists exactly where its denominator is above 0."""
    suite.no_rows(
        id,
        f"A {metric} outside its interval or unlike its counts joins counts with foreign estimates.",
        f"select * from {{batch}} where case when {total} > 0"
        f" then 0 <= {metric}_low and {metric}_low <= {metric} and {metric} <= {metric}_high"
        f" and {metric}_high <= 1 and abs({metric} - {count}::double / {total}) < 0.000002"
        f" else {metric} is null end is not true",
    )


def corrected_interval(suite: TableSuite, metric: str, words: str = "correction") -> None:
    """A corrected share lies in its interval and in 0 to 1, and is there exactly where the row says corrected."""
    suite.no_rows(
        f"{suite.table.name.removeprefix('marts.')}_{metric}_lies_in_its_interval",
        "A corrected share outside its interval, or without the words that say so, misleads.",
        f"select * from {{batch}} where case when {metric} is null then {metric}_low is null"
        f" else 0 <= {metric}_low and {metric}_low <= {metric} and {metric} <= {metric}_high"
        f" and {metric}_high <= 1 and starts_with({words}, 'corrected by') end is not true",
    )


def marts() -> list[Declared]:
    """Shares in their intervals, classified posts among the candidates, a technology's share near its usual one."""
    return [*_period_shares(), *_projected_values(), *_technology_posts()]


def _period_shares() -> list[Declared]:
    shares = TableSuite(SHARES)
    shares.row_count("period_shares_exist", "Posts with categories always make category shares.")
    share_interval(
        shares,
        "composition_shares_lie_in_their_intervals",
        "composition_share",
        "classified_count",
        "technology_post_count",
    )
    share_interval(
        shares,
        "penetration_shares_lie_in_their_intervals",
        "penetration_share",
        "classified_count",
        "category_post_count",
    )
    corrected_interval(shares, "corrected_composition_share")
    corrected_interval(shares, "corrected_penetration_share", "penetration_share_correction")
    return shares.declared


def _projected_values() -> list[Declared]:
    values = TableSuite(VALUES)
    values.row_count("projected_values_exist", "Every period has a row for all posts, valued or not.")
    share_interval(
        values,
        "known_value_shares_lie_in_their_intervals",
        "known_value_share",
        "known_value_count",
        "post_count",
    )
    share_interval(
        values,
        "high_value_shares_lie_in_their_intervals",
        "high_value_share",
        "high_value_count",
        "known_value_count",
    )
    values.no_rows(
        "value_quartiles_are_ordered",
        "Quartiles out of order, or missing beside known values, mean that rows of two groups were mixed.",
        "select * from {batch} where known_value_count > 0 and (0 <= lower_quartile_usd"
        " and lower_quartile_usd <= median_value_usd and median_value_usd <= upper_quartile_usd) is not true",
    )
    corrected_interval(values, "corrected_high_value_share")
    return values.declared


def _technology_posts() -> list[Declared]:
    posts = TableSuite(TECHNOLOGY_POSTS)
    posts.row_count("technology_posts_exist", "Every month has a row for each technology, also at zero.")
    share_interval(
        posts,
        "technology_shares_lie_in_their_intervals",
        "penetration_share",
        "classified_count",
        "post_count",
    )
    posts.no_rows(
        "classified_posts_are_candidates",
        "Classified posts are candidates and candidates are posts; a larger part counts something twice.",
        "select * from {batch} where (0 <= classified_count and classified_count <= candidate_count"
        " and candidate_count <= post_count) is not true",
    )
    posts.no_rows(
        "technology_share_is_usual",
        "A third or three times the usual share points to terms, text fields or a model that changed.",
        SHARE_DRIFT,
        severity=Severity.WARNING,
    )
    corrected_interval(posts, "corrected_penetration_share")
    return posts.declared
