"""Text without what nobody sees: markup, entities, invisible characters, other ways of writing the same letter.

The keyword step and the models read texts through `clean_text`; the lake keeps them as they came.
"""

import html
import re
import unicodedata

_BLOCKS = (
    "address|article|aside|blockquote|body|br|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|head|header|hr|html|legend|li|main|menu|nav|ol|option|p|pre|section|summary|table|tbody|td|tfoot|th|thead|"
    "title|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|audio|b|bdi|bdo|big|button|cite|code|data|del|dfn|em|embed|font|i|iframe|img|input|ins|kbd|label|"
    "link|map|mark|meta|noscript|object|picture|q|s|samp|select|small|source|span|strike|strong|sub|sup|svg|textarea|"
    "time|tt|u|var|video|wbr"
)
_UNREAD = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(script|style)\b[^<>]*>(?:(?!<\1\b).)*?</\1\s*>|<!doctype[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTES = r"(?:\s[^<>]*)?/?>"
_BLOCK = re.compile(rf"</?(?=[a-z])(?:{_BLOCKS}){_ATTRIBUTES}", re.IGNORECASE)
_TAG = re.compile(rf"</?(?=[a-z])(?:{_INLINE}){_ATTRIBUTES}", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")
_LINE_ENDS = re.compile(r"[ \t]*\n\s*")

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_HYPHENS = re.compile("[\u2010\u2011]")

CLEAN_TEXT_SQL = """list_transform([{text}], lambda given: case
    when contains(given, '&') or contains(given, '<') or strlen(given) <> length(given) then clean_text(given)
    else given
end)[1]"""
"""The same in SQL (DuckDB), for a connection on which `clean_text` is this function; plain ASCII does not reach it."""


def clean_text(text: str) -> str:
    """The text as a reader of the page sees it.

    HTML elements go, those that begin a line leave a line end; what merely looks like one (`List<String>`, `<5 days`)
    stays. Entities become their characters, also those that were written twice over. Zero-width characters go,
    unusual blanks and hyphens become usual ones, letters are composed (NFC).
    """
    if "&" in text or "<" in text:
        text = _without_markup(text)
    if text.isascii():
        return text
    text = _HYPHENS.sub("-", _BLANKS.sub(" ", _INVISIBLE.sub("", text)))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _without_markup(text: str) -> str:
    text = html.unescape(text)
    if "<" in text:
        plain = _TAG.sub("", _BLOCK.sub("\n", _UNREAD.sub(" ", text)))
        text = text if plain == text else _LINE_ENDS.sub("\n", plain).strip()
    return html.unescape(text) if _ENTITY.search(text) else text
