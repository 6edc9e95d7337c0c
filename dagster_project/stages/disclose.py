"""The marts as they may leave a workspace: written by the report's step, read by reports, gate and release.

Whoever reads `disclosed/` prints nothing that a release hides; the warehouse keeps the complete marts.
"""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from dagster_project.disclosure.engine.cells import MartRule, read_client_counts
from dagster_project.disclosure.marts import (
    IS_SUPPRESSED,
    PRIMARY,
    Decision,
    Disclosed,
    decide,
    disclosure_violations,
    rules_of,
    write_disclosed,
)
from dagster_project.publishing.catalog import FeedName, list_releases
from dagster_project.publishing.dictionary import DataDictionary
from dagster_project.publishing.export import export_marts
from dagster_project.storage import warehouse
from dagster_project.storage.sql import identifier_list, parquet_file
from dagster_project.storage.workspace import Workspace

DECISION_FILE = "hidden_cells.parquet"
Log = Callable[[str], None]
Rules = Mapping[str, MartRule]


def disclosed_files(workspace: Workspace, dictionary: DataDictionary) -> dict[str, Path]:
    """Mart -> Parquet file as it may be released."""
    return {mart.name: workspace.disclosed / f"{mart.name}.parquet" for mart in dictionary.marts}


def disclose_marts(
    workspace: Workspace, feed: FeedName, dictionary: DataDictionary, rules: Rules, log: Log
) -> dict[str, pd.DataFrame]:
    """Decide by the feed's `disclosure_rules` what is hidden and write `disclosed/`.

    Returns its marts as frames, rows in the order of their keys.

    Raises DisclosureError for a mart without a rule.
    """
    with tempfile.TemporaryDirectory(dir=workspace.root) as folder:
        files = export_marts(workspace.warehouse, dictionary.primary_keys(), Path(folder))
        client_counts = _client_counts(workspace, dictionary, rules, log)
        decision = decide(files, client_counts, _earlier(workspace, feed), rules)
        write_disclosed(files, decision, workspace.disclosed, rules)
    _write_decision(decision, workspace.disclosed / DECISION_FILE)
    hidden, exposed = decision.cells["is_hidden"].sum(), decision.cells["is_exposed"].sum()
    log(f"{hidden:,} of {len(decision.cells):,} cells are suppressed; {exposed:,} of them earlier releases displayed")
    return _frames(disclosed_files(workspace, dictionary), dictionary)


def present_marts(workspace: Workspace, dictionary: DataDictionary, rules: Rules) -> dict[str, pd.DataFrame]:
    """The marts that the warehouse holds now, blanked as decided: what printed numbers are checked by."""
    with tempfile.TemporaryDirectory(dir=workspace.root) as folder:
        files = export_marts(workspace.warehouse, dictionary.primary_keys(), Path(folder) / "complete")
        decision = _read_decision(workspace.disclosed / DECISION_FILE)
        return _frames(write_disclosed(files, decision, Path(folder) / "disclosed", rules), dictionary)


def hidden_rows(files: dict[str, Path]) -> dict[str, str]:
    """By disclosed mart a sentence for the data dictionary: in how many rows numbers are hidden, and why."""
    with duckdb.connect() as connection:
        return {mart: _hidden_rows(connection, file) for mart, file in files.items()}


def _hidden_rows(connection: duckdb.DuckDBPyConnection, file: Path) -> str:
    reasons = connection.execute(
        "select suppression, count(*) / sum(count(*)) over () "
        f"from {parquet_file(file)} group by suppression order by all"
    ).fetchall()
    parts = [f"{share:.1%} of the rows ({reason})" for reason, share in reasons if reason]
    return f"Numbers are hidden in {' and '.join(parts)}." if parts else "No number is hidden."


def disclosure_report(
    workspace: Workspace, feed: FeedName, dictionary: DataDictionary, rules: Rules, log: Log
) -> pd.DataFrame:
    """Small cells that `disclosed/` and earlier releases tell together; columns as of `disclosure_violations`."""
    with tempfile.TemporaryDirectory(dir=workspace.root) as folder:
        files = export_marts(workspace.warehouse, dictionary.primary_keys(), Path(folder))
        disclosed = Disclosed(disclosed_files(workspace, dictionary), _earlier(workspace, feed))
        return disclosure_violations(files, _client_counts(workspace, dictionary, rules, log), disclosed, rules)


def _client_counts(workspace: Workspace, dictionary: DataDictionary, rules: Rules, log: Log) -> dict[str, pd.DataFrame]:
    with warehouse.connect(workspace.warehouse, log=log) as connection:
        return read_client_counts(connection, rules_of((mart.name for mart in dictionary.marts), rules))


def _earlier(workspace: Workspace, feed: FeedName) -> list[dict[str, Path]]:
    """Mart files of the feed's releases, oldest first; not of those from before suppression."""
    files = [release.mart_files() for release in list_releases(workspace.releases) if release.feed == feed]
    return [marts for marts in files if any(IS_SUPPRESSED in pq.read_schema(file).names for file in marts.values())]


def _write_decision(decision: Decision, target: Path) -> None:
    reasons = decision.reasons.rename("suppression").rename_axis("key").reset_index()
    reasons.astype(str).to_parquet(target, index=False)


def _read_decision(file: Path) -> Decision:
    hidden = pd.read_parquet(file)
    return Decision(hidden[["key"]].assign(is_hidden=True, is_primary=hidden["suppression"] == PRIMARY))


def _frames(files: dict[str, Path], dictionary: DataDictionary) -> dict[str, pd.DataFrame]:
    with duckdb.connect() as connection:
        return {
            mart: _with_nulls_as_nan(
                connection.execute(f"from {parquet_file(files[mart])} order by {identifier_list(key)}").df()
            )
            for mart, key in dictionary.primary_keys().items()
        }


def _with_nulls_as_nan(frame: pd.DataFrame) -> pd.DataFrame:
    """Nullable numbers as floats and nullable booleans as objects: their NA has no truth value in a comparison."""
    kinds = {str(name): str(kind) for name, kind in frame.dtypes.items()}
    numbers: dict[str, type] = {
        name: float for name, kind in kinds.items() if kind.lstrip("U").startswith(("Int", "Float"))
    }
    booleans: dict[str, type] = {name: object for name, kind in kinds.items() if kind == "boolean"}
    if not numbers and not booleans:  # as of most marts, and converting none copies all
        return frame
    plain = frame.astype(numbers | booleans)
    return plain.assign(**{name: plain[name].where(plain[name].notna(), None) for name in booleans})
