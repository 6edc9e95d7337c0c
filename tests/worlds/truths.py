"""The headline truths of one world: what its tables imply for the figures that a report prints, by arithmetic alone."""

import numpy as np

from dagster_project.simulation.market.market import Market, expected_posts, pooled_posts
from dagster_project.simulation.market.posts import World, make_world
from dagster_project.simulation.tables.searches import search_level
from dagster_project.simulation.worlds.planted import load_world

EARLY, LATE = "2020-01..2021-12", "2022-01..2023-12"
YEAR_2022, YEAR_2023 = "2022-01..2022-12", "2023-01..2023-12"
DATA_SCIENCE, WEB, IT = "Data Science & Analytics", "Web, Mobile & Software Dev", "IT & Networking"
TECHNICAL = (DATA_SCIENCE, WEB, IT, "Engineering & Architecture")
NOVEMBER, OCTOBER, MAY = "2025-11", "2025-10", "2025-05"
WINSORISED = 0.01
MODEL_BUILDING = 0.155
"""What the weights of gen-AI skills in data science come to; drawn, not summed: texts have a part in it."""


def headline_truths(seed: int, posts_per_month: int, world: str) -> dict[str, float]:
    """Truth by statistic: shares and ratios as fractions, growth and gains in percent, differences in points."""
    planted = make_world(seed, posts_per_month, load_world(world, seed))
    return _post_truths(planted.market) | _monthly_truths(planted) | _survey_truths(planted.market)


def _post_truths(market: Market) -> dict[str, float]:
    early, late = (composition_share(market, "ai", period, (DATA_SCIENCE, WEB)) for period in (EARLY, LATE))
    return {
        "J2 Data Science and Web, 2020-21": early,
        "J2 Data Science and Web, 2022-23": late,
        "J2 difference in points": 100 * (late - early),
        "J4 Translation, 2020-21": composition_share(market, "ai", EARLY, ("Translation",)),
        "J4 Translation, 2022-23": composition_share(market, "ai", LATE, ("Translation",)),
        "J6 growth of non-technical AI posts, 2023": _non_technical_growth(market),
        "J7 AI contracts above 1,000 USD": _high_value_share(market),
        "J7 in Translation": market.planted.values["Translation"].ai_high_value_share,
        "J8 cloud in IT and Web, 2022-23": composition_share(market, "cloud", LATE, (IT, WEB)),
        "J9 RPA in Web, 2020-21": composition_share(market, "rpa", EARLY, (WEB,)),
        "J9 RPA in Web, 2022-23": composition_share(market, "rpa", LATE, (WEB,)),
        "J11 gen-AI posts that build models": MODEL_BUILDING,
    }


def composition_share(market: Market, technology: str, period: str, categories: tuple[str, ...]) -> float:
    """Share of the technology's posts of 'YYYY-MM..YYYY-MM' that the categories hold."""
    posts = pooled_posts(market, technology, period)
    inside = np.isin(market.vocabulary.categories, categories)
    return float(posts[inside].sum() / posts.sum())


def _non_technical_growth(market: Market) -> float:
    outside = ~np.isin(market.vocabulary.categories, TECHNICAL)
    base, current = (pooled_posts(market, "ai", period)[outside].sum() for period in (YEAR_2022, YEAR_2023))
    return float(100 * (current / base - 1))


def _high_value_share(market: Market) -> float:
    posts = pooled_posts(market, "ai", LATE)
    shares = [market.planted.values[name].ai_high_value_share for name in market.vocabulary.categories]
    return float(posts @ shares / posts.sum())


def _monthly_truths(world: World) -> dict[str, float]:
    return {
        "J12 growth of QA testing": sub_category_growth(world, "QA testing", NOVEMBER),
        "J12 growth of language tutoring": sub_category_growth(world, "Language tutoring and interpretation", NOVEMBER),
        "J14 growth of AI-agent searches": _search_growth(world.market),
    }


def sub_category_growth(world: World, name: str, month: str, base: str = OCTOBER) -> float:
    """Growth in percent of the rate at which its posts arrive, with the world's own season and disturbances."""
    row = next(row for row in world.market.planted.sub_categories if row.name == name)
    rows = np.isin(world.market.vocabulary.occupations, row.occupations)
    rates = [expected_posts(world.market, world.seed, m, world.posts_per_month)[rows].sum() for m in (month, base)]
    return float(100 * (rates[0] / rates[1] - 1))


def _search_growth(market: Market) -> float:
    series = market.planted.searches.series["ai_agents"]
    return 100 * (search_level(series, NOVEMBER) / search_level(series, MAY) - 1)


def _survey_truths(market: Market) -> dict[str, float]:
    study, pulse = market.planted.study, market.planted.pulse.answers
    burnout = study.answers["burnout/v1"]["full_time_top_quartile"]
    quitting, career = study.answers["considers_quitting/v1"], study.answers["career_effect/v1"]["freelance_ai_users"]
    top, peers = (quitting[name]["Yes"] for name in ("full_time_top_quartile", "full_time_peers"))
    return {
        "V2 mean gain": _winsorised_mean(study.gain),
        "V5 burned out": burnout["Very"] + burnout["Somewhat"],
        "V6 risk ratio of quitting": top / peers,
        "V8 freelancers: positive effect": career["Very positive"] + career["Positive"],
        "V11 value digital fluency": pulse["digital_fluency_value/v1"]["Yes"],
    }


def _winsorised_mean(gain: dict[int, float]) -> float:
    values, shares = np.array(list(gain), float), np.cumsum(list(gain.values()))
    low, high = (values[np.searchsorted(shares, level)] for level in (WINSORISED, 1 - WINSORISED))
    return float(np.clip(values, low, high) @ np.diff(shares, prepend=0) / shares[-1])
