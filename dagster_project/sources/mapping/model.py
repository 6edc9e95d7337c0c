"""What a mapping says: where the files of a feed are, and how each of our columns is read from theirs."""

import codecs
import hashlib
import json
import re
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from dagster_project.sources.contracts import JOB_POSTS, TABLES
from dagster_project.sources.errors import SourceError, nearest
from dagster_project.sources.mapping.written import KeyPath, Written
from dagster_project.sources.values.currencies import NO_RATES, Rates
from dagster_project.storage.workspace import SHARED_FOLDERS

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
    files is a wrong place. newer_version: rows that a later version of a file no longer holds go on counting (`adds`,
    as of a list of what is open now) or are withdrawn (`replaces`, as of a corrected export).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: list[str] = Field(min_length=1)
    may_be_absent: bool = False
    format: Literal["csv", "database", "json", "jsonl", "parquet", "xlsx"]
    options: FileOptions = FileOptions()
    newer_version: Literal["adds", "replaces"] = "adds"
    reject_limit: float = Field(default=0.05, ge=0, le=1)
    columns: dict[str, str]
    _written: tuple[Written, KeyPath] | None = PrivateAttr(default=None)

    @field_validator("files", mode="before")
    @classmethod
    def _one_pattern_may_stand_alone(cls, files: Any) -> Any:
        return [files] if isinstance(files, str) else files

    @field_validator("columns", mode="before")
    @classmethod
    def _expressions_are_text(cls, columns: Any) -> Any:
        if not isinstance(columns, dict):
            return columns
        if lists := [str(name) for name, expression in columns.items() if isinstance(expression, list | dict)]:
            raise ValueError(f"{', '.join(lists)}: an expression is one text; write it on one line or after |")
        return {name: str(expression) for name, expression in columns.items() if expression is not None}

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

    def expression_place(self, name: str, offset: int = 0) -> str:
        """Where the expression of a column, or a character of it, is written: file, line and column."""
        if self._written is None:
            return "the mapping"
        written, keys = self._written
        return written.value_place((*keys, "columns", name), offset)

    def mended_expression(self, name: str, old: str, new: str) -> str:
        """The line of an expression with `new` for its part `old`, as the end of a message; '' where it is unknown."""
        if self._written is None:
            return ""
        written, keys = self._written
        return written.with_value((*keys, "columns", name), old, new)


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
    _written: Written | None = PrivateAttr(default=None)
    _usd_rates: Rates = PrivateAttr(default=NO_RATES)

    @property
    def origin(self) -> str:
        """The path of the YAML file, for messages."""
        return str(self._written.path) if self._written else "mapping"

    @property
    def text_hash(self) -> str:
        """SHA-256 of the YAML file's text; '' for a mapping that was not read from a file."""
        return hashlib.sha256(self._written.text.encode()).hexdigest() if self._written else ""

    @property
    def needs_data(self) -> bool:
        """Whether a pattern of its files is relative to DATA."""
        files = [group for groups in self.tables.values() for group in groups if group.format != "database"]
        patterns = [pattern for group in files for pattern in group.files]
        return any("://" not in pattern and not PurePosixPath(pattern).is_absolute() for pattern in patterns)

    def remember(self, written: Written) -> None:
        """Keep how the mapping was written, so that later messages name file, line and column."""
        self._written = written
        for table, groups in self.tables.items():
            for number, group in enumerate(groups):
                group._written = (written, ("tables", table, number))

    def require_months(self) -> None:
        """Raise SourceError where posts have no id or no month: such a feed can be scored and not be reported on."""
        for group in self.tables.get(JOB_POSTS.name, []):
            absent = [name for name in _NOT_NEEDED_TO_SCORE if name not in group.columns]
            if absent:
                written = group._written
                place = written[0].key_place((*written[1], "columns")) if written else self.origin
                raise SourceError(f"{place}: {'; '.join(_NOT_NEEDED_TO_SCORE[name] for name in absent)}")

    @field_validator("name")
    @classmethod
    def _name_is_free(cls, name: str) -> str:
        if name in SHARED_FOLDERS:
            raise ValueError(f"{name!r} is a folder that all feeds share; take another name")
        return name

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
            _require_known(table_name, TABLES, ("tables",))
            for number, group in enumerate(groups):
                _require_columns(group, ("tables", table_name, number, "columns"))
            if len({group.reject_limit for group in groups}) > 1:
                raise _misplaced(("tables", table_name), "give every group of files the same reject_limit")
        if any(group.may_be_absent for group in self.tables.get(JOB_POSTS.name, [])):
            message = "a feed without posts has nothing to report; leave out may_be_absent"
            raise _misplaced(("tables", JOB_POSTS.name), message)
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


_NOT_NEEDED_TO_SCORE = {
    "post_id": "a report needs post_id, the id under which a post comes again; where the feed has none, make one of "
    "what a row says, as post_id: md5(concat_ws('|', title, description))",
    "posted_at": "a report needs posted_at, the time of posting, which gives a post its month; "
    "without it `hiring-pulse score` alone reads this feed",
}


def _misplaced(keys: KeyPath, message: str) -> PydanticCustomError:
    return PydanticCustomError("misplaced", "{message}", {"message": message, "keys": keys})


def _require_known(name: str, known: Any, parents: KeyPath) -> None:
    if name not in known:
        context = {"keys": (*parents, name), "nearest": nearest(name, known)}
        raise PydanticCustomError("unknown_name", "not known", context)


def _require_columns(group: FileGroup, keys: KeyPath) -> None:
    table = TABLES[str(keys[1])]
    for name in group.columns:
        _require_known(name, table.column_names, keys)
    optional = _NOT_NEEDED_TO_SCORE if table is JOB_POSTS else {}
    missing = [name for name in table.required_names if name not in group.columns and name not in optional]
    if missing:
        raise _misplaced(keys, f"required but absent: {', '.join(missing)}")
