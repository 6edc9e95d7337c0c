"""Third-party text made harmless for the place where it is shown; HTML escaping itself is the template's."""

import re
import unicodedata

from dagster_project.storage.messages import CONTROLS

TEXT_LIMIT = 120
# `Cc` control characters (NUL is not allowed in HTML), `Cf` bidirectional overrides, `Cs` lone surrogates
HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs"}
MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]|#~$])")
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


def display_text(text: object, limit: int = TEXT_LIMIT) -> str:
    """One line of visible characters, cut to `limit` with an ellipsis."""
    # cut first: a text may be a megabyte long
    visible = (" " if char.isspace() else char for char in str(text)[: 4 * limit])
    shown = "".join(char for char in visible if unicodedata.category(char) not in HIDDEN_CATEGORIES)
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


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
