"""The default marketplace shows what the studies found, whatever its seed; the figures stand in docs/worlds.md.

Ten worlds of the default size are drawn as counts and go through the statistics of growth, shares and spread; texts,
classifiers and files take no part. A finding stands when at least eight of the ten worlds show it.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest

from dagster_project.settings import Settings
from dagster_project.simulation.market.market import Market, expected_posts, pooled_posts
from dagster_project.simulation.market.months import stream
from dagster_project.simulation.market.posts import World, make_world
from dagster_project.simulation.surveys import study_answers, study_respondents
from dagster_project.simulation.tables.searches import talent_searches
from dagster_project.simulation.wording import MOST_TECHNOLOGY_SKILLS, skill_weights
from dagster_project.statistics.growth.adjusted import monthly_adjusted_growth
from tests.worlds.market_counts import composite_counts, market_counts, us_share
from tests.worlds.truths import DATA_SCIENCE, EARLY, IT, LATE, NOVEMBER, WEB

pytestmark = pytest.mark.slow
SEEDS, OFTEN = range(1, 11), 8
POSTS: int = Settings.model_fields["posts_per_month"].default
SURGED, ROSE, STEADY, CONTINUED = ["surged"], ["rose", "surged"], ["steady"], ["continued", "steady"]
LANGUAGES, QA = "language_tutoring_interpretation", "qa_testing"
MOVERS, STEADY_SERIES = (
    ["audio_production", "photography"],
    ["ecommerce_development", "lead_generation", "marketing_strategy"],
)
STUDY_WAVE = "2025-07"


def growth_of_november(counts: pd.DataFrame) -> pd.DataFrame:
    """Estimates of November 2025 by world (`population`) and series."""
    rows = monthly_adjusted_growth(counts, "counts of drawn worlds")
    return rows[rows["posted_month"] == pd.Timestamp(NOVEMBER)]


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    """The planted world of every seed."""
    return pd.concat([market_counts(seed, POSTS, "planted") for seed in SEEDS])


@pytest.fixture(scope="module")
def growth(counts: pd.DataFrame) -> pd.DataFrame:
    rows = growth_of_november(counts)
    return rows[rows["level"] == "sub_category"].set_index(["series_id", "population"])


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return [make_world(seed, POSTS) for seed in SEEDS]


def worlds_with(growth: pd.DataFrame, column: str, series: Iterable[str], words: list[str]) -> pd.Series:
    """How many of the series carry one of the words, by world."""
    rows = growth.loc[list(series), column].isin(words)
    return rows.groupby(level="population").sum()


def test_language_tutoring_surged(growth: pd.DataFrame) -> None:
    assert (worlds_with(growth, "verdict", [LANGUAGES], SURGED) == 1).sum() >= OFTEN


def test_qa_testing_rose(growth: pd.DataFrame) -> None:
    assert (worlds_with(growth, "verdict", [QA], ROSE) == 1).sum() >= OFTEN


def test_audio_or_photography_rose(growth: pd.DataFrame) -> None:
    assert (worlds_with(growth, "verdict", MOVERS, ROSE) >= 1).sum() >= OFTEN


def test_two_of_three_series_grew_steadily(growth: pd.DataFrame) -> None:
    assert (worlds_with(growth, "trend", STEADY_SERIES, STEADY) >= 2).sum() >= OFTEN


def test_marketing_and_e_commerce_together_continued_to_grow(counts: pd.DataFrame) -> None:
    assert growth_of_november(composite_counts(counts))["trend"].isin(CONTINUED).sum() >= OFTEN


def test_the_growth_that_was_published_is_what_raw_and_adjusted_counts_show(growth: pd.DataFrame) -> None:
    """Averages of ten worlds, of which each is wrong by some 7 points."""
    for column in ("raw_growth_pct", "adjusted_growth_pct"):
        means = growth[column].astype(float).groupby("series_id").mean()
        assert means[QA] == pytest.approx(19, abs=6)
        assert means[LANGUAGES] == pytest.approx(48, abs=8)
        assert all(10 <= means[series] < 100 for series in MOVERS)


def test_where_nothing_moves_nine_of_ten_worlds_name_no_rise() -> None:
    """In each of the last 35 months, so that the figure does not hang on ten draws."""
    counts = pd.concat([market_counts(seed, POSTS, "null") for seed in SEEDS])
    rows = monthly_adjusted_growth(counts, "counts of drawn worlds")
    tested = rows[(rows["level"] == "sub_category") & (rows["posted_month"] >= "2023-01-01")]
    has_rise = tested["verdict"].isin(ROSE).groupby([tested["population"], tested["posted_month"]]).any()
    assert len(has_rise) == 10 * 35
    assert has_rise.mean() <= 0.10


def drawn_shares(world: World, technology: str, period: str) -> pd.Series:
    """Share of the technology's posts of a period by category, as that world has drawn them."""
    expected = pooled_posts(world.market, technology, period) * world.posts_per_month
    posts = stream(world.seed, period[:7], f"{technology} by category").poisson(expected)
    return pd.Series(posts / posts.sum(), world.market.vocabulary.categories)


def often(found: Iterable[bool]) -> bool:
    return sum(found) >= OFTEN


def test_ai_spreads_from_two_categories_to_others(worlds: list[World]) -> None:
    pairs = [[drawn_shares(world, "ai", period) for period in (EARLY, LATE)] for world in worlds]
    assert often(0.70 < early[[DATA_SCIENCE, WEB]].sum() < 0.75 for early, _ in pairs)
    assert often(abs(late[[DATA_SCIENCE, WEB]].sum() - 0.55) < 0.025 for _, late in pairs)
    assert often(abs(early["Translation"] - 0.01) < 0.005 for early, _ in pairs)
    assert often(0.07 < late["Translation"] < 0.12 for _, late in pairs)


def test_cloud_and_rpa_stay_in_one_or_two_categories(worlds: list[World]) -> None:
    shares = {
        (name, period): [drawn_shares(world, name, period) for world in worlds]
        for name in ("cloud", "rpa")
        for period in (EARLY, LATE)
    }
    for period in (EARLY, LATE):
        assert often(0.80 < share[[IT, WEB]].sum() < 0.85 for share in shares["cloud", period])
        assert often(share.nlargest(2).index.tolist() == [WEB, DATA_SCIENCE] for share in shares["rpa", period])
    pairs = list(zip(shares["rpa", EARLY], shares["rpa", LATE], strict=True))
    assert often(0.69 < early[WEB] < 0.74 for early, _ in pairs)
    assert often(late[WEB] > early[WEB] for early, late in pairs)


def test_most_ai_contracts_are_above_1000_usd(worlds: list[World]) -> None:
    found = [drawn_high_values(world) for world in worlds]
    assert often(abs(all_posts - 0.58) < 0.025 for all_posts, _ in found)
    assert often(abs(translation - 0.86) < 0.025 for _, translation in found)


def drawn_high_values(world: World) -> tuple[float, float]:
    """Share of high values among the AI contracts of 2022-23, all and of Translation."""
    market, rng = world.market, stream(world.seed, "2022-01", "high values")
    expected = pooled_posts(market, "ai", LATE) * world.posts_per_month * market.planted.contracts.hired
    values = [market.planted.values[name].ai_high_value_share for name in market.vocabulary.categories]
    contracts = rng.poisson(expected)
    high = rng.binomial(contracts, values)
    translation = market.vocabulary.categories.index("Translation")
    return high.sum() / contracts.sum(), high[translation] / contracts[translation]


def test_ten_skills_have_thirty_us_posts_each(worlds: list[World]) -> None:
    assert often(np.sort(drawn_skill_posts(world))[-10] >= 30 for world in worlds)


def drawn_skill_posts(world: World) -> np.ndarray:
    """US ai posts of November 2025 by planted skill."""
    market, rng = world.market, stream(world.seed, NOVEMBER, "posts by skill")
    category = np.repeat(np.arange(len(market.vocabulary.categories)), rng.poisson(us_ai_posts(world, market)))
    weight = skill_weights(market, "ai", NOVEMBER)[category]
    with np.errstate(divide="ignore"):
        ranked = np.argsort(-np.log(weight) - rng.gumbel(size=weight.shape), axis=1)[:, :MOST_TECHNOLOGY_SKILLS]
    given = np.arange(MOST_TECHNOLOGY_SKILLS) < rng.integers(2, MOST_TECHNOLOGY_SKILLS + 1, len(ranked))[:, None]
    return np.bincount(ranked[given], minlength=weight.shape[1])


def us_ai_posts(world: World, market: Market) -> np.ndarray:
    """Expected US ai posts of November 2025 by category."""
    posts = expected_posts(market, world.seed, NOVEMBER, world.posts_per_month) * us_share(market)
    return np.bincount(market.vocabulary.category_of, posts * market.technology_chances("ai", NOVEMBER))


def test_searches_for_agents_grow_nearly_fourfold_in_six_months(worlds: list[World]) -> None:
    assert often(
        2.7 <= agent_searches(world, NOVEMBER) / agent_searches(world, "2025-05") - 1 <= 3.0 for world in worlds
    )


def agent_searches(world: World, month: str) -> int:
    """Searches of a month for AI-agent talent, as the next month's file has them."""
    following = talent_searches(world, str(pd.Period(month) + 1))
    assert following is not None
    rows = following.to_pandas()
    is_of_month = rows["search_month"].astype(str).str.startswith(month)
    return int(
        rows[is_of_month & rows["term"].isin(world.market.planted.searches.series["ai_agents"].terms)].sum(
            numeric_only=True
        )["search_count"]
    )


def test_the_worker_study_says_what_was_published(worlds: list[World]) -> None:
    found = pd.DataFrame([study_findings(world) for world in worlds])
    assert often((found["c_suite_saw_gains"] - 0.77).abs() < 0.025)
    assert often(found["freelancers_positive"].between(0.86, 0.90))
    assert often((found["top_group_burned_out"] - 0.88).abs() < 0.05)
    assert often(found["quitting_ratio"].between(1.6, 2.5))


def study_findings(world: World) -> dict[str, float]:
    """Four findings of the worker study as plain shares of those who answered."""
    respondents, answers = (table(world, STUDY_WAVE) for table in (study_respondents, study_answers))
    assert respondents is not None
    assert answers is not None
    wide = answers.to_pandas().drop_duplicates(["respondent_id", "question_id"])
    people = wide.pivot(index="respondent_id", columns="question_id", values="answer")
    group = respondents.to_pandas().set_index("respondent_id")["respondent_group"].reindex(people.index)
    full_time, gain = people[group == "full_time"], people["ai_productivity_gain"].astype(float)
    top, peers = (full_time[gain.reindex(full_time.index).pipe(side)] for side in (lambda x: x >= 50, lambda x: x < 50))
    quitting = [_share(part["considers_quitting"], ["Yes"]) for part in (top, peers)]
    return {
        "c_suite_saw_gains": _share(people.loc[group == "c_suite", "ai_gain_seen"], ["Yes"]),
        "freelancers_positive": _share(
            people.loc[group == "freelance", "career_effect"], ["Very positive", "Positive"]
        ),
        "top_group_burned_out": _share(top["burnout"], ["Very", "Somewhat"]),
        "quitting_ratio": quitting[0] / quitting[1],
    }


def _share(answers: pd.Series, words: list[str]) -> float:
    return float(answers.dropna().isin(words).mean())
