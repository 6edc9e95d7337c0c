"""Text that passes through a spreadsheet and comes back as it was."""

import re

FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_LONG_NUMBER = re.compile(r"\d{12,}")  # a spreadsheet shortens it to 1.23457E+18


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula or shorten it as a number."""
    starts = text.startswith(FORMULA_START) or text.lstrip().startswith(FORMULA_START)
    return f"'{text}" if starts or _LONG_NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe of `guarded`."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text
