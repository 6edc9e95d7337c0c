"""What a report must know about its run besides the marts. Holds no run time and no run id."""

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

MONTH_PATTERN = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class RunContext:
    """Facts of one run, JSON-able; texts may come from third parties and are escaped where they are shown.

    month: the reported month, YYYY-MM. provided: fields that the mapping provides, by table (a table that is
    absent is not provided). source: {rows_read, kept, duplicate, rejected, by_reason {reason: rows},
    before_history} of the job posts, the last older than the history and not among those read.
    by_month: {YYYY-MM: the same counts}. failed_months: {YYYY-MM: reason}. model_cards: by technology
    {model_version, threshold, scores, label_counts, ...}. mapping: {column: expression} by table.
    term_counts: {technology: {include, exclude}}. definitions: [{id, definition, method, library}];
    empty takes those of the statistics registry. compared_release_id: the release that came before, None for the
    first one. not_compared: a sentence for each release or series that cannot be compared.
    commentary: Markdown of named people for this month, printed as theirs. data_age: a sentence with the day of the
    newest post and that of reading it. held_parts: a sentence for each category or file that people hold in a month.
    """

    month: str
    sources: str
    title: str
    is_simulated: bool
    provided: dict[str, list[str]]
    source: dict[str, Any]
    by_month: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed_months: dict[str, str] = field(default_factory=dict)
    model_cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    mapping: dict[str, dict[str, str]] = field(default_factory=dict)
    term_counts: dict[str, dict[str, int]] = field(default_factory=dict)
    definitions: list[dict[str, str]] = field(default_factory=list)
    compared_release_id: str | None = None
    not_compared: list[str] = field(default_factory=list)
    commentary: str = ""
    data_age: str = ""
    held_parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not MONTH_PATTERN.fullmatch(self.month):
            raise ValueError(f"month is {self.month!r}; write it as YYYY-MM, for example 2025-11")

    @property
    def quoted(self) -> list[str]:
        """Texts that a page quotes from the run and no mart holds."""
        release = [self.compared_release_id] if self.compared_release_id else []
        months = [datetime.strptime(month, "%Y-%m").strftime("%B %Y") for month in (self.month, *self.failed_months)]
        told = [*self.failed_months.values(), *self.held_parts, *self.not_compared, self.data_age]
        return [self.title, self.sources, *months, *release, *told]

    def provides(self, table: str, column: str | None = None) -> bool:
        """Whether the feed has the table, or a column of it."""
        return table in self.provided and (column is None or column in self.provided[table])

    def to_dict(self) -> dict[str, Any]:
        """The JSON-able form; `RunContext(**values)` reads it back."""
        return asdict(self)
