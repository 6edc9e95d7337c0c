"""What a model learnt from, counted for its card: by split, stratum, source, guide version; agreement of passes."""

from typing import Any

import pandas as pd

from ml.labels.labelled_posts import kappa

SHIPPED = "shipped"


def label_counts(labels: pd.DataFrame, technology: str) -> dict[str, Any]:
    """Counts of the labelled posts of `ml.labels.labelled_posts.load_labels` (or with more rows of the same columns).

    Returns train, train_positives, train_unsure, held_out, frozen, frozen_positives, guide_versions {version: posts},
    sources {source: posts}, strata {stratum: {train, train_positives, frozen}} and second_pass (n, agreement_share,
    kappa; None without one). The column `source` may be absent: all posts are then those shipped.
    """
    train, frozen = labels[~labels["is_held_out"]], labels[labels["is_frozen"]]
    source = labels["source"].fillna(SHIPPED) if "source" in labels else pd.Series(SHIPPED, labels.index)
    return {
        "train": len(train),
        "train_positives": int(train[technology].sum()),
        "train_unsure": int(train[f"unsure_{technology}"].sum()),
        "held_out": int(labels["is_held_out"].sum()),
        "frozen": len(frozen),
        "frozen_positives": int(frozen[technology].sum()),
        "guide_versions": _counts(labels["guide_version"]),
        "sources": _counts(source),
        "strata": _strata(labels, technology),
        "second_pass": _agreement(labels, technology),
    }


def _counts(values: "pd.Series[str]") -> dict[str, int]:
    return {str(name): int(count) for name, count in values.value_counts().sort_index().items()}


def _strata(labels: pd.DataFrame, technology: str) -> dict[str, dict[str, int]]:
    return {
        str(stratum): {
            "train": int((~part["is_held_out"]).sum()),
            "train_positives": int(part.loc[~part["is_held_out"], technology].sum()),
            "frozen": int(part["is_frozen"].sum()),
        }
        for stratum, part in labels.groupby("stratum")
    }


def _agreement(labels: pd.DataFrame, technology: str) -> dict[str, Any] | None:
    both = labels[labels[f"{technology}_second"].notna()]
    if both.empty:
        return None
    scores = kappa(both.astype({f"{technology}_second": int}), technology)
    return {"n": scores["n"], **{key: round(scores[key], 4) for key in ("agreement_share", "kappa")}}
