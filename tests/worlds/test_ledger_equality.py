"""Without classifier error the marts equal the generator's realised ledger, post for post.

The feed has posts that come twice, late or changed, rows to reject, and a category that gets a new name in between.
"""

import pandas as pd
import pytest

from dagster_project.simulation.market.posts import TECHNOLOGIES
from dagster_project.storage.workspace import REPOSITORY
from tests.support.job_runs import REPORT_PAGES, Place, visible_text
from tests.worlds.conftest import LAST_MONTH

pytestmark = pytest.mark.slow

LONGER_PERIODS = {"2020": "2020", "2021": "2021", "2020_2021": "202"}
"""Beginning of the months of a period that is no month."""
CATEGORIES = pd.read_csv(REPOSITORY / "dbt" / "seeds" / "categories.csv").set_index("category")["category_id"]
OCCUPATIONS = pd.read_csv(REPOSITORY / "dbt" / "seeds" / "occupations.csv").set_index("occupation")["sub_category_id"]
UNITED_STATES = "United States"


def test_posts_by_month_technology_and_population(world_without_errors: Place, ledger: pd.DataFrame) -> None:
    found = world_without_errors.query(
        "select strftime(posted_month, '%Y-%m'), technology, population, classified_count, post_count"
        " from marts.monthly_technology_posts"
    )
    expected = []
    for population, posts in _populations(ledger).items():
        for month, of_month in posts.groupby("month"):
            counts = [(name, int(of_month[name].sum())) for name in TECHNOLOGIES]
            expected += [(month, name, population, count, len(of_month)) for name, count in counts]
    assert sorted(found) == sorted(expected)


def test_posts_by_period_technology_and_category(world_without_errors: Place, ledger: pd.DataFrame) -> None:
    found = world_without_errors.query(
        "select period_id, technology, category_id, classified_count, category_post_count"
        " from marts.period_technology_category_shares where value_filter = 'all'"
    )
    expected = []
    for period, beginning in ({month: month for month in ledger["month"]} | LONGER_PERIODS).items():
        of_period = ledger[ledger["month"].str.startswith(beginning)]
        for category, posts in of_period.groupby("category"):
            counts = [(name, int(posts[name].sum())) for name in TECHNOLOGIES]
            expected += [(period, name, CATEGORIES[category], count, len(posts)) for name, count in counts]
    assert sorted(found) == sorted(expected)


def test_corrected_shares_are_the_plain_ones(world_without_errors: Place) -> None:
    differing = world_without_errors.query(
        "select period_id, technology, category_id from marts.period_technology_category_shares"
        " where value_filter = 'all' and abs(corrected_penetration_share - penetration_share) > 0.000001"
    )
    assert differing == []


@pytest.mark.parametrize("level", ["category", "sub_category"])
def test_posts_by_month_and_series(world_without_errors: Place, ledger: pd.DataFrame, level: str) -> None:
    found = world_without_errors.query(
        "select strftime(posted_month, '%Y-%m'), series_id, population, post_count"
        " from marts.monthly_category_growth where level = $1 and comparison = 'month' and post_count > 0",
        level,
    )
    expected = []
    for population, posts in _populations(ledger).items():
        names = posts["category"].map(CATEGORIES) if level == "category" else posts["occupation"].map(OCCUPATIONS)
        sizes = posts.groupby([posts["month"], names]).size()
        expected += [(month, series, population, int(size)) for (month, series), size in sizes.items()]
    assert sorted(found) == sorted(expected)


def test_a_renamed_category_has_both_names_in_the_feed_and_one_in_the_marts(world_without_errors: Place) -> None:
    given = world_without_errors.query(
        f"select distinct category from read_parquet('{world_without_errors.workspace.raw('job_posts')}/*/*.parquet')"
    )
    shown = world_without_errors.query("select distinct category from marts.period_technology_category_shares")
    assert {("Writing",), ("Writing & Content",)} <= set(given)
    assert set(given) - set(shown) == {("Writing & Content",)}


def _populations(ledger: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {"all": ledger, "us": ledger[ledger["client_country"] == UNITED_STATES]}


def test_a_simulated_release_says_so_and_names_what_the_feed_does_not_provide(world_without_errors: Place) -> None:
    """Its months are older than the first quoted figure."""
    report = world_without_errors.workspace.releases / "latest" / "report"
    for name in REPORT_PAGES:
        assert "simulated" in visible_text(report / name)
    assert "quoted figures not provided" in visible_text(report / "technical_annex.html")
    assert world_without_errors.summary(LAST_MONTH)["is_simulated"]


def test_a_run_whose_checks_are_not_selected_runs_no_test_of_dbt(world_without_errors: Place) -> None:
    assert world_without_errors.dbt_tests() == 0
