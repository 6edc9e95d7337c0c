"""Which months the lake holds, and a hash of what each is built from."""

import hashlib
import json

from dagster_project.sources.contracts import TABLES
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.storage.workspace import Home


def months_in_lake(home: Home, table: str) -> list[str]:
    """The months, YYYY-MM in order, that hold accepted rows of a table."""
    return sorted({month for manifest in load_manifests(home, table) for month in manifest.accepted_months})


def month_input_hash(home: Home, month: str) -> str:
    """16 hex digits over the loads, of all tables, that touch a month; independent of the time of loading."""
    touching = sorted(
        (
            manifest.table,
            manifest.load_id,
            manifest.mapping_hash,
            manifest.superseded_by is not None,
            manifest.accepted,
            manifest.rejected,
        )
        for table in TABLES
        for manifest in load_manifests(home, table)
        if month in manifest.touched_months
    )
    return hashlib.sha256(json.dumps(touching).encode()).hexdigest()[:16]
