"""Real labelled posts, where a folder with them is configured; they are read in place and never trained on."""

import os
from pathlib import Path

import pandas as pd
import pytest

from ml.evaluation.labelled_feeds import read_real_posts

REAL_DATA = Path(os.environ.get("HIRING_PULSE_REAL_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


def real_labelled_posts() -> pd.DataFrame:
    """Labels joined with title, description and skills; skips the test where the folder is absent."""
    if not (REAL_DATA / "labels" / "real_posts.csv").exists():
        pytest.skip(f"no real posts at {REAL_DATA}; set HIRING_PULSE_REAL_DATA to a folder with labels/real_posts.csv")
    return read_real_posts(REAL_DATA)
