"""A sample month of posts with models' probabilities, and the texts of its posts."""

import numpy as np
import pandas as pd

from ml.features.keywords import TECHNOLOGIES

CANDIDATE_SHARES = {"ai": 0.2, "cloud": 0.12, "rpa": 0.04}
MODEL_VERSIONS = {technology: f"{technology} model" for technology in TECHNOLOGIES}


def sample_month(count: int = 1000, seed: int = 3) -> pd.DataFrame:
    """post_id, probabilities, verdicts and wider net of `count` posts, and the truth as `<technology>_truth`."""
    draw = np.random.default_rng(seed)
    posts = pd.DataFrame({"post_id": [f"post {number}" for number in range(count)]})
    for technology, share in CANDIDATE_SHARES.items():
        probability = np.where(draw.random(count) < share, draw.beta(0.6, 0.6, count), np.nan)
        posts[f"{technology}_probability"] = probability
        posts[f"{technology}_accepted"] = probability >= 0.5
        posts[f"{technology}_truth"] = draw.random(count) < np.nan_to_num(probability, nan=0.01)
    return posts.assign(is_in_wider_net=draw.random(count) < 0.3, is_audited=False)


def texts_of_month(posts: pd.DataFrame) -> pd.DataFrame:
    """post_id, title, description, skills, category; some titles would run in a spreadsheet, some fields are absent."""
    titles = [f"=SUM(A{place})" if place % 7 == 0 else f'Post {place}, "quoted"\nand long' for place in posts.index]
    descriptions = [None if place % 5 == 0 else f"Task {place} " * 200 for place in posts.index]
    skills = [["Python", "Machine Learning"] if place % 2 else [] for place in posts.index]
    return pd.DataFrame(
        {"post_id": posts["post_id"], "title": titles, "description": descriptions, "skills": skills, "category": None}
    )
