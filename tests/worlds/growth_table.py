"""What the verdicts and intervals of adjusted growth are worth over sample markets.

`python -m tests.worlds.growth_table` prints the tables of docs/growth.md.
"""

import numpy as np
import pandas as pd

from dagster_project.statistics.growth.adjusted import (
    SEASONAL_FROM,
    calendar_growth,
    growth_rows,
    projection_of,
    seasonal_growth,
)
from tests.worlds.growth_worlds import Design, Market, draw_market

RISES = ("rose", "surged")
FIRST_TESTED = SEASONAL_FROM
NULL_DESIGNS = {
    "usual": Design(),
    "counting alone": Design(disturbance=0, market_disturbance=0, drift=0),
    "strong persistent disturbances": Design(disturbance=0.06, persistence=0.7),
    "strong season": Design(season=0.10, own_season=0.10),
    "season that drifts fast": Design(drift=0.03),
    "small series": Design(smallest=110, largest=300),
    "calm large series": Design(smallest=2000, largest=20000, disturbance=0.02),
}


def null_months(design: Design, worlds: int, seed: int, first: int = FIRST_TESTED) -> dict[str, float]:
    """Share of months with any rise, its standard error clustered by world, and the shares of false words."""
    rows = _rows(draw_market(design, worlds, np.random.default_rng(seed)), first)
    is_rise = rows["verdict"].isin(RISES)
    by_month = is_rise.groupby([rows["population"], rows["posted_month"]]).any()
    by_world = by_month.groupby(level=0).mean()
    return {
        "any_rose": by_world.mean(),
        "standard_error": by_world.std(ddof=1) / np.sqrt(worlds),
        "any_fell": (rows["verdict"] == "fell").groupby([rows["population"], rows["posted_month"]]).any().mean(),
        "false_steady": (rows["trend"] == "steady").mean(),
        "false_continued": (rows["trend"] == "continued").mean(),
        "season_rms_error": np.sqrt(((rows["expected_season_pct"] - rows["true_season_pct"]) ** 2).mean()),
    }


def mixed_months(design: Design, worlds: int, seed: int, moving: float = 0.10) -> dict[str, float]:
    """Mean share of false rises, its standard error by world, and power by size of the true rise.

    A tenth of the series move in each tested month: half of them rise by 15 to 60 %, half fall by 10 to 30 %, for good.
    """
    rng = np.random.default_rng(seed)
    shape = (worlds * design.series, design.months)
    sizes = np.where(rng.random(shape) < 0.5, rng.uniform(0.15, 0.60, shape), rng.uniform(-0.30, -0.10, shape))
    is_moving = (rng.random(shape) < moving) & (np.arange(design.months) >= FIRST_TESTED - 12)
    market = draw_market(design, worlds, rng, np.where(is_moving, np.log1p(sizes), 0.0))
    rows = _rows(market, FIRST_TESTED)
    is_rise = rows["verdict"].isin(RISES)
    false = (is_rise & (rows["true_pct"] <= 0)).groupby([rows["population"], rows["posted_month"]]).sum()
    found = is_rise.groupby([rows["population"], rows["posted_month"]]).sum()
    by_world = (false / found.clip(lower=1)).groupby(level=0).mean()
    true = rows["true_pct"]
    return {
        "false_share": by_world.mean(),
        "standard_error": by_world.std(ddof=1) / np.sqrt(worlds),
        "power_15_25": is_rise[true.between(15, 25)].mean(),
        "power_25_40": is_rise[true.between(25, 40)].mean(),
        "power_40_60": is_rise[true.between(40, 60)].mean(),
    }


def coverage(worlds: int, history: int, seed: int, design: Design | None = None, chunk: int = 50) -> dict[str, float]:
    """Share of 95 % intervals that hold the true growth of the month after `history` months, one month a world."""
    design = design or Design(series=8, months=history + 1)
    rng = np.random.default_rng(seed)
    held, below = [], []
    for _ in range(worlds // chunk):
        change = np.zeros((chunk * design.series, design.months))
        change[:, -1] = np.log1p(rng.uniform(-0.3, 0.5, len(change)))
        market = draw_market(design, chunk, rng, change)
        panel = market.panel
        growth = seasonal_growth(panel, projection_of(panel)) if history >= SEASONAL_FROM else calendar_growth(panel)
        _, low, high = (values[market.is_drawn, -1] for values in growth.percent())
        truth = 100 * np.expm1(change[:, -1] + design.trend)
        held.append((low <= truth) & (truth <= high))
        below.append(truth < low)
    return {"covered": float(np.mean(held)), "truth_below": float(np.mean(below)), "worlds": worlds}


def _rows(market: Market, first: int) -> pd.DataFrame:
    """Tested months of the estimates with the true growth in percent beside."""
    rows = growth_rows(market.panel)
    rows = rows[rows["level"] != "total"]
    rows["true_pct"] = 100 * np.expm1(market.change.ravel())
    rows["true_season_pct"] = 100 * np.expm1(np.diff(market.season, prepend=np.nan).ravel())
    return rows[rows["posted_month"] >= market.panel.months[first]]


if __name__ == "__main__":
    null = {name: null_months(design, 60, 1) for name, design in NULL_DESIGNS.items()}
    null["usual, 12 to 35 months of history"] = null_months(Design(months=36), 60, 2, first=12)
    print("Nothing changes", pd.DataFrame(null).T.round(4).to_string(), sep="\n", flush=True)
    mixed = {name: mixed_months(NULL_DESIGNS[name], 60, 3) for name in ("usual", "small series", "calm large series")}
    print("A tenth of the series move", pd.DataFrame(mixed).T.round(3).to_string(), sep="\n", flush=True)
    covered = {f"{history} months before": coverage(1000, history, 4) for history in (14, 36, 48, 71)}
    print("Intervals", pd.DataFrame(covered).T.round(4).to_string(), sep="\n")
