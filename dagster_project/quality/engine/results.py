"""What a suite found, one outcome an expectation; plain data, free of Great Expectations and Dagster."""

from dataclasses import dataclass, field
from pathlib import Path

from dagster_project.quality.engine.declaration import Severity


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
