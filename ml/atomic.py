"""Writing a file by rename, so that a reader sees the former content or the whole new one, also after a kill."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A hidden path beside `path` to write to; when the block ends well it takes the place of `path` by one rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.building")  # the dot keeps a half-written file out of every glob
    try:
        yield building
        building.replace(path)
    finally:
        building.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """The text as UTF-8, by rename; folders above are made."""
    with replacing(path) as building:
        building.write_text(text, encoding="utf-8")


def write_bytes(path: Path, content: bytes) -> None:
    """The bytes by rename; folders above are made."""
    with replacing(path) as building:
        building.write_bytes(content)
