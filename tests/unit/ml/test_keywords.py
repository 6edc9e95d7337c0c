import re

import pandas as pd
import pytest

from ml.features.keywords import TECHNOLOGIES, load_terms, term_pattern
from ml.features.terms import are_candidates, are_claimed

TERMS = load_terms()


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("power automate", "Microsoft Power-Automate flow", True),
        ("power automate", "power   automate", True),
        ("ai", "an AI helper", True),
        ("ai", "email campaign", False),
        ("chatgpt*", "ChatGPT's answers", True),
        ("automat* data entry", "automating data entry", True),
        (".ai file*", "send the .ai files", True),
        ("ci/cd", "CI/CD pipeline", True),
        ("c++", "C++ code", True),
    ],
)
def test_a_term_matches_on_token_boundaries_whatever_the_case(term: str, text: str, expected: bool) -> None:
    assert (re.search(term_pattern(term), text, re.IGNORECASE | re.ASCII) is not None) is expected


@pytest.mark.parametrize(
    ("technology", "text", "expected"),
    [
        ("ai", "Email marketing campaign", False),
        ("ai", "Email automation with machine learning", True),
        ("ai", "Send me the logo as .ai file and EPS", False),
        ("ai", "Articles wanted, no AI", False),
        ("ai", "Articles wanted, no AI. Later you train our ChatGPT assistant", True),
        ("cloud", "Promote my song on SoundCloud", False),
        ("cloud", "Word cloud of survey answers in Creative Cloud", False),
        ("cloud", "Point cloud viewer hosted on AWS", True),
        ("rpa", "UiPath developer", True),
        ("rpa", "Logo for a bakery", False),
    ],
)
def test_an_exclusion_removes_the_false_hit_and_not_the_post(technology: str, text: str, expected: bool) -> None:
    assert TERMS[technology].is_candidate(text) is expected


def test_the_wide_net_makes_candidates_that_the_keyword_rule_does_not_claim() -> None:
    text = "Automate our invoices"
    assert TERMS["rpa"].is_candidate(text)
    assert not TERMS["rpa"].is_claimed("Selenium expert")


def test_a_term_listed_twice_is_named_with_its_line(tmp_path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text("technology,kind,term,note\nai,include,gpt,x\nai,include,gpt,y\n")
    with pytest.raises(ValueError, match=r"terms.csv, line 3, term: 'gpt' is listed twice"):
        load_terms(path)


def test_every_pattern_of_the_seed_means_the_same_to_re2() -> None:
    duckdb = pytest.importorskip("duckdb")
    texts = [
        "Send .ai files",
        "ci/cd on AWS",
        "SoundCloud",
        "Power-Automate  flows",
        "no AI",
        "ChatGPT4",
        "plain",
    ]
    for terms in TERMS.values():
        for pattern in (terms.include, terms.exclude):
            row = "select list_transform(?, lambda t: regexp_matches(t, ?, 'i'))"
            by_re2 = duckdb.execute(row, [texts, pattern.pattern]).fetchone()[0]
            assert by_re2 == [pattern.search(text) is not None for text in texts]


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_many_texts_at_once_get_the_verdict_of_each_alone(technology: str, labels: pd.DataFrame) -> None:
    terms = TERMS[technology]
    odd = ["", "no ai generated text, but an AI agent", "eñai mañana", "aws\u200bcloud", "UiPath", "AİI chatbot"]
    texts = [*(labels["title"] + " | " + labels["description"]), *odd]
    assert are_claimed(texts, terms).tolist() == [terms.is_claimed(text) for text in texts]
    assert are_candidates(texts, terms).tolist() == [terms.is_candidate(text) for text in texts]
