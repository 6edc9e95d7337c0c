"""Which earlier releases the present marts are compared with, and which cannot be."""

from dataclasses import dataclass, field
from pathlib import Path

from dagster_project.publishing.catalog import BI_PREFIX, FeedName, MartContent, Release, latest_id, list_releases


@dataclass(frozen=True)
class History:
    """Earlier releases of one feed, the first released first; `missing`: ids whose folder is gone; `foreign`: ids of
    releases of another feed, which are never compared."""

    releases: list[Release] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def last_id(self) -> str | None:
        return self.releases[-1].id if self.releases else None

    def remarks(self) -> list[str]:
        """A sentence for every release that cannot be compared."""
        gone = [f"Release {name} is missing: its values cannot be compared." for name in self.missing]
        return gone + [f"Release {name} is of another feed: its values are not compared." for name in self.foreign]


def read_history(releases: Path, marts: dict[str, MartContent], feed: FeedName | None) -> History:
    """The releases made before these marts were first released; one vintage where releases have the same marts.

    The same marts thus have the same history however often they are released, so that a repeated run says the same.
    Raises ReleaseError for a damaged record.
    """
    known = list_releases(releases)
    present = _fingerprint(marts)
    place = next((number for number, one in enumerate(known) if _fingerprint(one.marts) == present), len(known))
    before = known[:place]
    last = known[place].previous_id if place < len(known) else latest_id(releases)
    named = {one.previous_id for one in before} | {last}
    missing = sorted(name for name in named - {one.id for one in known} if name)
    # Content that returned is an old directory which became `latest` again: what was said last is then its values.
    said = [*before, *(one for one in before[:-1] if one.id == last)]
    own = [one for one in said if one.feed == feed]
    return History(_distinct(own), missing, [one.id for one in before if one.feed != feed])


def _distinct(releases: list[Release]) -> list[Release]:
    """Of successive releases with the same marts the first one."""
    return [
        one
        for earlier, one in zip([None, *releases], releases, strict=False)
        if earlier is None or _fingerprint(earlier.marts) != _fingerprint(one.marts)
    ]


def _fingerprint(marts: dict[str, MartContent]) -> dict[str, str]:
    return {name: content.sha256 for name, content in marts.items() if not name.startswith(BI_PREFIX)}
