"""Do probabilities mean what they say? Reliability by bin and the expected calibration error."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

Array = npt.NDArray[Any]
BINS = 10


def reliability(truth: Array, probability: Array, bins: int = BINS) -> pd.DataFrame:
    """A row for every bin of equal width that holds posts.

    Returns low, high (ends of the bin), posts, mean_probability, observed_share (share of true posts), observed_low and
    observed_high (95 %, Wilson).
    """
    frame = pd.DataFrame({"bin": _bin_of(probability, bins), "truth": truth, "probability": probability})
    rows = []
    for number, part in frame.groupby("bin"):
        low, high = proportion_confint(part["truth"].sum(), len(part), method="wilson")
        rows.append(
            {
                "low": int(str(number)) / bins,
                "high": (int(str(number)) + 1) / bins,
                "posts": len(part),
                "mean_probability": round(float(part["probability"].mean()), 4),
                "observed_share": round(float(part["truth"].mean()), 4),
                "observed_low": round(float(low), 4),
                "observed_high": round(float(high), 4),
            }
        )
    return pd.DataFrame(rows)


def expected_calibration_error(truth: Array, probability: Array) -> float:
    """Mean distance between probability and observed share over the bins, by posts (Naeini et al. 2015).

    NaN without posts. Chance alone keeps it above 0, the more so the fewer posts there are.
    """
    if len(truth) == 0:
        return float("nan")
    gaps = np.bincount(_bin_of(probability, BINS), np.asarray(truth, dtype=float) - probability, minlength=BINS)
    return float(np.abs(gaps).sum() / len(truth))


def _bin_of(probability: Array, bins: int) -> Array:
    return np.minimum((np.asarray(probability) * bins).astype(int), bins - 1)
