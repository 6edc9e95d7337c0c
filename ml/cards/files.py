"""The files of a model card: `model_card.json` for programs, `model_card.html` and `model_card.md` for people."""

import json
from dataclasses import asdict
from pathlib import Path

from ml.cards.model_card import ModelCard
from ml.cards.pages import card_html, card_markdown

CARD_FILE = "model_card.json"


def write(directory: Path, card: ModelCard) -> None:
    """Write the three files, each by one rename; the JSON comes last, because it is the one that is read back."""
    content = {"model_version": card.model_version, **asdict(card)}
    _replace(directory / "model_card.html", card_html(card))
    _replace(directory / "model_card.md", card_markdown(card))
    _replace(directory / CARD_FILE, json.dumps(content, indent=2, sort_keys=True) + "\n")


def _replace(path: Path, text: str) -> None:
    building = path.with_suffix(".building")
    building.write_text(text, encoding="utf-8")
    building.replace(path)
