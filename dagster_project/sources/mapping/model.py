"""What a mapping says: where the files of a feed are, and how each of our columns is read from theirs."""

import codecs
import hashlib
import json
import re
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from dagster_project.sources.contracts import JOB_POSTS, TABLES
from dagster_project.sources.errors import nearest
from dagster_project.sources.values.rates import NO_RATES, Rates

_PASSWORD = re.compile(r"(//[^/@:]*):[^/@]*@")

READER_VERSION = "3"
"""Part of the mapping hash: raise it when macros or rules change, so that every file is read anew."""


class FileOptions(BaseModel):
    """How the files are written; Parquet needs none of it.

    `records` names the keys that lead to the list of a JSON document (`data`, `result.items`), `sheet` a workbook's
    sheet where it has several, `table` or `query` what is read of a database, `endpoint` an S3-compatible server.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    delim: str = ","
    quote: str = '"'
    escape: str = '"'
    encoding: str = "utf-8"
    null_text: str = ""
    skip_lines: int = Field(default=0, ge=0)
    records: str = ""
    sheet: str = ""
    table: str = ""
    query: str = ""
    endpoint: str = ""

    @field_validator("encoding")
    @classmethod
    def _encoding_is_known(cls, encoding: str) -> str:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise ValueError(
                f"{encoding!r} is not known; usual ones are utf-8, windows-1252, iso-8859-1, utf-16"
            ) from error
        return encoding

    @field_validator("delim", "quote", "escape")
    @classmethod
    def _one_character(cls, value: str, field: ValidationInfo) -> str:
        if len(value) > 1 or (field.field_name == "delim" and not value):
            raise ValueError(f"{value!r} must be one character")
        return value


class FileGroup(BaseModel):
    """Files of one schema: globs below DATA, absolute paths or URIs; `columns` are expressions over theirs.

    may_be_absent: the feed goes on without such a file, as before its first survey wave; elsewhere a pattern without
    files is a wrong place.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: list[str] = Field(min_length=1)
    may_be_absent: bool = False
    format: Literal["csv", "database", "json", "jsonl", "parquet", "xlsx"]
    options: FileOptions = FileOptions()
    reject_limit: float = Field(default=0.05, ge=0, le=1)
    columns: dict[str, str]

    @field_validator("columns", mode="before")
    @classmethod
    def _expressions_are_text(cls, columns: Any) -> Any:
        if isinstance(columns, dict):
            return {name: str(expression) for name, expression in columns.items() if expression is not None}
        return columns

    @model_validator(mode="after")
    def _a_database_needs_a_table_or_a_query(self) -> "FileGroup":
        if self.format == "database" and bool(self.options.table) == bool(self.options.query):
            raise ValueError("a database needs `table` or `query` in the options, one of them")
        return self

    def database_uri(self, address: str) -> str:
        """The address without its password, and what is read there, as one uri."""
        return _PASSWORD.sub(r"\1@", address) + "#" + (self.options.table or self.options.query)

    def covers(self, uri: str) -> bool:
        """Whether a file that was loaded from `uri` belongs to this group."""
        if self.format == "database":
            return uri in {self.database_uri(address) for address in self.files}
        return any(PurePosixPath(uri).match(pattern) for pattern in self.files)


class Mapping(BaseModel):
    """A validated mapping; a table is a list of file groups, since a feed may hold files of several schemas.

    confidential: tables whose small counts are suppressed although such rows are public elsewhere; contracts and survey
    answers always are. rates: CSV file of dated exchange rates, its place relative to the YAML file.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9_\-]+$")
    title: str
    is_simulated: bool
    confidential: list[Literal["job_posts", "talent_searches"]] = []
    rates: str | None = None
    tables: dict[str, list[FileGroup]] = Field(min_length=1)
    _origin: str = PrivateAttr(default="mapping")
    _usd_rates: Rates = PrivateAttr(default=NO_RATES)

    @property
    def origin(self) -> str:
        """The path of the YAML file, for messages."""
        return self._origin

    @property
    def usd_rates(self) -> Rates:
        """The content of the rates file; none without one."""
        return self._usd_rates

    @field_validator("tables", mode="before")
    @classmethod
    def _one_group_may_stand_alone(cls, tables: Any) -> Any:
        if isinstance(tables, dict):
            return {name: groups if isinstance(groups, list) else [groups] for name, groups in tables.items()}
        return tables

    @model_validator(mode="after")
    def _names_are_of_the_contract(self) -> "Mapping":
        for table_name, groups in self.tables.items():
            _require_known(table_name, TABLES, "tables")
            for group in groups:
                _require_columns(table_name, group)
            if len({group.reject_limit for group in groups}) > 1:
                raise ValueError(f"tables.{table_name}: give every group of files the same reject_limit")
        if any(group.may_be_absent for group in self.tables.get(JOB_POSTS.name, [])):
            raise ValueError("tables.job_posts: a feed without posts has nothing to report; leave out may_be_absent")
        return self

    def reject_limit(self, table: str) -> float:
        """The largest share of rejected rows, 0..1, with which a month of `table` goes on."""
        return self.tables[table][0].reject_limit

    @property
    def mapping_hash(self) -> str:
        """16 hex digits of a SHA-256 over what decides how rows are read, also the rates: not titles, limits, names."""
        deciding = {"format", "options", "columns"}
        read = {
            table: [group.model_dump(include=deciding) for group in groups]
            for table, groups in sorted(self.tables.items())
        }
        text = json.dumps([READER_VERSION, read, self.usd_rates.content_hash], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _require_known(name: str, known: Any, place: str) -> None:
    if name not in known:
        raise ValueError(f"{place}.{name} is not known, the nearest valid key is {nearest(name, known)!r}")


def _require_columns(table_name: str, group: FileGroup) -> None:
    table = TABLES[table_name]
    for name in group.columns:
        _require_known(name, table.column_names, f"tables.{table_name}.columns")
    missing = [name for name in table.required_names if name not in group.columns]
    if missing:
        raise ValueError(f"tables.{table_name}.columns: required but absent: {', '.join(missing)}")
