"""The page that people read: the news heads it, it is short, and each sentence leads to its row in the annex."""

import io
import re
from collections.abc import Callable
from html import unescape

import pandas as pd
import pytest

from dagster_project.reports.claims.printed_numbers import printed_numbers
from dagster_project.reports.claims.wording import told_growth, told_limits, told_points, told_share
from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.bulletin import build_bulletin
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from dagster_project.statistics.growth.verdicts import NO_CHANGE, with_family_counts
from tests.support.page_text import assert_is_short, title
from tests.support.sample_marts import sample_context

Marts = dict[str, pd.DataFrame]


@pytest.fixture
def report(bulletin: Report) -> Report:
    return bulletin


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


def test_where_nothing_moved_title_and_chart_say_so(
    marts: Marts, make_context: Callable[..., RunContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dagster_project.reports.sections.bulletin.movers.CHARTED", 5)
    growth, searches = marts["monthly_adjusted_growth"], marts["monthly_search_growth"]
    has_verdict = growth["verdict"].notna()
    still = with_family_counts(growth.assign(verdict=growth["verdict"].mask(has_verdict, NO_CHANGE), trend=None))
    quiet = searches.assign(growth_pct=1.0, growth_pct_low=-5.0, growth_pct_high=7.0)
    report = build_bulletin(marts | {"monthly_adjusted_growth": still, "monthly_search_growth": quiet}, make_context())
    assert title(report) == "No tested series of US job posts moved from October to November 2025"
    assert "None of 7 tested series can be told from no change on the month before." in report.html
    assert "The tested series with most posts." in report.html and "that moved" not in report.html


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
    assert "No tested series" not in report.html and "None of" not in report.html


def test_the_page_says_of_how_many_tested_series_how_many_did_not_move(report: Report, marts: Marts) -> None:
    """As the figure draws them: all seven tested sub-categories, one of which moved."""
    data = pd.read_csv(io.StringIO(report.figures["report-growth.csv"]))
    unmoved = int((data["shown_verdict"] == NO_CHANGE).sum())
    assert (len(data), unmoved) == (7, 6)
    (claim,) = [claim for claim in report.claims if claim.metric == "family_unmoved_count"]
    assert claim.sentence == "Of 7 tested series, 6 cannot be told from no change on the month before."
    assert (claim.value, claim.n) == (6, 7)


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
    counted = with_family_counts(all_rose)
    page = build_bulletin(marts | {"monthly_adjusted_growth": counted}, make_context()).markdown
    assert page.count("rose 30% (20–40)") == 5
    assert "Further series moved" in page and "cannot be told from no change on the month" not in page


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
        (told_growth(-5.2, -9.1, -1.2), "5% (1–9)"),
        (told_growth(-5.2, -9.1, -1.2, signed=True), "−5% (−9 to −1)"),
        (told_growth(285.4, 250.0, float("inf")), "285% (250% or more)"),
        (told_share(0.3194, 0.3171, 0.3217), "32%"),
        (told_share(0.3149, 0.3131, 0.3157), "31% (31–32)"),
        (told_share(0.0741, 0.0629, 0.0868), "7% (6–9)"),
        (told_share(0.0031, 0.0030, 0.0032), "0.3%"),
        (told_growth(-0.2, -0.6, 0.4), "0.2% (−0.4 to 0.6)"),
        (told_growth(-0.2, -0.6, 0.4, signed=True), "−0.2% (−0.6 to 0.4)"),
        (told_growth(3.4, -2.1, 8.0), "3% (−2 to 8)"),
        (told_growth(-3.4, -7.0, 0.0), "3% (0–7)"),
        (told_points(-19.0, -25.8, -11.4), "19 points (11–26)"),
        (told_growth(-1.2, -5.0, 3.0, signed=True), "−1% (−5 to 3)"),
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


def test_questions_that_readers_ask_for_come_first_and_the_chart_has_the_order_of_the_sentences(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    ranks = marts["pulse_answer_ranks"]
    one = ranks[ranks["question_id"] == ranks["question_id"].iloc[0]]
    ids = ["a_question", "another", "last", "top_workforce_challenge"]
    asked = pd.concat([one.assign(question_id=id, question=f"About {id}?") for id in ids], ignore_index=True)
    report = build_bulletin(marts | {"pulse_answer_ranks": asked}, make_context())
    told = [claim.key["question_id"] for claim in report.claims if claim.mart == "pulse_answer_ranks"]
    assert told == ["top_workforce_challenge", "a_question", "another"]
    data = pd.read_csv(io.StringIO(report.figures["report-answer-shares.csv"]))
    assert data["question_id"].drop_duplicates().tolist() == told


COMPOSITE = "Marketing and e-commerce"


@pytest.mark.parametrize(
    ("verdict", "trend", "adjusted", "two_months", "sentence"),
    [
        (NO_CHANGE, "continued", 2.0, (6.2, 1.4, 11.2), f"{COMPOSITE} continued to grow, by 6% (1–11) over 2 months."),
        ("rose", None, 8.0, (1.0, -4.0, 6.3), f"{COMPOSITE} rose 8% (4–12)."),
        (NO_CHANGE, None, 2.0, (-1.2, -5.0, 3.0),
         f"{COMPOSITE} taken together cannot be told from no change: −1% (−5 to 3) over 2 months."),
        (NO_CHANGE, None, 2.0, (0.3, -5.0, 3.0),
         f"{COMPOSITE} taken together cannot be told from no change: 0% (−5 to 3) over 2 months."),
    ],
)  # fmt: skip
def test_a_composite_is_told_by_its_trend_its_verdict_or_as_no_change(
    marts: Marts, make_context: Callable[..., RunContext], verdict: str, trend: str | None, adjusted: float,
    two_months: tuple[float, float, float], sentence: str,
) -> None:  # fmt: skip
    growth = marts["monthly_adjusted_growth"]
    is_one = growth["level"].eq("composite") & growth["population"].eq("us")
    ends = ("", "_low", "_high")
    values = dict(
        zip((f"adjusted_growth_pct{end}" for end in ends), (adjusted, adjusted - 4, adjusted + 4), strict=True)
    )
    values |= dict(zip((f"two_month_growth_pct{end}" for end in ends), two_months, strict=True))
    changed = {name: growth[name].mask(is_one, value) for name, value in values.items()}
    words = {"verdict": growth["verdict"].mask(is_one, verdict), "trend": growth["trend"].mask(is_one, trend)}
    report = build_bulletin(marts | {"monthly_adjusted_growth": growth.assign(**changed, **words)}, make_context())
    told = [claim for claim in report.claims if claim.slice == COMPOSITE]
    assert [claim.sentence for claim in told] == [sentence]
    assert told[0].key["level"] == "composite"


def skills_part(html: str) -> str:
    return html.split('<section class="part" id="skills"', 1)[1].split("</section>", 1)[0]


def test_a_month_that_ranks_fewer_than_ten_skills_falls_back_to_three_months_and_says_so(
    report: Report, marts: Marts
) -> None:
    """The month of the sample names six skills."""
    assert (marts["monthly_ai_skills"]["population"] == "us").sum() == 6
    part = skills_part(report.html)
    assert "AI posts among US job posts, September to November 2025." in part
    assert "three months are pooled" in part
    assert "Skills that AI posts name most, September to November 2025" in part
    (claim,) = [claim for claim in report.claims if claim.mart == "trailing_ai_skills"]
    assert claim.key == {"period_id": "2025-09_2025-11", "population": "us", "skill": "Python"}
    # 560 of 1,680 posts
    assert "33% (" in claim.sentence


def test_a_month_that_ranks_ten_skills_stands_for_itself(marts: Marts, make_context: Callable[..., RunContext]) -> None:
    trailing = marts["trailing_ai_skills"].query("population == 'us'")
    month = marts["monthly_ai_skills"].query("population == 'us'").head(1)
    ten = pd.concat([month.assign(**row[["skill", "skill_kind", "ai_post_count", "ai_total_count", "skill_rank"]])
                     for _, row in trailing.iterrows()])  # fmt: skip
    part = skills_part(build_bulletin(marts | {"monthly_ai_skills": ten}, make_context()).html)
    assert "AI posts among US job posts, November 2025." in part
    assert "three months are pooled" not in part and "September" not in part


def test_a_skill_whose_interval_tells_nothing_is_left_out_with_that_interval_as_its_reason(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    """Of the ten ranked skills two have intervals of 48 points, the month's six all of them."""
    limits = {"corrected_ai_share": 0.29, "corrected_ai_share_low": 0.05, "corrected_ai_share_high": 0.53}
    month, trailing = marts["monthly_ai_skills"], marts["trailing_ai_skills"]
    is_wide = trailing["skill_rank"].isin([3, 4])
    wide = trailing.assign(**{name: pd.Series(value, trailing.index).where(is_wide) for name, value in limits.items()})
    changed = marts | {"monthly_ai_skills": month.assign(**limits), "trailing_ai_skills": wide}
    report = build_bulletin(changed, make_context())
    left_out = [claim for claim in report.claims if claim.slice.endswith(", left out")]
    assert [claim.key["skill"] for claim in left_out] == wide[is_wide & wide["population"].eq("us")]["skill"].tolist()
    assert left_out[0].sentence.endswith(" is left out: its range, 5% to 53%, is too wide to tell.")
    assert all(claim.mart == "trailing_ai_skills" and (claim.low, claim.high) == (0.05, 0.53) for claim in left_out)
    assert len(report.figures["report-skill-ranks.csv"].splitlines()) == 1 + 8
    assert "29%" not in skills_part(report.html)


def test_no_label_of_a_chart_is_elided(marts: Marts, make_context: Callable[..., RunContext], drawn: None) -> None:
    html = build_bulletin(marts, make_context()).html
    svgs = re.findall(r"<svg .*?</svg>", html, re.DOTALL)
    assert len(svgs) > 10
    assert "…" not in "".join(svgs)
    # two lines where 390 px leave no room for one
    narrow = next(svg for svg in svgs if 'id="growth-narrow' in svg or "Language Tutoring &amp;<" in svg)
    assert ">Interpretation<" in narrow


def test_each_of_few_months_is_named_once_below_a_chart(
    marts: Marts, make_context: Callable[..., RunContext], drawn: None
) -> None:
    posts = marts["monthly_technology_posts"]
    few = posts[pd.to_datetime(posts["posted_month"]) >= "2025-09-01"]
    html = build_bulletin(marts | {"monthly_technology_posts": few}, make_context()).html
    chart = re.search(r'id="ai-work".*?(<svg .*?</svg>)', html, re.DOTALL)
    assert chart is not None
    assert re.findall(r">([A-Z][a-z]{2} 20\d\d)<", chart[1]) == ["Sep 2025", "Oct 2025", "Nov 2025"]


def contract_shares(marts: Marts, low: dict[str, float], default: float) -> Marts:
    """The marts with one more category, corrected shares of 0.5 (to 0.55) and lower limits by category as given."""
    values = marts["period_contract_values"]
    one = values[values["category_id"] == values.loc[values["category_id"].ne("all"), "category_id"].iloc[0]]
    values = pd.concat([values, one.assign(category_id="legal", category="Legal")], ignore_index=True)
    lows = values["category_id"].map(low).fillna(default).where(values["category_id"].ne("all"), 0.45)
    limits = {"corrected_high_value_share": 0.5, "corrected_high_value_share_high": 0.55}
    return marts | {"period_contract_values": values.assign(**limits, corrected_high_value_share_low=lows)}


def test_a_category_whose_contracts_tell_nothing_is_left_out_of_the_figure_and_named(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    report, wide = (build_bulletin(contract_shares(marts, low, 0.45), make_context()) for low in ({}, {"legal": 0.1}))
    shown, left = (
        set(pd.read_csv(io.StringIO(one.figures["report-paid-high.csv"]))["category"]) for one in (report, wide)
    )
    assert shown - left == {"Legal"} and len(left) == 2
    told = "The share of AI contracts in Legal is left out: its range, 10% to 55%, is too wide to tell."
    assert told in wide.markdown and "left out" not in report.markdown


def test_a_category_that_is_not_corrected_does_not_stand_beside_corrected_ones(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    changed = contract_shares(marts, {}, 0.45)
    values = changed["period_contract_values"]
    corrected = [f"corrected_high_value_share{end}" for end in ("", "_low", "_high")]
    values.loc[values["category_id"].eq("legal") & values["technology"].eq("ai"), corrected] = None
    report = build_bulletin(changed, make_context())
    drawn = pd.read_csv(io.StringIO(report.figures["report-paid-high.csv"]))
    assert "Legal" not in set(drawn["category"]) and drawn["corrected_high_value_share"].notna().all()


def test_where_the_contracts_of_the_categories_are_hidden_a_sentence_says_so(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    values = marts["period_contract_values"]
    numbers = [name for name in values if str(name).startswith(("high_value_share", "corrected_", "valued_count"))]
    hidden = values.assign(**{name: values[name].where(values["category_id"].eq("all")) for name in numbers})
    report = build_bulletin(marts | {"period_contract_values": hidden}, make_context())
    assert "Not told by category: most categories have too few AI contracts, or confidential ones." in report.html
    assert "Not told by category" not in build_bulletin(marts, make_context()).html


def test_where_no_category_tells_anything_sentences_stand_for_the_figure(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    report = build_bulletin(contract_shares(marts, {}, 0.1), make_context())
    assert "report-paid-high.csv" not in report.figures
    assert report.markdown.count("is left out: its range, 10% to 55%, is too wide to tell.") == 3


def test_a_penetration_that_tells_nothing_is_no_bar(marts: Marts, make_context: Callable[..., RunContext]) -> None:
    shares = marts["period_technology_category_shares"]
    is_one = shares["category"].eq("Data Science & Analytics") & shares["technology"].eq("ai")
    limits = {"penetration_share": 0.4, "penetration_share_low": 0.15, "penetration_share_high": 0.85}
    wide = shares.assign(**{name: shares[name].mask(is_one, value) for name, value in limits.items()})
    report = build_bulletin(marts | {"period_technology_category_shares": wide}, make_context())
    data = pd.read_csv(io.StringIO(report.figures["report-category-share.csv"])).set_index("category")
    of_one = data.loc["Data Science & Analytics"]
    assert of_one[list(limits)].isna().all() and of_one["composition_share"] > 0
    told = "The penetration of Data Science &amp; Analytics is left out: its range, 15% to 85%, is too wide to tell."
    assert told in report.markdown


def test_where_no_composition_can_be_told_no_sentence_and_no_empty_panel_stand_for_it(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    corrected = {"composition": (0.25, 0.04, 0.65), "penetration": (0.1, 0.05, 0.2)}
    values = {
        f"corrected_{measure}_share{end}": value
        for measure, limits in corrected.items()
        for end, value in zip(("", "_low", "_high"), limits, strict=True)
    }
    shares = marts["period_technology_category_shares"].assign(**values)
    report = build_bulletin(marts | {"period_technology_category_shares": shares}, make_context())
    assert "of all AI posts" not in report.markdown
    assert report.markdown.count("is left out: its range, 4% to 65%, is too wide to tell.") == 3
    told = report.html.partition("AI posts by category")[2].partition("</figure>")[0]
    assert "Bars with intervals over the categories: penetration. The list begins with" in told
    assert "corrected by the audit sample. Diamond: not corrected" in told


def test_numbers_of_us_posts_come_before_those_of_all_clients_and_every_section_has_one_of_the_two(
    report: Report,
) -> None:
    """A section says whose posts it is about in its first lines, and the page changes from US to all clients once."""
    found = re.findall(r'(<section class="part" id="([\w-]+)".*?</section>)', report.html, re.DOTALL)
    texts = {id: re.sub(r"<[^>]+>", " ", html) for html, id in found}
    of_us = [id for id, text in texts.items() if re.search(r"\bUS\b", text)]
    assert of_us == ["movers", "skills", "ai-work"]
    assert "of clients in all countries" in texts["ai-categories"] and "of all clients" in texts["pay"]


def test_a_tile_names_population_and_years_of_its_number(report: Report) -> None:
    labels = re.findall(r'<span class="label">(.*?)</span> <span class="detail">', report.html, re.DOTALL)
    labels = [re.sub(r"<[^>]*>", "", label) for label in labels]
    assert labels[0].startswith("US job posts in ")
    assert "of AI contracts of 2022-2023 above 1,000 USD" in labels


def test_the_searches_of_a_series_are_told_as_a_sentence(report: Report) -> None:
    told = [claim.sentence for claim in report.claims if claim.mart == "monthly_search_growth"]
    assert [sentence.split(" rose ")[0] for sentence in told] == [
        "Talent searches for AI agents", "Talent searches for all AI",
    ]  # fmt: skip


@pytest.mark.parametrize(("revised", "listed"), [(20, "lists each"), (21, "lists the largest revisions")])
def test_the_page_says_how_much_of_the_revisions_the_annex_lists(
    marts: Marts, make_context: Callable[..., RunContext], revised: int, listed: str
) -> None:
    marts["series_revisions"]["revised_count"] = [revised, *[0] * (len(marts["series_revisions"]) - 1)]
    page = build_bulletin(marts, make_context(compared_release_id="2025-10-aaaaaaaaaaaa")).markdown
    assert f"Values of the last release were revised; the annex {listed}." in page


def test_a_tile_of_the_survey_tells_the_answer_and_the_question_as_it_was_asked(report: Report) -> None:
    tiles = unescape(re.sub(r"<[^>]+>", "", report.html.split('<ul class="numbers"', 1)[1].split("</ul>", 1)[0]))
    asked = next(claim.sentence for claim in report.claims if claim.mart == "pulse_answer_ranks")
    question, answer = re.findall("“(.*?)”", asked)
    assert f"of businesses answer “{answer}” to “{question}”" in tiles


def test_a_figure_explains_only_the_marks_that_it_has(report: Report, marts: Marts) -> None:
    """The sample has a month that is not complete, all its months are large, and one technology is drawn."""
    complete = marts["monthly_collection"].assign(status="complete")
    whole = build_bulletin(marts | {"monthly_collection": complete}, sample_context())
    title = "Share of US job posts that ask for AI, by month"
    captions = [one.html.split(title, 1)[1].split("</figcaption>", 1)[0] for one in (report, whole)]
    assert ["Hollow point: month not complete." in caption for caption in captions] == [True, False]
    assert not any("own scale" in caption or "left out" in caption for caption in captions)


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


def test_the_row_of_the_title_is_told_once_among_the_headlines(report: Report) -> None:
    """The command line prints them after a run."""
    rows = [(claim.mart, claim.metric, claim.key) for claim in report.claims if claim.sentence in report.headlines]
    assert report.headlines[0] == report.claims[0].sentence and len(report.headlines) > 1
    assert all(rows.count(row) == 1 for row in rows)


def test_held_months_and_the_age_of_the_data_are_told_on_the_page(
    marts: Marts, make_context: Callable[..., RunContext]
) -> None:
    held = {f"2025-0{month}": f"2025-0{month}: held by hand since 2025-11-30: reason {month}" for month in range(1, 6)}
    age = "The newest post is of 28 November 2025, read on 30 November 2025."
    report = build_bulletin(marts, make_context(failed_months=held, data_age=age))
    told = (
        "Held months are as they were before, or left out; the annex lists all. "
        "2025-03: held by hand since 2025-11-30: reason 3. 2025-04: held by hand since 2025-11-30: reason 4. "
        "2025-05: held by hand since 2025-11-30: reason 5."
    )
    for text in (report.html, report.markdown):
        assert told in text and age in text
    annex = build_annex(marts, make_context(failed_months=held, data_age=age))
    assert all(f"reason {month}" in annex.html for month in range(1, 6)) and "January 2025 is held" in annex.html
    assert age in annex.markdown
