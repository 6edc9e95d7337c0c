"""What people hold back by hand, each with its reason: months, and within a month a category or a file.

`holds.json` of the workspace is theirs alone: no run writes it. A month held as a whole keeps its last state, like one
over its reject limit. Of a held category no growth from or to the month is told, while its posts go on counting in
totals. The rows of a held file count in nothing of the month.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from dagster_project.storage.workspace import Workspace
from ml.atomic import write_text


class HoldError(Exception):
    """A hold that cannot be written or read; the message says what to do."""


@dataclass(frozen=True)
class Hold:
    """One hold: month as YYYY-MM, `since` the day on which it was said; of a whole month both parts are None."""

    month: str
    reason: str
    since: date
    category: str | None = None
    file: str | None = None
    """By its name below DATA."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.month, self.category or "", self.file or ""

    @property
    def is_of_month(self) -> bool:
        return self.category is None and self.file is None

    @property
    def subject(self) -> str:
        """`2023-02`, or `Legal in 2023-02`."""
        part = self.category or self.file
        return f"{part} in {self.month}" if part else self.month

    @property
    def message(self) -> str:
        """One sentence for logs, status and pages."""
        return f"{self.subject}: held by hand since {self.since}: {self.reason}"


_HOLDS = TypeAdapter(list[Hold])


def read_holds(workspace: Workspace) -> list[Hold]:
    """All holds in the order of their months; [] without any."""
    path = workspace.holds
    if not path.exists():
        return []
    try:
        return _HOLDS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise HoldError(
            f"{path}: unreadable ({error.errors()[0]['msg']}); mend it, or remove it and hold anew"
        ) from error


def months_held_by_hand(workspace: Workspace) -> dict[str, str]:
    """Months that people hold as a whole, each with the sentence that says why."""
    return {one.month: one.message for one in read_holds(workspace) if one.is_of_month}


def parts_held_by_hand(workspace: Workspace) -> list[str]:
    """A sentence for each category and file that people hold within a month."""
    return [one.message for one in read_holds(workspace) if not one.is_of_month]


def hold(workspace: Workspace, holds: Iterable[Hold]) -> None:
    """Add holds; one of the same month, category and file takes a new reason."""
    known = {one.key: one for one in read_holds(workspace)} | {one.key: one for one in holds}
    _write(workspace, list(known.values()))


def unhold(
    workspace: Workspace, months: Iterable[str], category: str | None = None, file: str | None = None
) -> list[Hold]:
    """Remove the holds of these months that are of this category and file, or of the month as a whole; returns them."""
    keys = {Hold(month, "", date.min, category, file).key for month in months}
    known = read_holds(workspace)
    removed = [one for one in known if one.key in keys]
    if not removed:
        held = "; ".join(one.message for one in known) or "nothing is held"
        raise HoldError(f"no such hold: {held}")
    _write(workspace, [one for one in known if one.key not in keys])
    return removed


def months_between(first: str, last: str) -> list[str]:
    """Months from one to another, both YYYY-MM and both among them."""
    return pd.period_range(first, last, freq="M").strftime("%Y-%m").tolist()


def _write(workspace: Workspace, holds: list[Hold]) -> None:
    records = [asdict(one) | {"since": str(one.since)} for one in sorted(holds, key=lambda one: one.key)]
    write_text(workspace.holds, json.dumps(records, indent=1, ensure_ascii=False) + "\n")
