"""Gen-AI groups and themes on the technology-spread page, ranks and lifts of skills in the hiring report."""

from collections.abc import Callable

import pandas as pd
import pytest

from dagster_project.reports.claims.claims import ClaimMismatchError, verify_claims
from dagster_project.reports.lint.sentences import lint_claims
from dagster_project.reports.page.annex import build_annex, build_spread_annex
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from tests.support.sample_marts import without_rows

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]
APPLICATION = "period_genai_groups", "series_id", "application"


@pytest.fixture
def built(spread_annex: Report) -> Report:
    return spread_annex


def sentences(report: Report, mart: str) -> list[str]:
    return [claim.sentence for claim in report.claims if claim.mart == mart]


def changed(marts: Marts, place: tuple[str, str, str], **cells: object) -> Marts:
    """The marts with cells of one row changed."""
    mart, column, value = place
    frame = marts[mart].copy()
    for name, cell in cells.items():
        frame.loc[frame[column] == value, name] = cell
    return {**marts, mart: frame}


def test_the_two_model_building_groups_stand_together_and_each_alone(built: Report) -> None:
    together, development, models, _ = sentences(built, "period_genai_groups")
    posts = "of gen-AI posts of Data Science & Analytics in 2024-2025 named"
    assert f"15.5% {posts} development and deployment or models and architectures (62 of 400 posts;" in together
    assert development.startswith(f"10.0% {posts} development and deployment (40 of 400 posts")
    assert models.startswith(f"7.5% {posts} models and architectures (30 of 400 posts")


def test_most_work_applies_ai_where_the_divided_share_lies_above_one_half(built: Report) -> None:
    (sentence,) = (s for s in sentences(built, "period_genai_groups") if "application of AI" in s)
    assert sentence.startswith("Most of the work that gen-AI posts of Data Science & Analytics in 2024-2025 ask for is")
    assert "86.0%, each post divided evenly over the groups that it names (344 of 400 posts" in sentence


def test_an_interval_that_holds_one_half_is_not_told_as_most(marts: Marts, make_context: MakeContext) -> None:
    low = changed(marts, APPLICATION, fractional_share_low=0.49, fractional_share=0.53, fractional_post_count=212.0)
    told = sentences(build_spread_annex(low, make_context()), "period_genai_groups")
    (sentence,) = (s for s in told if "pplication of AI" in s)
    assert sentence.startswith("Application of AI is 53.0% of the work")
    assert "ost of the work" not in sentence


def test_a_corrected_share_is_told_with_the_classifiers_own_beside_it(marts: Marts, make_context: MakeContext) -> None:
    values = {"corrected_mention_share": 0.14, "corrected_mention_share_low": 0.1, "corrected_mention_share_high": 0.2}
    place = "period_genai_groups", "series_id", "model building"
    corrected = changed(marts, place, **values, correction="corrected by audit sample of 900 posts")
    first = sentences(build_spread_annex(corrected, make_context()), "period_genai_groups")[0]
    assert first.startswith("14.0% of gen-AI posts")
    assert "the classifier's own count is 15.5%, 62 of 400 posts" in first


def test_skills_outside_the_dictionary_are_counted_and_listed(built: Report) -> None:
    for text in ("Any skill outside the dictionary", ">78<", "jupyter", "=sum(a1)"):
        assert text in built.html
    assert "spss" not in built.html, "a tag of fewer than ten posts is not listed"


def test_a_theme_is_told_for_each_category_and_other_skills_are_not(built: Report) -> None:
    translation, writing = sentences(built, "category_ai_themes")
    assert writing.startswith("ChatGPT was a theme of AI work in Writing in 2024-2025: 30.0% of its AI posts named it")
    assert "lift 150.0, 95% interval" in writing
    assert "0% of its other posts" in translation and " or more by its 95% interval" in translation
    assert "Writing: SEO" not in built.html


def test_a_theme_is_no_longer_true_when_its_verdict_or_share_changed(built: Report, marts: Marts) -> None:
    place = "category_ai_themes", "skill", "ChatGPT"
    with pytest.raises(ClaimMismatchError, match=r"ai_share is 0\.2"):
        verify_claims(built.claims, changed(marts, place, ai_share=0.2), built.html)
    violations = lint_claims(built.claims, changed(marts, place, verdict="not distinguishable"))
    assert ["`a theme of` is not true of the row" in violation.rule for violation in violations] == [True]


def test_a_feed_without_gen_ai_posts_and_themes_says_so(marts: Marts, make_context: MakeContext) -> None:
    empty = without_rows(marts, "period_genai_groups", "category_ai_themes")
    report = build_spread_annex(empty, make_context())
    assert "No study period holds enough gen-AI posts of data science." in report.html
    assert (
        "Beside tags that name AI itself, no skill of a category&#39;s AI posts can be told from chance." in report.html
    )
    assert "genai-groups.csv" not in report.figures


def test_skills_stand_with_rank_interval_and_lift_interval(marts: Marts, make_context: MakeContext) -> None:
    report = build_annex(marts, make_context())
    first = sentences(report, "monthly_ai_skills")[0]
    assert "; rank 1 (1 to 2); lift " in first
    assert "Rank, 95% interval" in report.html and "Lift, 95% interval" in report.html


def test_skills_of_one_rank_at_the_last_place_are_all_shown_as_ties(marts: Marts, make_context: MakeContext) -> None:
    mart = marts["monthly_ai_skills"]
    last = mart[mart["population"] == "us"].nlargest(1, "skill_rank")
    tied = pd.concat([mart, last.assign(skill="Tied skill")], ignore_index=True)
    report = build_annex({**marts, "monthly_ai_skills": tied}, make_context())
    assert report.html.count("(tie)") == 2
    assert "Tied skill" in report.html
