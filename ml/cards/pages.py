"""The files of a model card: `model_card.json` for programs, HTML and Markdown pages for people."""

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ml.atomic import write_text
from ml.cards.calibration_chart import calibration_svg
from ml.cards.content import card_content
from ml.cards.markdown import table
from ml.cards.model_card import ModelCard

TEMPLATES = Path(__file__).resolve().parent / "templates"


def card_html(card: ModelCard) -> str:
    """One self-contained page: inline style and SVG, no script, nothing loaded from elsewhere."""
    bins = pd.DataFrame(card.scores["calibration"]["bins"])
    chart = Markup(calibration_svg({card.technology: bins}))  # noqa: S704 (drawn from numbers alone)
    return _environment().get_template("model_card.html.j2").render(**card_content(card), chart=chart)


def card_markdown(card: ModelCard) -> str:
    """The same content as Markdown; the chart is the table of its data."""
    return _environment().get_template("model_card.md.j2").render(**card_content(card))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["table"] = table
    return environment


CARD_FILE = "model_card.json"


def write(directory: Path, card: ModelCard) -> None:
    """Write the three files, each by one rename; the JSON comes last, because it is the one that is read back."""
    content = {"model_version": card.model_version, **asdict(card)}
    write_text(directory / "model_card.html", card_html(card))
    write_text(directory / "model_card.md", card_markdown(card))
    write_text(directory / CARD_FILE, json.dumps(content, indent=2, sort_keys=True) + "\n")
