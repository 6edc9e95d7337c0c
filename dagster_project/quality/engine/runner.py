"""Run a stage's suite over a source: scope to the run's months, validate in SQL, guard, sample offenders, document."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from duckdb import ColumnExpression, ConstantExpression, Expression, SQLExpression

from dagster_project.quality.declaration import Declared, Outcome, SuiteResult, Table
from dagster_project.quality.engine.session import ValidationSource, switch_off_analytics
from dagster_project.quality.suites import stages_from, suite_of

SAMPLE_SIZE = 5
LONGEST_TEXT = 120


def sample_offenders(source: ValidationSource, declared: Declared, batch: str) -> list[dict[str, str]]:
    """Up to five rows of the view `batch` that break the expectation, every value as short text.

    Empty where no single row is at fault (a row count) or the table lacks the column.
    """
    try:
        relation = _offending_rows(source.connection, declared, batch)
        return _as_text(relation.limit(SAMPLE_SIZE)) if relation is not None else []
    except duckdb.Error:
        # The expectation itself failed on the same SQL, and its message is in the result.
        return []


def _offending_rows(
    connection: duckdb.DuckDBPyConnection, declared: Declared, batch: str
) -> duckdb.DuckDBPyRelation | None:
    kwargs = declared.kwargs
    if declared.type == "unexpected_rows_expectation":
        return connection.sql(kwargs["unexpected_rows_query"].format(batch=batch))
    condition = _broken(declared.type, kwargs)
    return connection.table(batch).filter(condition) if condition is not None else None


def _broken(type: str, kwargs: Any) -> Expression | None:
    if type == "expect_column_values_to_not_be_null":
        return ColumnExpression(kwargs["column"]).isnull()
    if type == "expect_column_values_to_be_in_set":
        known = [ConstantExpression(value) for value in kwargs["value_set"]]
        return ColumnExpression(kwargs["column"]).isnotin(*known)
    if type == "expect_column_values_to_be_between":
        column = ColumnExpression(kwargs["column"])
        low, high = ConstantExpression(kwargs["min_value"]), ConstantExpression(kwargs["max_value"])
        return (column < low) | (column > high)
    return None


def _as_text(relation: duckdb.DuckDBPyRelation) -> list[dict[str, str]]:
    shown = relation.project(*[SQLExpression(f'"{name}"::varchar').alias(name) for name in relation.columns])
    return [
        {name: _shortened(value) for name, value in zip(relation.columns, row, strict=True)} for row in shown.fetchall()
    ]


def _shortened(value: str | None) -> str:
    text = "" if value is None else value.replace("\x00", "")
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def create_run_months(connection: duckdb.DuckDBPyConnection, months: Sequence[str]) -> None:
    """Create the table `run_months` (month VARCHAR, first_day DATE); ValueError names a month not YYYY-MM."""
    wrong = [month for month in months if not MONTH.fullmatch(month)]
    if wrong:
        raise ValueError(f"a month is written YYYY-MM, such as 2025-11; got {', '.join(map(repr, wrong))}")
    connection.execute("create or replace table run_months (month varchar, first_day date)")
    for month in sorted(set(months)):
        connection.execute("insert into run_months values (?, ?)", [month, f"{month}-01"])


def create_batch_view(source: ValidationSource, table: Table) -> str:
    """Create the view that stands for `table` in this run and return its name.

    The name has no schema, because Great Expectations loses it when it reads the columns. A table that does
    not exist becomes an empty view, so that all its expectations fail instead of being left out.
    """
    view = "batch_of_" + table.name.replace(".", "__")
    source.connection.execute(f'create or replace view "{view}" as {_query(source, table)}')
    return view


def _query(source: ValidationSource, table: Table) -> str:
    if not source.has(table.name):
        return "select null as missing_table where false"
    if table.month_column is None:
        return f"from {table.name}"
    key = "month" if table.month_column == "month" else "first_day"
    return f'from {table.name} where "{table.month_column}" in (select {key} from run_months)'


EMPTY_TABLE = "nothing was checked: the table has no rows"
NO_VALUES = "nothing was checked: the column has no values in {count} rows"
NOT_NULL = "expect_column_values_to_not_be_null"


class EmptySuiteError(ValueError):
    """A suite without expectations passes whatever arrives."""


class NothingProvidedError(ValueError):
    """Without any provided field nothing is applicable, and a gate that checks nothing passes."""


class LostExpectationError(RuntimeError):
    """An expectation that was declared was not checked, for example because two share an id."""


def vacuous_reason(declared: Declared, row_count: int, result: dict[str, Any]) -> str | None:
    """Why a result proves nothing, or None; `result` is what Great Expectations observed."""
    if row_count == 0:
        return None if declared.judges_empty_table else EMPTY_TABLE
    count, missing = result.get("element_count"), result.get("missing_count")
    if declared.type != NOT_NULL and count is not None and count == missing:
        return NO_VALUES.format(count=count)
    return None


def run_suite(
    stage: str,
    source: ValidationSource,
    *,
    months: Sequence[str],
    provided: Mapping[str, set[str]],
    data_docs_dir: Path,
    suite: Sequence[Declared] | None = None,
) -> SuiteResult:
    """Validate one stage and write its pages into the run's Data Docs.

    Args:
        stage: raw, staging, predictions, marts or report.
        source: the open tables, see `engine.open_source`.
        months: the run's months as YYYY-MM; suites before the marts look at these only.
        provided: input table -> fields that the source provides; what needs an absent one is not applicable.
        data_docs_dir: one site for all stages of a run, `index.html` first.
        suite: the expectations, by default those declared for the stage.

    Raises:
        KeyError: unknown stage. EmptySuiteError: nothing declared. NothingProvidedError: `provided` is empty.
        ValueError: a month is not YYYY-MM.
    """
    declared = suite_of(stage) if suite is None else list(suite)
    if not declared:
        raise EmptySuiteError(f"the suite of stage {stage!r} declares nothing and would pass whatever arrives")
    if not any(provided.values()):
        raise NothingProvidedError("no input provides a field, so nothing would be checked; read the manifests")
    switch_off_analytics()
    # Imported here: Great Expectations takes seconds to import, and defining a check must not cost them.
    from dagster_project.quality.engine.validation import Validator

    create_run_months(source.connection, months)
    validator = Validator(source, data_docs_dir)
    validator.forget(stages_from(stage))
    try:
        outcomes = [
            outcome
            for table, group in groupby(sorted(declared, key=lambda one: one.table.name), key=lambda one: one.table)
            for outcome in _validate_table(validator, table, list(group), provided)
        ]
        index = validator.build_site()
    finally:
        validator.close()
    return SuiteResult(stage, _in_order(outcomes, declared), index)


def _validate_table(
    validator: Any, table: Table, declared: Sequence[Declared], provided: Mapping[str, set[str]]
) -> list[Outcome]:
    applicable = [one for one in declared if not one.missing_inputs(provided)]
    skipped = [_not_provided(one, one.missing_inputs(provided)) for one in declared if one not in applicable]
    if not applicable:
        return skipped
    view = create_batch_view(validator.source, table)
    row_count = validator.source.row_count(view)
    if row_count == 0 and table.may_be_empty:
        skipped += [_no_rows(one) for one in applicable if not one.judges_empty_table]
        applicable = [one for one in applicable if one.judges_empty_table]
    return skipped + _validate_applicable(validator, table, view, row_count, applicable)


def _validate_applicable(
    validator: Any, table: Table, view: str, row_count: int, declared: Sequence[Declared]
) -> list[Outcome]:
    if not declared:
        return []
    from dagster_project.quality.engine.validation import declared_id

    validation = validator.validate(table.name, view, declared)
    by_id = {one.id: one for one in declared}
    if sorted(map(declared_id, validation.results)) != sorted(by_id):
        raise LostExpectationError(f"{table.name}: not every declared expectation was answered exactly once")
    outcomes = []
    for result in validation.results:
        one = by_id[declared_id(result)]
        guard = vacuous_reason(one, row_count, result.result)
        if guard:
            result.success, validation.success = False, False
        offenders = [] if result.success else sample_offenders(validator.source, one, view)
        observed = guard or _observed(result)
        outcomes.append(_outcome(one, success=bool(result.success), observed=observed, offenders=offenders))
    validator.store(table.name, validation)
    return outcomes


def _observed(result: Any) -> str:
    """What Great Expectations saw, or the error that kept it from looking."""
    errors = _error_messages(result.exception_info)
    if errors:
        return "could not be checked: " + "; ".join(errors)
    found = result.result
    if "unexpected_count" in found:
        return f"{found['unexpected_count']} of {found['element_count']} rows"
    return f"{found.get('observed_value')} rows"


def _error_messages(info: Mapping[str, Any]) -> list[str]:
    # One entry when the expectation itself failed, a dictionary of entries by metric when its metrics did.
    entries: Iterable[Any] = [info] if "raised_exception" in info else info.values()
    raised = [str(entry["exception_message"]) for entry in entries if entry.get("raised_exception")]
    return sorted({message.strip().splitlines()[0] for message in raised if message.strip()})


def _not_provided(declared: Declared, missing: Sequence[str]) -> Outcome:
    why = f"not provided by the source: {', '.join(missing)}"
    return _outcome(declared, success=False, observed="not checked", not_applicable=why)


def _no_rows(declared: Declared) -> Outcome:
    why = f"the table has no rows: {declared.table.may_be_empty}"
    return _outcome(declared, success=False, observed="not checked", not_applicable=why)


def _outcome(declared: Declared, **found: Any) -> Outcome:
    return Outcome(declared.id, declared.table.name, declared.reason, declared.severity, **found)


def _in_order(outcomes: Iterable[Outcome], declared: Sequence[Declared]) -> list[Outcome]:
    order = {one.id: position for position, one in enumerate(declared)}
    return sorted(outcomes, key=lambda outcome: order[outcome.id])
