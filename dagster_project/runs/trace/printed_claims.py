"""Which claim of a release is meant: by its id, or by its sentence or a part of it as a page prints it."""

import json
from dataclasses import dataclass
from difflib import get_close_matches

from dagster_project.publishing.catalog import REPORT_DIRECTORY, Release, ReleaseError
from dagster_project.reports.claims.claims import Claim
from dagster_project.storage.workspace import MONTHLY_FILES, WAVE_FILES

_NAMED = 5
_ALIKE = 0.3
"""Below this likeness, 0..1, a sentence is no help to who looks for another."""


class NoSuchSentenceError(ReleaseError):
    """No claim of the release is meant, or several; the message names the closest and what to do."""


@dataclass(frozen=True)
class PrintedClaim:
    """A claim and the page that prints it, without its ending."""

    page: str
    claim: Claim

    @property
    def id(self) -> str:
        return f"{self.page}:{self.claim.id}"


def printed_claims(release: Release) -> list[PrintedClaim]:
    """The claims of all pages of a release, in the order in which people read them."""
    found = []
    for page, _, claims in (*MONTHLY_FILES, *WAVE_FILES):
        file = release.path / REPORT_DIRECTORY / claims
        if file.is_file():
            entries = json.loads(file.read_text(encoding="utf-8"))
            found += [PrintedClaim(page.removesuffix(".html"), Claim.from_dict(entry)) for entry in entries]
    return found


def meant_claims(printed: list[PrintedClaim], asked: str) -> list[PrintedClaim]:
    """The claims with the id (`c12`, or `technical_annex:c12`) or the sentence asked for; all say the same.

    Raises NoSuchSentenceError where none does, with the closest sentences, and where different sentences do.
    """
    by_id = [one for one in printed if asked in (one.id, one.claim.id)]
    if by_id:
        return by_id[:1]
    wanted = _plain(asked)
    whole = [one for one in printed if _plain(one.claim.sentence) == wanted]
    found = whole or [one for one in printed if wanted and wanted in _plain(one.claim.sentence)]
    if not found:
        raise NoSuchSentenceError(_nothing_found(printed, asked))
    if len({_plain(one.claim.sentence) for one in found}) > 1:
        raise NoSuchSentenceError(
            f"{len(found)} sentences have {asked!r} in them; give more of one, or its id:\n" + _listed(found)
        )
    return found


def _nothing_found(printed: list[PrintedClaim], asked: str) -> str:
    by_sentence = {_plain(one.claim.sentence): one for one in reversed(printed)}
    close = get_close_matches(_plain(asked), by_sentence, n=_NAMED, cutoff=_ALIKE)
    if not close:
        return f"no sentence of this release is like {asked!r}; its claims files list them all"
    return f"no sentence of this release is {asked!r}; the closest are:\n" + _listed(
        [by_sentence[one] for one in close]
    )


def _listed(found: list[PrintedClaim]) -> str:
    lines = [f"  {one.id}  {one.claim.sentence}" for one in found[:_NAMED]]
    return "\n".join(lines + ([f"  and {len(found) - _NAMED} more"] if len(found) > _NAMED else []))


def _plain(text: str) -> str:
    """A sentence without what differs between a page and what is copied from it."""
    return " ".join(text.split()).strip(" .*_").casefold()
