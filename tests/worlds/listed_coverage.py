"""Twenty published statistics: how often their 95 % intervals hold a planted truth, over worlds drawn as counts.

`make coverage` (WORLDS=1000, SEED=2025) prints the list; exit code 1 where one lies outside its limits: 92.5 to 97.5 %,
for bounds of all ranks at once at least 92.5 %.
"""

import argparse
import sys
from collections.abc import Callable

import pandas as pd

from tests.worlds import contract_worlds, coverage_table, growth_table, spread_worlds, survey_worlds

LEAST, MOST = 0.925, 0.975
Covered = dict[str, float]


def shares(worlds: int, seed: int) -> Covered:
    """J1, J7, J13, J18 with the classifier's errors corrected, from a year's audit sample."""
    found = coverage_table.coverage(coverage_table.YEAR, worlds, seed).set_index("statistic")["covered"]
    return {
        "J1 composition share, a large category": found["composition 1"],
        "J1 composition share, a small category": found["composition 3"],
        "J1 penetration of a technology": found["penetration"],
        "J7 high-value share of classified posts": found["high-value share"],
        "J13 share of a skill among AI posts": found["ai_share of a skill"],
        "J18 recall of the keyword step": found["keyword recall"],
    }


def spread(worlds: int, seed: int) -> Covered:
    """J2, J4, J5, J9 of a technology that spreads over the categories."""
    found = spread_worlds.coverage(spread_worlds.SPREADING_WORLDS, worlds, seed).set_index("number")["covered"]
    return {
        "J2 difference of a category's two shares": found["difference of seventh"],
        "J4 ratio of a category's two shares": found["ratio of seventh"],
        "J5 Herfindahl index": found["herfindahl"],
        "J5 effective number of categories": found["effective_categories"],
        "J5 share of the two largest categories": found["top_two_share"],
        RANKS: found["ranks, all at once"],
    }


def growth(worlds: int, seed: int) -> Covered:
    """J12 after 36 and 71 months of history."""
    return {
        f"J12 adjusted growth after {months} months": growth_table.coverage(worlds, months, seed)["covered"]
        for months in (36, 71)
    }


def contracts_and_searches(worlds: int, seed: int) -> Covered:
    """J7 and J14."""
    values = contract_worlds.high_value_limits(0.58, 300, 2.0, worlds, seed)
    searches = contract_worlds.search_growth_limits("bursts", 1500, worlds, seed)
    return {
        "J7 high-value share of contracts": contract_worlds.covered(values, 0.58),
        "J14 growth of searches over six months": contract_worlds.covered(searches, contract_worlds.SEARCH_GROWTH_PCT),
    }


def surveys(worlds: int, seed: int) -> Covered:
    """V1, V2, V5, V6 where answers heap on round numbers."""
    found = survey_worlds.coverage(worlds, seed)
    return {
        "V1 share of the top group": found["top group"],
        "V2 mean gain, winsorised": found["mean"],
        "V5 share within the top group": found["share of the top group"],
        "V6 risk ratio": found["risk ratio"],
    }


RANKS = "J9 ranks of the categories, all at once"
ONLY_A_LEAST_SHARE = {RANKS}
FAMILIES: list[Callable[[int, int], Covered]] = [shares, spread, growth, contracts_and_searches, surveys]


def listed(worlds: int, seed: int) -> pd.DataFrame:
    """A row a statistic: covered (share of the worlds), least, most, is_inside."""
    covered: Covered = {}
    for family in FAMILIES:
        covered |= family(worlds, seed)
    table = pd.DataFrame({"statistic": covered.keys(), "covered": covered.values(), "least": LEAST})
    table["most"] = [1.0 if name in ONLY_A_LEAST_SHARE else MOST for name in covered]
    return table.assign(is_inside=table["covered"].between(table["least"], table["most"]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2025)
    given = parser.parse_args()
    table = listed(given.worlds, given.seed)
    print(table.round(4).to_string(index=False))
    sys.exit(0 if table["is_inside"].all() else 1)
