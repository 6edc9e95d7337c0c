"""A file written by rename: a reader sees the former content or the whole new one."""

from pathlib import Path

import pytest

from ml.atomic import replacing, write_text


def test_the_former_content_stays_until_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "table.csv"
    write_text(target, "former")
    with replacing(target) as building:
        building.write_text("half")
        assert target.read_text() == "former"
        assert building.name.startswith("."), "a glob for the folder's files would find the half-written one"
    assert target.read_text() == "half"


def test_a_block_that_fails_leaves_the_former_content_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    write_text(target, "former")
    with pytest.raises(OSError, match="disk full"), replacing(target) as building:
        building.write_text("half")
        raise OSError("disk full")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
    assert target.read_text() == "former"
