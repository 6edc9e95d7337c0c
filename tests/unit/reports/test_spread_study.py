"""The page of the technology-spread study: the finding heads it, it is short, and nothing is told that no row bears."""

import io
import re
from collections.abc import Callable
from html import unescape

import pandas as pd
import pytest

from dagster_project.reports.page.annex import build_spread_annex
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from dagster_project.reports.page.spread_study import build_spread_study
from tests.support.page_text import assert_is_short, title
from tests.support.sample_marts import sample_context, without_rows

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]
COMPARISONS = "study_period_comparisons"


@pytest.fixture
def report(spread_study: Report) -> Report:
    return spread_study


def sentences(report: Report, mart: str = COMPARISONS) -> list[str]:
    return [claim.sentence for claim in report.claims if claim.mart == mart]


def in_a_null_world(marts: Marts) -> Marts:
    """No change of a composition is shown, and no year's growth."""
    changes = marts[COMPARISONS].assign(verdict="no clear change", rise_p_value=0.5)
    changes = changes.assign(difference_points=0.0, difference_points_low=-3.0, difference_points_high=3.0)
    years = marts["yearly_technology_growth"].assign(growth_pct=2.0, growth_pct_low=-9.0, growth_pct_high=14.0)
    return marts | {COMPARISONS: changes, "yearly_technology_growth": years}


def test_the_fall_of_the_home_categories_heads_the_page_with_both_shares(report: Report) -> None:
    assert title(report) == "AI's two home categories fell from 59% to 42% of AI posts between 2020-2021 and 2022-2023"
    named = "AI's home categories are Data Science & Analytics and Web, Mobile & Software Dev together."
    assert named in unescape(report.html)


def test_the_page_is_short(report: Report) -> None:
    assert_is_short(report)
    assert 4 <= report.html.count('<span class="value">') <= 6


def test_of_each_category_the_page_names_the_skill_with_the_widest_gap_to_its_other_posts(
    report: Report, marts: Marts
) -> None:
    table = report.html.split("table-spread-skills", 1)[1].split("</tbody>", 1)[0]
    named = [tuple(unescape(row).split(": ", 1)) for row in re.findall(r"<tr><th[^>]*><bdi>(.*?)</bdi>", table)]
    themes = marts["category_ai_themes"]
    themes = themes[(themes["verdict"] == "theme") & themes["lift_low"].notna()]
    widest = themes.assign(gap=themes["ai_share"] - themes["other_share"]).groupby("category")["gap"].idxmax()
    assert named == [(category, themes.loc[row, "skill"]) for category, row in widest.items()]


def test_a_complete_period_is_compared_and_the_open_one_only_told(report: Report) -> None:
    assert "In 2024-2025, not yet complete, the home categories hold 34% (32–36)." in sentences(report)
    assert "2024-2025" not in report.figures["spread-home.csv"]


def test_each_sentence_leads_to_its_row_in_the_annex(report: Report, marts: Marts) -> None:
    annex = build_spread_annex(marts, sample_context(), report.claims)
    linked = re.findall(r'href="technology_spread_annex\.html#(fn-r\d+)"', report.html)
    assert {claim.footnote for claim in report.claims} <= set(linked)
    assert all(f'<li id="{footnote}">' in annex.html for footnote in linked)


def test_charts_of_shares_hold_every_category_once_and_come_as_data_and_drawing(report: Report) -> None:
    charts = ["spread-home", "spread-elsewhere", "spread-others", "spread-paid-high", "spread-genai-groups"]
    assert list(report.figures) == [f"{chart}.csv" for chart in charts]
    assert list(report.drawings) == [f"{chart}.svg" for chart in charts]
    home, elsewhere, others = (_categories(report.figures[f"{chart}.csv"]) for chart in charts[:3])
    assert set(home) | set(elsewhere) == set(others)
    assert not set(home) & set(elsewhere)


def _categories(csv: str) -> list[str]:
    return pd.read_csv(io.StringIO(csv))["category"].drop_duplicates().tolist()


def test_in_a_null_world_the_page_says_that_nothing_changed(marts: Marts, make_context: MakeContext) -> None:
    report = build_spread_study(in_a_null_world(marts), make_context())
    assert title(report).endswith("of AI posts in 2020-2021 and 42% in 2022-2023, no clear change")
    told = " ".join(sentences(report))
    assert not re.search(r"\b(rose|fell|more concentrated|less concentrated)\b", told)
    assert "No category alone shows a clear change." in report.html
    assert "the title stands" not in report.html
    assert not sentences(report, "yearly_technology_growth")
    assert_is_short(report)


def test_a_technology_of_few_posts_is_not_compared_and_the_page_says_so(report: Report) -> None:
    assert "RPA posts are too few in one of the two periods to be compared." in report.html
    assert "rpa" not in report.figures["spread-others.csv"]


def test_a_feed_without_contracts_has_no_word_of_pay(marts: Marts, make_context: MakeContext) -> None:
    provided = {"job_posts": sample_context().provided["job_posts"]}
    report = build_spread_study(marts, make_context(provided=provided))
    assert "contracts" not in report.html
    assert_is_short(report)


def test_a_feed_of_one_period_is_headed_by_a_level_and_compares_nothing(
    marts: Marts, make_context: MakeContext
) -> None:
    names = ("period_technology_concentration", "period_category_ranks")
    one = {name: marts[name][marts[name]["period_id"] == "2022_2023"] for name in names}
    empty = without_rows(marts, COMPARISONS, "yearly_technology_growth", "period_contract_values")
    report = build_spread_study(empty | one, make_context())
    assert re.fullmatch(r"[\w &,]+ held \d+% of AI posts in 2022-2023", title(report)), title(report)
    assert "The feed holds no two study periods with enough posts" in report.html
    assert "spread-level.csv" in report.figures and "spread-home.csv" not in report.figures
    assert_is_short(report)


def test_a_feed_of_which_nothing_can_be_told_has_its_page(marts: Marts, make_context: MakeContext) -> None:
    nothing = {name: frame.iloc[:0] for name, frame in marts.items()}
    context = make_context(is_simulated=False, title="A feed", provided={"job_posts": []})
    report = build_spread_study(nothing, context)
    assert title(report) == "Technology-spread study"
    assert report.claims == []
    assert "simulated" not in report.html.lower().replace(".simulated", "")


def test_a_wide_range_of_a_category_is_not_drawn(marts: Marts, make_context: MakeContext) -> None:
    rows = marts["period_contract_values"]
    is_one = (rows["technology"] == "ai") & (rows["category"] == "Translation")
    wide = rows.assign(
        corrected_high_value_share=rows["high_value_share"].where(is_one),
        corrected_high_value_share_low=rows["high_value_share"].where(is_one) * 0,
        corrected_high_value_share_high=rows["high_value_share"].where(is_one) * 0 + 1,
    )
    report = build_spread_study(marts | {"period_contract_values": wide}, make_context())
    told = "The share of AI contracts in Translation is left out: its range, 0% to 100%, is too wide to tell."
    assert told in report.markdown
