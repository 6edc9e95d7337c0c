"""The annex of the technology-spread study: what is said, charted and withheld, each sentence from one row."""

import re
from collections.abc import Callable

import pandas as pd
import pytest

from dagster_project.reports.claims.claims import ClaimMismatchError, verify_claims
from dagster_project.reports.page.annex import build_spread_annex
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from dagster_project.storage.shown_text import markdown_text
from tests.support.sample_marts import without_rows

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]
STUDY_MARTS = ("period_technology_concentration", "period_category_ranks", "study_period_comparisons")


@pytest.fixture
def built(spread_annex: Report) -> Report:
    return spread_annex


def sentences(report: Report, start: str) -> list[str]:
    return [claim.sentence for claim in report.claims if claim.sentence.startswith(start)]


def test_every_technology_has_one_chart_a_study_period_and_its_data_as_csv(built: Report) -> None:
    spread = [name for name in built.figures if name.startswith("spread-")]
    assert spread == ["spread-ai.csv", "spread-cloud.csv", "spread-rpa.csv"]
    rows = built.figures["spread-ai.csv"].splitlines()
    assert "composition_share_low" in rows[0] and "category_rank_high" in rows[0]
    assert len(rows) == 1 + 3 * 12
    assert built.html.count('role="img"') == 2 * len(built.figures)


def test_a_period_of_few_posts_is_neither_charted_nor_compared_and_the_page_says_why(built: Report) -> None:
    assert "2020_2021" not in built.figures["spread-rpa.csv"]
    assert "RPA posts of 2020-2021 are not divided: fewer than 30 posts." in built.html
    claimed = {claim.key["base_period_id"] for claim in built.claims if claim.key.get("technology") == "rpa"
               and "base_period_id" in claim.key}  # fmt: skip
    assert claimed == {"2022_2023"}


def test_a_study_period_after_the_month_is_not_shown(marts: Marts, make_context: MakeContext) -> None:
    report = build_spread_annex(marts, make_context(month="2023-06"))
    assert "2024-2025" not in report.html
    assert len(report.figures["spread-ai.csv"].splitlines()) == 1 + 2 * 12


def test_words_follow_the_verdicts_of_the_rows(built: Report) -> None:
    assert sentences(built, "AI posts became less concentrated")
    assert sentences(built, "Cloud posts did not change distinguishably in concentration")
    assert sentences(built, "The composition of cloud posts was stable")
    assert sentences(
        built, "The composition of RPA posts has too few posts to be called stable (200 in 2022-2023 and 250"
    )
    (changed,) = {claim.sentence for claim in built.claims if claim.key.get("series_id") == "it_and_web"
                  and claim.key["current_period_id"] == "2022_2023"}  # fmt: skip
    assert "not distinguishable from no change" in changed


def test_a_leader_that_another_category_may_pass_is_among_the_largest(marts: Marts, make_context: MakeContext) -> None:
    ranks = marts["period_category_ranks"]
    ranks.loc[ranks["category_rank"] == 1, "category_rank_high"] = 2
    report = build_spread_annex(marts, make_context())
    assert sentences(report, "Data Science & Analytics was among the largest categories of cloud posts")
    assert not sentences(report, "Data Science & Analytics was the largest")


def test_a_changed_row_fails_the_study(built: Report, marts: Marts) -> None:
    rows = marts["study_period_comparisons"]
    rows.loc[rows["series_id"] == "data_science_and_web", "difference_points"] += 1
    with pytest.raises(ClaimMismatchError, match="difference_points"):
        verify_claims(built.claims, marts, built.html)


def test_a_change_said_in_words_must_exclude_no_change(built: Report, marts: Marts, make_context: MakeContext) -> None:
    rows = marts["study_period_comparisons"]
    is_pair = (rows["series_id"] == "data_science_and_web") & (rows["technology"] == "ai")
    rows.loc[is_pair, "difference_points_high"] = 1.0
    with pytest.raises(ClaimMismatchError, match="`fell` is not true of the row"):
        build_spread_annex(marts, make_context())


def test_the_markdown_twin_has_the_same_claims(built: Report) -> None:
    assert built.markdown.startswith("# Annex of the technology-spread study, November 2025 (simulated)")
    for claim in built.claims:
        assert f"{markdown_text(claim.sentence)}[^{claim.id}]" in built.markdown
    printed = [int(number) for number in re.findall(r'data-claim="c(\d+)"', built.html)]
    assert printed == list(range(1, len(built.claims) + 1))


@pytest.mark.usefixtures("drawn")
def test_two_builds_give_identical_bytes_and_print_each_share_beside_its_bar(
    marts: Marts, make_context: MakeContext
) -> None:
    first, second = (build_spread_annex(marts, make_context()) for _ in range(2))
    assert (first.html, first.markdown, first.figures) == (second.html, second.markdown, second.figures)
    leaders = marts["period_category_ranks"].query("category_rank == 1 and withheld_reason.isna()")
    assert len(leaders) >= 8
    for share in leaders["composition_share"]:
        assert f">{share:.1%}<" in first.html


def test_a_feed_without_study_periods_says_so(marts: Marts, make_context: MakeContext) -> None:
    report = build_spread_annex(without_rows(marts, *STUDY_MARTS), make_context(is_simulated=False, title="A feed"))
    assert not {claim.mart for claim in report.claims} & set(STUDY_MARTS)
    assert not [name for name in report.figures if name.startswith("spread-")]
    assert "No study period holds 30 classified posts" in report.html
    assert "simulated" not in report.html.lower().replace(".simulated", "")
