"""Texts are read as a reader of the page sees them; what has no markup is the same text as before."""

import time

import duckdb
import pytest

from dagster_project.storage.sql import register_clean_text
from ml.features.clean_text import CLEAN_TEXT_SQL, clean_text
from ml.features.post_texts import DESCRIPTION_CHARS, post_texts

CLEANED = [
    ("<p>Machine<br>learning</p>", "Machine\nlearning"),
    ("<p>Skills:</p>\n<ul>\n<li>AWS</li>\n<li>R&amp;D</li></ul>", "Skills:\nAWS\nR&D"),
    ("We use <b>Ui</b>Path and <a href='https://x.example/?a=1&b=2'>AWS</a>", "We use UiPath and AWS"),
    ("&lt;p&gt;Chat&lt;strong&gt;bot&lt;/strong&gt;&lt;/p&gt;", "Chatbot"),
    ("R&amp;amp;D in K&uuml;ln &#8211; &#x1F600;", "R&D in Küln – 😀"),
    ("machine&nbsp;learning", "machine learning"),
    ("machine\u00a0learning, power\u2011automate", "machine learning, power-automate"),
    ("Chat\u200bG\u2060PT \ufeffand \u202eAI\u202c", "ChatGPT and AI"),
    ("cafe\u0301 de\u0301ja\u0300", "café déjà"),
    ("<script>var ai = 1</script>Logo<style>p {}</style><!-- GPT -->", "Logo"),
    ("<IMG SRC=x onerror=alert(1)>Robot", "Robot"),
    ("<h2>Task</h2><table><tr><td>AWS</td><td>GCP</td></tr></table>", "Task\nAWS\nGCP"),
]
KEPT = [
    "", "Plain text, 100 %", "a < b and b > c", "<5 days, under <your name>", "List<String> and vector<int>", "R&D",
    "Fish & chips; salt", "naïve café – “AI”", "line\n\n  line", "x <- y", "<prompt> and <pbr>", "before\0after",
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), CLEANED)
def test_what_nobody_sees_goes(written: str, read: str) -> None:
    assert clean_text(written) == read
    assert clean_text(read) == read


@pytest.mark.parametrize("text", KEPT)
def test_what_merely_looks_like_markup_stays(text: str) -> None:
    assert clean_text(text) == text


def test_sql_and_python_clean_alike() -> None:
    connection = duckdb.connect()
    register_clean_text(connection)
    texts = [written for written, _ in CLEANED] + KEPT + [None]
    query = f"select {CLEAN_TEXT_SQL.format(text='given')} from (select unnest($texts) as given)"
    cleaned = [text for (text,) in connection.execute(query, {"texts": texts}).fetchall()]
    assert cleaned == [None if text is None else clean_text(text) for text in texts]


def test_the_models_read_the_clean_text_cut_after_it_was_cleaned() -> None:
    long = "<p>" + "word <b>more</b> " * 200 + "</p>"
    frame = post_texts(["<b>Chat</b>bot"], [long], [["R&amp;D"]], "full_with_skills")
    assert frame["title"].tolist() == ["Chatbot"] and frame["skills"].tolist() == ["R&D"]
    assert frame["description"].tolist() == [("word more " * 200)[:DESCRIPTION_CHARS]]


@pytest.mark.parametrize("part", ["<!--", "<script>", "<style ", "<p ", "<a href='", "&", "&amp;", "<", "&lt;!--"])
def test_a_megabyte_of_broken_markup_takes_no_longer_than_other_text(part: str) -> None:
    text = part * (1_000_000 // len(part))
    start = time.process_time()
    clean_text(text)
    assert time.process_time() - start < 10
