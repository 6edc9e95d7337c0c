"""The marts as they may leave the warehouse, decided once and written once, and the check of them before a release."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy import sparse

from dagster_project.disclosure.engine.cells import (
    SMALLEST_COUNT,
    MartRule,
    Told,
    open_marts,
    read_cells,
    read_sums,
    read_told,
)
from dagster_project.disclosure.engine.links import (
    Equations,
    declared_links,
    equations,
    former_cells,
    links,
    numbered,
)
from dagster_project.disclosure.engine.protection import determined, protect
from dagster_project.disclosure.rules import RULES

PRIMARY, SECONDARY, FEW = "primary suppression", "secondary suppression", "too few"
IS_SUPPRESSED = "is_suppressed"
PERIOD_COLUMNS = {"period_id", "period_start", "period_end"}


class DisclosureError(Exception):
    """A mart cannot be judged; the message names it and what to do."""


@dataclass(frozen=True)
class Decision:
    """cells: key, count, is_hidden, is_primary, is_exposed of every cell that a mart prints."""

    cells: pd.DataFrame

    @property
    def reasons(self) -> pd.Series:
        """Key of a hidden cell -> why it is hidden."""
        hidden = self.cells[self.cells["is_hidden"]].set_index("key")
        return hidden["is_primary"].map({True: PRIMARY, False: SECONDARY})


def rules_of(marts: Iterable[str], rules: Mapping[str, MartRule] = RULES) -> dict[str, MartRule]:
    """The rules of the marts. Raises DisclosureError for a mart without one."""
    marts = list(marts)
    unknown = sorted(set(marts) - set(rules))
    if unknown:
        raise DisclosureError(f"no disclosure rule for mart {', '.join(unknown)}: write one as docs/disclosure.md says")
    return {mart: rules[mart] for mart in marts}


@dataclass(frozen=True)
class Cells:
    """The cells of complete marts (`read_cells`), their equations, which cells of these are former counts, and what
    each earlier release tells of the cells, oldest first."""

    printed: pd.DataFrame
    system: Equations
    is_former: np.ndarray
    told: list[Told]


def cell_equations(
    files: Mapping[str, Path],
    client_counts: Mapping[str, pd.DataFrame],
    earlier: Sequence[Mapping[str, Path]],
    rules: Mapping[str, MartRule],
) -> Cells:
    """files, client_counts, earlier: as of `decide`."""
    with open_marts(files, client_counts) as connection:
        cells = read_cells(connection, rules, with_clients=True)
        declared = declared_links(cells, read_sums(connection, rules, with_clients=True))
        periods = _periods(connection, files)
    with ThreadPoolExecutor() as pool:  # DuckDB answers many small queries, none of which keeps two cores busy
        told = list(pool.map(lambda of_release: told_by(of_release, rules, cells), earlier))
    former, ties = former_cells(cells, told, periods)
    linked = numbered([declared, links(cells, periods), ties])
    system = equations(pd.concat([cells, former], ignore_index=True), linked)
    is_former = np.zeros(len(system.cells), dtype=bool)
    is_former[len(cells) : len(cells) + len(former)] = True
    return Cells(cells, system, is_former, told)


def decide(
    files: Mapping[str, Path],
    client_counts: Mapping[str, pd.DataFrame],
    earlier: Sequence[Mapping[str, Path]],
    rules: Mapping[str, MartRule] = RULES,
) -> Decision:
    """What of the complete marts is hidden.

    files: mart -> Parquet file; client_counts: by intermediate table, of `read_client_counts`; earlier: the mart files
    of each earlier release of the feed, oldest first. Raises DisclosureError for a mart without a rule.
    """
    rules = rules_of(files, rules)
    found = cell_equations(files, client_counts, earlier, rules)
    cells, published = found.printed, found.is_former
    before = np.zeros(len(published), dtype=bool)
    published[: len(cells)], before[: len(cells)] = published_before(cells, found.told)
    protection = protect(found.system, published, before & ~published)
    printed = slice(0, len(cells))
    return Decision(
        cells[["key", "count"]].assign(
            is_hidden=protection.hidden[printed],
            is_primary=found.system.is_small[printed],
            is_exposed=protection.exposed[printed],
        )
    )


def published_before(cells: pd.DataFrame, earlier: Sequence[Told]) -> tuple[np.ndarray, np.ndarray]:
    """Cells whose present count an earlier release printed, and cells that the last release had and did not print."""
    displayed, hidden = np.zeros(len(cells), dtype=bool), np.zeros(len(cells), dtype=bool)
    for told in earlier:
        displayed |= told.counts == cells["count"].to_numpy()
        hidden = told.is_there & np.isnan(told.counts)
    return displayed, hidden


def told_by(files: Mapping[str, Path], rules: Mapping[str, MartRule], cells: pd.DataFrame) -> Told:
    """What a release says of the cells, from its mart files."""
    with open_marts(files) as connection:
        return read_told(connection, {mart: rule for mart, rule in rules.items() if mart in files}, cells["key"])


def row_keys(connection: duckdb.DuckDBPyConnection, mart: str, rule: MartRule) -> pd.DataFrame:
    """The key of every named count in every row of the mart, rows in file order."""
    if not rule.counts:
        return pd.DataFrame()
    names = ", ".join(f'{count.cell.key_sql} as "{name}"' for name, count in rule.counts.items())
    return connection.execute(f"select {names} from {mart}").df()


def _periods(connection: duckdb.DuckDBPyConnection, files: Mapping[str, Path]) -> pd.DataFrame:
    frames = [pd.DataFrame(columns=sorted(PERIOD_COLUMNS))]
    for mart in files:
        columns = {name for name, *_ in connection.execute(f"describe {mart}").fetchall()}
        if columns >= PERIOD_COLUMNS:
            frames.append(connection.execute(f"select distinct {', '.join(sorted(PERIOD_COLUMNS))} from {mart}").df())
    filled = [frame for frame in frames if not frame.empty] or frames
    return pd.concat(filled).drop_duplicates("period_id")


def write_disclosed(
    files: Mapping[str, Path], decision: Decision, target: Path, rules: Mapping[str, MartRule] = RULES
) -> dict[str, Path]:
    """Each mart with its hidden cells, and its rates from too few rows, blanked below `target`.

    Two more columns, `is_suppressed` and `suppression`, say so.

    Rows and types stay as they are. Returns mart -> file.
    """
    target.mkdir(parents=True, exist_ok=True)
    reasons, written = decision.reasons, {}
    with open_marts(files) as connection:
        for mart, rule in rules_of(files, rules).items():
            written[mart] = target / f"{mart}.parquet"
            _write_mart(connection, mart, rule, reasons, written[mart])
    return written


def _write_mart(
    connection: duckdb.DuckDBPyConnection, mart: str, rule: MartRule, reasons: pd.Series, target: Path
) -> None:
    columns = [name for name, *_ in connection.execute(f"describe {mart}").fetchall()]
    marks = _marks(row_keys(connection, mart, rule), rule, columns, reasons)
    if marks.empty:
        marks = pd.DataFrame(index=range(connection.execute(f"select count(*) from {mart}").fetchone()[0]))  # type: ignore[index]
        marks["suppression"] = pd.Series(None, marks.index, dtype=object)
    _mark_too_few(connection, mart, rule, columns, marks)
    digits = {column: one.digits for one in rule.rounded for column in _matching(columns, one.columns)}
    connection.register("marks", marks)
    selected = [_shown(column, marks.columns, digits) for column in columns]
    connection.execute(
        f"copy (select {', '.join(selected)}, marks.suppression is not null as {IS_SUPPRESSED}, "
        f"marks.suppression::varchar as suppression from {mart} as mart positional join marks) "
        "to $file (format parquet, compression zstd)",
        {"file": str(target)},
    )
    connection.unregister("marks")


def _mark_too_few(
    connection: duckdb.DuckDBPyConnection, mart: str, rule: MartRule, columns: list[str], marks: pd.DataFrame
) -> None:
    """Add the rows whose n is below 10 to the `hide:` flags, and the reason where no other one holds."""
    for one in rule.too_few:
        few = connection.execute(f"select coalesce({one.n} < {SMALLEST_COUNT}, true) as few from {mart}").df()["few"]
        for column in _matching(columns, one.columns):
            marks[f"hide:{column}"] = marks.get(f"hide:{column}", False) | few
        marks["suppression"] = marks["suppression"].where(marks["suppression"].notna() | ~few, FEW)


def _shown(column: str, marks: pd.Index, digits: dict[str, int | None]) -> str:
    value = f'mart."{column}"'
    if f"round:{column}" in marks:
        places = digits[column]
        rounded = "null" if places is None else f"round({value}, {places})"
        value = f'case when marks."round:{column}" then {rounded} else {value} end'
    if f"hide:{column}" in marks:
        value = f'case when marks."hide:{column}" then null else {value} end'
    return f'{value} as "{column}"'


def _marks(keys: pd.DataFrame, rule: MartRule, columns: list[str], reasons: pd.Series) -> pd.DataFrame:
    """`hide:<column>` and `round:<column>` flags of every row, and its `suppression`."""
    if keys.empty:
        return pd.DataFrame()
    hidden = keys.apply(lambda column: column.map(reasons))
    marks: dict[str, pd.Series] = {}
    for name, count in rule.counts.items():
        if count.shown:
            _add(marks, f"hide:{count.shown}", hidden[name].notna())
    for computed in rule.computed:
        depends = hidden[list(computed.counts)].notna().any(axis=1)
        for column in _matching(columns, computed.columns):
            _add(marks, f"hide:{column}", depends)
    groups = set(reasons.index.map(_group))
    for rounded in rule.rounded:
        depends = keys[rounded.group].map(_group, na_action="ignore").isin(groups)
        for column in _matching(columns, rounded.columns):
            _add(marks, f"round:{column}", depends)
    flags = pd.DataFrame(marks)
    blanked = flags.filter(like="hide:").any(axis=1)
    is_primary = (hidden == PRIMARY).any(axis=1)
    reason = pd.Series(np.where(is_primary, PRIMARY, SECONDARY), index=keys.index, dtype=object).where(blanked, None)
    return flags.assign(suppression=reason)


def _add(marks: dict[str, pd.Series], name: str, flags: pd.Series) -> None:
    marks[name] = marks[name] | flags if name in marks else flags


def _group(key: str) -> str:
    """The key without its place."""
    head, _, kind = key.rsplit("|", 2)
    return f"{head}|{kind}"


def _matching(columns: list[str], patterns: tuple[str, ...]) -> list[str]:
    return [column for column in columns if any(fnmatch(column, pattern) for pattern in patterns)]


PRINTED, COMPUTED = "printed", "follows from printed cells"


@dataclass(frozen=True)
class Disclosed:
    """files: mart -> file to be released; earlier: the mart files of the feed's releases, oldest first."""

    files: Mapping[str, Path]
    earlier: Sequence[Mapping[str, Path]]


def disclosure_violations(
    complete: Mapping[str, Path],
    client_counts: Mapping[str, pd.DataFrame],
    disclosed: Disclosed,
    rules: Mapping[str, MartRule] = RULES,
) -> pd.DataFrame:
    """Small cells that a reader of the release and of all earlier ones knows: key, problem (printed, or computed).

    complete, client_counts: as of `decide`. What earlier releases tell without this one cannot be taken back: it
    is no violation.
    """
    rules = rules_of(complete, rules)
    found = cell_equations(complete, client_counts, disclosed.earlier, rules)
    cells, system, before = found.printed, found.system, found.is_former
    before[: len(cells)], _ = published_before(cells, found.told)
    now = np.zeros(len(before), dtype=bool)
    now[: len(cells)], _ = published_before(cells, [told_by(disclosed.files, rules, cells)])
    known_anyway = (
        _known(system.matrix, before, len(system.cells)) if before.any() else np.zeros(len(system.cells), bool)
    )
    known = _known(system.matrix, now | before, len(system.cells)) & system.is_small & ~known_anyway
    rows = np.flatnonzero(known)
    return pd.DataFrame(
        {"key": system.cells["key"].to_numpy()[rows], "problem": np.where(now[rows], PRINTED, COMPUTED)}, dtype=str
    )


def _known(matrix: sparse.csr_array, printed: np.ndarray, size: int) -> np.ndarray:
    """Cells that are printed or follow."""
    displayed = np.zeros(size, dtype=bool)
    displayed[: len(printed)] = printed
    return displayed | determined(matrix, ~displayed)
