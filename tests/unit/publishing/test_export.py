"""Exports of marts: same rows, same file, same hash; tables for BI add up however rows are grouped."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from dagster_project.publishing.dictionary import (
    MARTS_FOLDER,
    SUPPRESSION_COLUMNS,
    DataDictionary,
    Mart,
    read_dictionary,
)
from dagster_project.publishing.export import (
    BI_FOLDER,
    ExportError,
    bi_dictionary,
    content_hash,
    export_marts,
    row_count,
    write_bi_tables,
)
from dagster_project.storage.sql import identifier, literal, parquet_file
from tests.support.small_release import DICTIONARY, build_warehouse

KEYS = DICTIONARY.primary_keys()


def parquet(path: Path, select: str) -> Path:
    duckdb.execute(f"copy ({select}) to '{path}' (format parquet)")
    return path


def test_rows_are_in_the_order_of_the_key(tmp_path: Path) -> None:
    files = export_marts(build_warehouse(tmp_path / "w.duckdb"), KEYS, tmp_path / "out")
    rows = duckdb.execute("from read_parquet(?)", [str(files["monthly_growth"])]).fetchall()
    assert [(str(month), series) for month, series, *_ in rows] == [
        ("2025-10-01", "writing"),
        ("2025-11-01", "legal"),
        ("2025-11-01", "writing"),
    ]


def test_two_exports_of_the_same_rows_have_the_same_bytes_and_hash(tmp_path: Path) -> None:
    first = export_marts(build_warehouse(tmp_path / "a.duckdb"), KEYS, tmp_path / "a")
    second = export_marts(build_warehouse(tmp_path / "b.duckdb"), KEYS, tmp_path / "b")
    for mart, file in first.items():
        assert file.read_bytes() == second[mart].read_bytes()
        assert content_hash(file) == content_hash(second[mart])


def test_an_empty_mart_is_exported_with_its_columns(tmp_path: Path) -> None:
    files = export_marts(build_warehouse(tmp_path / "w.duckdb"), KEYS, tmp_path / "out")
    assert row_count(files["pulse_shares"]) == 0
    assert duckdb.execute("from read_parquet(?)", [str(files["pulse_shares"])]).description[0][0] == "answer"


def test_the_hash_does_not_depend_on_how_the_file_was_compressed(tmp_path: Path) -> None:
    rows = "select 1 as a, 1.50::decimal(18, 2) as b"
    plain = parquet(tmp_path / "plain.parquet", rows)
    packed = tmp_path / "packed.parquet"
    duckdb.execute(f"copy ({rows}) to '{packed}' (format parquet, compression gzip)")
    assert plain.read_bytes() != packed.read_bytes()
    assert content_hash(plain) == content_hash(packed)


@pytest.mark.parametrize(
    "changed",
    [
        "select 1 as a, '' as b",
        "select 1 as a, 'NULL' as b",
        "select 1::bigint as a, null::varchar as b",
        "select 1 as a, null::varchar as c",
        "select 2 as a, null::varchar as b",
        "select 1 as a, null::varchar as b union all select 1, null",
    ],
)
def test_any_change_of_value_type_name_or_row_changes_the_hash(tmp_path: Path, changed: str) -> None:
    before = parquet(tmp_path / "before.parquet", "select 1 as a, null::varchar as b")
    assert content_hash(before) != content_hash(parquet(tmp_path / "after.parquet", changed))


def test_a_file_that_was_exchanged_under_its_name_is_read_again(tmp_path: Path) -> None:
    before = content_hash(file := parquet(tmp_path / "a.parquet", "select 1 as a"))
    assert content_hash(file) == before
    parquet(tmp_path / "b.parquet", "select 2 as a").replace(file)
    assert content_hash(file) != before


def test_a_mart_or_key_column_that_is_absent_is_named(tmp_path: Path) -> None:
    warehouse = build_warehouse(tmp_path / "w.duckdb")
    with pytest.raises(ExportError, match=r"marts\.period_projected_values: the warehouse has no such mart"):
        export_marts(warehouse, {"period_projected_values": ["a"]}, tmp_path / "out")
    with pytest.raises(ExportError, match="lacks month; its columns are posted_month"):
        export_marts(warehouse, {"monthly_growth": ["month"]}, tmp_path / "out")
    with pytest.raises(ExportError, match="lacks any key column"):
        export_marts(warehouse, {"monthly_growth": []}, tmp_path / "out")
    with pytest.raises(ExportError, match="no such warehouse"):
        export_marts(tmp_path / "absent.duckdb", KEYS, tmp_path / "out")


MARTS = {mart.name: mart for mart in read_dictionary().marts}
BI = {table.name: table for table in read_dictionary(BI_FOLDER).marts}
RATIOS = ("share", "pct", "index", "rank", "growth", "lift", "mean", "median", "low", "high")
Build = Callable[..., "Built"]


class Built:
    """The BI tables of some marts, and these marts, in one DuckDB."""

    def __init__(self, folder: Path, marts: dict[str, list[dict[str, Any]]]) -> None:
        self.connection = duckdb.connect()
        files = {name: self._mart(folder, MARTS[name], rows) for name, rows in marts.items()}
        dictionary = bi_dictionary(set(marts))
        for name, file in write_bi_tables(dictionary, files, folder / "bi").items():
            self.connection.execute(f"create table {name} as from {parquet_file(file)}")

    def _mart(self, folder: Path, mart: Mart, rows: list[dict[str, Any]]) -> Path:
        columns = [*mart.columns, *SUPPRESSION_COLUMNS]
        types = ", ".join(f"{identifier(column.name)} {column.data_type}" for column in columns)
        self.connection.execute(f"create table {mart.name} ({types})")
        for row in rows:
            names = ", ".join(row)
            values = ", ".join("null" if value is None else literal(str(value)) for value in row.values())
            self.connection.execute(f"insert into {mart.name} ({names}) values ({values})")
        file = folder / f"{mart.name}.parquet"
        self.connection.execute(f"copy {mart.name} to {literal(str(file))} (format parquet)")
        return file

    def measure(self, table: str, name: str, where: str = "true") -> float | None:
        """One measure over all rows of a table that meet a condition."""
        (sql,) = [measure.sql for measure in BI[table].measures if measure.name == name]
        return self.number(f"select {sql} from {table} where {where}")

    def number(self, query: str) -> float | None:
        ((value,),) = self.connection.execute(query).fetchall()
        return None if value is None else float(value)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return lambda **marts: Built(tmp_path, marts)


def category(
    name: str, posts: int, ai_posts: int, corrected: float | None, month: str = "2025-11-01"
) -> dict[str, Any]:
    shown = {"technology": "ai", "classified_count": ai_posts, "penetration_share": ai_posts / posts}
    others = [
        {"technology": technology, "classified_count": 0, "penetration_share": 0} for technology in ("cloud", "rpa")
    ]
    key = {"period_kind": "month", "period_start": month, "value_filter": "all", "category_id": name, "category": name}
    return [
        {**key, **row, "is_technical": False, "category_post_count": posts, "corrected_penetration_share": corrected}
        for row in (shown, *others)
    ]


def test_the_average_of_the_shares_is_a_trap_that_the_measure_does_not_fall_into(build: Build) -> None:
    small, large = category("writing", 100, 90, 0.92), category("legal", 1000, 10, 0.02)
    built = build(period_technology_category_shares=[*small, *large])
    of_ai = "period_technology_category_shares where technology = 'ai'"
    trap = built.number(f"select avg(penetration_share) from {of_ai}")
    right = built.number(f"select sum(classified_count) / sum(category_post_count) from {of_ai}")
    assert trap == pytest.approx(0.455) and right == pytest.approx(100 / 1100)
    assert built.measure("bi_category_posts", "ai_share_as_classified") == pytest.approx(right)
    corrected = built.number(f"select sum(corrected_penetration_share * category_post_count) / 1100 from {of_ai}")
    assert built.measure("bi_category_posts", "ai_share") == pytest.approx(corrected)


def test_a_measure_of_one_row_is_the_number_of_the_mart(build: Build) -> None:
    built = build(period_technology_category_shares=category("writing", 700, 90, 0.123457))
    assert built.measure("bi_category_posts", "ai_share") == 0.123457


def test_months_without_an_audit_sample_are_in_no_corrected_share(build: Build) -> None:
    first, second = category("writing", 100, 10, None, "2025-10-01"), category("writing", 300, 60, 0.25)
    built = build(period_technology_category_shares=[*first, *second])
    assert built.measure("bi_category_posts", "ai_share") == 0.25
    assert built.measure("bi_category_posts", "ai_share_as_classified") == pytest.approx(70 / 400)


def test_technologies_and_populations_overlap_so_they_are_columns_of_one_row(build: Build) -> None:
    rows = [
        {"posted_month": "2025-11-01", "technology": technology, "population": population, "post_count": posts,
         "classified_count": count, "corrected_penetration_share": None}
        for population, posts in (("all", 500), ("us", 200))
        for technology, count in (("ai", 50), ("cloud", 20), ("rpa", 5))
    ]  # fmt: skip
    built = build(monthly_technology_posts=rows)
    assert built.number("select sum(posts) from bi_posts") == 500
    assert built.measure("bi_posts", "us_ai_share_as_classified") == 0.25
    assert built.measure("bi_posts", "us_ai_share") is None


def growth(series: str, posts: int, pct: float, population: str = "us", level: str = "sub_category") -> dict[str, Any]:
    return {"posted_month": "2025-11-01", "level": level, "series_id": series, "series": series, "category_id": "legal",
            "population": population, "post_count": posts, "adjusted_growth_pct": pct, "verdict": "rose"}  # fmt: skip


def test_growth_of_several_series_weighs_them_by_their_posts(build: Build) -> None:
    total = growth("all_posts", 9_999, 12.0, level="total")
    built = build(monthly_adjusted_growth=[growth("a", 300, 200.0), growth("b", 900, -10.0), total])
    assert built.measure("bi_growth", "us_growth", "sub_category = 'a'") == pytest.approx(2.0)
    assert built.measure("bi_growth", "us_growth") == pytest.approx(1200 / (100 + 1000) - 1)
    assert built.measure("bi_growth", "growth") is None


def test_a_hidden_count_takes_its_denominator_with_it(build: Build) -> None:
    def contracts(month: str, high: int | None) -> dict[str, Any]:
        return {"period_kind": "month", "period_start": month, "technology": "any", "category_id": "all",
                "value_kind": "closed_and_open", "contract_count": 50, "valued_count": 40,
                "high_value_count": high}  # fmt: skip

    built = build(
        period_contract_values=[contracts("2025-10-01", None), contracts("2025-11-01", 10)],
        monthly_contract_activity=[],
    )
    assert built.measure("bi_contracts", "high_value_share") == 0.25
    assert built.number("select sum(contracts) from bi_contracts") == 100


def test_a_month_in_which_no_post_names_a_skill_counts_in_its_share(build: Build) -> None:
    def skill(month: str, name: str, posts: int, total: int) -> dict[str, Any]:
        return {"posted_month": month, "population": "us", "skill": name, "skill_kind": "other", "ai_post_count": posts,
                "ai_total_count": total, "corrected_ai_share": None}  # fmt: skip

    october = [skill("2025-10-01", "python", 10, 40)]
    built = build(monthly_ai_skills=[*october, *[skill("2025-11-01", name, 30, 60) for name in ("python", "excel")]])
    assert built.measure("bi_ai_skills", "us_skill_share_as_classified", "skill = 'excel'") == pytest.approx(30 / 100)
    assert built.measure("bi_ai_skills", "us_skill_share_as_classified") == pytest.approx(70 / 100)  # skills a post


def test_the_share_of_an_answer_over_waves_is_of_all_who_were_asked(build: Build) -> None:
    def answer(month: str, name: str, share: float | None, asked: int) -> dict[str, Any]:
        return {"wave_month": month, "question_id": "plan", "wording_version": "v1", "answer": name,
                "answer_share": share, "respondent_count": asked}  # fmt: skip

    waves = [answer("2025-08-01", "yes", 0.9, 10), answer("2025-11-01", "yes", 0.1, 90)]
    built = build(pulse_answer_shares=[*waves, *[answer(row["wave_month"], "no", 0.0, 90) for row in waves]])
    assert built.measure("bi_pulse_answers", "answer_share", "answer = 'yes'") == pytest.approx(18 / 100)


@pytest.mark.parametrize("table", BI.values(), ids=lambda table: table.name)
def test_a_table_has_a_month_first_and_nothing_that_could_be_averaged(table: Mart) -> None:
    assert (table.columns[0].name, table.columns[0].data_type) == ("month", "date")
    numbers = [column for column in table.columns if column.data_type not in ("date", "varchar", "boolean", "integer")]
    assert numbers and not [column.name for column in numbers if column.name.rsplit("_", 1)[-1] in RATIOS]
    assert {column.data_type for column in numbers} <= {"bigint", "decimal(18,6)", "decimal(18,2)"}


@pytest.mark.parametrize("table", BI.values(), ids=lambda table: table.name)
def test_built_columns_are_the_documented_ones_and_every_measure_runs(table: Mart, tmp_path: Path) -> None:
    built = Built(tmp_path, {name: [] for name in MARTS})
    described = built.connection.execute(f"describe {table.name}").fetchall()
    assert [(name, kind.lower()) for name, kind, *_ in described] == [
        (column.name, column.data_type) for column in table.columns
    ]
    for measure in table.measures:
        assert built.measure(table.name, measure.name) is None


def test_a_table_whose_marts_are_not_released_is_left_out() -> None:
    assert bi_dictionary({"monthly_technology_posts"}) == DataDictionary([BI["bi_posts"]])


def test_the_dashboard_s_exposure_names_the_marts_of_its_tables() -> None:
    exposures = yaml.safe_load((MARTS_FOLDER / "_exposures.yml").read_text(encoding="utf-8"))["exposures"]
    (named,) = (one["depends_on"] for one in exposures if one["name"] == "hiring_dashboard")
    files = [BI_FOLDER / table.topic / f"{table.name}.sql" for table in BI.values()]
    used = {mart for file in files for mart in duckdb.get_table_names(file.read_text(encoding="utf-8"))}
    assert {reference.removeprefix("ref('").removesuffix("')") for reference in named} == used
