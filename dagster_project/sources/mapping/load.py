"""Loading the mapping of a feed: a shipped one by its name, one's own by the path of its YAML file."""

import re
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dagster_project.sources.contracts import AUDIT_LABELS
from dagster_project.sources.errors import SourceError, nearest
from dagster_project.sources.mapping.model import FileGroup, FileOptions, Mapping
from dagster_project.sources.mapping.written import KeyPath, Written, read_written
from dagster_project.sources.values.currencies import load_rates

SHIPPED_MAPPINGS = Path(__file__).parent / "shipped"


def load_mapping(name_or_path: str | Path) -> Mapping:
    """The shipped mapping of that name, or the one at that path.

    Raises SourceError that names file, line and column, the key and the nearest valid key, and shows the line mended;
    or the line of its rates file.
    """
    path = _locate(str(name_or_path))
    content, written = read_written(path)
    if not isinstance(content, dict):
        raise SourceError(f"{path}: a mapping has the keys {', '.join(Mapping.model_fields)}")
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        raise SourceError("\n".join(_explain(item, written) for item in error.errors())) from error
    mapping.remember(written)
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


_MODELS_BY_KEY: dict[str, type[BaseModel]] = {"tables": FileGroup, "options": FileOptions}


def _explain(error: ErrorDetails, written: Written) -> str:
    keys: KeyPath = error.get("ctx", {}).get("keys", error["loc"])
    name = ".".join(part for part in keys if isinstance(part, str))
    match error["type"]:
        case "extra_forbidden":
            parents = [part for part in keys[:-1] if part in _MODELS_BY_KEY]
            model = _MODELS_BY_KEY[str(parents[-1])] if parents else Mapping
            return _unknown_key(name, nearest(str(keys[-1]), model.model_fields), written, keys)
        case "unknown_name":
            return _unknown_key(name, error["ctx"]["nearest"], written, keys)
        case "literal_error":
            allowed = re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))
            said = f"which is none of {', '.join(allowed)}"
            return _wrong_text(name, str(error["input"]), said, nearest(str(error["input"]), allowed), written, keys)
        case "string_pattern_mismatch":
            valid = re.sub(r"[^a-z0-9_\-]+", "_", str(error["input"]).lower()).strip("_")
            said = "but it names the folder of the feed: lower-case letters, digits, - and _ alone"
            return _wrong_text(name, str(error["input"]), said, valid, written, keys)
    message = error["msg"].removeprefix("Value error, ")
    return f"{written.key_place(keys)}: {name}: {message}" if name else f"{written.key_place(keys)}: {message}"


def _unknown_key(name: str, valid: str | None, written: Written, keys: KeyPath) -> str:
    mended = written.with_key(keys, valid) if valid else ""
    return f"{written.key_place(keys)}: {name} is not known, the nearest valid key is {valid!r}{mended}"


def _wrong_text(name: str, given: str, said: str, valid: str | None, written: Written, keys: KeyPath) -> str:
    mended = written.with_value(keys, given, valid) if valid else ""
    return f"{written.value_place(keys)}: {name} is {given!r}, {said}{mended}"


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
