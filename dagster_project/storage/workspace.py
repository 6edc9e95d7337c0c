"""Where everything of one configured feed lives. No other module builds these paths."""

from dataclasses import dataclass
from pathlib import Path

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
        """Which mapping and DATA the workspace was filled from; see `storage/ownership.py`."""
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
        """The two tables of revisions of the last run; see `publishing/revisions/schema.py`."""
        return self.root / "revisions"

    @property
    def disclosed(self) -> Path:
        """The marts as they may leave the warehouse, small cells blanked; see `disclosure/`."""
        return self.root / "disclosed"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

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
