"""What is proposed for our columns follows from names and from values; where it does not follow, it is said."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project.sources.drafting.export_columns import export_columns
from dagster_project.sources.drafting.look import Look
from dagster_project.sources.drafting.propose import Draft, propose
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.mapping.model import FileOptions

Proposing = Callable[..., Draft]
TITLES = [
    f"{verb} a {thing} for {whom}" for verb in ("Draw", "Mend") for thing in ("kite", "song") for whom in ("me", "us")
]
TEXTS = [
    f"{title}. We have two photographs of it and want to see a first sketch within a week or so." for title in TITLES
]


@pytest.fixture
def proposing(tmp_path: Path) -> Proposing:
    """Proposals for columns given as `name=[values]`, eight rows."""

    def propose_for(**columns: list[str | None]) -> Draft:
        look = Look(tmp_path / "x.csv", "csv", FileOptions(), columns, dict.fromkeys(columns, "VARCHAR"))
        with reading_connection("500MB", tmp_path) as connection:
            return propose(connection, export_columns(look))

    return propose_for


def expression(draft: Draft, field: str) -> str | None:
    return draft.chosen[field].expression if field in draft.chosen else None


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ([f"2025-11-{day:02} 10:00:00" for day in range(1, 9)], "posted"),
        ([f"2025-11-{day:02}T10:00:00+02:00" for day in range(1, 9)], "posted"),
        ([str(1_762_000_000 + 86_400 * day) for day in range(8)], "epoch_s_time(posted)"),
        ([f"{1_762_000_000 + 86_400 * day}.0" for day in range(8)], "epoch_s_time(posted)"),
        ([str(1_762_000_000_123 + 86_400_000 * day) for day in range(8)], "epoch_ms_time(posted)"),
        ([f"{day}/11/2025" for day in range(11, 19)], "day_first(posted)"),
        ([f"11/{day}/2025" for day in range(11, 19)], "month_first(posted)"),
        ([f"{day}.11.2025 10:30" for day in range(11, 19)], "day_first(posted)"),
        ([f"202511{day}" for day in range(11, 19)], "posted"),
        ([f"Mon, {day} Nov 2025 19:16:48 +0000" for day in range(11, 19)], "posted"),
        ([f"2025.11.{day}" for day in range(11, 19)], "%Y.%m.%d"),
    ],
)
def test_times_are_read_as_they_are_written(proposing: Proposing, values: list[str], read: str) -> None:
    found = expression(proposing(title=TITLES, posted=values), "posted_at") or ""
    assert found == read if "%" not in read else f"'{read}'" in found


def test_a_day_that_could_be_a_month_takes_the_shorter_span_and_says_so(proposing: Proposing) -> None:
    draft = proposing(title=TITLES, posted=[f"0{day}/11/2025" for day in range(1, 9)])
    assert expression(draft, "posted_at") == "day_first(posted)"
    assert "the other way round" in draft.chosen["posted_at"].doubts[0]


def test_a_column_that_fits_as_well_is_named(proposing: Proposing) -> None:
    days = [f"2025-11-{day:02}" for day in range(1, 9)]
    draft = proposing(headline=TITLES, posted_on=days, published_at=days)
    assert expression(draft, "posted_at") == "posted_on"
    assert draft.chosen["posted_at"].doubts == ("fits as well: published_at",)


def test_an_age_in_words_needs_the_time_of_looking(proposing: Proposing) -> None:
    ages = [f"{day} days ago" for day in range(2, 10)]
    seen = [f"2025-11-{day:02}" for day in range(10, 18)]
    dated = proposing(title=TITLES, posted=ages, seen_at=seen)
    assert (expression(dated, "posted_at"), expression(dated, "observed_at")) == ("posted", "seen_at")
    alone = proposing(title=TITLES, posted=ages).chosen["posted_at"]
    assert alone.expression == "ago(posted, '2025-01-31')"
    assert "put the day on which the export was made" in alone.doubts[0]


def test_where_there_is_no_date_the_time_inside_an_id_is_taken(proposing: Proposing) -> None:
    links = [f"https://market.example/jobs/x_~02189838475853320{day}970/?a=1" for day in range(8)]
    draft = proposing(title=TITLES, url=links)
    assert expression(draft, "posted_at") == r"snowflake_time(regexp_extract(url, '~02(\d+)', 1))"
    dated = proposing(title=TITLES, url=links, created=[f"2025-11-{day:02}" for day in range(1, 9)])
    assert expression(dated, "posted_at") == "created"


def test_an_id_is_cut_out_of_a_link_only_where_it_names_each_post(proposing: Proposing) -> None:
    named = proposing(title=TITLES, link=[f"https://m.example/jobs/{4000 + day}?ref=7" for day in range(8)])
    assert expression(named, "post_id") == r"regexp_extract(link, '/(\d{4,})/?(?:[?#]|$)', 1)"
    same = proposing(title=TITLES, link=[f"https://m.example/2025/{title.replace(' ', '-')}" for title in TITLES])
    assert expression(same, "post_id") == "link"


def test_an_id_that_comes_again_is_one_in_later_files_and_a_state_in_the_same(proposing: Proposing) -> None:
    again = proposing(title=TITLES, uid=["u1", "u2", "u3", "u4"] * 2)
    assert expression(again, "post_id") == "uid"
    assert "states of one post" in again.chosen["post_id"].doubts[0]


def test_without_an_id_one_is_made_from_what_a_row_says_and_row_numbers_are_none(proposing: Proposing) -> None:
    draft = proposing(column0=[str(number) for number in range(8)], title=TITLES, details=TEXTS)
    assert expression(draft, "post_id") == "md5(concat_ws('|', title, details))"
    assert "a row that comes twice is one post" in draft.chosen["post_id"].doubts[0]


def test_columns_without_a_telling_name_are_known_by_their_values(proposing: Proposing) -> None:
    draft = proposing(
        a=[f"{number:05}" for number in range(100, 900, 100)],
        b=TITLES,
        c=TEXTS,
        d=[str(1_762_000_000 + 86_400 * day) for day in range(8)],
        e=["Kenya", "Perú", "Deutschland", "US"] * 2,
        f=['["Ink", "Paper"]', "[]"] * 4,
    )
    expected = {"post_id": "a", "title": "b", "description": "c", "posted_at": "epoch_s_time(d)"}
    assert {field: expression(draft, field) for field in expected} == expected
    assert (expression(draft, "client_country"), expression(draft, "skills")) == ("e", "f")


@pytest.mark.parametrize("name", ["client_total_spent", "client_title", "closing_date", "avg_rating", "freelancers"])
def test_a_name_that_speaks_against_is_not_outvoted_by_values(proposing: Proposing, name: str) -> None:
    values = {
        "client_total_spent": [str(number * 100) for number in range(8)],
        "client_title": ["Head of kites and other paper things"] * 8,
        "closing_date": [f"2025-12-{day:02}" for day in range(1, 9)],
        "avg_rating": ["4.5"] * 8,
        "freelancers": ["3"] * 8,
    }
    draft = proposing(**{"headline": TITLES, name: values[name]})
    assert all(proposal.column is None or proposal.column.name != name for proposal in draft.chosen.values())


@pytest.mark.parametrize(
    ("name", "values", "kinds"),
    [
        ("type", ["fixed", "hourly"], None),
        ("job_type", ["Fixed-price", "Hourly"], {"Fixed-price": "fixed", "Hourly": "hourly"}),
        ("tipo_de_pago", ["Precio fijo", "Por hora"], {"Precio fijo": "fixed", "Por hora": "hourly"}),
        ("is_hourly", ["True", "False"], {"True": "hourly", "False": "fixed"}),
        ("is_fixed_price", ["1", "0"], {"1": "fixed", "0": "hourly"}),
    ],
)
def test_words_for_fixed_and_hourly_are_brought_to_ours(
    proposing: Proposing, name: str, values: list[str], kinds: dict[str, str] | None
) -> None:
    found = expression(proposing(**{"headline": TITLES, name: values * 4}), "contract_type") or ""
    if kinds is None:
        assert found == name
    else:
        assert all(f"when '{theirs}' then '{ours}'" in found for theirs, ours in kinds.items())
        assert f"else {name}" in found, "a value that comes later is rejected by name, not lost"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Less than 1 month", "under_1_month"), ("1 to 3 months", "1_to_3_months"), ("3-6 months", "3_to_6_months"),
        ("More than 6 months", "over_6_months"), ("6+ months", "over_6_months"), ("2 weeks", "under_1_month"),
        ("De 1 a 3 meses", "1_to_3_months"), ("Más de 6 meses", "over_6_months"), ("12 Monate", "over_6_months"),
        ("3 bis 6 Monate", "3_to_6_months"), ("10 days", "under_1_month"), ("1 year", "over_6_months"),
    ],
)  # fmt: skip
def test_durations_are_brought_to_bands(proposing: Proposing, theirs: str, ours: str) -> None:
    found = expression(proposing(headline=TITLES, duration=[theirs, "Less than 1 month"] * 4), "duration_band") or ""
    assert f"when '{theirs}' then '{ours}'" in found


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Less than 30 hrs/week", "under_30"), ("30+ hrs/week", "30_plus"), ("More than 30 hrs/week", "30_plus"),
        ("10-20 hours", "under_30"), ("Part-time", "under_30"), ("Full time", "30_plus"), ("40 h/week", "30_plus"),
    ],
)  # fmt: skip
def test_weekly_hours_are_brought_to_bands(proposing: Proposing, theirs: str, ours: str) -> None:
    found = expression(proposing(headline=TITLES, workload=[theirs, "Less than 30 hrs/week"] * 4), "weekly_hours_band")
    assert f"when '{theirs}' then '{ours}'" in (found or "")


def test_a_category_is_proposed_only_where_its_values_are_ours(proposing: Proposing) -> None:
    assert expression(proposing(headline=TITLES, sector=["Legal", "Writing"] * 4), "category") == "sector"
    mostly = proposing(headline=TITLES, category=["Legal", "Sales and Marketing", "Legal", "Flying"] * 2)
    found = expression(mostly, "category") or ""
    assert "when 'Sales and Marketing' then 'Sales & Marketing'" in found
    assert "when 'Flying' then null /* nearest:" in found
    other = proposing(headline=TITLES, category=["Flying", "Diving", "Swimming", "Legal"] * 2)
    assert "category" not in other.chosen
    assert (
        "75% of the values have no equivalent here and stay empty: 'Flying', 'Diving', 'Swimming'"
        in other.remarks["category"][0].doubts[0]
    )


def test_a_few_values_without_equivalent_are_told_as_less_than_one_in_a_hundred(proposing: Proposing) -> None:
    many = proposing(headline=TITLES * 50, workload=["Full time"] * 399 + ["Whenever"])
    assert expression(many, "weekly_hours_band")
    [doubt] = many.chosen["weekly_hours_band"].doubts
    assert doubt == "less than 1% of the values have no equivalent here and stay empty: 'Whenever'"


def test_one_amount_for_both_kinds_of_pay_is_divided_by_the_kind(proposing: Proposing) -> None:
    draft = proposing(headline=TITLES, pay=["fixed", "hourly"] * 4, amount=["500", "20"] * 4)
    assert expression(draft, "budget_usd") == "case when pay = 'fixed' then money(amount) end"
    assert expression(draft, "hourly_rate_low_usd") == "case when pay = 'hourly' then money(amount) end"


def test_amounts_of_their_own_need_no_division(proposing: Proposing) -> None:
    draft = proposing(
        headline=TITLES,
        kind=["fixed", "hourly"] * 4,
        budget=["500", None] * 4,
        hourly_min=[None, "10"] * 4,
        hourly_max=[None, "20"] * 4,
    )
    assert [expression(draft, field) for field in ("budget_usd", "hourly_rate_low_usd", "hourly_rate_high_usd")] == [
        "money(budget)",
        "money(hourly_min)",
        "money(hourly_max)",
    ]


def test_a_price_that_says_an_hour_tells_the_kind_of_pay(proposing: Proposing) -> None:
    draft = proposing(headline=TITLES, price=["$500", "$15 - $25/hr"] * 4)
    assert expression(draft, "contract_type") == (
        "case when (contains(price, '/hr')) then 'hourly' when price is not null then 'fixed' end"
    )
    low = expression(draft, "hourly_rate_low_usd")
    assert low == "case when (contains(price, '/hr')) then money_low(replace(price, '/hr', '')) end"


def test_a_column_of_currencies_goes_with_the_amount_and_the_day(proposing: Proposing) -> None:
    draft = proposing(
        headline=TITLES,
        created=[f"2025-11-{day:02}" for day in range(1, 9)],
        budget=["500", "20"] * 4,
        currency=["USD", "EUR"] * 4,
    )
    assert expression(draft, "budget_usd") == "money(budget, currency, created)"
    assert "EUR have no USD value without a rates file" in draft.chosen["budget_usd"].doubts[0]
    dollars = proposing(headline=TITLES, budget=["500", "20"] * 4, currency=["USD"] * 8)
    assert expression(dollars, "budget_usd") == "money(budget)"


def test_yearly_salaries_are_no_budget(proposing: Proposing) -> None:
    draft = proposing(
        headline=TITLES,
        min_salary=["60000", "22"] * 4,
        max_salary=["90000", "35"] * 4,
        pay_period=["YEARLY", "HOURLY"] * 4,
    )
    assert "budget_usd" not in draft.chosen
    assert expression(draft, "hourly_rate_low_usd") == "case when pay_period = 'HOURLY' then money(min_salary) end"


def test_what_lies_inside_objects_is_found(proposing: Proposing) -> None:
    draft = proposing(
        name=TITLES,
        budget=['{"minimum": 10, "maximum": 30}', '{"minimum": 5, "maximum": 8}'] * 4,
        type=["fixed", "hourly"] * 4,
        buyer=['{"id": 7, "location": {"country": "Kenya"}}', '{"id": 8, "location": {"country": "Peru"}}'] * 4,
    )
    assert expression(draft, "client_id") == "(buyer ->> 'id')"
    assert expression(draft, "client_country") == "(buyer -> 'location' ->> 'country')"
    rate = expression(draft, "hourly_rate_low_usd")
    assert rate == "case when type = 'hourly' then money((budget ->> 'minimum')) end"


def test_a_language_is_taken_where_it_is_a_code(proposing: Proposing) -> None:
    assert expression(proposing(headline=TITLES, lang=["en", "es"] * 4), "language") == "lang"
    assert expression(proposing(headline=TITLES, language=["English", "Spanish"] * 4), "language") is None


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (['["Ink", "Paper"]', '["Glue"]'], "skills"),
        (["['Ink', 'Paper']", "[]"], "skills"),
        (['[{"name": "Ink"}]', "[]"], "skills"),
        (["Ink|Paper", "Glue"], "split_list(skills)"),
        (["Ink, Paper", "Glue, Tape"], "split_list(skills)"),
        (["Ink,Paper", "Glue, Tape"], "split_list(skills)"),
        (["Ink; Paper", "Glue; Tape"], "split_list(skills)"),
        (["Ink | Paper", "Glue | Tape"], "split_list(skills)"),
        (["Ink / Paper", "Glue / Tape"], "string_split(skills, ' / ')"),
    ],
)
def test_skills_are_taken_as_a_list_or_cut_at_their_delimiter(
    proposing: Proposing, values: list[str], found: str
) -> None:
    assert expression(proposing(headline=TITLES, skills=values * 4), "skills") == found
