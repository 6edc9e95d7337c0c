"""The keyword step means the same in SQL and in Python; projected values follow their formula."""

import csv
from decimal import Decimal
from itertools import product
from pathlib import Path

import duckdb
import pytest

from ml.features.keywords import TECHNOLOGIES, TERMS_FILE, load_terms
from tests.support.small_lake import SmallLake

with TERMS_FILE.open(encoding="utf-8", newline="") as file:
    TERMS = sorted({row["term"] for row in csv.DictReader(file)})

SENTENCES = [
    "Email campaign for a bakery",
    "Email automation with machine learning",
    "Articles wanted, no AI. Later you train our ChatGPT assistant",
    "Send the logo as .ai file and EPS",
    "SoundCloud promotion",
    "Point cloud viewer hosted on AWS",
    "Power-\r\n\tAutomate  flows",
    "mañana: diseño con IA, naïve café",
    "إنشاء موقع ai مع سحابة aws",
    "AI\x00 and \ufeffcloud",
    "'; drop table posts; --",
    "",
]


def sentences() -> list[str]:
    """Every term bare, in capitals within a sentence, hyphenated, and inside a longer word, beside whole posts."""
    written = [term.replace("*", "xyz") for term in TERMS]
    forms = ("{0}", "We want {1} soon", "{2}, please", "pre{0}post", "no {0}; machine learning on aws with uipath")
    return SENTENCES + [form.format(t, t.upper(), t.replace(" ", "-")) for t, form in product(written, forms)]


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_a_text_is_a_candidate_in_sql_exactly_when_it_is_in_python(technology: str, lake: SmallLake) -> None:
    condition = lake.compile("{{ candidate_rule('" + technology + "', 'text') }}")
    texts = sentences()
    query = f"select {condition} from (select unnest($texts) as text)"
    by_sql = [hit for (hit,) in duckdb.execute(query, {"texts": texts}).fetchall()]
    terms = load_terms()[technology]
    by_python = [terms.is_candidate(text) for text in texts]
    assert [t for t, sql, python in zip(texts, by_sql, by_python, strict=True) if sql != python] == []
    assert 0 < sum(by_python) < len(texts)


def test_words_of_generative_ai_are_told_from_other_terms_of_ai(lake: SmallLake) -> None:
    texts = ["Chatbot on GPT-4", "An agentic workflow", "Generative design", "Machine learning model", "Email campaign"]
    condition = lake.compile("{{ candidate_rule('genai', 'text') }}")
    query = f"select {condition} from (select unnest($texts) as text)"
    found = [hit for (hit,) in duckdb.execute(query, {"texts": texts}).fetchall()]
    assert found == [True, True, True, False, False]


def test_a_path_between_apostrophes_is_one_text_and_no_pattern(lake: SmallLake, tmp_path: Path) -> None:
    path = tmp_path / "it's [1] *?" / "one.csv"
    path.parent.mkdir()
    path.write_text("a\n7\n")
    quoted = lake.compile("'{{ inside_quotes(\"" + str(path) + "\") }}'")
    assert duckdb.execute(f"select file from glob({quoted})").fetchall() == [(str(path),)]
    assert duckdb.execute(f"from read_csv({quoted})").fetchall() == [(7,)]


def test_a_projected_value_is_budget_or_rate_times_hours_times_weeks(lake: SmallLake) -> None:
    hours = {"under_30": 15, "30_plus": 35, None: None}
    weeks = {"under_1_month": 2, "1_to_3_months": 9, "3_to_6_months": 20, "over_6_months": 39, None: None}
    posts = list(product(("fixed", "hourly", None), (Decimal(700), None), (Decimal(30), None), hours, weeks))
    rows = ", ".join("(" + ", ".join("?" * 5) + ")" for _ in posts)
    query = f"""
        select {lake.compile("{{ projected_value_usd() }}")}
        from (values {rows}) as posts (contract_type, budget_usd, rate_usd, weekly_hours_band, duration_band),
            lateral (select rate_usd - 10 as hourly_rate_low_usd, rate_usd + 10 as hourly_rate_high_usd)
    """
    by_sql = [value for (value,) in duckdb.execute(query, [field for post in posts for field in post]).fetchall()]
    expected = []
    for contract_type, budget, rate, band, duration in posts:
        known = hours[band] and weeks[duration] and rate and rate * hours[band] * weeks[duration]
        expected.append({"fixed": budget, "hourly": known}.get(contract_type))
    assert by_sql == expected
