"""Numbers and third-party text as they are printed."""

import pytest

from dagster_project.reports.claims.wording import (
    decimal_number,
    direction,
    growth,
    interval,
    point_change,
    share,
    usd,
    within_sentence,
)
from dagster_project.storage.shown_text import csv_text, display_text, markdown_text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.0742, "7.4%"), (0.0062, "0.62%"), (0.00001, "under 0.01%"), (0, "0%"), (1, "100%"), (None, "–")],
)
def test_shares_keep_two_figures(fraction: float | None, text: str) -> None:
    assert share(fraction) == text


@pytest.mark.parametrize(
    ("percent", "text"), [(300, "+300.0%"), (-4, "\u22124.0%"), (0.02, "0.0%"), (-0.02, "0.0%"), (None, "–")]
)
def test_growth_carries_its_sign(percent: float | None, text: str) -> None:
    assert growth(percent) == text


def test_an_interval_has_its_unit_once_where_it_is_a_word() -> None:
    assert interval(-15.8, 7.1, point_change) == "\u221215.8 to +7.1 points"
    assert interval(0.071, 0.077) == "7.1% to 7.7%"


def test_a_decimal_number_has_its_thousands_apart_as_a_count_has() -> None:
    assert (decimal_number(1250), decimal_number(8.61)) == ("1,250.0", "8.6")


def test_the_name_of_a_series_is_written_small_within_a_sentence() -> None:
    assert [within_sentence(name) for name in ("All AI", "AI agents", "Allied")] == ["all AI", "AI agents", "Allied"]


def test_money_drops_cents() -> None:
    assert usd(1240.49) == "1,240 USD"


@pytest.mark.parametrize(("low", "high", "word"), [(1, 9, "rose"), (-9, -1, "fell"), (-1, 9, None), (None, None, None)])
def test_a_direction_needs_an_interval_without_zero(low: float, high: float, word: str | None) -> None:
    assert direction(low, high) == word


def test_a_megabyte_with_control_and_direction_characters_becomes_one_short_line() -> None:
    shown = display_text("a\x00b\u202ec\nd " + "x" * 1_000_000)
    assert shown.startswith("abc d x")
    assert len(shown) == 120
    assert shown.endswith("…")


def test_markdown_cannot_start_a_cell_a_link_or_a_tag() -> None:
    assert markdown_text("a|b <i> [x](y) *z*\n") == r"a\|b &lt;i&gt; \[x\](y) \*z\*"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1"])
def test_csv_formulas_get_an_apostrophe(text: str) -> None:
    assert csv_text(text) == f"'{text}"


def test_plain_csv_text_stays() -> None:
    assert csv_text("Writing") == "Writing"
