"""What a rendered page says: sentences with their footnotes, and outside of these numbers that have a source."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html.parser import HTMLParser

import pandas as pd

from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.lint.sentences import Violation
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR
from dagster_project.statistics.core.estimates import CONFIDENCE
from dagster_project.statistics.growth.adjusted import SEASONAL_FROM
from dagster_project.statistics.growth.raw import SMALLEST_BASE
from dagster_project.statistics.growth.verdicts import FALSE_DISCOVERY_RATE, SMALLEST_FAMILY_BASE
from dagster_project.statistics.registry import REGISTRY
from dagster_project.statistics.searches import WINDOW_MONTHS
from dagster_project.statistics.spread.counts import SMALLEST_GROUPS, SMALLEST_SAMPLE
from dagster_project.statistics.spread.stability import SMALLEST_PERIOD, STABLE_DISTANCE
from dagster_project.storage.shown_text import display_text

INLINE = {"a", "bdi", "em", "span", "strong", "sup", "b", "i"}
UNREAD = {"style", "svg", "script"}
VOID = {"meta", "link", "br", "img", "hr", "input"}
PARTS = {
    "evidence": "evidence", "numbers": "number", "lead": "part", "note": "part", "notice": "quoted",
    "commentary": "commentary", "source-line": "quoted", "contents": "part", "masthead": "part",
}  # fmt: skip
PART_TAGS = {"table": "table", "figure": "figure", "h2": "part", "h1": "part", "title": "part", "footer": "quoted"}
SEPARATE_SPANS = {"label", "value", "detail", "title", "subtitle"}


@dataclass
class Block:
    """A run of text.

    place: evidence, number, part (of the page's own), quoted (may hold a feed's texts), commentary (of people), table,
    figure or template.
    id: of the nearest element that has one; footnotes: the ids that its links in `sup` point to.
    """

    place: str
    text: str
    id: str = ""
    footnotes: list[str] = field(default_factory=list)


@dataclass
class PageText:
    """sentences: claim id -> (text, ids of the footnotes beside it)."""

    sentences: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    linked: set[str] = field(default_factory=set)
    """Ids on other pages that footnotes link to."""


COMMENTARY = "commentary"
UNSEEN = re.compile(r"<(style|svg|script|title|sup)\b.*?</\1>|</?(?:span|a|bdi|b|i|em|strong)\b[^>]*>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")


def word_count(html: str) -> int:
    """Words that a page prints outside of its charts; raised numbers are none."""
    return len(TAG.sub(" ", UNSEEN.sub("", html)).split())


@lru_cache(maxsize=1)  # a page is read by the linter of its sentences and by that of its parts
def read_page(html: str) -> PageText:
    """The text of an HTML page of this project's templates; what people wrote for it is theirs and left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    reader.page.blocks = [block for block in reader.page.blocks if block.place != COMMENTARY]
    return reader.page


def own_lines(markdown: str) -> list[str]:
    """The lines of a Markdown page without what people wrote for it, which stands as a quotation below its title."""
    lines, is_quoted = [], False
    for line in markdown.splitlines():
        if line.startswith("## "):
            is_quoted = line == "## In the institute's words"
        if not (is_quoted and line.startswith(">")):
            lines.append(line)
    return lines


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = PageText()
        self.open: list[tuple[str, str, str]] = []
        self.claim, self.last_claim, self.claim_depth = "", "", 0
        self.text: list[str] = []
        self.footnotes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if values.get("id"):
            self.page.ids.add(values["id"])
        is_block = tag not in INLINE or bool(SEPARATE_SPANS & set(values.get("class", "").split()))
        if is_block:
            self.flush()
            self.last_claim = ""
        if "data-claim" in values:
            self.claim = self.last_claim = values["data-claim"]
            self.claim_depth = len(self.open)
            self.page.sentences.setdefault(self.claim, ("", []))
        if tag == "a" and self._is_in("sup"):
            self._footnote(values.get("href", ""))
        elif tag not in {"a", "svg"} and values.get("aria-label") and not self._is_unread():
            self.page.blocks.append(Block(self._place(), values["aria-label"], self._id()))
        if tag not in VOID:
            place = next((PARTS[name] for name in values.get("class", "").split() if name in PARTS), "")
            self.open.append((tag, place or PART_TAGS.get(tag, ""), values.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self._is_in(tag):
            return
        if tag not in INLINE:
            self.flush()
        while self.open.pop()[0] != tag:
            pass
        if len(self.open) <= self.claim_depth:  # a span within the sentence does not end it
            self.claim = ""

    def handle_data(self, data: str) -> None:
        if self._is_unread() or self._is_in("sup"):
            return
        if self.claim:
            text, footnotes = self.page.sentences[self.claim]
            self.page.sentences[self.claim] = (text + data, footnotes)
        elif self.open:
            self.text.append(data)

    def flush(self) -> None:
        """End the present block."""
        text = " ".join("".join(self.text).split())
        if text:
            self.page.blocks.append(Block(self._place(), text, self._id(), self.footnotes))
            self.footnotes = []
        self.text = []

    def _footnote(self, href: str) -> None:
        page, _, id = href.partition("#")
        if page:
            self.page.linked.add(id)
        if self.last_claim:
            self.page.sentences[self.last_claim][1].append(id)
        else:
            self.footnotes.append(id)

    def _is_in(self, tag: str) -> bool:
        return any(name == tag for name, _, _ in self.open)

    def _is_unread(self) -> bool:
        return any(tag in UNREAD for tag, _, _ in self.open)

    def _place(self) -> str:
        places = [place for _, place, _ in reversed(self.open) if place]
        return COMMENTARY if COMMENTARY in places else next(iter(places), "template")

    def _id(self) -> str:
        return next((id for _, _, id in reversed(self.open) if id), "")


PROSE_VALUES = (
    rf"{CONFIDENCE:.0%} (?:confidence )?intervals?",
    rf"{CONFIDENCE:.0%} for all",
    r"sums to 100%",
    rf"from {SEASONAL_FROM} months of history on",
    rf"false discovery rate is held at {FALSE_DISCOVERY_RATE:.0%}",
    rf"fewer than {SMALLEST_FAMILY_BASE} posts in the base month",
    rf"fewer than {SMALLEST_DENOMINATOR}(?= posts| businesses| contracts|\))",
    rf"at least {SMALLEST_DENOMINATOR}(?= posts| AI posts)",
    rf"fewer than {SMALLEST_BASE}(?= contracts)",
    rf"up to {WINDOW_MONTHS} months",
    r"3 means named three times as often",
    r"above 1,000 USD",
    r"1 says that all posts lie in one category, 12 that they divide evenly",
    r"[Cc]ategories above 1%|exceeds 1%",
    r"test at 5%",
    r"below 5%(?= after Holm)",
    rf"holds {SMALLEST_SAMPLE} classified posts of a technology from {SMALLEST_GROUPS} client groups",
    r"hashed into 50 groups",
    r"\(Kott 2001\)",
    r"\(OECD/Eurostat, 2008\)",
    r"values?, 0 where nothing changed",
    rf"at most {100 * STABLE_DISTANCE:.0f} points, with at least {SMALLEST_PERIOD} posts",
)
"""Phrases with the numbers of definitions: leads, notes and charts may say these without a row."""


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in PROSE_VALUES))


@cache
def registered_texts() -> tuple[str, ...]:
    """Definitions and methods of the statistics registry, as pages print them, longest first."""
    texts = {
        display_text(text, 600)
        for statistic in REGISTRY.values()
        for text in (statistic.definition, statistic.method, statistic.library)
    }
    return tuple(sorted(texts, key=len, reverse=True))


def without_declared(text: str) -> str:
    """The text without registered definitions and declared phrases."""
    for registered in registered_texts():
        text = text.replace(registered, "·")
    return _pattern().sub("·", text)


TEXT_COLUMNS = (
    *("period_label", "base_period_label", "current_period_label", "correction", "question", "finding", "population"),
    *("reference_population", "series", "category", "withheld_reason", "no_verdict_reason", "not_corrected_reason"),
    *("penetration_share_correction", "status_reason", "reason", "countries", "weighting", "level"),
)
MONTH_COLUMN = re.compile(r"(\w+_)?month|period_start|period_end")
PROSE_PLACES = ("part", "quoted", "figure")
DIGITS = re.compile(r"\d")
NUMBER_IN_TEXT = re.compile(r"\S*\d\S*")
RULE = "{} is of no mart row and no declared value: make a claim of it, or declare it (docs/claims.md)"


def prose_violations(
    blocks: Iterable[Block], marts: Mapping[str, pd.DataFrame], quoted: Sequence[str] = ()
) -> Iterator[Violation]:
    """Blocks with a number that has no source. quoted: texts of the run itself, as `RunContext` holds them."""
    names = _names(marts) | {display_text(text, limit) for text in quoted for limit in (120, 400)}
    ordered = sorted((name for name in names if DIGITS.search(name)), key=len, reverse=True)
    for block in blocks:
        if block.place not in PROSE_PLACES or not DIGITS.search(block.text):
            continue
        rest = without_declared(_without(ordered, block.text))
        if DIGITS.search(rest):
            told = ", ".join(repr(found) for found in NUMBER_IN_TEXT.findall(rest))
            yield Violation(block.text, "the page", RULE.format(told))


def _names(marts: Mapping[str, pd.DataFrame]) -> set[str]:
    """Texts with digits that marts bring, and the names of their months."""
    names: set[str] = set()
    for mart in marts.values():
        for column in mart.columns:
            if column in TEXT_COLUMNS:
                names |= {display_text(text, 400) for text in mart[column].dropna().unique()}
            elif MONTH_COLUMN.fullmatch(str(column)):
                months = pd.to_datetime(pd.Series(mart[column].dropna().unique()))
                names |= {month_name(month) for month in months}
    return names


def _without(names: Sequence[str], text: str) -> str:
    """The text without the names, on token boundaries and in any case."""
    lowered = text.lower()
    for name in names:
        if name.lower() in lowered:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "·", text, flags=re.IGNORECASE)
            lowered = text.lower()
    return text
