"""Results that pass although nothing was checked, turned into failures.

Great Expectations passes not-null, unique and in-set on an empty table and 'between' on a column of nulls.
"""

from typing import Any

from dagster_project.quality.engine.declaration import Declared

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
