"""A sentence or a text of a page that breaks a rule, and the error that stops the run for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from dagster_project.reports.claims.claims import ClaimMismatchError


@dataclass(frozen=True)
class Violation:
    """A sentence that breaks a rule. row: `mart [key]`, or the page where no row belongs to the sentence."""

    sentence: str
    row: str
    rule: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence!r} ({self.row})"


class UntrueSentenceError(ClaimMismatchError):
    """A page with a sentence that its row does not bear."""


def raise_violations(violations: Iterable[Violation]) -> None:
    """Raise UntrueSentenceError with every violation, one a line; nothing where there is none."""
    told = list(map(str, violations))
    if told:
        raise UntrueSentenceError("\n".join(told))
