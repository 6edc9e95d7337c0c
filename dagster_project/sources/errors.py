"""The one error of this package that a user is meant to read."""

from collections.abc import Iterable
from difflib import get_close_matches


class SourceError(Exception):
    """A feed, a file or a mapping cannot be used; the message says which and what to do. Nothing was published."""


class SourceAwayError(SourceError):
    """What a feed is read from does not answer now; the same call may succeed in a while."""


def nearest(name: str, candidates: Iterable[str], least: float = 0.0) -> str | None:
    """The candidate most like `name` (difflib ratio, letter case ignored), or None without one of `least` or more."""
    by_lower_name = {candidate.lower(): candidate for candidate in candidates}
    matches = get_close_matches(name.lower(), by_lower_name, n=1, cutoff=least)
    return by_lower_name[matches[0]] if matches else None
