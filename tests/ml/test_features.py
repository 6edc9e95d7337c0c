from ml.features import HitContexts, KeywordHits, post_texts
from ml.keywords import load_terms
from ml.term_finder import keyword_groups

GROUPS = keyword_groups(load_terms())


def named(title: str, description: str = "", skills: tuple[str, ...] = ()) -> dict[str, float]:
    hits = KeywordHits(GROUPS)
    values = hits.transform(post_texts([title], [description], [skills])).toarray()[0]
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
    posts = post_texts(["a" * 100 + " no idea of Azure here " + "b" * 100], [""], [[]])
    window = HitContexts(GROUPS, "cloud:").transform(posts)[0]
    assert "idea of Azure here" in window and len(window) < 100
    assert HitContexts(GROUPS, "rpa:").transform(posts) == [""]
