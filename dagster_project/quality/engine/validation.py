"""Great Expectations' side of a run: one context, one suite a table, results stored for the Data Docs."""

import shutil
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import DataContextConfig, ProgressBarsConfig
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity

from dagster_project.quality.declaration import Declared
from dagster_project.quality.engine.session import ValidationSource
from dagster_project.storage.shown_text import plain

SITE = "site"
LONGEST_TEXT = 500


@dataclass
class Validator:
    """Validates tables of one source and keeps the results of every stage below `data_docs_dir/results`."""

    source: ValidationSource
    data_docs_dir: Path

    def __post_init__(self) -> None:
        self.stored: set[str] = set()
        self.context = gx.get_context(mode="ephemeral", project_config=_project(self.data_docs_dir.resolve()))
        self.datasource = self.context.data_sources.add_sql("session", connection_string=self.source.url)

    def validate(self, table: str, view: str, declared: Sequence[Declared]) -> ExpectationSuiteValidationResult:
        """Validate `view` under the name of `table`; results carry the declared ids in their meta."""
        asset = self.datasource.add_table_asset(table, table_name=view)
        suite = self._suite(table, declared)
        return asset.add_batch_definition_whole_table("run").get_batch().validate(suite)

    def store(self, table: str, result: ExpectationSuiteValidationResult) -> None:
        """Keep a table's result for the Data Docs, whose pages show values as HTML: it becomes text here."""
        shown = deepcopy(result)
        for one in shown.results:
            one.result, one.exception_info = harmless(one.result), harmless(one.exception_info)
        key = ValidationResultIdentifier(ExpectationSuiteIdentifier(table), RunIdentifier(run_name="run"), table)
        self.context.validation_results_store.set(key, shown)
        self.stored.add(table)

    def forget(self, stages: Sequence[str]) -> None:
        """Drop the results of these stages and their pages, so that the site shows one run."""
        for folder in ("suites", "results", "expectations", "validations"):
            for stage in stages:
                shutil.rmtree(self.data_docs_dir / folder / stage, ignore_errors=True)

    def build_site(self) -> Path:
        """Write the pages of what was stored here, and the index of all stages; returns the index page."""
        stores = self.context.stores["expectations_store"], self.context.validation_results_store
        keys: list[Any] = [key for store in stores for key in store.list_keys() if _table_of(key) in self.stored]
        self.context.build_data_docs(site_names=[SITE], resource_identifiers=keys)
        return self.data_docs_dir / "index.html"

    def close(self) -> None:
        """Give the session's second connection back."""
        self.datasource.get_engine().dispose()
        self.datasource.get_execution_engine().close()

    def _suite(self, table: str, declared: Sequence[Declared]) -> gx.ExpectationSuite:
        # As one list: adding them one by one replaces an earlier expectation of the same type and column.
        suite = gx.ExpectationSuite(name=table, expectations=[_configuration(one) for one in declared])
        return self.context.suites.add_or_update(suite)


def harmless(value: Any) -> Any:
    """A result with every text in it as short plain text without HTML."""
    if isinstance(value, str):
        return escape(plain(value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}…"))
    if isinstance(value, dict):
        return {harmless(key): harmless(one) for key, one in value.items()}
    return [harmless(one) for one in value] if isinstance(value, list | tuple) else value


def _table_of(key: Any) -> str:
    """The table of a stored suite, or of a stored result."""
    return str(getattr(key, "expectation_suite_identifier", key).name)


def declared_id(result: Any) -> str:
    """The id of the declared expectation behind a result; results come in another order than the suite."""
    return str(result.expectation_config.meta["id"])


def _configuration(declared: Declared) -> ExpectationConfiguration:
    return ExpectationConfiguration(
        type=declared.type,
        kwargs=dict(declared.kwargs),
        meta={"id": declared.id, "reason": declared.reason},
        severity=FailureSeverity(declared.severity.value),
        description=declared.reason,
    )


def _project(root: Path) -> DataContextConfig:
    """An ephemeral project whose suites, results and site are files below `root`, shared by all stages."""
    return DataContextConfig(
        config_version=4.0,
        expectations_store_name="expectations_store",
        validation_results_store_name="validation_results_store",
        checkpoint_store_name="checkpoint_store",
        stores={
            "expectations_store": _store("ExpectationsStore", root / "suites"),
            "validation_results_store": _store("ValidationResultsStore", root / "results"),
            "checkpoint_store": {"class_name": "CheckpointStore"},
            "validation_definition_store": {"class_name": "ValidationDefinitionStore"},
        },
        data_docs_sites={
            SITE: {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": _backend(root),
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )


def _store(class_name: str, root: Path) -> dict[str, Any]:
    return {"class_name": class_name, "store_backend": _backend(root)}


def _backend(root: Path) -> dict[str, Any]:
    return {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(root)}
