"""What an expectation of this project is, and what a suite found: data, free of Great Expectations and Dagster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Severity(StrEnum):
    """Critical stops everything downstream; a warning is shown and lets the run go on."""

    CRITICAL = "critical"
    WARNING = "warning"


@dataclass(frozen=True)
class Table:
    """A table to validate.

    name: `schema.table`; the schema is the name of the stage.
    month_column: restricts the table to the run's months; `month` holds YYYY-MM, others the first day.
    needs: what the source must provide, `job_posts` (the input) or `job_posts.category` (one of its fields).
    may_be_empty: why no rows are a legitimate state; without it an empty table fails every expectation.
    """

    name: str
    needs: frozenset[str] = frozenset()
    month_column: str | None = None
    may_be_empty: str = ""


@dataclass(frozen=True)
class Declared:
    """One expectation: its Great Expectations type and arguments, why it exists, how bad its failure is.

    judges_empty_table: its subject is missing rows, so that its answer counts on an empty table too.
    """

    id: str
    table: Table
    type: str
    kwargs: Mapping[str, Any]
    reason: str
    severity: Severity = Severity.CRITICAL
    needs: frozenset[str] = frozenset()
    judges_empty_table: bool = False

    def missing_inputs(self, provided: Mapping[str, set[str]]) -> list[str]:
        """Inputs and fields that this expectation needs and the source does not provide, sorted."""
        return sorted(need for need in self.table.needs | self.needs if not _is_provided(need, provided))


class TableSuite:
    """Collects the expectations of one table; each method adds one and names its Great Expectations type."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.declared: list[Declared] = []

    def row_count(self, id: str, reason: str, *, minimum: int = 1, **options: Any) -> None:
        """At least `minimum` rows."""
        kwargs = {"min_value": minimum}
        options = {"judges_empty_table": True} | options
        self._add(id, reason, "expect_table_row_count_to_be_between", kwargs, options)

    def not_null(self, id: str, reason: str, column: str, *, mostly: float = 1.0, **options: Any) -> None:
        """At least the share `mostly` of the rows has a value."""
        kwargs = {"column": column, "mostly": mostly}
        self._add(id, reason, "expect_column_values_to_not_be_null", kwargs, options)

    def in_set(self, id: str, reason: str, column: str, values: Sequence[str], **options: Any) -> None:
        """Every known value is one of `values`."""
        kwargs = {"column": column, "value_set": list(values)}
        self._add(id, reason, "expect_column_values_to_be_in_set", kwargs, options)

    def between(
        self,
        id: str,
        reason: str,
        column: str,
        low: float,
        high: float,
        *,
        mostly: float = 1.0,
        **options: Any,
    ) -> None:
        """At least the share `mostly` of the known values lies in [low, high]."""
        kwargs = {"column": column, "min_value": low, "max_value": high, "mostly": mostly}
        self._add(id, reason, "expect_column_values_to_be_between", kwargs, options)

    def no_rows(self, id: str, reason: str, query: str, **options: Any) -> None:
        """The query, over `{batch}` and any other table, returns no row; its rows are the offenders."""
        kwargs = {"unexpected_rows_query": query.strip()}
        self._add(id, reason, "unexpected_rows_expectation", kwargs, options)

    def _add(self, id: str, reason: str, type: str, kwargs: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        self.declared.append(Declared(id, self.table, type, kwargs, reason, **options))


def _is_provided(need: str, provided: Mapping[str, set[str]]) -> bool:
    source_table, _, source_field = need.partition(".")
    fields = provided.get(source_table, set())
    return source_field in fields if source_field else bool(fields)


@dataclass(frozen=True)
class Outcome:
    """One expectation's result.

    observed: what was found, as text. offenders: up to five rows that break it. not_applicable: why it was
    not checked, empty when it was; such an outcome has neither passed nor failed.
    """

    id: str
    table: str
    reason: str
    severity: Severity
    success: bool
    observed: str
    offenders: list[dict[str, str]] = field(default_factory=list)
    not_applicable: str = ""

    @property
    def applicable(self) -> bool:
        return not self.not_applicable

    @property
    def failed(self) -> bool:
        return self.applicable and not self.success


@dataclass(frozen=True)
class SuiteResult:
    """All outcomes of one stage in the order of its suite, and where its Data Docs begin."""

    stage: str
    outcomes: list[Outcome]
    data_docs: Path

    @property
    def critical_failures(self) -> list[Outcome]:
        return [found for found in self.outcomes if found.failed and found.severity is Severity.CRITICAL]

    @property
    def warnings(self) -> list[Outcome]:
        return [found for found in self.outcomes if found.failed and found.severity is Severity.WARNING]

    @property
    def passed(self) -> list[Outcome]:
        return [found for found in self.outcomes if found.applicable and found.success]

    @property
    def not_applicable(self) -> list[Outcome]:
        return [found for found in self.outcomes if not found.applicable]

    @property
    def success(self) -> bool:
        """No critical expectation failed; warnings do not count."""
        return not self.critical_failures
