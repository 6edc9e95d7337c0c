"""Which files of an export are of one schema, and the globs below DATA that name them."""

import itertools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from glob import escape
from pathlib import Path, PurePosixPath

from dagster_project.sources.drafting.look import FORMAT_BY_SUFFIX, ROWS_LOOKED_AT, Look
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.text import COMPRESSION

_ALIKE = 0.7
"""Share of column names that two files of one schema have in common; exports gain a column now and then."""
_COMPRESSED = tuple(COMPRESSION)


@dataclass(frozen=True)
class FilesOfOneSchema:
    """`look` holds rows of all of them; of text tables only the columns that every file has."""

    look: Look
    paths: tuple[Path, ...]


def files_to_look_at(given: Iterable[Path]) -> list[Path]:
    """The files as given; of a folder all below it that have the ending of a table. Raises SourceError for none."""
    found: list[Path] = []
    for path in given:
        if not path.exists():
            raise SourceError(f"{path}: no such file or folder (current folder: {Path.cwd()})")
        found += [path] if path.is_file() else sorted(_tables_below(path))
    if not found:
        raise SourceError(f"no file ends in one of {', '.join(FORMAT_BY_SUFFIX)}; name the files themselves")
    return list(dict.fromkeys(path.resolve() for path in found))


def _tables_below(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        name = path.with_suffix("") if path.suffix in _COMPRESSED else path
        if path.is_file() and name.suffix.lower() in FORMAT_BY_SUFFIX and not path.name.startswith((".", "~")):
            yield path


def common_folder(paths: list[Path]) -> Path:
    """The folder that all files lie in or below: DATA."""
    return Path(os.path.commonpath([path.parent for path in paths]))


def group_by_schema(looks: list[Look]) -> list[FilesOfOneSchema]:
    """Files with one format, one set of options and mostly the same columns, in the order in which they were given."""
    groups: list[list[Look]] = []
    for look in looks:
        fitting = next((group for group in groups if _are_alike(group[0], look)), None)
        if fitting is None:
            groups.append([look])
        else:
            fitting.append(look)
    return [FilesOfOneSchema(_merged(group), tuple(look.path for look in group)) for group in groups]


def _are_alike(first: Look, second: Look) -> bool:
    if (first.format, first.options) != (second.format, second.options):
        return False
    shared = first.columns.keys() & second.columns.keys()
    return len(shared) >= _ALIKE * len(first.columns.keys() | second.columns.keys())


def _merged(looks: list[Look]) -> Look:
    """An equal part of rows of every file; a JSON key that a file lacks is NULL there."""
    first = looks[0]
    if len(looks) == 1:
        return first
    names = list(dict.fromkeys(name for look in looks for name in look.columns))
    if not first.format.startswith("json"):
        names = [name for name in names if all(name in look.columns for look in looks)]
    part = max(ROWS_LOOKED_AT // len(looks), 1)
    columns = {
        name: [value for look in looks for value in look.columns.get(name, [None] * look.rows)[:part]] for name in names
    }
    types = {name: next(look.types[name] for look in looks if name in look.types) for name in names}
    notes = tuple(dict.fromkeys(note for look in looks for note in look.notes))
    parts = tuple(min(look.rows, part) for look in looks)
    return Look(first.path, first.format, first.options, columns, types, notes, parts)


def patterns(group: FilesOfOneSchema, data: Path) -> list[str]:
    """The shortest glob that finds these files and no others below `data`, else their names."""
    names = [path.relative_to(data).as_posix() for path in group.paths]
    wanted = set(group.paths)
    for pattern in _globs(names):
        if {path.resolve() for path in data.glob(pattern) if path.is_file()} == wanted:
            return [pattern]
    return [escape(name) for name in names]


def _globs(names: list[str]) -> Iterable[str]:
    endings = {
        "".join(PurePosixPath(name).suffixes[-2:]) if name.endswith(_COMPRESSED) else PurePosixPath(name).suffix
        for name in names
    }
    if len(endings) != 1:
        return
    ending = endings.pop()
    folder = "**/" if any("/" in name for name in names) else ""
    yield f"{folder}*{ending}"
    stems = [PurePosixPath(name).name for name in names]
    if len(stems) > 1 and (start := _common_start(stems)):
        yield f"{folder}{escape(start)}*{ending}"
    if len(stems) > 1 and (end := _common_start([stem[::-1] for stem in stems])[::-1]) != ending:
        yield f"{folder}*{escape(end)}"


def _common_start(texts: list[str]) -> str:
    alike = itertools.takewhile(lambda characters: len(set(characters)) == 1, zip(*texts, strict=False))
    return "".join(characters[0] for characters in alike)
