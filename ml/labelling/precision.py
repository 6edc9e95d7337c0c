"""How precise a corrected share is for a number of audited posts: the table of docs/labelling.md, printed by
`python -m ml.labelling.precision`.

The variance of the difference estimator under Poisson sampling is the sum of (1 / pi - 1) (y - f)**2 over the posts
(Särndal, Swensson, Wretman 1992, 3.5). Before any label is made, the expected error shares of the design stand in for
(y - f)**2, all of them counted as errors of the one technology: the width is rather too large than too small.
"""

from itertools import product

import pandas as pd

from ml.cards.markdown import table
from ml.labelling.design import allocation, expected_error_share

EXAMPLE_MONTHS: dict[str, dict[str, int]] = {
    "1,500 posts, 3 % AI": {
        "ai near one half": 5,
        "ai accepted": 50,
        "ai refused": 19,
        "cloud accepted": 35,
        "cloud refused": 178,
        "rpa near one half": 13,
        "rpa accepted": 5,
        "rpa refused": 45,
        "wider net": 300,
        "rest": 850,
    },
    "12,000 posts, 2 % AI": {
        "ai near one half": 17,
        "ai accepted": 214,
        "ai refused": 55,
        "cloud near one half": 19,
        "cloud accepted": 226,
        "cloud refused": 227,
        "rpa near one half": 4,
        "rpa accepted": 24,
        "rpa refused": 232,
        "wider net": 1441,
        "rest": 9541,
    },
}
AUDITED_POSTS = (50, 100, 200, 400, 800)
MONTHS_POOLED = (1, 12)


def half_width(sizes: dict[str, int], audited_posts: int, months: int = 1) -> float:
    """Half of the 95 % interval of a corrected penetration share in percentage points, for `months` like this one with
    `audited_posts` each; sizes: posts by stratum. The sampling of the audit alone: clients add theirs."""
    posts = pd.Series(sizes)
    probability = allocation(posts, audited_posts)
    errors = posts * [expected_error_share(str(name)) for name in posts.index]
    variance = float((errors * (1 / probability - 1)).sum()) / months
    return 100 * 1.96 * variance**0.5 / float(posts.sum())


def precision_table() -> str:
    """The Markdown table: a row a number of audited posts, a column an example month, alone and pooled over a year."""
    columns = list(product(EXAMPLE_MONTHS, MONTHS_POOLED))
    names = [f"{month}: {'one month' if pooled == 1 else f'{pooled} months'}" for month, pooled in columns]
    rows = [
        [str(count), *(f"± {half_width(EXAMPLE_MONTHS[month], count, pooled):.2f}" for month, pooled in columns)]
        for count in AUDITED_POSTS
    ]
    return table(["posts audited a month", *names], rows)


if __name__ == "__main__":
    print(precision_table())
