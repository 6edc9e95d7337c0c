"""Which months a run builds: the months asked for and every month whose numbers are stale.

A month is stale when the hash of its loads, its mapping, the vocabularies and SQL or a model version differs from what
the warehouse says its numbers were made from, so that a pooled period never compares two models. A month over its
reject limit is held: it keeps its last state. The plan is a file of the lake (`lake/plan.json`) that dbt and the later
stages read.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from dagster_project.storage import warehouse
from dagster_project.storage.workspace import DBT_DIRECTORY, Workspace
from ml.atomic import write_text
from ml.features import clean_text
from ml.features.keywords import POST_TEXT, TECHNOLOGIES, TERMS_FILE, candidate_rules, load_terms

STATE_COLUMNS = ("input_hash", "mapping_hash", "rules_hash", *(f"{t}_model_version" for t in TECHNOLOGIES))


@dataclass(frozen=True)
class MonthState:
    """What one month's numbers are made from; month as YYYY-MM."""

    month: str
    input_hash: str
    mapping_hash: str
    rules_hash: str
    ai_model_version: str
    cloud_model_version: str
    rpa_model_version: str
    related_months: list[str] = field(default_factory=list, compare=False)
    is_requested: bool = field(default=False, compare=False)

    def differences(self, other: "MonthState | None") -> list[str]:
        """Names of the hashes in which the other state differs; `never built` when there is none."""
        if other is None:
            return ["never built"]
        return [name for name in STATE_COLUMNS if getattr(self, name) != getattr(other, name)]


def rules_hash(dbt_directory: Path = DBT_DIRECTORY) -> str:
    """Hash of the rules that count a month: keyword step and its text, every vocabulary (seed), SQL up to the counts.

    Marts are not among them: they are made anew from the counts in every run.
    """
    patterns = ("seeds/*.csv", "macros/*.sql", "models/staging/**/*.sql", "models/intermediate/**/*.sql")
    files = sorted(path for pattern in patterns for path in dbt_directory.glob(pattern))
    terms = load_terms(dbt_directory / "seeds" / TERMS_FILE.name)
    digest = hashlib.sha256(json.dumps(candidate_rules(terms)).encode())
    digest.update(POST_TEXT.encode() + Path(clean_text.__file__).read_bytes())
    for path in files:
        digest.update(path.relative_to(dbt_directory).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def write_candidate_rules(workspace: Workspace) -> None:
    """`lake/candidate_rules.json`: the keyword step as SQL by name, for dbt's macros of candidate_rule.sql."""
    named = candidate_rules(load_terms()) | {"post_text": POST_TEXT}
    rules = [{"name": name, "condition": condition} for name, condition in named.items()]
    write_text(workspace.lake / "candidate_rules.json", json.dumps(rules, indent=1))


def stale_months(present: Mapping[str, MonthState], built: Mapping[str, MonthState]) -> dict[str, list[str]]:
    """Months of the lake whose numbers are missing or made from something else, each with what differs."""
    differences = {month: state.differences(built.get(month)) for month, state in present.items()}
    return {month: reasons for month, reasons in sorted(differences.items()) if reasons}


def months_to_build(
    requested: Iterable[str],
    present: Mapping[str, MonthState],
    built: Mapping[str, MonthState],
    held: Iterable[str],
) -> list[MonthState]:
    """The plan: requested and stale months of the lake without those held, in order."""
    asked = set(requested)
    months = (asked | set(stale_months(present, built))) & set(present) - set(held)
    return [replace(present[month], is_requested=month in asked) for month in sorted(months)]


def built_states(database: Path) -> dict[str, MonthState]:
    """What the warehouse says its months were made from; empty without a warehouse and where it does not say all."""
    if not database.exists():
        return {}
    columns = ", ".join(STATE_COLUMNS)
    with warehouse.connect(database) as connection:
        known = connection.execute(
            "select column_name from information_schema.columns"
            " where table_schema = 'intermediate' and table_name = 'int_month_states'"
        ).fetchall()
        if not {(name,) for name in STATE_COLUMNS} <= set(known):  # none yet, or those of an earlier version
            return {}
        query = f"select strftime(posted_month, '%Y-%m'), {columns} from intermediate.int_month_states"
        rows = connection.execute(query).fetchall()
    return {row[0]: MonthState(*row) for row in rows}


def write_plan(workspace: Workspace, plan: list[MonthState]) -> None:
    """Publish the plan by rename; a reader sees the former or the new one."""
    write_text(workspace.lake / "plan.json", json.dumps([asdict(state) for state in plan], indent=1))


def read_plan(workspace: Workspace) -> list[MonthState]:
    """The plan of the present run."""
    records = json.loads((workspace.lake / "plan.json").read_text(encoding="utf-8"))
    return [MonthState(**record) for record in records]


def reported_months(workspace: Workspace) -> list[str]:
    """Requested months that this run builds, and so reports on, in order."""
    return [state.month for state in read_plan(workspace) if state.is_requested]
