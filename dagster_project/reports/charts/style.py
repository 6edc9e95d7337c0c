"""One look for every chart, and the conversion to SVG that can stand in a page beside other SVGs."""

import base64
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from altair.utils import schemapi

schemapi.disable_debug_mode()  # each part of a chart would be checked against the schema when it is made; tests do that

# Okabe and Ito's colour-blind safe palette, darkened where white paper asks for more contrast
TECHNOLOGY_COLOURS = {"ai": "#0b5fa5", "cloud": "#a64b00", "rpa": "#00694d"}
INK, MUTED, RULE = "#1b2430", "#5a6675", "#d9dfe6"
REFERENCE = "#767f8a"
FONTS = Path(__file__).parents[1] / "fonts"
FONT_NAME = "DejaVu Sans Condensed"
FONT = f"{FONT_NAME}, Arial Narrow, Arial, sans-serif"
WIDE, NARROW = 700, 330


def _config() -> dict[str, Any]:
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": MUTED,
            "labelFontSize": 13, "titleFontSize": 12, "titleFontWeight": "normal"}  # fmt: skip
    return {
        "font": FONT,
        "aria": False,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {**text, "gridColor": RULE, "domainColor": RULE, "tickColor": RULE, "labelPadding": 6,
                 "domain": False, "ticks": False},
        "header": {**text, "labelFontWeight": "bold", "labelFontSize": 13, "titleFontSize": 13},
        "legend": {**text, "orient": "top", "title": None, "symbolSize": 90, "labelLimit": 320},
    }  # fmt: skip


@cache
def _use_font() -> None:
    """Labels are placed by the widths of this font, so the page carries it: in another one they would be clipped."""
    vl_convert.register_font_directory(str(FONTS))


@cache
def font_faces() -> str:
    """CSS that brings the charts' font along, regular and bold."""
    return "\n".join(
        f"@font-face {{ font-family: '{FONT_NAME}'; font-weight: {weight}; src: "
        f"url(data:font/woff2;base64,{base64.b64encode((FONTS / name).read_bytes()).decode()}) format('woff2'); }}"
        for name, weight in (("DejaVuSansCondensed.woff2", 400), ("DejaVuSansCondensed-Bold.woff2", 700))
    )


def with_font(svg: str) -> str:
    """The drawing as a file of its own, with its font."""
    return re.sub(r"(<svg [^>]*>)", lambda found: f"{found[1]}<style>{font_faces()}</style>", svg, count=1)


def to_svg(chart: alt.TopLevelMixin, prefix: str) -> str:
    """The chart as an SVG element that scales with its column; ids carry `prefix` so that charts never clash.

    The page's figure carries the text alternative, so the drawing itself is hidden from assistive technology.
    """
    specification = chart.to_dict(validate=False)
    specification["config"] = _config()
    _use_font()
    svg = vl_convert.vegalite_to_svg(specification)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    size = re.search(r'<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"', svg)
    if size is None:
        raise ValueError(f"chart {prefix}: the renderer gave an SVG without width and height")
    return re.sub(r"<svg ", '<svg aria-hidden="true" focusable="false" ', svg, count=1)


LABEL_LINE = 14
"""Height of a line of an axis label in pixels."""


def name_axis(names: Iterable[str], characters: int, **options: Any) -> alt.Axis:
    """An axis of names, each in as many lines of about `characters` as it needs: none is elided."""
    told = f"({json.dumps({name: wrap(name, characters) for name in names})})[datum.label]"
    # a label of several lines hangs below its row: it is raised by half of what hangs
    raised = [{"test": f"length({told}) == {n}", "value": -LABEL_LINE * (n - 1) / 2} for n in (2, 3, 4)]
    offset = {"condition": raised, "value": 0}
    return alt.Axis(
        title=None, grid=False, labelLimit=0, labelLineHeight=LABEL_LINE, labelExpr=told, labelOffset=offset, **options
    )


def row_height(names: Iterable[str], characters: int, height: int) -> alt.Step:
    """The height of a row, or more where a name needs it for its lines."""
    most = max((len(wrap(name, characters)) for name in names), default=1)
    return alt.Step(max(height, most * LABEL_LINE + 4))


def uncorrected_mark(base: alt.Chart) -> alt.Chart:
    """A hollow diamond: a dot on the line of the corrected share's interval would pass for that share."""
    return base.mark_point(shape="diamond", fill="white", stroke=MUTED, strokeWidth=1.4, size=46, opacity=1)


FEW_MONTHS = 6


def month_axis(months: list[str]) -> alt.Axis:
    """An axis of `Jan 2025`; few months get a tick each, as the renderer would set several into one month."""
    ticks: dict[str, Any] = {"tickCount": 5} if len(months) > FEW_MONTHS else {"values": months}
    return alt.Axis(format="%b %Y", title=None, grid=False, **ticks)


def percent_axis(**options: Any) -> alt.Axis:
    """An axis of fractions shown as percentages; every other label where they would touch."""
    return alt.Axis(**{"format": "~%", "tickCount": 5, "labelSeparation": 8, **options})


WIDTH, HEIGHT, SHOWN = 130, 26, 24


def sparkline(values: pd.Series, name: str) -> str:
    """SVG of the last values, oldest first, with a mark on the last one; empty for fewer than three."""
    known = values.astype(float).dropna().tail(SHOWN).reset_index(drop=True)
    if len(known) < 3:
        return ""
    data = pd.DataFrame({"place": known.index, "value": known})
    colour = TECHNOLOGY_COLOURS["ai"]
    base = alt.Chart(data).encode(
        x=alt.X("place:Q", axis=None), y=alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False))
    )
    last = base.transform_filter(alt.datum.place == len(known) - 1).mark_circle(color=colour, size=36, opacity=1)
    line = base.mark_line(color=colour, strokeWidth=1.6)
    return to_svg((line + last).properties(width=WIDTH, height=HEIGHT), f"spark-{name}")
