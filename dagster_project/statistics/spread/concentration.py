"""How concentrated a technology's posts are on few categories."""

import numpy as np

from dagster_project.statistics.core.replicates import (
    Estimate,
    Floats,
    ReplicateCounts,
    positive_interval,
    share_interval,
)


def herfindahl(shares: Floats) -> Floats:
    """Sum of squared shares: the chance that two posts drawn at random lie in one category (Herfindahl 1950)."""
    return np.asarray((shares**2).sum(axis=-1))


def effective_categories(shares: Floats) -> Floats:
    """exp(Shannon entropy): the number of equally large categories that are as dispersed (Hill 1973, order 1)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(shares == 0, 0.0, shares * np.log(shares))
    return np.exp(-terms.sum(axis=-1))


def top_share(shares: Floats, places: int) -> Floats:
    """Sum of the `places` largest shares."""
    return np.asarray(np.sort(shares, axis=-1)[..., -places:].sum(axis=-1))


def concentration(counts: ReplicateCounts) -> dict[str, Estimate]:
    """Herfindahl index, effective number of categories, top-1 and top-2 share, each with its 95 % interval.

    Small samples look too concentrated, with about (1 - H)/n for the index and a factor exp(-(k - 1)/2n) for the
    effective number of k categories (Miller 1955), so both are reduced by the jackknife estimate of their bias. The
    top shares are the plain ones; their bias is small unless the leaders tie.
    """
    categories = counts.counts.shape[-2]
    return {
        "herfindahl": positive_interval(counts.measured(herfindahl), 1 / categories, 1.0),
        "effective_categories": positive_interval(counts.measured(effective_categories), 1.0, float(categories)),
        "top_share": share_interval(counts.measured(lambda shares: top_share(shares, 1))),
        "top_two_share": share_interval(counts.measured(lambda shares: top_share(shares, 2))),
    }
