"""The aim of a draft: alone it is right for half of the columns everywhere, and for most of them as a rule."""

from pathlib import Path

import pytest
import yaml

from tests.support.drafted import Comparison, compare_draft

FEEDS = Path(__file__).parents[3] / "feeds"
WRITTEN = Path(__file__).parents[3] / "feeds_written"
CANNOT_BE_DRAFTED = {
    "17-large-file-not-fetched": "is a pointer to a file",
    "12c-epoch-in-the-wrong-unit": "has a mapping that is wrong on purpose",
    "15-one-name-two-feeds": "is two feeds",
    "12f-age-in-words": "has a mapping that leaves ages in words to the reader",
}
AT_LEAST, AS_A_RULE = 0.5, 0.8


def mapped_cases(folder: Path) -> list[Path]:
    return [path.parent for path in sorted(folder.glob("*/mapping.yml")) if path.parent.name not in CANNOT_BE_DRAFTED]


CASES = {case.name: case for case in (*mapped_cases(FEEDS), *mapped_cases(WRITTEN))}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Comparison]:
    """Every case's draft beside the mapping that a person wrote for it."""
    place = tmp_path_factory.mktemp("drafts")
    return {name: compare_draft(case / "files", columns_of(case), place) for name, case in CASES.items()}


def columns_of(case: Path) -> dict[str, str]:
    mapping = yaml.safe_load((case / "mapping.yml").read_text(encoding="utf-8"))
    return dict(mapping["tables"]["job_posts"]["columns"])


@pytest.mark.parametrize("name", CASES)
def test_a_draft_alone_is_right_for_half_of_the_columns_everywhere(compared: dict[str, Comparison], name: str) -> None:
    assert compared[name].share >= AT_LEAST, compared[name].wrong


def test_a_draft_alone_is_right_for_most_columns_as_a_rule(compared: dict[str, Comparison]) -> None:
    shares = sorted(case.share for case in compared.values())
    assert shares[len(shares) // 10] >= AS_A_RULE, {name: case.wrong for name, case in compared.items() if case.wrong}
