import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from ml.features.cues import CUES
from ml.features.keywords import TECHNOLOGIES, load_terms
from ml.features.letters import Documents, Letters
from ml.features.post_texts import TextSetting, post_texts
from ml.features.terms import ReadPosts, TermFinder, TermHits, finder_of, keyword_groups
from ml.features.transformers import CombinedNGrams, HitContexts, HitCues, KeywordHits, NGrams
from ml.training.recipes import feature_transformer
from ml.training.training_set import texts_of
from tests.support.plain_features import plain_features

GROUPS = keyword_groups(load_terms())
ODD_TEXTS = [
    "",
    "  ",
    "A",
    "İstanbul ofisi için UiPath İşleri - AWS and - Azure",
    "ΣΑΣ AWS ΣΑΣ, ünïcode_wörd and é AWSé éAWS _aws aws_ (aws)",
    "don't use ChatGPT - and - AWS and and Azure - - RPA • bots · cloud|ai*ml(\nGPT",
    "foo.ai file .ai files, v0.dev a.i. a i assistant Adobe Illustrator .ai .AI",
    "AWS" + " - x and y" * 40 + " AWS remove AWS; another AWS know" + "\t AWS \x00 gap\x00aws \x1c end",
    "machine\n-learning, power   automate; Power-Automate / n8n, make.com zapier 😀 GPT-4 日本語 rpa",
    "automate" * 30 + " automat automating invoices",
]


def found(posts: pd.DataFrame) -> ReadPosts:
    return TermHits(GROUPS).transform(posts)


def cues(technology: str, title: str) -> dict[str, float]:
    values = HitCues(GROUPS, technology).transform(found(post_texts([title], [""], [[]]))).toarray()[0]
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
    window = HitContexts(GROUPS, "cloud:").transform(posts).strings()[0]
    assert "idea of azure here" in window and len(window) < 100
    assert HitContexts(GROUPS, "rpa:").transform(posts).strings() == [""]


def test_hits_stand_in_the_joined_text_where_they_stand_in_their_field() -> None:
    posts = found(post_texts(["AWS"], [""], [["Excel", "UiPath"]]))
    places = zip(posts.hits.start, posts.hits.end, strict=True)
    assert [posts.text.letters.text[start:end] for start, end in places] == ["aws", "uipath"]
    assert posts.hit_field.tolist() == [0, 1]
    assert (posts.hits.start - posts.hit_field_start).tolist() == [0, len("Excel | ")]


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
    letters = Letters(["Automate invoices, automate, auto, AUTOMATED, a .ai files"])
    hits = finder.find(letters)
    places = zip(hits.start, hits.end, strict=True)
    assert [letters.text[start:end] for start, end in places] == ["automate invoices", "automate", "auto", ".ai files"]
    assert [np.flatnonzero(finder.is_in[term]).tolist() for term in hits.term] == [[1], [0], [1], [2]]


def test_a_pattern_is_tried_at_one_of_ten_words_at_most(labels: pd.DataFrame) -> None:
    letters = Letters(texts_of(labels, "full")["text"].tolist())
    tries, _ = finder_of(GROUPS)._tries(letters)
    assert len(tries) < len(letters.ascii_words[0]) / 10


def test_a_star_after_two_characters_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'ml\*': at least 3 characters"):
        TermFinder((("short", ("ml*",)),))


def mixed(labels: pd.DataFrame, setting: TextSetting) -> pd.DataFrame:
    """Labelled posts, and odd texts as title, as description and as tags."""
    odd = [("", "", [text]) for text in ODD_TEXTS] + [(text, text[::-1], None) for text in ODD_TEXTS]
    odd += list(zip(ODD_TEXTS[::-1], ODD_TEXTS, [ODD_TEXTS] * len(ODD_TEXTS), strict=True))
    return pd.concat([texts_of(labels.iloc[::7].head(25), setting), post_texts(*zip(*odd, strict=True), setting)])


@pytest.mark.parametrize("technology", TECHNOLOGIES)
@pytest.mark.parametrize("setting", ["full", "full_with_skills"])
def test_the_arrays_hold_what_patterns_and_scikit_learn_find_post_by_post(
    labels: pd.DataFrame, technology: str, setting: TextSetting
) -> None:
    features = feature_transformer("keywords_and_ngrams", technology, GROUPS)
    truth = labels[technology].where(labels[technology].eq(1), np.arange(len(labels)) % 2)
    features.fit(posts := mixed(labels, setting), np.resize(truth, len(posts)))
    expected = plain_features(features, posts)
    assert abs(features.transform(posts) - expected).max() < 1e-12
    blocks = [features.transform(posts.iloc[start : start + 7]).toarray() for start in range(0, len(posts), 7)]
    assert np.array_equal(np.concatenate(blocks), features.transform(posts).toarray())


@pytest.mark.parametrize("settings", [{}, {"ngram_range": (1, 2)}, {"analyzer": "char_wb", "ngram_range": (3, 3)}])
def test_ngrams_are_scored_as_scikit_learn_scores_them(labels: pd.DataFrame, settings: dict) -> None:
    posts = mixed(labels, "full")
    plain = TfidfVectorizer(sublinear_tf=True, **settings).fit(posts["text"])
    own = CombinedNGrams([("n-grams", "text", NGrams(sublinear_tf=True, **settings), 1.0)])
    assert abs(own.fit(found(posts)).transform(found(posts)) - plain.transform(posts["text"])).max() < 1e-12


def test_words_are_those_of_scikit_learn_whatever_the_characters() -> None:
    tokens_of = TfidfVectorizer().build_tokenizer()
    everything = "".join(map(chr, [*range(0x3000), 0x1F600, 0x2F800])) + " a_b __ x 9 10 c++ node.js o'neill"
    texts = [*ODD_TEXTS, everything, "école ünïcode_word x é", "tab\tnew\nline"]
    words = Documents.of_texts(texts)
    row, number = words.words
    counts = [len(tokens_of(text.lower())) for text in texts]
    assert np.bincount(row, minlength=len(texts)).tolist() == counts
    each = [token for text in texts for token in tokens_of(text.lower())]
    assert Documents.of_texts(each).words[1].tolist() == number.tolist()
