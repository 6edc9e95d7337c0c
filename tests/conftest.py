"""Fixtures that folders share: trained models, workspaces built once for all processes, copies for tests to change."""

import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from filelock import FileLock
from xdist.scheduler import LoadScopeScheduling

from dagster_project.runs.status import month_statuses
from dagster_project.simulation.feed import write_months
from tests.support.champions import train_champions
from tests.support.counted_work import COUNTS_FILE, counted_work
from tests.support.job_runs import Place, beside_the_written_feed, new_place
from tests.support.written_feed import REPORT_MONTH

FOLDERS_THAT_SHARE = ("tests/unit/dbt/", "tests/unit/reports/")
"""Folders whose tests share what takes long to build in one process."""

SLOW_PLACES = (
    *("tests/pipeline/", "tests/worlds/", "tests/bench/", "tests/unit/dbt/", "tests/unit/defs/", "tests/unit/reports/"),
    *("quality/test_suites", "quality/test_asset_check", "quality/test_data_docs", "publishing/test_revisions"),
    *("publishing/test_postgres", "drafting/test_how_much_is_right", "runs/test_foreign_variables", "ml/test_features"),
    *("publishing/test_prune", "test_a_place_that_does_not_take_it_is_told"),
    *("publishing/test_readers_and_kills", "publishing/test_release", "publishing/test_worker_study_release"),
    *("ml/test_train", "ml/test_promotion", "ml/test_evaluation_report", "ml/test_classify", "ml/test_drift"),
    *("ml/test_artifact", "ml/test_label_books", "simulation/", "audit/test_coverage"),
    *("growth/test_growth_worlds", "spread/test_spread_coverage", "survey/test_survey_coverage"),
    *("contracts/test_contract_coverage", "growth/test_adjusted_growth", "sources/test_real_rows"),
)
"""What runs dbt, Great Expectations, a browser, training or many worlds; `make test-fast` leaves it out."""
LONGEST_FIRST = (
    "pipeline/test_kills",
    "pipeline/test_real_feeds",
    "worlds/test_ledger",
    "spark/test_engines",
    "unit/reports/",
    "pipeline/",
    "worlds/",
    "",
)
"""Files that run the chain begin, first those that wait for nobody: a long one at the end would run alone."""

MOVED_TO = Path('it\'s moved "here" é [1]', "month=2020-01")
"""A place whose name is a quote to SQL, a pattern and a hive column to DuckDB."""

BuildOnce = Callable[[str, Callable[[Path], None]], Path]


class ByFile(LoadScopeScheduling):
    """Tests of one file, or of one of FOLDERS_THAT_SHARE, run in one process: they share what their fixtures built."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return next((folder for folder in FOLDERS_THAT_SHARE if file.startswith(folder)), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(place in item.nodeid for place in SLOW_PLACES):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: next(rank for rank, part in enumerate(LONGEST_FIRST) if part in item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(scope="session")
def build_once(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> BuildOnce:
    """Fills a folder once, whichever test process asks first; the others wait for it. Read-only by agreement."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if hasattr(request.config, "workerinput") else base

    def build(name: str, fill: Callable[[Path], None]) -> Path:
        folder, finished = root / f"once_{name}", root / f"once_{name}.finished"
        with FileLock(root / f"once_{name}.lock"):
            if not finished.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                finished.touch()
        return folder

    return build


@pytest.fixture(scope="session")
def champions(build_once: BuildOnce) -> Path:
    """A folder with a small champion of each technology: the chain asks that they exist, not how good they are."""
    return build_once("champions", train_champions)


@pytest.fixture(scope="session")
def built(champions: Path, build_once: BuildOnce) -> Place:
    """The written feed after one whole run of the main job, beside a simulated feed in the same data root."""

    def fill(root: Path) -> None:
        simulated = beside_the_written_feed(root)
        write_months(simulated.workspace.feed, ["2025-01", REPORT_MONTH], seed=2025, posts_per_month=600)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HIRING_PULSE_FIRST_MONTH", "2025-01")
            patch.setenv("HIRING_PULSE_POSTS_PER_MONTH", "600")
            patch.setenv("HIRING_PULSE_LONG_TEXT_SHARE", "1.0")
            assert_succeeded(simulated, "ingest")
        place = new_place(root, champions)
        with counted_work(root / COUNTS_FILE):
            assert_succeeded(place)

    return Place(build_once("built", fill))


@pytest.fixture(scope="session")
def marketplace(champions: Path, build_once: BuildOnce) -> Place:
    """A simulated marketplace with posts, contracts, searches, audit labels and both surveys, built without pages."""

    def fill(root: Path) -> None:
        place = Place(root, sources="simulated_marketplace", name="simulated_marketplace")
        shutil.copytree(champions, place.workspace.models)
        not_needed = dg.AssetSelection.groups("train", "label", "report", "release")
        with pytest.MonkeyPatch.context() as patch:
            settings = {"POSTS_PER_MONTH": 800, "FIRST_MONTH": "2025-07", "LONG_TEXT_SHARE": 0.5, "SEED": 7}
            for name, value in settings.items():
                patch.setenv(f"HIRING_PULSE_{name}", str(value))
            run = place.run("2025-11", select=dg.AssetSelection.all() - not_needed, checks="none")
        assert run.succeeded, run.failures

    return Place(build_once("marketplace", fill), sources="simulated_marketplace", name="simulated_marketplace")


def assert_succeeded(place: Place, *groups: str) -> None:
    """Run the main job for the report's month, or these groups of its assets alone."""
    run = place.run(REPORT_MONTH, select=dg.AssetSelection.groups(*groups) if groups else None)
    assert run.succeeded, run.failures


@pytest.fixture(scope="session")
def late(built: Place, build_once: BuildOnce) -> Place:
    """The built feed, moved, after one more run with files that came late; what killed runs must come to as well."""

    def fill(root: Path) -> None:
        place = built.copy_to(root / MOVED_TO)
        with place.configured() as settings:
            states = {row.month: row.state for row in month_statuses(settings)}
        assert states[REPORT_MONTH] == "built" and "stale" not in states.values(), "moving made months stale"
        place.add_late_files()
        run = place.run(REPORT_MONTH, checks="gates")
        assert run.succeeded, run.failures

    return Place(build_once("late", fill) / MOVED_TO)


@pytest.fixture
def place(built: Place, tmp_path: Path) -> Place:
    """A copy of the built workspace that the test may change."""
    return built.copy_to(tmp_path)
