"""Contract values, hires, searches and quoted figures on the page: their populations, bounds and absences."""

from collections.abc import Callable

import pandas as pd
import pytest

from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from tests.support.sample_marts import without_rows

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]


@pytest.fixture
def report(annex: Report) -> Report:
    return annex


def sentences(report: Report, mart: str) -> list[str]:
    return [claim.sentence for claim in report.claims if claim.mart == mart]


def test_a_contract_sentence_names_period_kind_of_value_and_population(report: Report) -> None:
    assert (
        "Of the AI contracts that started in 2022-2023 and whose value is known, 57.8% were worth more than 1,000 USD "
        "(208 of 360 contracts; 95% interval 52.6% to 62.8%; the value is known for 90.0% of them)."
    ) in sentences(report, "period_contract_values")
    translation = [text for text in sentences(report, "period_contract_values") if "in Translation" in text]
    assert len([text for text in translation if "2022-2023" in text]) == 1


def test_bounds_and_closed_contracts_stand_beside_the_headline(report: Report) -> None:
    # 400 contracts, 40 of unknown value, 208 high: 52.0% to 62.0%; closed: 104 of 180
    assert (
        "| All categories | 400 | 90.0% | 57.8% | 52.6% to 62.8% | 57.8% | 52.0% to 62.0% | 1,200 |" in report.markdown
    )


def test_a_category_without_any_value_to_print_is_named_below_the_table(
    marts: Marts, make_context: MakeContext
) -> None:
    values = marts["period_contract_values"]
    is_hidden = (values["technology"] == "ai") & (values["category_id"] == "translation")
    numbers = [name for name in values if "share" in name or name.endswith("_usd")]
    values[numbers] = values[numbers].astype(float)
    values.loc[is_hidden, numbers] = None
    page = build_annex(marts, make_context()).markdown
    table = page[page.index("**AI contracts that started in 2022-2023**") :]
    table = table[: table.index("**", 60)]
    assert "| All categories |" in table and "| Translation |" not in table
    assert "Not listed, because no value of theirs is printed: Translation." in table


def test_contracts_of_other_posts_are_said_beside_those_of_ai(report: Report) -> None:
    texts = sentences(report, "period_contract_values")
    assert [text for text in texts if text.startswith("Of the contracts of posts that are not AI")]


def test_hires_and_spend_have_a_sentence_of_their_own(report: Report) -> None:
    texts = sentences(report, "monthly_contract_activity")
    assert [text for text in texts if text.startswith("Hires of clients in the US:")]
    assert [
        text for text in texts if text.startswith("Spend on contracts of clients in the US:") and " USD to " in text
    ]


def test_agents_and_the_wider_ai_series_are_two_series(report: Report) -> None:
    texts = sentences(report, "monthly_search_growth")
    agents = [text for text in texts if text.startswith("Talent searches of the series AI agents rose by ")]
    wider = [text for text in texts if text.startswith("Talent searches of the series All AI rose by ")]
    assert agents
    assert wider
    assert "from May 2025 to November 2025" in agents[0]
    assert "search-counts.csv" in report.figures


def test_a_withheld_search_growth_gives_its_reason_and_no_number(marts: Marts, make_context: MakeContext) -> None:
    searches = marts["monthly_search_growth"]
    is_row = (searches["search_month"] == "2025-11-01") & (searches["series_id"] == "ai_agents")
    numbers = ["growth_pct", "growth_pct_low", "growth_pct_high"]
    searches.loc[is_row, numbers] = None
    searches.loc[is_row, "is_withheld"] = True
    searches.loc[is_row, "withheld_reason"] = "2025-11 is partial (last observed on 2025-11-20)"
    report = build_annex(marts, make_context())
    assert "Growth of searches is withheld: AI agents" in report.html
    assert "2025-11 is partial (last observed on 2025-11-20)" in report.markdown
    assert not [text for text in sentences(report, "monthly_search_growth") if "AI agents" in text]


def test_few_contracts_get_no_sentence(marts: Marts, make_context: MakeContext) -> None:
    marts["period_contract_values"]["valued_count"] = 29
    assert sentences(build_annex(marts, make_context()), "period_contract_values") == []


def test_absent_contracts_and_searches_are_said(marts: Marts, make_context: MakeContext) -> None:
    names = ("period_contract_values", "monthly_contract_activity", "monthly_search_growth", "quoted_constants")
    provided = {"job_posts": ["post_id", "posted_at", "title"]}
    report = build_annex(without_rows(marts, *names), make_context(provided=provided))
    for text in ("Contracts not provided", "Talent searches not provided", "Quoted figures not provided"):
        assert text in report.html
        assert text in report.markdown
    assert not set(names) & {claim.mart for claim in report.claims}


def test_a_quoted_figure_is_the_latest_of_its_dates_with_its_source(report: Report) -> None:
    assert "| market size | 1,500,000,000,000.5 | USD a year | An institute | 2024-12-31 |" in report.markdown
    assert "workers share" not in report.markdown
    assert "1,270,000,000,000" not in report.markdown


def test_a_series_without_any_change_to_print_is_not_listed(
    marts: Marts, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = marts["monthly_contract_activity"]
    category = activity[activity["level"] == "category"]
    numbers = ["amount", "growth_pct", "growth_pct_low", "growth_pct_high"]
    hidden = category.assign(**dict.fromkeys(numbers), series_id="hidden", series="Hidden")
    monkeypatch.setattr("dagster_project.reports.sections.monthly.values.LISTED_WHOLE", 0)
    page = build_annex(
        marts | {"monthly_contract_activity": pd.concat([activity, hidden.astype(activity.dtypes)])}, make_context()
    ).markdown
    rows = page.split("**Hires and spend by categories", 1)[1].split("*Simulated", 1)[0]
    assert "Series without any change to print are not listed; the mart holds them." in rows
    assert "| Hidden |" not in rows and rows.count("| ") > len(numbers)
