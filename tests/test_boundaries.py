"""The import rules of docs/architecture.md, read from the source files; each is shown to catch a violation."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGES = ("dagster_project", "ml")
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
MAY_WRITE_THE_ENVIRONMENT = {
    "dagster_project/feed_options.py",
    "dagster_project/settings.py",
    "dagster_project/command.py",
    "dagster_project/runs/workspace_dbt.py",
    "dagster_project/spark/build.py",  # dbt's place for tables, in Spark's own process
    "dagster_project/spark/session.py",  # by which dbt finds the session
    "dagster_project/quality/engine/session.py",  # Great Expectations reads its analytics switch at import
}
MAY_READ_THE_ENVIRONMENT = {
    "dagster_project/command.py",  # before anything else of the project is imported
    "dagster_project/settings.py",
    "dagster_project/runs/workspace_dbt.py",  # dbt's own process: it gets its place by the environment
    "dagster_project/spark/start.py",  # hands the environment on to Spark's own process
    "dagster_project/spark/session.py",
}


@dataclass(frozen=True)
class Rule:
    """Modules below `folder` import none of the `forbidden` modules, by their full names or a parent's."""

    folder: str
    forbidden: tuple[str, ...]

    def violations(self, root: Path) -> list[str]:
        return [
            f"{path.relative_to(root)}:{line} imports {name}"
            for path in python_files(root, self.folder)
            for line, name in imported_modules(path)
            if any(name == module or name.startswith(f"{module}.") for module in self.forbidden)
        ]


SHARED = {"atomic", "processes"}
ML_ROOMS = sorted(
    {path.stem for path in (REPOSITORY / "ml").glob("[a-z]*") if path.is_dir() or path.suffix == ".py"} - SHARED
)
RULES = [
    *(
        Rule(f"dagster_project/{folder}", ("dagster", "dagster_dbt", "dagster_project.defs"))
        for folder in ("sources", "simulation", "statistics", "disclosure", "reports", "publishing", "quality/suites")
    ),
    Rule("ml", ("dagster", "dagster_dbt", "duckdb", "dagster_project")),
    # what the classifiers know must not shape the posts that they are judged on; SHARED knows nothing of posts
    Rule("dagster_project/simulation", ("dagster_project.sources", *(f"ml.{room}" for room in ML_ROOMS))),
    Rule("dagster_project", ("tests",)),
]


def python_files(root: Path, folder: str) -> list[Path]:
    files = sorted((root / folder).rglob("*.py"))
    assert files, f"{root / folder} holds no module: the rule would check nothing"
    return files


def imported_modules(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of every import statement, also of those inside functions; `from a import b` gives a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def environment_uses(path: Path) -> list[tuple[int, bool]]:
    """(line, whether it only writes) of every use of os.environ, os.getenv and os.putenv."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return [
        (node.lineno, _only_writes(node, parents))
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "putenv"})
        or (isinstance(node, ast.Name) and node.id in {"environ", "getenv", "putenv"})
    ]


def _only_writes(node: ast.expr, parents: dict[ast.AST, ast.AST]) -> bool:
    parent = parents[node]
    if isinstance(parent, ast.Subscript):
        return isinstance(parent.ctx, ast.Store | ast.Del)
    return isinstance(parent, ast.Attribute) and parent.attr == "update"


def environment_violations(root: Path) -> list[str]:
    found = []
    for package in PACKAGES:
        for path in python_files(root, package):
            name = path.relative_to(root).as_posix()
            for line, only_writes in environment_uses(path):
                allowed = MAY_WRITE_THE_ENVIRONMENT if only_writes else MAY_READ_THE_ENVIRONMENT
                if name not in allowed:
                    found.append(f"{name}:{line} {'writes' if only_writes else 'reads'} the environment")
    return found


def modules_that_say_nothing(root: Path) -> list[str]:
    paths = [path for package in PACKAGES for path in (root / package).rglob("*")]
    return [str(path.relative_to(root)) for path in paths if path.stem in SAYS_NOTHING]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.folder} without {', '.join(rule.forbidden)}")
def test_a_layer_does_not_import_what_lies_above_it(rule: Rule) -> None:
    assert rule.violations(REPOSITORY) == []


def test_only_the_settings_read_the_environment() -> None:
    assert environment_violations(REPOSITORY) == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert modules_that_say_nothing(REPOSITORY) == []


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """A repository in which every rule is broken once."""
    files = {
        "dagster_project/sources/validation/judging.py": "def read():\n    from dagster import asset\n",
        "dagster_project/defs/assets.py": "import dagster\n",
        "dagster_project/stages/ingest.py": "import os\nROOT = os.environ['HIRING_PULSE_DATA']\n",
        "dagster_project/feed_options.py": "import os\nos.environ['HIRING_PULSE_DATA'] = 'x'\n",
        "dagster_project/helpers.py": "",
        "ml/training/train.py": "import duckdb\nfrom os import getenv\nseed = getenv('SEED')\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_forbidden_import_is_found_also_inside_a_function(spoiled: Path) -> None:
    found = Rule("dagster_project/sources", ("dagster",)).violations(spoiled)
    assert found == [
        "dagster_project/sources/validation/judging.py:2 imports dagster",
        "dagster_project/sources/validation/judging.py:2 imports dagster.asset",
    ]
    assert Rule("ml", ("duckdb",)).violations(spoiled) == ["ml/training/train.py:1 imports duckdb"]


def test_a_module_that_reads_the_environment_is_found(spoiled: Path) -> None:
    assert environment_violations(spoiled) == [
        "dagster_project/stages/ingest.py:2 reads the environment",
        "ml/training/train.py:3 reads the environment",
    ]


def test_an_empty_name_is_found(spoiled: Path) -> None:
    assert modules_that_say_nothing(spoiled) == ["dagster_project/helpers.py"]


def test_a_rule_for_a_folder_without_modules_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="would check nothing"):
        Rule("dagster_project/sources", ("dagster",)).violations(tmp_path)


def test_prose_of_the_docs_wraps_at_100() -> None:
    pages = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")]
    long = [
        f"{page.name}:{number}"
        for page in pages
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 100 and not line.startswith(("|", "    ")) and " " in line.strip()
    ]
    assert not long
