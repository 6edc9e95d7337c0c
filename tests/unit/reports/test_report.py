"""The page and its Markdown twin: what is printed, withheld, not provided; third-party text is harmless."""

import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from dagster_project.storage.shown_text import markdown_text
from tests.support.sample_marts import PROVIDED, sample_context, without_rows

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]
HOSTILE = '<script>alert(1)</script>|=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def built(_marts: Marts) -> Report:
    """With its drawings."""
    return build_annex(_marts, sample_context())


class Elements(HTMLParser):
    """Start tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_two_builds_give_identical_bytes(built: Report, drawn: None, marts: Marts, make_context: MakeContext) -> None:
    again = build_annex(marts, make_context())
    assert again.html == built.html
    assert again.markdown == built.markdown
    assert again.figures == built.figures


def test_marts_read_through_arrow_give_the_same_page(annex: Report, marts: Marts, make_context: MakeContext) -> None:
    decimals = {"penetration_share": 6, "composition_share": 6, "growth_pct": 4}
    through_arrow = {}
    for mart, frame in marts.items():
        changed = frame.copy()
        for column in frame:
            if column in decimals:
                text = frame[column].map(f"{{:.{decimals[column]}f}}".format, na_action="ignore")
                changed[column] = text.astype(object).map(Decimal, na_action="ignore")
            elif column.endswith("_month") and not column.startswith("days"):
                changed[column] = frame[column].dt.date.astype(object)
        through_arrow[mart] = changed
    report = build_annex(through_arrow, make_context())
    assert (report.html, report.figures) == (annex.html, annex.figures)


@pytest.mark.usefixtures("drawn")
def test_one_month_of_a_feed_is_drawn_as_points(marts: Marts, make_context: MakeContext) -> None:
    rows = marts["monthly_technology_posts"]
    marts["monthly_technology_posts"] = rows[rows["posted_month"] == "2025-11-01"]
    report = build_annex(marts, make_context())
    assert report.figures["technology-share.csv"].count("2025-11-01") == 3


def test_the_page_loads_nothing_and_runs_nothing(built: Report) -> None:
    tags = Elements(built.html).tags
    assert not {"script", "link", "iframe", "object", "embed"} & {tag for tag, _ in tags}
    targets = [
        value or "" for _, attrs in tags for name, value in attrs.items() if name in ("src", "href", "xlink:href")
    ]
    assert all(target.startswith(("#", "data:text/csv")) for target in targets)
    assert not any(name.startswith("on") for _, attrs in tags for name in attrs)
    assert "@import" not in built.html
    assert not re.search(r"url\((?!#|data:font/)", built.html)


def test_ids_are_unique_and_every_inner_link_has_its_target(built: Report) -> None:
    tags = Elements(built.html).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {str(attrs["href"])[1:] for tag, attrs in tags if tag == "a" and str(attrs.get("href")).startswith("#")}
    assert links <= set(ids)


def test_the_page_has_landmarks_language_and_a_text_for_each_chart(built: Report) -> None:
    tags = Elements(built.html).tags
    assert {"header", "main", "nav", "footer"} <= {tag for tag, _ in tags}
    assert ("html", {"lang": "en"}) in tags
    charts = [attrs for _, attrs in tags if attrs.get("role") == "img"]
    assert len(charts) == 10
    assert all(attrs["aria-label"] for attrs in charts)


def test_footnotes_count_up_in_reading_order(built: Report) -> None:
    printed = [int(number) for number in re.findall(r'data-claim="c(\d+)"', built.html)]
    assert printed == list(range(1, len(built.claims) + 1))


def test_markdown_twin_has_the_same_claims_and_tables(built: Report) -> None:
    for claim in built.claims:
        assert f"{markdown_text(claim.sentence)}[^{claim.id}]" in built.markdown
        assert f"[^{claim.id}]: " in built.markdown
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(built.markdown)
    assert rendered.count("<table>") == built.html.count("<table>")


def test_a_simulated_marketplace_is_named_on_page_print_and_markdown(built: Report) -> None:
    assert "Simulated marketplace." in built.html
    assert "· SIMULATED MARKETPLACE" in built.html
    assert "(simulated)" in built.markdown.splitlines()[0]
    assert built.markdown.count("Simulated marketplace, not a real one.") == built.html.count("<table>")


def test_a_real_feed_shows_no_word_of_simulation(marts: Marts, make_context: MakeContext) -> None:
    report = build_annex(marts, make_context(is_simulated=False, title="A feed", sources="feed"))
    assert "simulated" not in report.html.lower().replace(".simulated", "")
    assert "simulated" not in report.markdown.lower()


def test_composition_and_penetration_of_a_category_stand_side_by_side(built: Report) -> None:
    composition = next(claim for claim in built.claims if claim.metric == "composition_share")
    penetration = built.claims[built.claims.index(composition) + 1]
    assert penetration.metric == "penetration_share"
    assert penetration.key == composition.key


def test_a_surge_is_told_as_surged_and_noise_has_no_word(built: Report, marts: Marts) -> None:
    growths = [claim for claim in built.claims if claim.metric == "adjusted_growth_pct"]
    of_series = [claim for claim in growths if claim.key["series_id"] == "language_tutoring_&_interpretation"]
    surge = of_series[-1].sentence
    assert "Language Tutoring & Interpretation surged by" in surge
    assert surge.count("raw +") == 1
    mart = marts["monthly_adjusted_growth"].set_index(["posted_month", "level", "series_id", "population"])
    for claim in growths:
        verdict = mart.loc[(pd.Timestamp("2025-11-01"), *list(claim.key.values())[1:]), "verdict"]
        assert f" {verdict} by " in claim.sentence or f", {verdict} (" in claim.sentence


def test_raw_calendar_adjusted_and_adjusted_growth_stand_side_by_side(built: Report) -> None:
    for heading in ("Raw change", "Calendar-adjusted", "Adjusted change", "Verdict"):
        assert f">{heading}</th>" in built.html
        assert f"| {heading} |" in built.markdown
    assert built.figures["growth.csv"].splitlines()[0].count("growth_pct") == 9


def test_a_trend_is_told_over_its_own_span(marts: Marts, make_context: MakeContext) -> None:
    rows = marts["monthly_adjusted_growth"]
    is_row = (rows["posted_month"] == "2025-11-01") & (rows["series_id"] == "photography")
    rows.loc[is_row, ["verdict", "trend"]] = ["not distinguishable from no change", "steady"]
    (claim,) = [
        claim for claim in build_annex(marts, make_context()).claims if "Photography grew steadily: " in claim.sentence
    ]
    assert claim.metric == "three_month_growth_pct"
    assert " over 3 months to November 2025" in claim.sentence


def test_a_feed_without_categories_gets_no_category_tables(marts: Marts, make_context: MakeContext) -> None:
    fields = [column for column in PROVIDED if column not in ("category", "occupation")]
    growth = marts["monthly_category_growth"]
    marts["monthly_category_growth"] = growth[growth["level"].isin(["total", "technology"])]
    adjusted = marts["monthly_adjusted_growth"]
    marts["monthly_adjusted_growth"] = adjusted[adjusted["level"] == "total"]
    report = build_annex(
        without_rows(marts, "period_technology_category_shares"), make_context(provided={"job_posts": fields})
    )
    assert "Categories not provided" in report.html
    assert "table-categories-ai" not in report.html
    assert "Pulse survey not provided" in report.html
    assert "category (category tables)" in report.markdown


def test_absent_skills_and_values_are_said_and_not_made_up(marts: Marts, make_context: MakeContext) -> None:
    fields = ["post_id", "posted_at", "title", "category"]
    report = build_annex(
        without_rows(marts, "monthly_ai_skills", "period_projected_values", "pulse_answer_shares"),
        make_context(provided={"job_posts": fields}),
    )
    for text in ("Skills not provided", "Values not provided", "Pulse survey not provided"):
        assert text in report.html
        assert text in report.markdown
    assert not {"monthly_ai_skills", "period_projected_values", "pulse_answer_shares"} & {c.mart for c in report.claims}


def test_without_us_posts_the_population_is_the_feed(marts: Marts, make_context: MakeContext) -> None:
    for mart in ("monthly_technology_posts", "monthly_category_growth", "monthly_adjusted_growth", "monthly_ai_skills"):
        marts[mart] = marts[mart][marts[mart]["population"] == "all"]
    report = build_annex(marts, make_context())
    assert "of job posts of the feed in November 2025" in report.claims[0].sentence
    assert "US job posts" not in report.html


def test_an_incomplete_month_is_explained_and_has_no_growth(marts: Marts, make_context: MakeContext) -> None:
    report = build_annex(marts, make_context(month="2025-03"))
    assert "March 2025 is not complete" in report.html
    assert "posts on 6 of 31 days" in report.html
    assert "2025-03 is partial (posts on 6 of 31 days)" in report.html
    marts_of_growth = ("monthly_category_growth", "monthly_adjusted_growth")
    assert not [claim for claim in report.claims if claim.mart in marts_of_growth]


def test_a_failed_month_says_why(marts: Marts, make_context: MakeContext) -> None:
    report = build_annex(marts, make_context(failed_months={"2025-11": "reject share 9 % above the limit of 5 %"}))
    assert "November 2025 was not updated" in report.html
    assert "reject share 9 % above the limit of 5 %" in report.markdown


def test_a_month_that_nobody_collected_still_has_a_page(marts: Marts, make_context: MakeContext) -> None:
    report = build_annex(marts, make_context(month="2021-01"))
    assert "January 2021 was not collected" in report.html
    assert report.claims == []
    assert report.headlines == []


def test_empty_marts_of_an_empty_feed_have_a_page(marts: Marts, make_context: MakeContext) -> None:
    report = build_annex(without_rows(marts, *marts), make_context())
    assert report.claims == []


def test_a_handful_of_posts_gets_no_share_sentence(marts: Marts, make_context: MakeContext) -> None:
    rows = marts["monthly_technology_posts"]
    rows["post_count"] = 12
    report = build_annex(marts, make_context())
    assert "posts are too few for a share (fewer than 30)" in report.html
    assert not [claim for claim in report.claims if claim.mart == "monthly_technology_posts"]


def test_hostile_text_is_harmless_in_html_markdown_and_csv(marts: Marts, make_context: MakeContext) -> None:
    for mart, column in (("monthly_ai_skills", "skill"), ("monthly_adjusted_growth", "series"),
                         ("period_technology_category_shares", "category"), ("period_projected_values", "category"),
                         ("pulse_answer_shares", "question")):  # fmt: skip
        marts[mart][column] = [f"{HOSTILE} {number}" for number in range(len(marts[mart]))]
    context = make_context(title=HOSTILE, sources=HOSTILE, failed_months={"2025-11": HOSTILE})
    report = build_annex(marts, context)
    assert "script" not in {tag for tag, _ in Elements(report.html).tags}
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(report.markdown)
    assert "script" not in {tag for tag, _ in Elements(rendered).tags}
    assert rendered.count("<table>") == report.html.count("<table>")


def test_csv_cells_never_start_as_a_formula(marts: Marts, make_context: MakeContext) -> None:
    marts["monthly_adjusted_growth"]["series"] = "=HYPERLINK(1) " + marts["monthly_adjusted_growth"]["series"]
    report = build_annex(marts, make_context())
    assert "'=HYPERLINK(1)" in report.figures["growth.csv"]
    assert not re.search(r"(^|,)\"?[=@]", report.figures["growth.csv"], re.MULTILINE)


def test_methodology_names_definitions_models_terms_and_correction(built: Report) -> None:
    for text in (
        "not corrected",
        "ai-3f2a",
        "0.981",
        "120",
        "Wilson",
        "money(amount)",
        "unparsable",
        "3,750",
    ):
        assert text in built.html
        assert markdown_text(text) in built.markdown


def test_context_survives_json(make_context: MakeContext) -> None:
    import json

    context = make_context()
    assert RunContext(**json.loads(json.dumps(context.to_dict()))) == context


def test_a_month_that_is_no_month_is_refused(make_context: MakeContext) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        make_context(month="2025-13")


def test_a_missing_mart_is_named(marts: Marts, make_context: MakeContext) -> None:
    del marts["period_projected_values"]
    with pytest.raises(ValueError, match="period_projected_values is missing"):
        build_annex(marts, make_context())
