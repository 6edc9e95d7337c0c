"""The published recipe as it stands, on every post: `python -m tests.bench.scoring_plain HOME OUT`.

One process; scikit-learn's TfidfVectorizer and RandomForestClassifier with the settings of `recipes`, a pipeline a
technology, fitted on the project's labelled posts. Writes `verdicts.parquet` (post_id and a flag a technology) and
prints posts and seconds as JSON, without imports and fitting.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline

from dagster_project.storage.workspace import Workspace
from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import load_labels
from ml.training.recipes import TREES
from tests.bench.notebook import joined_text

SEED = 2025
COLUMNS = ["post_id", "title", "skills", "description"]


def run(workspace: Workspace, out: Path) -> dict[str, float]:
    """Score every post of the lake; returns posts and seconds."""
    out.mkdir(parents=True)
    labels = load_labels()
    models = {technology: fitted(labels, technology) for technology in TECHNOLOGIES}
    start = time.perf_counter()
    files = sorted(workspace.raw("job_posts").glob("*/*.parquet"))
    posts = pd.concat([pd.read_parquet(file, columns=COLUMNS) for file in files], ignore_index=True)
    text = joined_text(posts)
    verdicts = {name: model.predict_proba(text)[:, 1] >= 0.5 for name, model in models.items()}
    pd.DataFrame({"post_id": posts["post_id"], **verdicts}).to_parquet(out / "verdicts.parquet")
    return {"posts": len(posts), "seconds": time.perf_counter() - start}


def fitted(labels: pd.DataFrame, technology: str) -> Pipeline:
    """TF-IDF of words and a Random Forest, on the labelled posts of the training split."""
    train = labels[~labels["is_held_out"]]
    words = TfidfVectorizer(max_features=20_000, sublinear_tf=True)
    return make_pipeline(words, RandomForestClassifier(TREES, random_state=SEED)).fit(
        joined_text(train), train[technology]
    )


if __name__ == "__main__":
    print(json.dumps(run(Workspace(Path(sys.argv[1])), Path(sys.argv[2]))))
