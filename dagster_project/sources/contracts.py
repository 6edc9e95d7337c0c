"""The input tables: what every feed is brought to, whatever its own columns are called.

A column's rule is applied by `validation/`; the mapping of a feed (`mapping/`) says which expression fills it.
"""

from dataclasses import dataclass
from datetime import date

from ml.features.keywords import TECHNOLOGIES

HISTORY_START = date(2020, 1, 1)
"""Where the published history starts unless the settings say otherwise: older rows are counted apart."""


@dataclass(frozen=True)
class Column:
    """One column of an input table; `sql_type` is the DuckDB type in the lake, times are UTC."""

    name: str
    sql_type: str
    is_required: bool = False
    minimum: int | None = None
    """Smallest value, itself allowed."""
    is_above_zero: bool = False
    maximum: int | None = None
    """Largest value, itself allowed."""
    is_in_history: bool = False
    """From the history start to one day after the time of loading."""
    is_first_of_month: bool = False
    allowed: tuple[str, ...] = ()
    vocabulary: str | None = None
    """Name of a vocabulary of `validation/rules.py` that lists the allowed values."""
    default_field: str | None = None
    """Column whose value is taken where this one is not provided."""
    default_sql: str | None = None
    """Expression over other columns, each as {name}, whose value is taken where this one is not provided."""

    @property
    def is_plain_text(self) -> bool:
        """Free text is stored as it came; anything else is trimmed and its empty text is NULL."""
        return self.sql_type == "VARCHAR" and not self.allowed and self.vocabulary is None


@dataclass(frozen=True)
class Table:
    """An input table. `month_field` gives a row its month, `key` names what may come again in a later file."""

    name: str
    columns: tuple[Column, ...]
    month_field: str
    key: str | None = None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def required_names(self) -> list[str]:
        return [column.name for column in self.columns if column.is_required]


MONEY = "DECIMAL(18,2)"

JOB_POSTS = Table(
    name="job_posts",
    month_field="posted_at",
    key="post_id",
    columns=(
        Column("post_id", "VARCHAR", is_required=True),
        Column("posted_at", "TIMESTAMP", is_required=True, is_in_history=True),
        Column("observed_at", "TIMESTAMP", is_in_history=True, default_field="posted_at"),
        Column("title", "VARCHAR", is_required=True),
        Column("description", "VARCHAR"),
        Column("skills", "VARCHAR[]"),
        Column("category", "VARCHAR", vocabulary="category"),
        Column("occupation", "VARCHAR"),
        Column("contract_type", "VARCHAR", allowed=("fixed", "hourly")),
        Column("budget_usd", MONEY, minimum=0),
        Column("hourly_rate_low_usd", MONEY, minimum=0),
        Column("hourly_rate_high_usd", MONEY, minimum=0),
        Column("weekly_hours_band", "VARCHAR", allowed=("under_30", "30_plus")),
        Column(
            "duration_band",
            "VARCHAR",
            allowed=("under_1_month", "1_to_3_months", "3_to_6_months", "over_6_months"),
        ),
        Column("client_id", "VARCHAR"),
        Column("client_country", "VARCHAR"),
        Column("language", "VARCHAR", default_sql="told_language(concat_ws(' | ', {title}, {description}))"),
    ),
)
"""`language` is ISO 639-1; where the feed does not say it, the text does."""

PULSE_ANSWERS = Table(
    name="pulse_answers",
    month_field="wave_month",
    columns=(
        Column("respondent_id", "VARCHAR", is_required=True),
        Column("wave_month", "DATE", is_required=True, is_in_history=True, is_first_of_month=True),
        Column("question_id", "VARCHAR", is_required=True, vocabulary="pulse_question"),
        Column("wording_version", "VARCHAR", is_required=True),
        Column("answer", "VARCHAR", is_required=True),
        Column("business_size", "VARCHAR"),
        Column("industry", "VARCHAR"),
        Column("country", "VARCHAR"),
        Column("weight", "DECIMAL(12,6)", is_above_zero=True),
    ),
)

AUDIT_LABELS = Table(
    name="audit_labels",
    month_field="posted_month",
    key="post_id",
    columns=(
        Column("post_id", "VARCHAR", is_required=True),
        Column("posted_month", "DATE", is_required=True, is_in_history=True, is_first_of_month=True),
        Column("technology", "VARCHAR", is_required=True, allowed=TECHNOLOGIES),
        Column("is_positive", "BOOLEAN", is_required=True),
        Column("is_unsure", "BOOLEAN"),
        Column("inclusion_probability", "DOUBLE", is_required=True, is_above_zero=True, maximum=1),
        Column("stratum", "VARCHAR"),
        Column("guide_version", "VARCHAR"),
        Column("labelled_on", "DATE"),
        Column("labeller", "VARCHAR"),
    ),
)

CONTRACTS = Table(
    name="contracts",
    month_field="started_on",
    key="contract_id",
    columns=(
        Column("contract_id", "VARCHAR", is_required=True),
        Column("post_id", "VARCHAR"),
        Column("started_on", "DATE", is_required=True, is_in_history=True),
        Column("state", "VARCHAR", is_required=True, allowed=("closed", "open")),
        Column("total_paid_usd", MONEY, minimum=0),
        Column("projected_value_usd", MONEY, minimum=0),
        Column("observed_at", "TIMESTAMP", is_in_history=True, default_field="started_on"),
        Column("category", "VARCHAR", vocabulary="category"),
        Column("occupation", "VARCHAR"),
        Column("client_id", "VARCHAR"),
        Column("client_country", "VARCHAR"),
    ),
)
"""One row a state of a contract; of several states the one observed last counts."""

TALENT_SEARCHES = Table(
    name="talent_searches",
    month_field="search_month",
    columns=(
        Column("search_month", "DATE", is_required=True, is_in_history=True, is_first_of_month=True),
        Column("term", "VARCHAR", is_required=True),
        Column("search_count", "BIGINT", is_required=True, minimum=0),
        Column("search_id", "VARCHAR"),
        Column("observed_at", "TIMESTAMP", is_in_history=True),
    ),
)
"""One row a month and term, or with `search_id` one row an event whose `search_count` is 1."""

QUOTED_CONSTANTS = Table(
    name="quoted_constants",
    month_field="as_of_date",
    columns=(
        Column("constant_id", "VARCHAR", is_required=True),
        Column("value", "DECIMAL(28,6)", is_required=True),
        Column("unit", "VARCHAR", is_required=True),
        Column("source", "VARCHAR", is_required=True),
        Column("as_of_date", "DATE", is_required=True, is_in_history=True),
    ),
)

STUDY_RESPONDENTS = Table(
    name="study_respondents",
    month_field="wave_month",
    columns=(
        Column("respondent_id", "VARCHAR", is_required=True),
        Column("wave_month", "DATE", is_required=True, is_in_history=True, is_first_of_month=True),
        Column("fielded_on", "DATE", is_in_history=True),
        Column("respondent_group", "VARCHAR", is_required=True, allowed=("c_suite", "full_time", "freelance")),
        Column("country", "VARCHAR"),
        Column("age", "INTEGER", minimum=0),
        Column("gender", "VARCHAR", allowed=("woman", "man", "another", "undisclosed")),
        Column(
            "education",
            "VARCHAR",
            allowed=("less_than_high_school", "high_school", "some_college", "bachelor", "postgraduate"),
        ),
        Column("computer_at_work", "VARCHAR", allowed=("never", "rarely", "sometimes", "often", "always")),
        Column("weight", "DECIMAL(12,6)", is_above_zero=True),
    ),
)
"""One row a respondent of a wave of the worker study; who is eligible is decided in staging, by the seed."""

STUDY_ANSWERS = Table(
    name="study_answers",
    month_field="wave_month",
    columns=(
        Column("respondent_id", "VARCHAR", is_required=True),
        Column("wave_month", "DATE", is_required=True, is_in_history=True, is_first_of_month=True),
        Column("question_id", "VARCHAR", is_required=True, vocabulary="study_question"),
        Column("wording_version", "VARCHAR", is_required=True),
        Column("answer", "VARCHAR", is_required=True),
    ),
)

STUDY_MARGINS = Table(
    name="study_margins",
    month_field="wave_month",
    columns=(
        Column("wave_month", "DATE", is_required=True, is_in_history=True, is_first_of_month=True),
        Column("respondent_group", "VARCHAR", is_required=True, allowed=("c_suite", "full_time", "freelance")),
        Column("variable", "VARCHAR", is_required=True, allowed=("country", "generation", "gender")),
        Column("level", "VARCHAR", is_required=True),
        Column("population_share", "DOUBLE", is_required=True, is_above_zero=True, maximum=1),
    ),
)
"""Optional: what part of each group's population a country, generation or gender is; the study is raked to it."""

STUDY_TABLES = (STUDY_RESPONDENTS, STUDY_ANSWERS, STUDY_MARGINS)

TABLES = {
    table.name: table
    for table in (JOB_POSTS, PULSE_ANSWERS, AUDIT_LABELS, CONTRACTS, TALENT_SEARCHES, QUOTED_CONSTANTS, *STUDY_TABLES)
}

READER_COLUMNS = {"source_file": "VARCHAR", "source_row": "BIGINT", "load_id": "VARCHAR"}
"""Set by the reader, after the columns of the table; source_row counts data rows from 1."""
