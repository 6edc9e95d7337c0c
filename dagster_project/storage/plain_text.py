"""Text of files and rows as a terminal may show it: what would move its cursor or change its colours is written out."""

import re

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LONGEST = 20_000
"""Characters of a message that are shown: a value may be a megabyte long."""


def plain(text: str) -> str:
    r"""The text with control and direction characters as `\x1b`, lines and tabs kept, cut where it is very long."""
    shown = CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text[:LONGEST])
    return shown if len(text) <= LONGEST else f"{shown}… ({len(text):,} characters)"
