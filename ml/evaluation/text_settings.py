"""What a model should read of a post: the same contest, by the same seed, on every text setting."""

from pathlib import Path

import numpy as np
import pandas as pd

from ml.evaluation.labelled_feeds import TRACKS
from ml.evaluation.predictors import MODEL, RULE, judge
from ml.features.keywords import TECHNOLOGIES, load_terms
from ml.features.post_texts import TEXT_SETTINGS
from ml.scores.intervals import bootstrap, f1
from ml.training.artifact import load
from ml.training.train import train_champion


def compare_settings(labels: pd.DataFrame, real: pd.DataFrame, folder: Path, seed: int) -> pd.DataFrame:
    """A row a technology and text setting: recipe that won, its cross-validated log_loss on the training posts, and F1
    with interval on the held-out posts and on clear real posts that have a text, for the model and the keyword rule.

    labels: of `load_labels`; real: of `read_real_posts`; folder: where the models are written.
    """
    rows = []
    for technology in TECHNOLOGIES:
        clear = real["corpus"].eq(TRACKS) & real[f"unsure_{technology}"].eq(0)
        sets = labels[labels["is_held_out"]], real[clear]
        for setting in TEXT_SETTINGS:
            card = train_champion(technology, labels, folder / setting, seed, text_setting=setting)
            model = load(folder / setting / technology / card.model_version).pipeline
            judged = [judge(posts, {MODEL: model}, setting, load_terms()[technology]) for posts in sets]
            scores = [bootstrap(f1, own.truth, own.verdicts[MODEL]) for own in judged]
            rule = bootstrap(f1, judged[1].truth, judged[1].verdicts[RULE])
            row = {"technology": technology, "setting": setting, "recipe": card.recipe}
            row["log_loss"] = card.contest[card.recipe]["log_loss"]
            rows.append({**row, "held_out": scores[0], "real": scores[1], "rule": rule})
    return pd.DataFrame(rows).replace({np.nan: None})
