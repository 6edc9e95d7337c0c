"""Labelled posts of real feeds, read in place for evaluation; no model is ever fitted on them.

The folder holds `labels/real_posts.csv` (corpus, post_id, stratum, inclusion_probability, and for each technology a
label and an `unsure_` mark) and a folder a corpus with its CSV files. The texts belong to third parties and stay there.
"""

import ast
from pathlib import Path

import pandas as pd

GENERAL, TRACKS = "upwork-general-2023", "upwork-tracks-2025"


def read_real_posts(folder: Path) -> pd.DataFrame:
    """Labels joined with title, description, skills (list) and category ('' where a feed has none), a row a labelled
    post.

    Raises FileNotFoundError naming the folder, pandas.errors.MergeError for a post_id that a corpus holds twice, and
    ValueError where a labelled post has no text.
    """
    path = folder / "labels" / "real_posts.csv"
    if not path.exists():
        raise FileNotFoundError(f"{path}: no labels here; name the folder that holds labels/real_posts.csv")
    labels = pd.read_csv(path, dtype={"post_id": str})
    texts = pd.concat([read_feed(folder, corpus) for corpus in labels["corpus"].unique()])
    posts = labels.merge(texts, on=["corpus", "post_id"], validate="1:1")
    if len(posts) < len(labels):
        lost = sorted(set(labels["post_id"]) - set(posts["post_id"]))
        raise ValueError(f"{path}: {len(lost)} labelled posts have no text, such as {lost[:3]}; add their files")
    return posts


def read_feed(folder: Path, corpus: str) -> pd.DataFrame:
    """All posts of a feed, labelled or not: post_id, title, description, skills, corpus, category."""
    return {GENERAL: _general, TRACKS: _tracks}[corpus](folder / corpus)


def _read(folder: Path) -> pd.DataFrame:
    return pd.concat([pd.read_csv(file, dtype=str) for file in sorted(folder.glob("*.csv"))])


def _general(folder: Path) -> pd.DataFrame:
    """Titles alone."""
    feed = _read(folder).drop_duplicates("uid", keep="last")
    category = feed.get("occupations_category_pref_label", "")
    posts = pd.DataFrame({"post_id": feed["uid"], "title": feed["title"], "description": "", "corpus": GENERAL})
    posts = posts.assign(category=category)
    no_skills: list[list[str]] = [[] for _ in range(len(posts))]
    return posts.assign(skills=pd.Series(no_skills, posts.index, dtype=object))


def _tracks(folder: Path) -> pd.DataFrame:
    feed = _read(folder).dropna(subset=["title"])
    feed["post_id"] = feed["url"].str.extract(r"~(\d{15,})")[0]
    feed = feed.drop_duplicates("post_id", keep="last").fillna({"description": ""})
    posts = feed[["post_id", "title", "description"]].reset_index(drop=True)
    return posts.assign(corpus=TRACKS, category="", skills=feed["skills"].map(ast.literal_eval).tolist())
