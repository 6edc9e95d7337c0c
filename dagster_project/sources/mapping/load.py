"""Loading the mapping of a feed: a shipped one by its name, one's own by the path of its YAML file."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dagster_project.sources.contracts import AUDIT_LABELS
from dagster_project.sources.errors import SourceError, nearest
from dagster_project.sources.mapping.model import FileGroup, FileOptions, Mapping
from dagster_project.sources.values.rates import load_rates

__all__ = ["SHIPPED_MAPPINGS", "FileGroup", "FileOptions", "Mapping", "load_mapping"]

SHIPPED_MAPPINGS = Path(__file__).parent / "shipped"


def load_mapping(name_or_path: str | Path) -> Mapping:
    """The shipped mapping of that name, or the one at that path.

    Raises SourceError that names the file, the key and the nearest valid key, or the line of its rates file.
    """
    path = _locate(str(name_or_path))
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise SourceError(f"{path}: not a readable YAML file: {error}") from error
    if not isinstance(content, dict):
        raise SourceError(f"{path}: a mapping has the keys {', '.join(Mapping.model_fields)}")
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        raise SourceError(f"{path}: " + "; ".join(_explain(item) for item in error.errors())) from error
    mapping._origin = str(path)
    if mapping.rates is not None:
        mapping._usd_rates = load_rates(path.parent / mapping.rates)
    return mapping


def _locate(name_or_path: str) -> Path:
    if name_or_path.endswith((".yml", ".yaml")):
        path = Path(name_or_path)
        if not path.is_file():
            raise SourceError(f"{path}: no such mapping file (current folder: {Path.cwd()})")
        return path
    shipped = {path.stem: path for path in sorted(SHIPPED_MAPPINGS.glob("*.yml"))}
    if name_or_path not in shipped:
        raise SourceError(
            f"no shipped mapping is called {name_or_path!r}, the nearest is {nearest(name_or_path, shipped)!r}; "
            f"there are: {', '.join(shipped)}. A mapping of one's own is given as a path ending in .yml"
        )
    return shipped[name_or_path]


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice, which YAML would silently let win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key) for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        repeated = {key for key in keys if keys.count(key) > 1}
        if repeated:
            problem = f"key given twice: {repeated}"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return super().construct_mapping(node, deep)


_MODELS_BY_KEY: dict[str, type[BaseModel]] = {"tables": FileGroup, "options": FileOptions}


def _explain(error: ErrorDetails) -> str:
    place = [str(part) for part in error["loc"]]
    if error["type"] != "extra_forbidden":
        message = error["msg"].removeprefix("Value error, ")
        return f"{'.'.join(place)}: {message}" if place else message
    parents = [part for part in place[:-1] if part in _MODELS_BY_KEY]
    model = _MODELS_BY_KEY[parents[-1]] if parents else Mapping
    valid = nearest(place[-1], model.model_fields)
    return f"{'.'.join(place)} is not known, the nearest valid key is {valid!r}"


WORKSPACE_LABELS = "workspace_labels"
PATTERN = "*.csv"


def workspace_labels_mapping(folder: Path) -> Mapping | None:
    """The mapping of the CSV files in `<workspace>/labelling/audit_labels`, globs below it; None without a file."""
    if not any(folder.glob(PATTERN)):
        return None
    columns = {name: name for name in AUDIT_LABELS.column_names}
    group = FileGroup(files=[PATTERN], format="csv", columns=columns)
    return Mapping(
        name=WORKSPACE_LABELS,
        title="Audit labels that came back",
        is_simulated=False,
        tables={AUDIT_LABELS.name: [group]},
    )
