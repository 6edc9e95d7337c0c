"""The model card as a page for people: HTML and Markdown from one content (jinja2 templates in `templates`)."""

from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

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
