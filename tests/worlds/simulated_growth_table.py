"""False rises and power over worlds of the simulated marketplace: `python -m tests.worlds.simulated_growth_table`.

The counts come from `dagster_project/simulation`, the verdicts from `dagster_project/statistics`, which share no code.
"""

import argparse
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from dagster_project.simulation.market.market import market_size
from dagster_project.simulation.market.months import previous_month
from dagster_project.simulation.market.posts import make_world
from dagster_project.simulation.worlds.planted import load_world
from dagster_project.statistics.growth.adjusted import SEASONAL_FROM, growth_rows
from tests.worlds.counted_worlds import LAST_MONTH, SEEDS, counted_world
from tests.worlds.truths import sub_category_growth

RISES = ("rose", "surged")
OCCUPATIONS = pd.read_csv(SEEDS / "occupations.csv").set_index("occupation")["sub_category_id"]
LEAST_CHANGE_PCT = 1e-6
BANDS = ((15, 25), (25, 40), (40, 61))


def judged_months(world: str, seed: int, posts_per_month: int, level: str = "sub_category") -> pd.DataFrame:
    """The rows of a level of a world from the 37th month on, with true growth and season in percent, and its seed."""
    rows = _judged(world, seed, posts_per_month)
    return rows[rows["level"] == level].assign(seed=seed)


@cache
def _judged(world: str, seed: int, posts_per_month: int) -> pd.DataFrame:
    drawn = counted_world(seed, posts_per_month, world)
    rows = growth_rows(drawn.panel)
    rows["true_pct"] = 100 * np.expm1(drawn.change.ravel())
    rows["true_season_pct"] = 100 * np.expm1(drawn.season.ravel())
    return rows[rows["posted_month"] >= drawn.panel.months[SEASONAL_FROM]]


def rises(rows: pd.DataFrame) -> dict[str, float]:
    """Shares over worlds and months: with any rise, of false ones among the named; power by size of the true rise."""
    is_rise, true = rows["verdict"].isin(RISES), rows["true_pct"]
    months = [rows["seed"], rows["posted_month"]]
    false = (is_rise & (true <= LEAST_CHANGE_PCT)).groupby(months).sum()
    found = is_rise.groupby(months).sum()
    tested = rows["is_in_family"].astype(bool)
    power = {f"found_{low}_{high}": is_rise[tested & true.between(low, high)].mean() for low, high in BANDS}
    return {
        "months": len(found),
        "series_tested": tested.groupby(months).sum().mean(),
        "any_rose": (found > 0).mean(),
        "false_share": (false / found.clip(lower=1)).mean(),
        "false_of_all_named": false.sum() / max(found.sum(), 1),
        **power,
    }


def season_errors(rows: pd.DataFrame) -> dict[str, float]:
    """Root mean square error of a month's seasonal change in points, and the share of intervals that hold the truth."""
    error = (rows["expected_season_pct"] - rows["true_season_pct"]).astype(float)
    truth = rows["true_pct"]
    held = (rows["adjusted_growth_pct_low"] <= truth) & (truth <= rows["adjusted_growth_pct_high"])
    return {
        "median_posts": float(rows["post_count"].median()),
        "season_rms_error": float(np.sqrt((error**2).mean())),
        "covered": float(held.mean()),
        "mean_width": float((rows["adjusted_growth_pct_high"] - rows["adjusted_growth_pct_low"]).mean()),
    }


def headline_growth(world: str, seed: int, posts_per_month: int) -> pd.DataFrame:
    """Planted series of November 2025: base posts over their dispersion, and whether the intervals hold the truth.

    raw: of the rate at which posts arrive in that world; adjusted: of the planted change and the market's growth.
    """
    drawn = counted_world(seed, posts_per_month, world)
    marketplace = make_world(seed, posts_per_month, load_world(world, seed))
    last = growth_rows(drawn.panel).groupby("series_id", sort=False).tail(1).set_index("series_id")
    sizes = [market_size(marketplace.market.planted, month) for month in (previous_month(LAST_MONTH), LAST_MONTH)]
    trend = np.log(sizes[1] / sizes[0])
    adjusted = pd.Series(100 * np.expm1(drawn.change[:, -1] + trend), drawn.panel.series["series_id"])
    base_dispersion = pd.Series(drawn.panel.dispersion[:, -2], drawn.panel.series["series_id"])
    rows = []
    for planted in marketplace.market.planted.sub_categories:
        series = OCCUPATIONS[planted.occupations[0]]
        row, raw = last.loc[series], sub_category_growth(marketplace, planted.name, LAST_MONTH)
        rows.append(
            {
                "series": series,
                "base_over_dispersion": row["base_post_count"] / base_dispersion[series],
                "raw_inside": row["raw_growth_pct_low"] <= raw <= row["raw_growth_pct_high"],
                "adjusted_inside": row["adjusted_growth_pct_low"]
                <= adjusted[series]
                <= row["adjusted_growth_pct_high"],
                "verdict": row["verdict"],
            }
        )
    return pd.DataFrame(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20, help="worlds of each kind")
    parser.add_argument("--posts", type=int, nargs="+", default=[20_000, 100_000], help="sizes, posts a month")
    parser.add_argument("--headline", action="store_true", help="only the planted series of November 2025")
    arguments = parser.parse_args()
    if arguments.headline:
        worlds = [headline_growth("drawn", seed, arguments.posts[-1]) for seed in range(1, arguments.seeds + 1)]
        by_series = pd.concat(worlds).groupby("series", sort=False)
        shares = by_series[["raw_inside", "adjusted_inside"]].mean()
        found = by_series["verdict"].agg(lambda verdicts: verdicts.isin(RISES).mean())
        least = by_series["base_over_dispersion"].min()
        print(shares.assign(found=found, least_base_over_dispersion=least).round(3).to_string())
        return
    for posts in arguments.posts:
        for world, level in product(("null", "mixed"), ("sub_category", "category")):
            rows = pd.concat([judged_months(world, seed, posts, level) for seed in range(1, arguments.seeds + 1)])
            figures = rises(rows) | season_errors(rows)
            print(world, posts, level, {name: round(float(value), 4) for name, value in figures.items()}, flush=True)


if __name__ == "__main__":
    main()
