"""A workspace belongs to one feed: what was read into it, and the refusal of another feed under the same name.

`belongs_to.json` of the workspace names the mapping and DATA that it was filled from. The place of a mapping counts and
not its text, which may be edited; a copy with the same text is the same mapping.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dagster_project.storage.workspace import Workspace
from ml.atomic import write_text


class ForeignWorkspaceError(Exception):
    """The workspace holds another feed; the message names both and how to go on."""


@dataclass(frozen=True)
class FeedOrigin:
    """Where a feed comes from: the path of its mapping or the name of a shipped one, a hash of that file's text, and
    DATA as an absolute path or URI; None where none was given or none is needed."""

    mapping: str
    text_hash: str
    data: str | None

    def __str__(self) -> str:
        return f"{self.mapping} with DATA={self.data}" if self.data else self.mapping

    def is_same_feed(self, other: "FeedOrigin") -> bool:
        """Whether both name one mapping at one DATA; DATA that is not given could be any."""
        is_same_mapping = self.mapping == other.mapping or self.text_hash == other.text_hash
        return is_same_mapping and (None in (self.data, other.data) or self.data == other.data)


def recorded_origin(workspace: Workspace) -> FeedOrigin | None:
    """What the workspace was filled from; None before its first load."""
    path = workspace.belongs_to
    if not path.exists():
        return None
    try:
        return FeedOrigin(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ForeignWorkspaceError(f"{path}: unreadable ({error}); say which feed this is with --rebind") from error


def require_own_feed(workspace: Workspace, origin: FeedOrigin) -> None:
    """Raise ForeignWorkspaceError where the workspace was filled from another feed."""
    known = recorded_origin(workspace)
    if known is None or known.is_same_feed(origin):
        return
    raise ForeignWorkspaceError(
        f"{workspace.root.name}: the workspace {workspace.root} belongs to another feed, with which this one would be "
        f"mixed.\nIt holds    {known}\nAsked for   {origin}\n"
        f"Give this feed another `name:` in its mapping; where the feed only moved, add --rebind (make: REBIND=1)."
    )


def record_origin(workspace: Workspace, origin: FeedOrigin) -> None:
    """Write down what the workspace belongs to from now on; DATA that is not given stays what it was."""
    known = recorded_origin(workspace) if origin.data is None else None
    stated = replace(origin, data=known.data) if known else origin
    write_text(workspace.belongs_to, json.dumps(asdict(stated), indent=1, ensure_ascii=False) + "\n")


def absolute_data(data: str | None) -> str | None:
    """DATA as a place that stays the same wherever a command is called from."""
    if data is None:
        return None
    return data.rstrip("/") if "://" in data else str(Path(data).resolve())
