"""Text that a person is shown: foreign text made harmless for its place, and what heals a fault of the machine."""

import re
import unicodedata

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LONGEST = 20_000
"""Characters of a message that are shown: a value may be a megabyte long."""


def plain(text: str) -> str:
    r"""The text with control and direction characters as `\x1b`, lines and tabs kept, cut where it is very long."""
    shown = CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text[:LONGEST])
    return shown if len(text) <= LONGEST else f"{shown}… ({len(text):,} characters)"


REBUILD = "the next `make report` sets it aside and builds every month anew from the lake"
DAMAGED_BLOCK = "Corrupt database file"
"""What DuckDB says of a block whose checksum is another; the file opens all the same."""
_REMEDIES = {
    DAMAGED_BLOCK: f"The warehouse is damaged; {REBUILD}",
    r"[Nn]o space left on device|disk is full|File too large|[Dd]isk quota exceeded": (
        "The disk is full: make room and start the same command again. What was half done is swept then; lake and "
        "releases are as they were"
    ),
    r"[Rr]ead-only file system|attempt to write a readonly database": (
        "The place is read-only: set HIRING_PULSE_DATA_ROOT to a folder that may be written"
    ),
}


def remedy(message: str) -> str | None:
    """What to do about the fault of a message; None for a message that tells of no fault known here."""
    return next((told for pattern, told in _REMEDIES.items() if re.search(pattern, message)), None)


def with_remedy(message: str) -> str:
    """The message with what heals it on a line of its own, where that is known."""
    told = remedy(message)
    return f"{message}\n{told}" if told else message


TEXT_LIMIT, MESSAGE_LIMIT = 120, 300
# `Cc` control characters (NUL is not allowed in HTML), `Cf` bidirectional overrides, `Cs` lone surrogates
HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs"}
MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]|#~$])")
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


def display_text(text: object, limit: int = TEXT_LIMIT) -> str:
    """One line of visible characters, cut to `limit` with an ellipsis."""
    shown = str(text)[: 4 * limit]  # cut first: a text may be a megabyte long
    if not shown.isprintable():  # most texts hold nothing that could be hidden, or a blank of another kind
        visible = (" " if char.isspace() else char for char in shown)
        shown = "".join(char for char in visible if unicodedata.category(char) not in HIDDEN_CATEGORIES)
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def told_reject(file: str, row: int, field: str, message: str) -> str:
    """`posts.csv row 40, budget_usd: …`; a row that could not be read as a whole names no field."""
    place = f"{file} row {row}, {field}" if field else f"{file} row {row}"
    return f"{place}: {display_text(message, MESSAGE_LIMIT)}"


def visible_lines(text: str) -> str:
    """Lines of people without control characters, which no page may hold, and without changes of direction."""
    return CONTROLS.sub("", text)


def markdown_text(text: object) -> str:
    """Text with Markdown's and HTML's special characters escaped, on one line."""
    line = " ".join(visible_lines(str(text)).split())
    escaped = MARKDOWN_SPECIAL.sub(r"\\\1", line)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def csv_text(text: str) -> str:
    """Text that no spreadsheet reads as a formula: a leading = + - @ gets an apostrophe before it."""
    return f"'{text}" if text.lstrip().startswith(FORMULA_START) or text.startswith(FORMULA_START) else text
