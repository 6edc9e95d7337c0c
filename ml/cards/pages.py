"""The files of a model card: `model_card.json` for programs, HTML and Markdown pages for people, and the chart in
them."""

import json
from dataclasses import asdict
from pathlib import Path

import altair as alt
import pandas as pd
import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ml.atomic import write_text
from ml.cards.content import card_content
from ml.cards.markdown import table
from ml.cards.model_card import CARD_FILE, ModelCard

TEMPLATES = Path(__file__).resolve().parent / "templates"
INK, ACCENT, REFERENCE = "#1b2430", "#0b5fa5", "#8a949e"
SIDE = 220


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


def write(directory: Path, card: ModelCard) -> None:
    """Write the three files, each by one rename; the JSON comes last, because it is the one that is read back."""
    content = {"model_version": card.model_version, **asdict(card)}
    write_text(directory / "model_card.html", card_html(card))
    write_text(directory / "model_card.md", card_markdown(card))
    write_text(directory / CARD_FILE, json.dumps(content, indent=2, sort_keys=True) + "\n")


def calibration_svg(reliability: dict[str, pd.DataFrame]) -> str:
    """The reliability diagram, what the model says against what was true, a panel a technology.

    reliability: frame of `ml.scores.reliability` by technology. Dot: share of true posts in a bin at its mean
    probability; line: 95 % interval; diagonal: perfect calibration.
    """
    panels = [_panel(technology, bins) for technology, bins in reliability.items()]
    chart = alt.hconcat(*panels).configure(background="white", font="Arial").configure_view(stroke=None)
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def _panel(technology: str, bins: pd.DataFrame) -> alt.LayerChart:
    share = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], gridColor="#e6eaee", labelColor=INK, titleColor=INK)
    across = alt.X("mean_probability:Q", title="what the model says", scale=share, axis=axis)
    up = alt.Y("observed_share:Q", title="share of true posts", scale=share, axis=axis)
    base = alt.Chart(bins)
    diagonal = alt.Chart(pd.DataFrame({"end": [0.0, 1.0]})).mark_line(color=REFERENCE, strokeDash=[4, 4], strokeWidth=1)
    limits = base.mark_rule(color=ACCENT, strokeWidth=2).encode(
        across, alt.Y("observed_low:Q"), alt.Y2("observed_high:Q")
    )
    dots = base.mark_point(filled=True, color=ACCENT, opacity=1).encode(
        across, up, alt.Size("posts:Q", scale=alt.Scale(range=[25, 260]), legend=None)
    )
    layers = diagonal.encode(alt.X("end:Q"), alt.Y("end:Q")) + limits + dots
    return layers.properties(width=SIDE, height=SIDE, title=alt.Title(technology, color=INK, anchor="start"))
