"""A rendered page as text: which sentences it prints with which footnote, and every other text block with its place."""

from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

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
        self.claim, self.last_claim = "", ""
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
        if tag == "span":
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
