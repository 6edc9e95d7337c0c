"""False discovery control over a list of growths (Benjamini and Hochberg 1995)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.multitest import multipletests


def one_sided_q_values(p_values: ArrayLike, largest_p: float = 1.0) -> NDArray[np.float64]:
    """Benjamini-Hochberg adjusted p-values; a p-value above `largest_p` counts as 1 and is never a discovery.

    Raising p-values can only make discoveries fewer, and the step-up stays self-consistent, so the rate still holds.
    No p-values give an empty array.
    """
    values = np.asarray(p_values, float)
    if values.size == 0:
        return values
    return np.asarray(multipletests(np.where(values > largest_p, 1.0, values), method="fdr_bh")[1])
