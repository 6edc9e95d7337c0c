"""docs/tables.md: every dbt model by layer and topic, from the yml files beside them. `make docs` writes it."""

from pathlib import Path
from typing import Any

import yaml

from dagster_project.storage.workspace import DBT_DIRECTORY, REPOSITORY
from ml.atomic import write_text

LAYERS = ("staging", "intermediate", "marts")
PAGE = REPOSITORY / "docs" / "tables.md"
HEAD = """# Tables

Made by `make docs` from the yml file beside each model; what a column means stands there, and for the marts in the
`data_dictionary.md` of every release. Key columns of a mart are in bold.
"""


def table_docs(models: Path = DBT_DIRECTORY / "models") -> str:
    """The page: a section a layer, a table a topic, a row a model with its grain and columns."""
    return HEAD + "".join(_layer(models / layer) for layer in LAYERS)


def _layer(folder: Path) -> str:
    topics = sorted(path for path in folder.iterdir() if path.is_dir())
    return f"\n## {folder.name}\n" + "".join(_topic(topic) for topic in topics)


def _topic(folder: Path) -> str:
    rows = [
        _row(yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]) for path in sorted(folder.glob("*.yml"))
    ]
    return f"\n### {folder.name}\n\n| model | one row | columns |\n|---|---|---|\n" + "".join(rows)


def _row(model: dict[str, Any]) -> str:
    keys = model.get("config", {}).get("meta", {}).get("primary_key", [])
    names = [column["name"] for column in model.get("columns", [])]
    columns = ", ".join(f"**{name}**" if name in keys else name for name in names)
    grain = " ".join(model["description"].split()).replace("|", "\\|")
    return f"| {model['name']} | {grain} | {columns} |\n"


if __name__ == "__main__":
    write_text(PAGE, table_docs())
