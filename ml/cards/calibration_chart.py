"""The reliability diagram: what the model says against what was true, a panel a technology, as SVG."""

import altair as alt
import pandas as pd
import vl_convert

INK, ACCENT, REFERENCE = "#1b2430", "#0b5fa5", "#8a949e"
SIDE = 220


def calibration_svg(reliability: dict[str, pd.DataFrame]) -> str:
    """reliability: frame of `calibration.reliability` by technology. Dot: share of true posts in a bin at its mean
    probability; line: 95 % interval; diagonal: perfect calibration."""
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
