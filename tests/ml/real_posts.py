"""Real labelled posts, where a folder with them is configured; they are read in place and never trained on."""

import ast
import os
from pathlib import Path

import pandas as pd
import pytest

REAL_DATA = Path(os.environ.get("HIRING_PULSE_REAL_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


def real_labelled_posts() -> pd.DataFrame:
    """Labels joined with title, description and skills; skips the test where the folder is absent."""
    path = REAL_DATA / "labels" / "real_posts.csv"
    if not path.exists():
        pytest.skip(f"no real posts at {REAL_DATA}; set HIRING_PULSE_REAL_DATA to a folder with labels/real_posts.csv")
    labels = pd.read_csv(path, dtype={"post_id": str})
    return labels.merge(pd.concat([_titles(), _tracks()]), on=["corpus", "post_id"], validate="1:1")


def _titles() -> pd.DataFrame:
    files = sorted((REAL_DATA / "upwork-general-2023").glob("*.csv"))
    feed = pd.concat([pd.read_csv(file, dtype=str) for file in files]).drop_duplicates("uid", keep="last")
    posts = pd.DataFrame({"post_id": feed["uid"], "title": feed["title"], "description": ""})
    return posts.assign(corpus="upwork-general-2023", skills=[[]] * len(posts))


def _tracks() -> pd.DataFrame:
    files = sorted((REAL_DATA / "upwork-tracks-2025").glob("*.csv"))
    feed = pd.concat([pd.read_csv(file, dtype=str) for file in files]).dropna(subset=["title"])
    feed["post_id"] = feed["url"].str.extract(r"~(\d{15,})")[0]
    feed = feed.drop_duplicates("post_id", keep="last").fillna({"description": ""})
    posts = feed[["post_id", "title", "description"]].reset_index(drop=True)
    return posts.assign(corpus="upwork-tracks-2025", skills=feed["skills"].map(ast.literal_eval).tolist())
