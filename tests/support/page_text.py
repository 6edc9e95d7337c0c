"""What a reader of a finished page meets: its words, its title, its sentences."""

import re
from html import unescape

from dagster_project.reports.page.render import Report

MOST_WORDS, LONGEST_SENTENCE, MOST_TABLES, MOST_ROWS = 900, 30, 4, 12
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d“])")


def words(html: str) -> list[str]:
    """The words of the body without charts and raised numbers."""
    text = re.sub(r"<(style|svg|sup).*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", text.split("<body", 1)[1]).split()


def title(report: Report) -> str:
    """The page's first heading."""
    found = re.search(r"<h1>(.*?)</h1>", report.html, re.DOTALL)
    assert found
    return unescape(re.sub(r"<sup>.*?</sup>|<[^>]*>", "", found[1]))


def assert_is_short(report: Report) -> None:
    """The limits that every page which people read keeps: words, tables, no dash for a value, sentences."""
    assert len(words(report.html)) <= MOST_WORDS
    assert report.html.count("<table") <= MOST_TABLES
    for table in re.findall(r"<tbody>(.*?)</tbody>", report.html, re.DOTALL):
        assert table.count("<tr>") <= MOST_ROWS
    assert "–" not in re.sub(r"\d–\d|[“(]", "", " ".join(words(report.html)))
    paragraphs = re.findall(r'<p class="(?:prose|lead|note|source-line)[^"]*">(.*?)</p>', report.html, re.DOTALL)
    for paragraph in paragraphs:
        text = unescape(" ".join(re.sub(r"<sup>.*?</sup>|<[^>]*>", "", paragraph).split()))
        for sentence in SENTENCE_END.split(text):
            assert len(sentence.split()) <= LONGEST_SENTENCE, sentence
