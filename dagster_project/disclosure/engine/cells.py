"""Cells: counts of posts, contracts, searches or respondents, each with one key however many marts print it."""

from dataclasses import dataclass, field

import pandas as pd

DIMENSIONS = ("subject", "period", "population", "technology", "place", "kind")
SMALLEST_COUNT, SMALLEST_CLIENTS = 10, 3
PAIR = "::"
"""How the place of two categories taken together begins: hidden before one of the two, which says more."""


@dataclass(frozen=True)
class Cell:
    """The key of a cell as SQL expressions over a mart's columns.

    period: `2025-11`, `2025`, a study period; population: `us`, `all`, or who was asked; technology: `any` = all, or
    the question; place: '' = everywhere, a path such as `writing` or `writing/copywriting`, or an answer; kind: what
    is counted (`all`, a value filter, ...).
    """

    subject: str
    period: str
    population: str = "'all'"
    technology: str = "'any'"
    place: str = "''"
    kind: str = "'all'"

    @property
    def expressions(self) -> dict[str, str]:
        """Dimension -> SQL."""
        return {"subject": f"'{self.subject}'"} | {name: getattr(self, name) for name in DIMENSIONS[1:]}

    @property
    def key_sql(self) -> str:
        """SQL of the key, null where a part of it is."""
        return " || '|' || ".join(f"({sql})::varchar" for sql in self.expressions.values())


@dataclass(frozen=True)
class Count:
    """A count that a mart prints in the column `shown`, or that its shares give away (`shown` empty).

    sql: the count over the mart's columns; null where another mart knows it. clients: column of the rule's
    client_counts
    table with the number of clients behind the count.
    """

    cell: Cell
    sql: str = "null"
    shown: str = ""
    clients: str | None = None

    @classmethod
    def column(cls, cell: Cell, column: str, clients: str | None = None) -> "Count":
        """A count printed in a column of its own."""
        return cls(cell, column, column, clients)


@dataclass(frozen=True)
class Computed:
    """Columns (patterns as of `fnmatch`) from which one of the named counts could be computed: hidden with any."""

    columns: tuple[str, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Rounded:
    """Columns that sum up a whole group of cells, such as a Herfindahl index: rounded where one of the group is hidden.

    group: name of a count; its group are the cells that differ from it by their place alone. digits: None for columns
    that are then not printed, since a reader would compute them from rounded ones and get another number.
    """

    columns: tuple[str, ...]
    group: str
    digits: int | None


@dataclass(frozen=True)
class TooFew:
    """Columns (patterns as of `fnmatch`) that are not printed where `n`, SQL over the mart's columns, is below 10.

    This is reliability, not confidentiality: the count itself is printed.
    """

    columns: tuple[str, ...]
    n: str


@dataclass(frozen=True)
class Complement:
    """The difference of two named counts is a cell too; `clients` as in `Count`."""

    part: str
    whole: str
    clients: str | None = None


@dataclass(frozen=True)
class MartRule:
    """How a mart discloses: its counts by name, what is computed from them, what their shares leave over.

    client_counts: intermediate table with them, joined on the columns `client_counts_key`. sums: SQL over the marts
    with the columns equation, whole, part (keys): further sums of cells. free: patterns of the other numeric columns,
    which tell no hidden count. too_few: what is not printed from fewer than 10 rows. exempt: why the mart shows no cell
    of anybody.
    """

    counts: dict[str, Count] = field(default_factory=dict)
    computed: tuple[Computed, ...] = ()
    rounded: tuple[Rounded, ...] = ()
    complements: tuple[Complement, ...] = ()
    client_counts: str | None = None
    client_counts_key: tuple[str, ...] = ()
    sums: str | None = None
    free: tuple[str, ...] = ()
    too_few: tuple[TooFew, ...] = ()
    exempt: str | None = None

    @property
    def subjects(self) -> set[str]:
        """Whose cells the mart prints: posts, searches, contracts, pulse or study answers."""
        return {count.cell.subject for count in self.counts.values()}


def is_small(counts: pd.Series, clients: pd.Series) -> pd.Series:
    """1 to 9 rows, or some rows of fewer than 3 clients; clients null: not known, the rows decide."""
    return counts.between(1, SMALLEST_COUNT - 1) | ((counts > 0) & (clients < SMALLEST_CLIENTS))


WITH_CATEGORY = "'*'"
CATEGORY_OR_ALL = "case category_id when 'all' then '' else category_id end"
SERIES = {
    "population": "population",
    "technology": "case level when 'technology' then series_id else 'any' end",
    "place": "case level when 'category' then series_id "
    "when 'sub_category' then coalesce(category_id, 'none') || '/' || series_id "
    "when 'composite' then ':' || series_id else '' end",
}
QUESTION = "question_id || '/' || wording_version"


def month(column: str, before: int = 0) -> str:
    """SQL of a month's period id, `before` months earlier."""
    shifted = f"{column} - interval {before} month" if before else column
    return f"strftime({shifted}, '%Y-%m')"
