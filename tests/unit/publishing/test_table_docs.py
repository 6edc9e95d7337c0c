"""docs/tables.md is what the yml files of the models say."""

from pathlib import Path

from dagster_project.publishing.table_docs import PAGE, table_docs


def test_the_page_is_made_from_the_models_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == table_docs(), "a model changed; run `make docs`"


def test_a_row_gives_grain_columns_and_the_key(tmp_path: Path) -> None:
    for layer in ("staging", "intermediate", "marts"):
        (tmp_path / layer / "shares").mkdir(parents=True)
    (tmp_path / "marts" / "shares" / "one.yml").write_text(
        "models: [{name: one, description: One row a month., config: {meta: {primary_key: [month]}},"
        " columns: [{name: month}, {name: posts}]}]"
    )
    assert "| one | One row a month. | **month**, posts |" in table_docs(tmp_path)
