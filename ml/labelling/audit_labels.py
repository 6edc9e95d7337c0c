"""The accepted audit labels of a month as the contract's table `audit_labels`: a row a post and technology.

Posts that were drawn and are not labelled yet would make the others count too little. Readers get the posts in random
order, so that within a stratum those labelled are a random part of those drawn: their probabilities are multiplied by
the stratum's response rate, weighted (response homogeneity groups; Särndal, Swensson, Wretman 1992, 15.6).
"""

import pandas as pd

from ml.features.keywords import TECHNOLOGIES

COLUMNS = [
    "post_id",
    "posted_month",
    "technology",
    "is_positive",
    "is_unsure",
    "inclusion_probability",
    "stratum",
    "guide_version",
    "labelled_on",
    "labeller",
]


def audit_labels(drawn: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS for every labelled post of a month's sample, ordered by post_id and technology.

    drawn: the audit rows of the key of the month's latest queue; settled: of `passes.settled`. labelled_on is
    the day of the sample's last label in every row, because a label more changes the probabilities of the others.
    """
    rates = response(drawn, settled).set_index("stratum")["response_rate"]
    sample = drawn.merge(settled, on="post_id", validate="1:1")
    sample["inclusion_probability"] = (sample["inclusion_probability"] * sample["stratum"].map(rates)).round(9)
    sample["labelled_on"] = sample["labelled_on"].max()
    rows = [
        sample.assign(
            technology=technology,
            is_positive=sample[technology].eq(1),
            is_unsure=sample[f"unsure_{technology}"].eq(1),
        )[COLUMNS]
        for technology in TECHNOLOGIES
    ]
    return pd.concat(rows).sort_values(["post_id", "technology"], ignore_index=True)


def response(drawn: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """How much of each stratum is labelled: stratum, drawn_posts, labelled_posts, response_rate (in weights 1/pi)."""
    weight = 1 / drawn["inclusion_probability"]
    is_labelled = drawn["post_id"].isin(settled["post_id"])
    table = pd.DataFrame({
        "stratum": drawn["stratum"],
        "drawn_posts": 1,
        "labelled_posts": is_labelled.astype(int),
        "drawn_weight": weight,
        "labelled_weight": weight.where(is_labelled, 0.0),
    })  # fmt: skip
    sums = table.groupby("stratum", as_index=False).sum()
    return sums.assign(response_rate=sums["labelled_weight"] / sums["drawn_weight"])[
        ["stratum", "drawn_posts", "labelled_posts", "response_rate"]
    ]
