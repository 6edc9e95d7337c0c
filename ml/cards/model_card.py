"""What a stored model is and where it comes from."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import Any

from ml.features.post_texts import TextSetting

CARD_FILE = "model_card.json"
FEATURES_VERSION = "4"
"""Raise it whenever what `post_texts` or a transformer computes changes: stored models are then trained anew."""
LIBRARIES = ("scikit-learn", "scipy", "numpy", "skops")
_NOT_HASHED = ("model_hash", "is_champion", "promotion", "decision", "trained_at")


@dataclass(frozen=True)
class ModelCard:
    """What a stored model is and where it comes from; `model_version` hashes all of it but the file's own hash, the
    time and the outcome of the promotion.

    labels: see `ml.labels.labelled_posts`; scores: of `ml.training.promote.frozen_scores`; contest: of
    `ml.training.contest`, cross-validated on the training posts; decision: of `ml.training.promote.promote`.
    """

    technology: str
    recipe: str
    text_setting: TextSetting
    threshold: float
    seed: int
    data_hash: str
    frozen_hash: str
    terms_hash: str
    labels: dict[str, Any]
    scores: dict[str, Any]
    contest: dict[str, Any]
    libraries: dict[str, str] = field(default_factory=lambda: {name: version(name) for name in LIBRARIES})
    features_version: str = FEATURES_VERSION
    model_hash: str = ""
    is_champion: bool = False
    promotion: str = ""
    decision: dict[str, Any] = field(default_factory=dict)
    trained_at: str = ""

    @cached_property
    def model_version(self) -> str:
        """First 12 hex digits of the sha256 over data, terms, libraries, recipe, seed, threshold and
        scores."""
        kept = {k: v for k, v in asdict(self).items() if k not in _NOT_HASHED}
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:12]
