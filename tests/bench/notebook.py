"""The notebook that a researcher would write: pandas and scikit-learn over all posts, everything in memory.

TF-IDF and a Random Forest a technology are fitted on the project's labelled posts and applied to every post; a post
counts when the keyword pattern hits it and the forest agrees. `python -m tests.bench.notebook FEED OUT [LAST_MONTH]`.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer

from ml.features.keywords import TECHNOLOGIES, load_terms
from ml.labels.labelled_posts import load_labels

TREES = 150
HOURS = {"under_30": 15, "30_plus": 35}
WEEKS = {"under_1_month": 2, "1_to_3_months": 9, "3_to_6_months": 20, "over_6_months": 39}


def run(feed: Path, out: Path, last_month: str) -> None:
    """Write shares.parquet, values.parquet and growth.parquet of the months up to `last_month` below `out`."""
    out.mkdir(parents=True)
    posts = read_posts(feed, last_month)
    labels = load_labels()
    labelled_text = joined_text(labels)
    for technology in TECHNOLOGIES:
        posts[technology] = is_about(technology, posts["text"], labelled_text, labels[technology])
    posts = posts.drop(columns="text")
    shares(posts).to_parquet(out / "shares.parquet")
    values(posts).to_parquet(out / "values.parquet")
    growth(posts).to_parquet(out / "growth.parquet")


def read_posts(feed: Path, last_month: str) -> pd.DataFrame:
    """One row a post in its latest state: month, category, client_country, usd, text."""
    files = [file for file in sorted((feed / "job_posts").glob("*.parquet")) if file.stem <= last_month]
    posts = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    for column in ("budget_usd", "hourly_rate_low_usd", "hourly_rate_high_usd"):
        posts[column] = pd.to_numeric(posts[column])
    posts = posts[posts["title"].fillna("").str.strip().ne("") & ~posts["budget_usd"].lt(0)]
    posts = posts.sort_values("observed_at")
    first_posted = posts.groupby("post_id")["posted_at"].transform("min")
    posts = posts.assign(month=first_posted.dt.strftime("%Y-%m"), text=joined_text(posts))
    posts = posts.drop_duplicates("post_id", keep="last")
    rate = (posts["hourly_rate_low_usd"] + posts["hourly_rate_high_usd"]) / 2
    hourly = rate * posts["weekly_hours_band"].map(HOURS) * posts["duration_band"].map(WEEKS)
    posts["usd"] = posts["budget_usd"].where(posts["contract_type"].eq("fixed"), hourly)
    return posts[["month", "category", "client_country", "usd", "text"]]


def joined_text(posts: pd.DataFrame) -> pd.Series:
    """Title, skills and description as one text."""
    skills = posts["skills"].map(lambda tags: " | ".join(tags) if tags is not None else "")
    return posts["title"].fillna("") + " | " + skills + " | " + posts["description"].fillna("")


def is_about(technology: str, text: pd.Series, labelled_text: pd.Series, labels: pd.Series) -> pd.Series:
    """Whether the keyword pattern hits the post and the forest takes it for the technology's work."""
    terms = load_terms()[technology]
    is_candidate = text.str.replace(terms.exclude, " ", regex=True).str.contains(terms.include)
    vectorizer = TfidfVectorizer(max_features=20_000, sublinear_tf=True)
    forest = RandomForestClassifier(TREES, random_state=0, n_jobs=-1)
    forest.fit(vectorizer.fit_transform(labelled_text), labels)
    return is_candidate & (forest.predict(vectorizer.transform(text)) == 1)


def shares(posts: pd.DataFrame) -> pd.DataFrame:
    """Posts by month, category and technology, and their share of the category's posts."""
    counts = posts.groupby(["month", "category"])[list(TECHNOLOGIES)].agg(["sum", "count", "mean"])
    return counts.set_axis(["_".join(name) for name in counts.columns], axis=1)


def values(posts: pd.DataFrame) -> pd.DataFrame:
    """Quartiles of projected value and the share above 1,000 USD, by month and category."""
    known = posts.dropna(subset="usd")
    quartiles = known.groupby(["month", "category"])["usd"].quantile(np.array([0.25, 0.5, 0.75])).unstack()
    high_share = known["usd"].gt(1000).groupby([known["month"], known["category"]]).mean()
    return quartiles.add_prefix("quantile_").assign(high_share=high_share)


def growth(posts: pd.DataFrame) -> pd.DataFrame:
    """Change of posts from month to month by category, in percent."""
    return posts.groupby(["month", "category"]).size().unstack().pct_change(fill_method=None) * 100


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "9999-12")
