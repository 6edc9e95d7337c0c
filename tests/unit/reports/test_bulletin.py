"""The page that people read: the news heads it, it is short, and each sentence leads to its row in the annex."""

import re
from collections.abc import Callable

import pandas as pd
import pytest

from dagster_project.reports.claims.printed_numbers import printed_numbers
from dagster_project.reports.claims.wording import told_growth, told_limits, told_points, told_share
from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.bulletin import build_bulletin
from dagster_project.reports.page.context import RunContext
from dagster_project.reports.page.report import Report
from dagster_project.statistics.growth.verdicts import NO_CHANGE
from tests.support.page_text import assert_is_short, title
from tests.support.sample_marts import sample_context

Marts = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def report(_marts: Marts, undrawn: None) -> Report:
    return build_bulletin({name: frame.copy() for name, frame in _marts.items()}, sample_context())


def test_the_largest_mover_heads_the_page_with_its_month_and_population(report: Report) -> None:
    mover = report.claims[0]
    assert title(report) == mover.sentence
    assert mover.mart == "monthly_adjusted_growth"
    assert re.fullmatch(r"US job posts in .+ (surged|rose|fell) \d+% from October to November 2025", mover.sentence), (
        mover.sentence
    )


def test_the_page_is_short_and_prints_no_table_and_no_dash_for_a_value(report: Report) -> None:
    assert_is_short(report)
    assert "<table" not in report.html


def test_each_sentence_leads_to_its_row_in_the_annex(report: Report, marts: Marts) -> None:
    annex = build_annex(marts, sample_context(), report.claims)
    linked = re.findall(r'href="technical_annex\.html#(fn-r\d+)"', report.html)
    assert {claim.footnote for claim in report.claims} <= set(linked)
    assert all(f'<li id="{footnote}">' in annex.html for footnote in linked)


def test_where_nothing_moved_the_title_says_so(marts: Marts, make_context: Callable[..., RunContext]) -> None:
    growth, searches = marts["monthly_adjusted_growth"], marts["monthly_search_growth"]
    has_verdict = growth["verdict"].notna()
    still = growth.assign(verdict=growth["verdict"].mask(has_verdict, NO_CHANGE), trend=None)
    quiet = searches.assign(growth_pct=1.0, growth_pct_low=-5.0, growth_pct_high=7.0)
    report = build_bulletin(marts | {"monthly_adjusted_growth": still, "monthly_search_growth": quiet}, make_context())
    assert title(report) == "No tested series of US job posts moved from October to November 2025"
    assert "No tested series moved on the month before." in report.html


def test_a_rise_whose_two_sided_interval_holds_no_change_still_heads_the_page(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    """The verdict is of a one-sided test: the page must not say that nothing moved beside it."""
    growth = marts["monthly_adjusted_growth"]
    moved = growth["verdict"].isin(["surged", "rose", "fell"])
    wide = growth.assign(adjusted_growth_pct_low=growth["adjusted_growth_pct_low"].mask(moved, -1.0))
    quiet = marts["monthly_search_growth"].assign(growth_pct=1.0, growth_pct_low=-5.0, growth_pct_high=7.0)
    report = build_bulletin(marts | {"monthly_adjusted_growth": wide, "monthly_search_growth": quiet}, make_context())
    assert "surged" in title(report)
    assert "No tested series" not in report.html


def test_more_movers_than_are_named_are_not_told_as_unmoved(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    growth = marts["monthly_adjusted_growth"]
    tested = growth["verdict"].notna() & growth["level"].eq("sub_category")
    values = {"": 30.0, "_low": 20.0, "_high": 40.0}
    all_rose = growth.assign(
        verdict=growth["verdict"].mask(tested, "rose"),
        trend=None,
        **{
            f"adjusted_growth_pct{end}": growth[f"adjusted_growth_pct{end}"].mask(tested, value)
            for end, value in values.items()
        },
    )
    html = build_bulletin(marts | {"monthly_adjusted_growth": all_rose}, make_context()).html
    assert html.count("rose 30% (20–40)") == 5
    assert "Further series moved" in html and "cannot be told from no change on the month" not in html


def test_a_trend_of_months_is_told_and_heads_no_page(marts: Marts, make_context: Callable[..., RunContext]) -> None:
    growth = marts["monthly_adjusted_growth"]
    is_one = growth["series"].eq("Photography") & growth["population"].eq("us")
    large = {"two_month_growth_pct": 900.0, "two_month_growth_pct_low": 800.0, "two_month_growth_pct_high": 1000.0}
    trending = growth.assign(
        trend=growth["trend"].mask(is_one, "continued"),
        **{column: growth[column].mask(is_one, value) for column, value in large.items()},
    )
    report = build_bulletin(marts | {"monthly_adjusted_growth": trending}, make_context())
    assert any("continued to grow, by 900%" in claim.sentence for claim in report.claims)
    assert "Photography" not in title(report)


def test_a_feed_without_growth_is_headed_by_its_ai_share(marts: Marts, make_context: Callable[..., RunContext]) -> None:
    growth = marts["monthly_adjusted_growth"]
    withheld = growth.assign(is_withheld=True, withheld_reason="no month before", verdict=None, trend=None)
    provided = {"job_posts": sample_context().provided["job_posts"]}
    report = build_bulletin(marts | {"monthly_adjusted_growth": withheld}, make_context(provided=provided))
    assert title(report).endswith("of US job posts in November 2025 asked for AI work")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (told_share(0.8612, 0.8301, 0.8888), "86% (83–89)"),
        (told_share(0.0741, 0.0709, 0.0768), "7.4% (7.1–7.7)"),
        (told_growth(48.21, 36.8, 60.1), "48% (37–60)"),
        (told_growth(-5.2, -9.1, -1.2), "5% (−9 to −1)"),
        (told_growth(285.4, 250.0, float("inf")), "285%"),
        (told_share(None, None, None), "–"),
        (told_points(34.18, 25.2, 43.1), "34 points (25–43)"),
        (told_limits("5% (−9 to −1)"), "−9% to −1%"),
        (told_limits("285%"), ""),
    ],
)
def test_a_number_is_told_with_its_range_and_no_more_digits_than_are_known(told: str, expected: str) -> None:
    assert told == expected


def test_limits_of_a_told_range_have_the_unit_of_its_number() -> None:
    assert list(map(str, printed_numbers("fell 5% (−9 to −1), 7.4% (7.1–7.7) by 3 points (1–5)"))) == [
        "5%", "−9%", "−1%", "7.4%", "7.1%", "7.7%", "3 points", "1 points", "5 points",
    ]  # fmt: skip


def test_a_question_whose_first_answer_is_suppressed_is_not_told_by_its_second(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    ranks = marts["pulse_answer_ranks"]
    hidden = ranks["answer_rank"].eq(1)
    numbers = ["answer_share", "answer_share_low", "answer_share_high", "answer_rank"]
    suppressed = ranks.assign(is_suppressed=hidden).astype(dict.fromkeys(numbers, float))
    suppressed[numbers] = suppressed[numbers].mask(hidden)
    html = build_bulletin(marts | {"pulse_answer_ranks": suppressed}, make_context()).html
    assert "answered “" in build_bulletin(marts, make_context()).html
    assert "answered “" not in html and "figure-report-answer-shares" not in html


WORDS = "The market **doubled**, says Ada Example, economist. <script>alert(1)</script> [link](javascript:alert(1))"


def test_what_people_wrote_is_printed_as_theirs_and_harmless(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    report = build_bulletin(marts, make_context(commentary=f"# 90% of firms\n\n{WORDS}"))
    assert "In the institute&#39;s words" in report.html or "In the institute's words" in report.html
    assert "<strong>doubled</strong>" in report.html
    assert "<script" not in report.html and 'href="javascript' not in report.html
    assert "says Ada Example, economist" in report.markdown
    assert "institute" not in build_bulletin(marts, make_context()).html
