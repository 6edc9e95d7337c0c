# ruff: noqa: E501
"""Violations of the genre: a page made with one fails, and the error names the sentence, the row and the rule."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from dagster_project.reports.claims.claims import Claim, ClaimMismatchError
from dagster_project.reports.lint.pages import lint_pages
from dagster_project.reports.lint.sentences import UntrueSentenceError, lint_claims, lint_sentence, raise_violations
from dagster_project.reports.page import render
from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.render import Report
from tests.support.sample_marts import sample_context

Marts = dict[str, pd.DataFrame]


@pytest.fixture
def built(annex: Report) -> Report:
    return annex


@pytest.fixture
def study(spread_annex: Report) -> Report:
    return spread_annex


def first_of(report: Report, mart: str, metric: str, *words: str) -> Claim:
    claims = [claim for claim in report.claims if (claim.mart, claim.metric) == (mart, metric)]
    return next(claim for claim in claims if all(word in claim.sentence for word in words))


def told(claim: Claim, old: str, new: str) -> Claim:
    """The claim with an edited sentence."""
    assert old in claim.sentence
    return replace(claim, sentence=claim.sentence.replace(old, new))


def rules(claim: Claim, marts: Marts) -> str:
    return "\n".join(violation.rule for violation in lint_claims([claim], marts))


def test_good_pages_pass(built: Report, study: Report, marts: Marts) -> None:
    for report in (built, study):
        assert lint_pages(report.claims, marts, report.html, report.markdown) == []


def test_a_claim_knows_its_hedge_and_its_footnote(built: Report) -> None:
    opening, *_, surge = (claim for claim in built.claims if " surged by " in claim.sentence)
    assert (surge.hedge, surge.footnote) == ("surged", f"fn-{surge.id}")
    assert opening.hedge == "nearly 50%; surged" and " surged by nearly 50% (" in opening.sentence
    assert first_of(built, "monthly_technology_posts", "penetration_share", "made up").hedge is None
    assert Claim.from_dict(surge.to_dict()) == surge


EDITS: list[tuple[str, ...]] = [
    ("monthly_technology_posts", "penetration_share", "AI work made", "made up", "rose to", "is not true of the row"),
    ("monthly_technology_posts", "penetration_share", "AI work made", "US job posts", "US workers", "`workers` is not the population"),
    ("monthly_technology_posts", "penetration_share", "AI work made", "US job posts", "job posts worldwide", "`worldwide` is said of a few countries"),
    ("monthly_technology_posts", "penetration_share", "AI work made", "US job posts", "job posts", "does not name the row's population: US"),
    ("monthly_technology_posts", "penetration_share", "AI work made", "November 2025", "October 2025", "is no number of the row"),
    ("monthly_technology_posts", "penetration_share", "AI work made", "AI work made up", "AI work, the majority, made up", "`the majority` is not true"),
    ("monthly_technology_posts", "penetration_share", "AI work made", "AI work made up 10.2%", "AI work made up over 11%", "`over 11%` is not true"),
    ("monthly_technology_posts", "penetration_share", "AI work made", "AI work made up 10.2%", "AI work made up nearly half", "`nearly half` is not true"),
    ("monthly_technology_posts", "penetration_share", "AI work made", "AI work made up 10.2%", "AI work made up a third", "`a third` is not true"),
    ("monthly_technology_posts", "penetration_share", "AI work made", "10.2% of", "10.2 points of", "given in points and is a percentage"),
    ("monthly_technology_posts", "penetration_share", "AI work made", " (", ", the top of all (", "`the top` is not true"),
    ("monthly_technology_posts", "penetration_share", "AI work made", " (", " and more than doubled (", "`doubled` has no test"),
    ("monthly_category_growth", "growth_pct", "not distinguishable", ": +6.2%", " rose by 6.2%", "`rose` is not true"),
    ("monthly_category_growth", "growth_pct", "not distinguishable", ": +6.2%", " surged by 6.2%", "`surged` is not true"),
    ("monthly_category_growth", "growth_pct", "not distinguishable", "posts: ", "posts, at double-digit growth: ", "`double-digit` is not true"),
    ("monthly_adjusted_growth", "adjusted_growth_pct", "not distinguishable", " posts: ", " posts grew steadily: ", "`steadily` is not true"),
    ("monthly_adjusted_growth", "adjusted_growth_pct", "not distinguishable", " posts: ", " posts continued to grow: ", "`continued` is not true"),
    ("period_technology_category_shares", "composition_share", "Writing held", "Writing held 9.5% of the AI posts", "9.5% of Writing posts are AI posts", "composition is told as penetration"),
    ("period_technology_category_shares", "penetration_share", "AI posts in", "Of all posts of the feed in Writing, 10.6% were AI posts", "Writing has 10.6% of the AI posts", "penetration is told as composition"),
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS, ids=[edit[5].split(":")[0] + edit[4][:12] for edit in EDITS])
def test_a_slip_fails_and_names_sentence_and_row(built: Report, marts: Marts, edit: tuple[str, ...]) -> None:
    mart, metric, words, old, new, rule = edit
    slipped = told(first_of(built, mart, metric, words, old), old, new)
    with pytest.raises(UntrueSentenceError) as error:
        raise_violations(lint_claims([slipped], marts))
    assert rule in str(error.value)
    assert slipped.sentence in str(error.value) and f"({mart} [" in str(error.value)


def test_percent_for_a_difference_in_points_fails(study: Report, marts: Marts) -> None:
    claim = first_of(study, "study_period_comparisons", "difference_points", "fell by 16.6 points")
    assert "16.6% is given in percent and is a difference in points" in rules(
        told(claim, "16.6 points", "16.6%"), marts
    )


@pytest.mark.parametrize(
    "ranged",
    ["(−{larger} to −{smaller})", "({larger}–{smaller})", "({smaller}–42)", "({smaller} to {larger})"],
    ids=["signs of a fall", "larger limit first", "a limit of another number", "other words"],
)
def test_a_number_with_its_range_is_told_by_the_one_rule(spread_study: Report, marts: Marts, ranged: str) -> None:
    """The home categories fell, and the range of a fall is of sizes, the smaller one first."""
    claim = first_of(spread_study, "study_period_comparisons", "difference_points", "The home categories fell 1")
    assert claim.low is not None and claim.high is not None
    smaller, larger = f"{-claim.high:.0f}", f"{-claim.low:.0f}"
    slipped = told(claim, f"({smaller}–{larger})", ranged.format(smaller=smaller, larger=larger))
    assert rules(claim, marts) == ""
    assert "is no number of the row with its range as a page tells them" in rules(slipped, marts)


def test_a_range_that_tells_something_is_not_too_wide_to_tell(bulletin: Report, marts: Marts) -> None:
    claim = first_of(bulletin, "period_contract_values", "high_value_share", "Translation")
    slipped = replace(claim, sentence="The share of AI contracts in Translation is too wide to tell.")
    assert "the interval is wider than 40 points" in rules(slipped, marts)


def test_a_leader_that_may_be_second_is_not_the_largest(study: Report, marts: Marts) -> None:
    claim = first_of(study, "period_category_ranks", "composition_share", "among the largest")
    slipped = told(claim, "among the largest categories", "the largest category")
    assert "the rank interval excludes the next" in rules(slipped, marts)


def test_a_composition_that_moved_is_not_stable(study: Report, marts: Marts) -> None:
    claim = first_of(study, "study_period_comparisons", "difference_points", "not shown to be stable")
    assert "verdict is stable" in rules(told(claim, "not shown to be stable", "stable"), marts)


def test_a_growth_from_an_incomplete_month_fails(built: Report, marts: Marts) -> None:
    claim = first_of(built, "monthly_adjusted_growth", "adjusted_growth_pct")
    collection = marts["monthly_collection"]
    is_base = pd.to_datetime(collection["posted_month"]) == pd.Timestamp("2025-10-01")
    collection.loc[is_base, "status"] = "partial"
    assert "growth with an incomplete month: 2025-10-01 is partial" in rules(claim, marts)


def test_a_surge_whose_verdict_changed_fails(built: Report, marts: Marts) -> None:
    claim = next(claim for claim in built.claims if " surged by " in claim.sentence)
    growth = marts["monthly_adjusted_growth"]
    growth.loc[growth["verdict"] == "surged", "verdict"] = "rose"
    assert "`surged` is not true of the row (growth: the row's verdict is surged); verdict is rose" in rules(
        claim, marts
    )


def pair_row(**changes: Any) -> pd.Series:
    row = {
        "population": "full-time employees whose gain is in the top quartile", "reference_population": "their peers",
        "finding": "consider quitting", "respondent_count": 160, "risk_ratio": 2.0, "risk_ratio_low": 1.5,
        "risk_ratio_high": 2.7, "odds_ratio": 3.0,
    }  # fmt: skip
    return pd.Series(row | changes)


def pair_claim(sentence: str, metric: str = "risk_ratio") -> Claim:
    return Claim("c1", metric, "quitting", "2025-07", 2.0, 1.5, 2.7, 160, "respondent_count", "top quartile", "number",
                 "study_group_comparisons", {}, sentence)  # fmt: skip


SAID = "Full-time employees whose gain is in the top quartile are {} as their peers to consider quitting."


def test_twice_as_likely_is_a_risk_ratio_within_its_limits() -> None:
    claim = pair_claim(SAID.format("twice as likely"))
    assert lint_sentence(claim, pair_row(), {}) == []
    for changes in ({"risk_ratio": 3.0}, {"risk_ratio_low": 1.2}):
        assert "`twice as likely` is not true" in "".join(lint_sentence(claim, pair_row(**changes), {}))


def test_an_odds_ratio_is_not_told_as_times_as_likely() -> None:
    claim = pair_claim(SAID.format("3.0 times as likely"), "odds_ratio")
    assert "an odds ratio is told as `times as likely`" in "".join(lint_sentence(claim, pair_row(), {}))


@pytest.mark.parametrize("name", ["Workers", "Employees", "Full-time employees who use AI"])
def test_a_top_group_is_not_told_as_a_wider_population(name: str) -> None:
    sentence = f"{name} are twice as likely as their peers to consider quitting."
    assert "population" in "".join(lint_sentence(pair_claim(sentence), pair_row(), {}))


@pytest.mark.parametrize(
    ("place", "text", "rule"),
    [
        ('<h2>Key findings</h2>', '<h2>Key findings</h2><p>4 in 5 firms hire.</p>', "Key findings"),
        ('<h2 id="evidence-title">', '<p class="note">AI surged by a lot.</p><h2 id="evidence-title">', "AI surged by"),
        ("{{ page.basis }}", "{{ page.basis }} From 190 countries.", "190"),
        ("{{ page.basis }}", "{{ page.basis }} For workers worldwide.", "worldwide"),
        ("{{ number.value }}", "{{ number.value }}+ 50%", "50%"),
    ],
)  # fmt: skip
def test_an_edited_template_stops_the_build_and_names_the_text(
    marts: Marts, monkeypatch: pytest.MonkeyPatch, place: str, text: str, rule: str
) -> None:
    _edit_template(monkeypatch, "annex.html.j2", place, text)
    with pytest.raises(ClaimMismatchError, match="the page") as error:
        build_annex(marts, sample_context())
    assert rule in str(error.value) or "4 in 5" in str(error.value)


def test_an_edited_markdown_template_stops_the_build(marts: Marts, monkeypatch: pytest.MonkeyPatch) -> None:
    _edit_template(monkeypatch, "page.md.j2", "## Key findings", "## Key findings\n\nAI: 40% of all posts.\n")
    with pytest.raises(UntrueSentenceError, match="AI: 40% of all posts"):
        build_annex(marts, sample_context())


def test_a_template_without_footnotes_stops_the_build(marts: Marts, monkeypatch: pytest.MonkeyPatch) -> None:
    _edit_template(monkeypatch, "macros.html.j2", 'href="#fn-{{ claim.id }}"', 'href="#evidence"')
    with pytest.raises(UntrueSentenceError, match="the sentence has no footnote to its row"):
        build_annex(marts, sample_context())


def _edit_template(monkeypatch: pytest.MonkeyPatch, name: str, place: str, text: str) -> None:
    """Render from the project's templates with one of them edited."""
    from jinja2 import ChoiceLoader, DictLoader

    environment = render._environment.__wrapped__()  # not the shared one
    source = environment.loader.get_source(environment, name)[0]
    assert place in source
    environment.loader = ChoiceLoader([DictLoader({name: source.replace(place, text, 1)}), environment.loader])
    monkeypatch.setattr(render, "_environment", lambda: environment)
