"""A mapping file as it was written: what YAML reads in it, where each key and value stands, lines of it mended.

PyYAML keeps the place of every node; a mended line is only shown where YAML reads from it what it is meant to say.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dagster_project.sources.errors import SourceError

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Written:
    """The text of one mapping file and the tree that YAML makes of it."""

    path: Path
    text: str
    tree: yaml.Node

    def key_place(self, keys: KeyPath) -> str:
        """`my_feed.yml, line 12, column 7`: where a key begins; of one that is not written, the nearest above it."""
        return _place(self.path, self._find(keys)[0].start_mark)

    def value_place(self, keys: KeyPath, offset: int = 0) -> str:
        """The same for the value of a key, `offset` characters into it where it stands on one line as it is."""
        node = self._find(keys)[1]
        start = node.start_mark
        inside = start.index + (1 if getattr(node, "style", None) else 0) + offset
        is_verbatim = isinstance(node, yaml.ScalarNode) and node.value in self.text.splitlines()[start.line]
        column = start.column + inside - start.index if is_verbatim else start.column
        return _place(self.path, start, column)

    def with_key(self, keys: KeyPath, name: str) -> str:
        """The line of a key with `name` in its place, for the end of a message; '' where none can be shown."""
        key = self._find(keys)[0]
        return self._mended(key, str(keys[-1]), name, lambda tree: tree._find((*keys[:-1], name))[0].value == name)

    def with_value(self, keys: KeyPath, old: str, new: str) -> str:
        """The line of a value with `new` in the place of the part `old` of it; '' where none can be shown."""
        value = self._find(keys)[1]
        if not isinstance(value, yaml.ScalarNode):
            return ""
        meant = value.value.replace(old, new, 1)

        def is_meant(tree: Written) -> bool:
            return bool(tree._find(keys)[1].value == meant)

        source = self.text[value.start_mark.index : value.end_mark.index]
        return self._mended(value, old, new, is_meant) or self._mended(value, source, _quoted(meant), is_meant)

    def _find(self, keys: KeyPath) -> tuple[yaml.Node, yaml.Node]:
        """The nodes of the last key and of its value. A group of files may stand alone, without its place in a list."""
        key, value = self.tree, self.tree
        for part in keys:
            if isinstance(part, int):
                items = value.value if isinstance(value, yaml.SequenceNode) else []
                key = value = items[part] if part < len(items) else value
                continue
            pairs = value.value if isinstance(value, yaml.MappingNode) else []
            found = next((pair for pair in pairs if pair[0].value == part), None)
            if found is None:
                break
            key, value = found
        return key, value

    def _mended(self, node: yaml.Node, old: str, new: str, is_meant: "Callable[[Written], bool]") -> str:
        at = self.text.find(old, node.start_mark.index, node.end_mark.index)
        if at < 0:
            return ""
        text = self.text[:at] + new + self.text[at + len(old) :]
        try:
            is_right = is_meant(Written(self.path, text, _tree(text)))
        except yaml.YAMLError:
            return ""
        return _shown(self.text.count("\n", 0, at), text) if is_right else ""


def read_written(path: Path) -> tuple[Any, Written]:
    """What a mapping file says and how it is written.

    Raises SourceError that names file, line and column of what YAML cannot read, with the line mended where one of the
    usual mends makes YAML read on.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SourceError(f"{path}, line {line}: not UTF-8 ({error.reason}); save the mapping as UTF-8") from error
    try:
        loader = _StrictLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise SourceError(f"{path}: the file is empty; a mapping has the keys name, title, is_simulated and tables")
        _keep_expressions(node, text)
        return loader.construct_document(node), Written(path, text, node)
    except yaml.YAMLError as error:
        raise _unreadable(path, text, error) from error
    except ValueError as error:
        raise SourceError(f"{path}: not readable as YAML: {error}; put the value into quotes") from error


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice, which YAML would silently let win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: list[Any] = []
        for key, _ in node.value:
            name = self.construct_object(key) if key.tag != "tag:yaml.org,2002:merge" else None
            if name is not None and name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key given twice: {name}", key.start_mark)
            seen.append(name)
        return super().construct_mapping(node, deep)


def _tree(text: str) -> yaml.Node:
    node = _StrictLoader(text).get_single_node()
    assert node is not None
    _keep_expressions(node, text)
    return node


def _keep_expressions(tree: yaml.Node, text: str) -> None:
    """Leave the expressions below `columns` as they are written.

    YAML would read the column `no` as false, `007` as seven, and `[first, second]` as a list of two texts.
    """
    for _, columns in _pairs(tree, "columns"):
        for position, (key, value) in enumerate(columns.value if isinstance(columns, yaml.MappingNode) else []):
            is_empty = value.tag == "tag:yaml.org,2002:null"
            if isinstance(value, yaml.ScalarNode) and not is_empty:
                value.tag = "tag:yaml.org,2002:str"
            elif isinstance(value, yaml.CollectionNode) and value.flow_style:
                source = text[value.start_mark.index : value.end_mark.index]
                expression = yaml.ScalarNode("tag:yaml.org,2002:str", source, value.start_mark, value.end_mark)
                columns.value[position] = (key, expression)


def _pairs(node: yaml.Node, name: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Every key `name` at any depth, with its value."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _pairs(item, name)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name:
                yield key, value
            else:
                yield from _pairs(value, name)


def _place(path: Path, mark: yaml.Mark, column: int | None = None) -> str:
    return f"{path}, line {mark.line + 1}, column {(mark.column if column is None else column) + 1}"


def _shown(number: int, text: str) -> str:
    return f"\nLine {number + 1} mended:\n{text.splitlines()[number]}"


def _unreadable(path: Path, text: str, error: yaml.YAMLError) -> SourceError:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return SourceError(f"{path}, line {line}: holds a character that YAML does not allow ({error.reason})")
    mark = error.problem_mark or error.context_mark  # type: ignore[attr-defined]
    problem = " ".join(str(part) for part in (error.context, error.problem) if part)  # type: ignore[attr-defined]
    is_syntax = not isinstance(error, yaml.constructor.ConstructorError)
    mended = _mended_document(text, mark.line) if is_syntax else ""
    return SourceError(f"{_place(path, mark)}: not readable as YAML: {problem}{mended}")


_KEY = r"^(\s*(?:- )?[\w\"']+\s*:)"


def _without_tabs(line: str, above: str) -> str:
    """A tab in front means: as far in as the line above, or one step more below a key."""
    rest = line.lstrip()
    indentation = line[: len(line) - len(rest)]
    if "\t" in indentation:
        indentation = _indentation(above) + ("  " if above.rstrip().endswith(":") else "")
    return indentation + rest.replace("\t", " ")


def _with_blank_after_key(line: str, above: str) -> str:
    return re.sub(rf"{_KEY}(?=\S)", r"\1 ", line)


def _quoted(value: str) -> str:
    plain = '"' not in value and "\\" not in value
    return f'"{value}"' if plain else "'" + value.replace("'", "''") + "'"


def _with_quoted_value(line: str, above: str) -> str:
    return re.sub(rf"{_KEY}\s+([^\s{{\[].*?)\s*$", lambda found: f"{found[1]} {_quoted(found[2])}", line)


def _with_quoted_items(line: str, above: str) -> str:
    def quoted(found: re.Match[str]) -> str:
        items = ", ".join(_quoted(item.strip(" \"'")) for item in found[2].split(","))
        return f"{found[1]} [{items}]"

    return re.sub(rf"{_KEY}\s+\[(.*)\]\s*$", quoted, line)


def _aligned(line: str, above: str) -> str:
    return _indentation(above) + line.lstrip() if re.match(_KEY, line) else line


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


_MENDS: tuple[Callable[[str, str], str], ...] = (
    *(_without_tabs, _with_blank_after_key, _with_quoted_items, _with_quoted_value, _aligned),
)


def _mended_document(text: str, line: int) -> str:
    """The line of an error, or the one before it, mended so that YAML reads on; '' where no mend does."""
    lines = text.splitlines()
    for number in (number for number in (line, line - 1) if 0 <= number < len(lines)):
        above = next((other for other in reversed(lines[:number]) if other.strip()), "")
        for mend in _MENDS:
            mended = "\n".join([*lines[:number], mend(lines[number], above), *lines[number + 1 :]]) + "\n"
            if mend(lines[number], above) != lines[number] and _reads_further(mended, line):
                return _shown(number, mended)
    return ""


def _reads_further(text: str, line: int) -> bool:
    try:
        _StrictLoader(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        return bool(error.problem_mark and error.problem_mark.line > line)
    except (yaml.YAMLError, ValueError):
        return False
    return True
