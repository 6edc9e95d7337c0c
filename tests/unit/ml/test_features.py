import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from ml.features.keywords import load_terms
from ml.features.post_texts import post_texts
from ml.features.terms import TermFinder, TermHits, keyword_groups
from ml.features.transformers import CUES, HitContexts, HitCues, KeywordHits, NGrams, words_of

GROUPS = keyword_groups(load_terms())


def found(posts: pd.DataFrame) -> pd.DataFrame:
    return TermHits(GROUPS).transform(posts)


def cues(technology: str, title: str) -> dict[str, float]:
    values = HitCues(GROUPS, technology).transform(found(post_texts([title], [""], [[]])))[0]
    return dict(zip(CUES, values[: len(CUES)], strict=True))


def named(title: str, description: str = "", skills: tuple[str, ...] = ()) -> dict[str, float]:
    hits = KeywordHits(GROUPS)
    values = hits.transform(found(post_texts([title], [description], [skills]))).toarray()[0]
    return dict(zip(hits.get_feature_names_out(), values, strict=True))


def test_the_model_sees_650_characters_of_the_description_and_titles_alone_by_setting() -> None:
    full = post_texts(["t"], ["x" * 900], [["A", "B"]])
    assert len(full["description"][0]) == 650
    assert full["text"][0].startswith("t | x")
    assert post_texts(["t"], ["x"], [["A"]], "title")["text"].tolist() == ["t"]


def test_skill_tags_are_read_only_where_there_is_no_description() -> None:
    assert post_texts(["t"], ["For a bakery"], [["UiPath"]])["text"].tolist() == ["t | For a bakery"]
    assert post_texts(["t"], [""], [["UiPath", "Excel"]])["text"].tolist() == ["t | UiPath | Excel"]


def test_absent_values_are_empty_texts() -> None:
    assert post_texts([None], [None], [None])["text"].tolist() == [""]


def test_a_claim_in_title_and_text_is_told_from_a_skill_tag_alone() -> None:
    meant, tagged = named("UiPath developer", "Our UiPath robots"), named("Logo", "", ("UiPath",))
    assert meant["rpa in title and description"] == 1 and meant["rpa in skills alone"] == 0
    assert tagged["rpa in title and description"] == 0 and tagged["rpa in skills alone"] == 1


def test_an_excluded_phrase_is_no_claim() -> None:
    word_cloud = named("Word cloud for a conference")
    assert word_cloud["cloud in title"] == 0
    assert word_cloud["cloud: excluded in title"] > 0


def test_the_same_mention_weighs_more_the_earlier_it_stands() -> None:
    early, late = named("x", "AWS work"), named("x", "." * 400 + " AWS work")
    assert early["cloud early in description"] > late["cloud early in description"] > 0


def test_contexts_hold_the_words_around_the_hits_of_one_technology() -> None:
    posts = found(post_texts(["a" * 100 + " no idea of Azure here " + "b" * 100], [""], [[]]))
    window = HitContexts(GROUPS, "cloud:").transform(posts)[0]
    assert "idea of Azure here" in window and len(window) < 100
    assert HitContexts(GROUPS, "rpa:").transform(posts) == [""]


def test_hits_stand_in_the_joined_text_where_they_stand_in_their_field() -> None:
    posts = found(post_texts(["AWS"], [""], [["Excel", "UiPath"]]))
    places = {posts["text"][0][start:end] for _, _, start, end, _ in posts["hits"][0]}
    assert places == {"AWS", "UiPath"}


def test_the_cues_tell_work_from_experience_asked_for_and_from_a_refusal() -> None:
    assert cues("cloud", "Deploy our shop to AWS")["work"] == 1
    asked = cues("cloud", "Familiar with AWS, Azure or similar")
    assert asked["experience"] == asked["alternative"] == 1 and asked["work"] == 0
    assert cues("ai", "ChatGPT drafts get rejected")["refusal"] == 1
    assert set(cues("rpa", "Deploy our shop to AWS").values()) == {0.0}


def test_a_reference_code_in_brackets_names_no_technology_and_entities_are_characters() -> None:
    titles = ["[GCP-1342] Engineer &amp; tester", "[GCP] engineer"]
    assert post_texts(titles, ["", ""], [[], []])["title"].tolist() == ["  Engineer & tester", "[GCP] engineer"]


def test_the_longest_term_wins_whether_its_first_word_is_open_or_whole() -> None:
    finder = TermFinder((("short", ("automate",)), ("long", ("automat* invoice*", "auto")), ("dots", (".ai file*",))))
    text = "Automate invoices, automate, auto, AUTOMATED, a .ai files"
    assert [(text[a:b], groups) for a, b, groups in finder.hits(text)] == [
        ("Automate invoices", [1]),
        ("automate", [0]),
        ("auto", [1]),
        (".ai files", [2]),
    ]


def test_a_star_after_two_characters_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'ml\*': at least 3 characters"):
        TermFinder((("short", ("ml*",)),))


@pytest.mark.parametrize("ngram_range", [(1, 1), (1, 2)])
def test_words_are_scored_as_scikit_learn_scores_them(ngram_range: tuple[int, int]) -> None:
    texts = [
        "UiPath robots, UiPath robots for invoices",
        "Robots!",
        "",
        "a ÉCOLE for robots for invoices, robots for",
    ]
    settings = {"sublinear_tf": True, "ngram_range": ngram_range}
    own, plain = NGrams(**settings), TfidfVectorizer(**settings)
    own.fit_transform(texts[:2])
    plain.fit_transform(texts[:2])
    assert (own.transform(texts) != plain.transform(texts)).nnz == 0


def test_words_are_those_of_scikit_learn_whatever_the_characters() -> None:
    tokens_of = TfidfVectorizer().build_tokenizer()
    ascii_text = "".join(map(chr, range(128))) + " a_b __ x 9 10 c++ node.js \x1c o'neill\x85"
    for text in (ascii_text.lower(), "école ünïcode_word x é", "tab\tnew\nline", "", "a b c"):
        assert words_of(text) == tokens_of(text)
