"""Where the parts of this project and everything of one feed lie on disk, and which feed a workspace belongs to."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ml.atomic import write_text

REPOSITORY = Path(__file__).resolve().parents[2]
DBT_DIRECTORY = REPOSITORY / "dbt"
SEEDS = DBT_DIRECTORY / "seeds"


HIRING_REPORT_FILES = ("hiring_report.html", "hiring_report.md", "claims.json")
ANNEX_FILES = ("technical_annex.html", "technical_annex.md", "technical_annex_claims.json")
SPREAD_STUDY_FILES = ("technology_spread.html", "technology_spread.md", "technology_spread_claims.json")
SPREAD_ANNEX_FILES = (
    *("technology_spread_annex.html", "technology_spread_annex.md", "technology_spread_annex_claims.json"),
)
WORKER_STUDY_FILES = ("worker_study.html", "worker_study.md", "worker_study_claims.json")
WORKER_ANNEX_FILES = ("worker_study_annex.html", "worker_study_annex.md", "worker_study_annex_claims.json")
"""Each publication and its annex: the page, the Markdown twin, the claims. What its charts draw lies in `figures/`."""
MONTHLY_FILES = (HIRING_REPORT_FILES, ANNEX_FILES, SPREAD_STUDY_FILES, SPREAD_ANNEX_FILES)
WAVE_FILES = (WORKER_STUDY_FILES, WORKER_ANNEX_FILES)
"""Of every month, and of a wave of the worker study, in the order in which people read them."""
ANNEXES = {"technical_annex": "hiring_report"} | {
    f"{page}_annex": page for page in ("technology_spread", "worker_study")
}
"""Annex -> the page whose sentences' evidence it lists, both without their ending."""
SHARED_FOLDERS = SHARED_MODELS, SHARED_DBT_TARGET = "models", "dbt_target"
"""Folders beside the workspaces; no feed may have these names."""
FIGURES_FOLDER = "figures"
WORKER_STUDY_FIGURES = f"{FIGURES_FOLDER}/worker-study-*"


@dataclass(frozen=True)
class Workspace:
    """The directory `data/<sources>/` of one feed; see docs/workspace.md for what lies where."""

    root: Path

    @property
    def feed(self) -> Path:
        return self.root / "feed"

    @property
    def belongs_to(self) -> Path:
        """Which mapping and DATA the workspace was filled from; see `FeedOrigin`."""
        return self.root / "belongs_to.json"

    @property
    def holds(self) -> Path:
        """What people hold back by hand; see `storage/holds.py`."""
        return self.root / "holds.json"

    @property
    def unfinished(self) -> Path:
        """There from the beginning of a run until its release: the next run looks closer at what a broken one left."""
        return self.root / ".unfinished"

    @property
    def damaged(self) -> Path:
        """Copies of files that were not what they should be."""
        return self.root / "damaged"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def estimates(self) -> Path:
        return self.lake / "estimates"

    @property
    def models(self) -> Path:
        """The models in use here: its own where it has trained some, else those that all workspaces share."""
        return self.own_models if any(self.own_models.glob("*/champion.json")) else self.shared_models

    @property
    def own_models(self) -> Path:
        return self.root / "models"

    @property
    def shared_models(self) -> Path:
        return self.root.parent / SHARED_MODELS

    @property
    def labelling(self) -> Path:
        """Queues of posts to label, and the labels that came back; see `ml.labelling.books`."""
        return self.root / "labelling"

    @property
    def audit_labels(self) -> Path:
        return self.labelling / "audit_labels"

    @property
    def training_labels(self) -> Path:
        return self.labelling / "training_labels"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def spark(self) -> Path:
        """What Spark made of the lake: `<schema>/<model>/*.parquet`; see docs/spark.md."""
        return self.root / "spark"

    @property
    def spark_unfinished(self) -> Path:
        """The same while it is made."""
        return self.root / "spark.unfinished"

    @property
    def spark_log(self) -> Path:
        """dbt's folder of the last build on Spark: its log and the compiled models."""
        return self.root / "dbt_target_spark"

    @property
    def data_docs(self) -> Path:
        return self.root / "data_docs"

    @property
    def reports(self) -> Path:
        """A folder a month, and `index.html`."""
        return self.root / "reports"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def revisions(self) -> Path:
        """The two tables of revisions of the last run; see `publishing/revisions/tables.py`."""
        return self.root / "revisions"

    @property
    def disclosed(self) -> Path:
        """The marts as they may leave the warehouse, small cells blanked; see `disclosure/`."""
        return self.root / "disclosed"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def run_log(self) -> Path:
        """What dbt and libraries print while the command line runs a job; the console has a line a stage."""
        return self.root / "logs" / "last_runs.log"

    def raw(self, table: str) -> Path:
        return self.lake / "raw" / table

    def rejects(self, table: str) -> Path:
        return self.lake / "rejects" / table

    def manifests(self, table: str) -> Path:
        return self.lake / "manifests" / table

    def predictions(self, technology: str, month: str) -> Path:
        """The Parquet file of one technology's predictions; month as YYYY-MM."""
        return self.lake / "predictions" / f"technology={technology}" / f"month={month}" / "predictions.parquet"

    def drift(self, technology: str, month: str) -> Path:
        """The Parquet file that says what one technology's candidates looked like to its model; month as YYYY-MM."""
        return self.lake / "drift" / f"technology={technology}" / f"month={month}" / "drift.parquet"

    def commentary(self, month: str) -> Path:
        """Markdown that people wrote for the report of a month; need not be there."""
        return self.root / "commentary" / f"{month}.md"

    def report(self, month: str) -> Path:
        """The directory of one month's report; month as YYYY-MM."""
        return self.reports / month


class ForeignWorkspaceError(Exception):
    """The workspace holds another feed; the message names both and how to go on."""


@dataclass(frozen=True)
class FeedOrigin:
    """Where a feed comes from: the path of its mapping or the name of a shipped one, a hash of that file's text, and
    DATA as an absolute path or URI; None where none was given or none is needed."""

    mapping: str
    text_hash: str
    data: str | None

    def __str__(self) -> str:
        return f"{self.mapping} with DATA={self.data}" if self.data else self.mapping

    def is_same_feed(self, other: "FeedOrigin") -> bool:
        """Whether both name one mapping at one DATA; DATA that is not given could be any."""
        is_same_mapping = self.mapping == other.mapping or self.text_hash == other.text_hash
        return is_same_mapping and (None in (self.data, other.data) or self.data == other.data)


def recorded_origin(workspace: Workspace) -> FeedOrigin | None:
    """What the workspace was filled from; None before its first load."""
    path = workspace.belongs_to
    if not path.exists():
        return None
    try:
        return FeedOrigin(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ForeignWorkspaceError(f"{path}: unreadable ({error}); say which feed this is with --rebind") from error


def require_own_feed(workspace: Workspace, origin: FeedOrigin) -> None:
    """Raise ForeignWorkspaceError where the workspace was filled from another feed."""
    known = recorded_origin(workspace)
    if known is None or known.is_same_feed(origin):
        return
    raise ForeignWorkspaceError(
        f"{workspace.root.name}: the workspace {workspace.root} belongs to another feed, with which this one would be "
        f"mixed.\nIt holds    {known}\nAsked for   {origin}\n"
        f"Give this feed another `name:` in its mapping; where the feed only moved, add --rebind (make: REBIND=1)."
    )


def record_origin(workspace: Workspace, origin: FeedOrigin) -> None:
    """Write down what the workspace belongs to from now on; DATA that is not given stays what it was."""
    known = recorded_origin(workspace) if origin.data is None else None
    stated = replace(origin, data=known.data) if known else origin
    write_text(workspace.belongs_to, json.dumps(asdict(stated), indent=1, ensure_ascii=False) + "\n")


def absolute_data(data: str | None) -> str | None:
    """DATA as a place that stays the same wherever a command is called from."""
    if data is None:
        return None
    return data.rstrip("/") if "://" in data else str(Path(data).resolve())
