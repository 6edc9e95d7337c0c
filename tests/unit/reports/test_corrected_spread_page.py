"""Where audit samples correct the spread study, its words follow the corrected numbers, the classifier's own beside."""

import io

import pandas as pd
import pytest

from dagster_project.reports.claims.claims import verify_claims
from dagster_project.reports.lint.sentences import lint_claims
from dagster_project.reports.page.annex import build_spread_annex
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.spread_study import build_spread_study
from tests.support.plain_drawings import plain_drawings
from tests.support.sample_marts import sample_context

Marts = dict[str, pd.DataFrame]
STUDY_MARTS = ("period_technology_concentration", "period_category_ranks", "study_period_comparisons")
FROM_OTHER_MARTS = ("composition_share", "composition_share_low", "composition_share_high",
                    "categories_above_one_percent")  # fmt: skip
BOTH = "corrected by audit sample of 150 and 170 posts"


def with_audit(marts: Marts) -> Marts:
    """Every number corrected to itself, but for the two named categories of AI, whose change is no longer clear."""
    corrected = dict(marts)
    for mart in STUDY_MARTS:
        frame = marts[mart].copy()
        names = [str(column) for column in frame.columns if f"corrected_{column}" in frame.columns]
        names += [name for name in FROM_OTHER_MARTS if name in frame]
        for name in names:
            frame[f"corrected_{name}"] = frame[name]
        corrected[mart] = frame.assign(correction="corrected by audit sample of 150 posts")
    rows = corrected["study_period_comparisons"].assign(correction=BOTH)
    rows["base_corrected_post_count"] = rows["base_post_count"] - 7
    rows["current_corrected_post_count"] = rows["current_post_count"] + 400
    is_pair = (rows["series_id"] == "data_science_and_web") & (rows["technology"] == "ai")
    rows.loc[is_pair, "corrected_verdict"] = "no clear change"
    rows.loc[is_pair, "corrected_difference_points_high"] = 1.5
    rows.loc[is_pair, "corrected_current_share"] = 0.333
    corrected["study_period_comparisons"] = rows
    return corrected


@pytest.fixture
def corrected(marts: Marts) -> Marts:
    return with_audit(marts)


@pytest.fixture(scope="module")
def report(_marts: Marts) -> Report:
    with plain_drawings():
        return build_spread_annex(with_audit(_marts), sample_context())


def test_a_change_is_told_in_the_words_of_the_corrected_verdict(report: Report, corrected: Marts) -> None:
    (claim,) = [
        claim
        for claim in report.claims
        if claim.key.get("series_id") == "data_science_and_web"
        and claim.key["technology"] == "ai"
        and claim.key["base_period_id"] == "2020_2021"
        and "not distinguishable" in claim.sentence
    ][:1]
    assert claim.metric == "corrected_difference_points"
    assert "to 33.3% in 2022-2023" in claim.sentence
    assert f"; {BOTH}; the classifier's own count gives −" in claim.sentence
    verify_claims(report.claims, corrected, report.html)


def test_too_few_posts_are_the_corrected_ones_where_those_decide(report: Report) -> None:
    few = [claim.sentence for claim in report.claims if "too few posts" in claim.sentence]
    assert few and all("to be called stable (193 in 2022-2023, under 600)" in sentence for sentence in few)


def test_the_page_tells_the_corrected_shares_and_in_its_box_the_others(corrected: Marts) -> None:
    page = build_spread_study(corrected, sample_context())
    assert page.headlines[0].endswith("59% of AI posts in 2020-2021 and 33% in 2022-2023, no clear change")
    assert any(claim.sentence.startswith("Uncorrected, the home categories held 59%") for claim in page.claims)
    assert "the title stands" not in page.html


def test_a_chart_of_two_periods_is_corrected_in_both_or_in_none(corrected: Marts) -> None:
    """An audit that covers the second period alone corrects no change, and the chart shows what the sentences say."""
    ranks, changes = (corrected[name].copy() for name in ("period_category_ranks", "study_period_comparisons"))
    ranks["corrected_composition_share"] = ranks["composition_share"] / 2
    half = ranks.copy()
    for frame, of_base in ((half, half["period_id"] == "2020_2021"), (changes, changes["series_id"].notna())):
        frame.loc[of_base, [name for name in frame if str(name).startswith("corrected_")]] = None
    marts = corrected | {"period_category_ranks": half, "study_period_comparisons": changes}
    of_half, of_both = (
        pd.read_csv(io.StringIO(build_spread_study(one, sample_context()).figures["spread-home.csv"]))
        for one in (marts, marts | {"period_category_ranks": ranks})
    )
    assert of_half["composition_share"].to_numpy() == pytest.approx(2 * of_both["composition_share"].to_numpy())


def test_both_tables_are_printed_and_named(report: Report) -> None:
    assert "AI posts by category and study period, corrected" in report.markdown
    assert "AI posts by category and study period, as the classifier counts" in report.markdown
    assert "Concentration by technology and study period, as the classifier counts" in report.markdown
    assert report.html.count("Diamond: as the classifier counts") >= 3
    assert "naive_composition_share" in report.figures["spread-ai.csv"].splitlines()[0]


def test_a_word_that_only_the_classifier_s_own_verdict_bears_is_untrue(report: Report, corrected: Marts) -> None:
    rows = corrected["study_period_comparisons"]
    told = rows["corrected_verdict"].mask(rows["corrected_verdict"].isin(["rose", "fell"]), "no clear change")
    assert lint_claims(report.claims, corrected) == []
    violations = lint_claims(
        report.claims, corrected | {"study_period_comparisons": rows.assign(corrected_verdict=told)}
    )
    assert violations and all("is not true of the row" in str(violation) for violation in violations)


def test_without_an_audit_sample_one_table_a_subject_and_no_word_of_a_correction(marts: Marts) -> None:
    page = build_spread_annex(marts, sample_context()).markdown
    assert "as the classifier counts" not in page
    assert "the classifier's own count" not in page


def test_a_corrected_table_holds_no_naive_number_where_a_verdict_is_withheld(corrected: Marts) -> None:
    """RPA: 77.8% as the classifier counts, 87.8% corrected, no verdict; a row without a correction is empty."""
    rows = corrected["study_period_comparisons"]
    is_rpa = (rows["technology"] == "rpa") & (rows["series_kind"] == "category")
    first, second = rows[is_rpa]["series_id"].drop_duplicates().head(2)
    is_first, is_second = is_rpa & (rows["series_id"] == first), is_rpa & (rows["series_id"] == second)
    changed = rows.astype({"verdict": object, "corrected_verdict": object})
    changed.loc[is_first, ["current_share", "corrected_current_share"]] = [0.778, 0.878]
    changed.loc[is_first, ["verdict", "corrected_verdict"]] = None
    without = [column for column in changed.columns if column.startswith("corrected_")]
    changed.loc[is_second, without] = None
    tables = _tables(build_spread_annex(corrected | {"study_period_comparisons": changed}, sample_context()).markdown)
    name, other = rows.loc[is_first, "series"].iloc[0], rows.loc[is_second, "series"].iloc[0]
    told = [
        table
        for caption, table in tables.items()
        if "Change in the composition of RPA" in caption and caption.endswith(", corrected**")
    ]
    assert told
    for table in told:
        assert "87.8%" in table[name] and "77.8%" not in table[name]
        assert "%" not in table[other]


def _tables(markdown: str) -> dict[str, dict[str, str]]:
    """Caption -> first cell -> the row as printed."""
    tables: dict[str, dict[str, str]] = {}
    for line in markdown.splitlines():
        if line.startswith("**"):
            caption = line
        elif line.startswith("| "):
            tables.setdefault(caption, {})[line.split("|")[1].strip().replace("&amp;", "&")] = line
    return tables


def test_each_corrected_concentration_has_its_sample_and_the_classifiers_own_has_none(report: Report) -> None:
    corrected, own = report.markdown.split("**Concentration by technology and study period", 2)[1:]
    assert "| 150 posts |" in corrected.split("*Simulated", 1)[0]
    assert "150 posts" not in own.split("*Simulated", 1)[0]


def test_the_shares_of_each_period_name_their_sample(report: Report) -> None:
    assert "2020-2021: corrected by audit sample of 150 posts; 2022-2023: corrected by" in report.markdown
