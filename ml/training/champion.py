"""Which stored model is in use for a technology. Every command asks it: what reads a model is not imported here."""

import json
from pathlib import Path

from ml.atomic import write_text
from ml.cards.model_card import ModelCard

CHAMPION_FILE = "champion.json"
RETRAIN = "Run `make train` to train again; a model that cannot be used is replaced"


class ArtifactError(RuntimeError):
    """A stored model that must not be used; the message names the file and what to do."""


def set_champion(models_dir: Path, card: ModelCard, reason: str) -> None:
    """Point champion.json at a stored model by one rename."""
    target = models_dir / card.technology / CHAMPION_FILE
    pointer = {"model_version": card.model_version, "reason": reason}
    write_text(target, json.dumps(pointer, indent=2, sort_keys=True) + "\n")


def champion_version(models_dir: Path, technology: str) -> str | None:
    """The model_version in use, or None where no model was trained yet."""
    path = models_dir / technology / CHAMPION_FILE
    if not path.exists():
        return None
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["model_version"])
    except (ValueError, KeyError) as error:
        raise ArtifactError(f"{path}: unreadable ({error!r}); delete it and train again") from error
