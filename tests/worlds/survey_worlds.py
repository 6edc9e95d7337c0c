"""Samples of employees whose gains heap on round numbers, with known truths, and how often intervals hold them."""

import numpy as np
import pandas as pd

from dagster_project.statistics.survey.answers import number_estimates, top_group
from dagster_project.statistics.survey.replicated_shares import replicated_share, risk_ratio_interval, share_interval
from dagster_project.statistics.survey.wave import weighted_quantile
from dagster_project.statistics.survey.weighting import wave_weights

PEOPLE, REPLICATES = 400, 200
GAINS, CHANCES = np.array([0.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0]), [0.06, 0.2, 0.19, 0.2, 0.23, 0.06, 0.06]
IN_TOP, IN_PEERS = 0.6, 0.3
TRUTHS = {
    "share": IN_TOP * 0.35 + IN_PEERS * 0.65,
    "mean": float(GAINS @ CHANCES),
    "top group": 0.35,
    "share of the top group": IN_TOP,
    "risk ratio": IN_TOP / IN_PEERS,
}


def coverage(worlds: int, seed: int) -> dict[str, float]:
    """Share of the samples whose interval holds the truth; one set of replicates, since people come in random order."""
    empty = dict.fromkeys(("weight", *(f"{v}_population_share" for v in ("country", "generation", "gender"))), np.nan)
    people = pd.DataFrame({"respondent_group": ["full_time"] * PEOPLE, **empty})
    weights, rng = wave_weights(people, REPLICATES).matrix, np.random.default_rng(seed)
    held = [_held(weights, rng) for _ in range(worlds)]
    return {name: float(np.mean([sample[name] for sample in held])) for name in TRUTHS}


def _held(weights: np.ndarray, rng: np.random.Generator) -> dict[str, bool]:
    gains = rng.choice(GAINS, PEOPLE, p=CHANCES)
    everyone = np.ones(PEOPLE, bool)
    is_yes = rng.random(PEOPLE) < np.where(gains >= 50, IN_TOP, IN_PEERS)
    is_top = gains >= weighted_quantile(gains, weights, 0.75)[:, None]
    top = replicated_share(weights * is_top, everyone, is_yes)
    peers = replicated_share(weights * ~is_top, everyone, is_yes)
    intervals = {
        "share": share_interval(replicated_share(weights, everyone, is_yes)),
        "mean": number_estimates(gains, weights)["winsorised_mean"][0],
        "top group": share_interval(top_group(gains, weights)),
        "share of the top group": share_interval(top),
        "risk ratio": risk_ratio_interval(top, peers),
    }
    return {name: low <= TRUTHS[name] <= high for name, (_, low, high) in intervals.items()}
