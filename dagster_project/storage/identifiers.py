"""Quoting for the places in SQL that take no parameters: names of tables and columns, comments."""


def quoted(name: str) -> str:
    """A SQL identifier that names exactly `name`."""
    return '"' + name.replace('"', '""') + '"'


def quoted_list(names: list[str]) -> str:
    """Identifiers separated by commas, for `order by` and key clauses."""
    return ", ".join(quoted(name) for name in names)


def literal(text: str) -> str:
    """A SQL string literal, for `comment on`, which accepts no parameter."""
    return "'" + text.replace("'", "''") + "'"
