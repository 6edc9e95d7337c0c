"""The data dictionary of the marts: what the yml file beside each model says of topic, key and columns.

`make docs` runs this module: docs/tables.md says the same of every model, by layer and topic.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.storage.workspace import DBT_DIRECTORY, REPOSITORY
from ml.atomic import write_text

MARTS_FOLDER = DBT_DIRECTORY / "models" / "marts"
_YamlLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there
CSV_HEADER = ["mart", "column", "type", "is_key", "description"]


class DictionaryError(Exception):
    """A mart's yml file lacks something that the dictionary needs; the message names it and what to do."""


@dataclass(frozen=True)
class Column:
    """One documented column of a mart."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class Measure:
    """A number of a table that stays right however its rows are grouped: `sql` is an aggregate over the table."""

    name: str
    sql: str
    description: str


SUPPRESSION_COLUMNS = [
    Column("is_suppressed", "boolean", "A number of the row is hidden: its columns are empty."),
    Column(
        "suppression",
        "varchar",
        "Why: `primary suppression`, a confidential group of 1 to 9 rows or of fewer than 3 clients; `secondary "
        "suppression`, a cell from which such a group could be computed; `too few`, a rate from fewer than 10 rows, "
        "whose count is printed; empty where nothing is hidden.",
    ),
]


@dataclass(frozen=True)
class Mart:
    """One documented mart; `primary_key` lists the columns of its grain, `topic` is one of the ten of the glossary.

    measures: of tables for BI tools, whose columns may be summed; marts have none.
    """

    name: str
    description: str
    primary_key: list[str]
    columns: list[Column]
    topic: str = ""
    measures: list[Measure] = field(default_factory=list)

    @property
    def comment(self) -> str:
        """What a database says of the table: its description and how each measure is computed."""
        return " ".join([self.description, *(f"{one.name} = {one.sql}." for one in self.measures)])


@dataclass(frozen=True)
class DataDictionary:
    """All marts in the order of their names."""

    marts: list[Mart]

    def primary_keys(self) -> dict[str, list[str]]:
        """Mart name -> key columns, as export and release want them."""
        return {mart.name: mart.primary_key for mart in self.marts}

    def to_markdown(self, head: str = "") -> str:
        """After the paragraphs of `head` one section a mart, one table row a column; key columns are marked."""
        return f"# Data dictionary\n\n{head}" + "\n".join(_mart_section(mart) for mart in self.marts)

    def to_csv(self) -> str:
        """One row a column of a mart: mart, column, type, is_key, description."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(CSV_HEADER)
        for mart in self.marts:
            for column in mart.columns:
                is_key = str(column.name in mart.primary_key).lower()
                writer.writerow([mart.name, column.name, column.data_type, is_key, column.description])
        return text.getvalue()


@cache
def read_dictionary(folder: Path = MARTS_FOLDER) -> DataDictionary:
    """The dictionary of all marts: `<folder>/<topic>/<mart>.yml`, which dbt reads too, is their one declaration.

    Raises DictionaryError for a folder without marts, or where a description, type or key is absent.
    """
    marts = [_mart(path) for path in folder.glob("*/*.yml")]
    if not marts:
        raise DictionaryError(f"{folder}: holds no mart; a mart is <topic>/<mart>.sql with <mart>.yml beside it")
    return DataDictionary(sorted(marts, key=lambda mart: mart.name))


def with_suppression(dictionary: DataDictionary, hidden: Mapping[str, str]) -> DataDictionary:
    """The dictionary of marts as they are released, with the two columns that say what is hidden.

    hidden: mart -> a sentence that says in how many of its rows.
    """
    return DataDictionary(
        [
            replace(
                mart,
                description=f"{mart.description} {hidden[mart.name]}",
                columns=[*mart.columns, *SUPPRESSION_COLUMNS],
            )
            for mart in dictionary.marts
        ]
    )


def _models(path: Path) -> list[dict[str, Any]]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_YamlLoader).get("models") or []  # noqa: S506 (safe)


def _mart(path: Path) -> Mart:
    """The one model of a mart's yml file."""
    models = _models(path)
    if [model["name"] for model in models] != [path.stem]:
        raise DictionaryError(f"{path}: declares {[model['name'] for model in models]}; it is the file of {path.stem}")
    (model,) = models
    columns = [_column(path.stem, column) for column in model.get("columns") or []]
    meta = model.get("config", {}).get("meta", {})
    key = meta.get("primary_key") or []
    documented = {column.name for column in columns}
    if not key or not set(key) <= documented:
        raise DictionaryError(f"mart {path.stem}: set config.meta.primary_key to documented columns, it is {key}")
    measures = [
        Measure(one["name"], one["sql"], _described(f"measure {path.stem}.{one['name']}", one))
        for one in meta.get("measures", [])
    ]
    return Mart(path.stem, _described(path.stem, model), list(key), columns, path.parent.name, measures)


def _column(mart: str, column: dict[str, Any]) -> Column:
    label = f"{mart}.{column['name']}"
    if not column.get("data_type"):
        raise DictionaryError(f"column {label}: has no data_type; add it to the mart's yml file")
    return Column(column["name"], column["data_type"], _described(label, column))


def _described(label: str, documented: dict[str, Any]) -> str:
    description = " ".join(documented.get("description", "").split())
    if not description:
        raise DictionaryError(f"{label}: has no description; add it to the mart's yml file")
    return description


def _mart_section(mart: Mart) -> str:
    lines = [
        f"## {mart.name}",
        "",
        mart.description,
        "",
        "| column | type | key | description |",
        "|---|---|---|---|",
    ]
    for column in mart.columns:
        mark = "yes" if column.name in mart.primary_key else ""
        lines.append(f"| {column.name} | {column.data_type} | {mark} | {_cell(column.description)} |")
    if mart.measures:
        lines += ["", "| measure | SQL | description |", "|---|---|---|"]
        lines += [f"| {one.name} | `{_cell(one.sql)}` | {_cell(one.description)} |" for one in mart.measures]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


LAYERS = ("staging", "intermediate", "marts")
TABLES_PAGE = REPOSITORY / "docs" / "tables.md"
TABLES_HEAD = """# Tables

Made by `make docs` from the yml file beside each model; what a column means stands there, and for
the marts in the `data_dictionary.md` of every release. Key columns of a mart are in bold.
"""


def table_docs(models: Path = DBT_DIRECTORY / "models") -> str:
    """The page: a section a layer, a table a topic, a row a model with its grain and columns."""
    return TABLES_HEAD + "".join(_layer(models / layer) for layer in LAYERS)


def _layer(folder: Path) -> str:
    topics = sorted(path for path in folder.iterdir() if path.is_dir())
    return f"\n## {folder.name}\n" + "".join(_topic(topic) for topic in topics)


def _topic(folder: Path) -> str:
    rows = [_row(_models(path)[0]) for path in sorted(folder.glob("*.yml"))]
    return f"\n### {folder.name}\n\n| model | one row | columns |\n|---|---|---|\n" + "".join(rows)


def _row(model: dict[str, Any]) -> str:
    keys = model.get("config", {}).get("meta", {}).get("primary_key", [])
    names = [column["name"] for column in model.get("columns", [])]
    columns = ", ".join(f"**{name}**" if name in keys else name for name in names)
    grain = _cell(" ".join(model["description"].split()))
    return f"| {model['name']} | {grain} | {columns} |\n"


if __name__ == "__main__":
    write_text(TABLES_PAGE, table_docs())
