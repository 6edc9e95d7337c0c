"""A small mart from decision to file to the check before a release."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from dagster_project.disclosure.engine.cells import MartRule, Rounded, TooFew
from dagster_project.disclosure.marts import Disclosed, DisclosureError, decide, disclosure_violations, write_disclosed
from tests.support.small_tables import RULES, printed, write_mart

YEAR = {
    "2025-01": {"writing": 4, "legal": 30, "design": 40},
    "2025-02": {"writing": 21, "legal": 35, "design": 45},
    "2025": {"writing": 25, "legal": 65, "design": 85},
}


def _release(files: dict[str, Path], folder: Path, earlier: list[dict[str, Path]]) -> dict[str, Path]:
    return write_disclosed(files, decide(files, {}, earlier, RULES), folder, RULES)


def _violations(complete: dict[str, Path], files: dict[str, Path], earlier: list[dict[str, Path]]) -> dict[str, str]:
    found = disclosure_violations(complete, {}, Disclosed(files, earlier), RULES)
    return dict(zip(found["key"], found["problem"], strict=True))


def test_a_small_month_is_covered_in_its_month_and_in_its_year(tmp_path: Path) -> None:
    """4 of January: with January's 30 hidden it is no difference of the month, with February's none of the year."""
    complete = write_mart(tmp_path / "complete", YEAR)
    files = _release(complete, tmp_path / "one", [])
    assert [key for key, count in printed(files).items() if count is None] == [
        *(("2025-01", "legal"), ("2025-01", "writing"), ("2025-02", "legal"), ("2025-02", "writing"))
    ]
    assert _violations(complete, files, []) == {}


def test_a_row_says_that_and_why_it_is_suppressed(tmp_path: Path) -> None:
    files = _release(write_mart(tmp_path / "complete", YEAR), tmp_path / "one", [])
    rows = duckdb.connect().execute(
        "select place, share, is_suppressed, suppression from read_parquet(?) where period_id = '2025-01' order by all",
        [str(files["posts_by_place"])],
    )
    design, legal, writing = rows.fetchall()
    assert design[1:] == (40 / 74, False, None)
    assert legal[1:] == (None, True, "secondary suppression")
    assert writing[1:] == (None, True, "primary suppression")


def test_a_rate_from_fewer_than_ten_rows_is_too_few_and_its_count_is_printed(tmp_path: Path) -> None:
    """A public mart: of 9 posts no share, of 10 posts one."""
    table = "select * from (values ('a', 9, 3 / 9), ('b', 10, 3 / 10), ('c', null, null)) as rows (place, n, share)"
    file = tmp_path / "shares.parquet"
    duckdb.execute(f"copy ({table}) to '{file}' (format parquet)")
    rules = {"shares": MartRule(too_few=(TooFew(("share",), "n"),), exempt="public")}
    written = write_disclosed({"shares": file}, decide({"shares": file}, {}, [], rules), tmp_path / "out", rules)
    rows = duckdb.execute("from read_parquet(?) order by place", [str(written["shares"])]).fetchall()
    assert rows == [("a", 9, None, True, "too few"), ("b", 10, 0.3, False, None), ("c", None, None, True, "too few")]


def test_a_difference_of_rounded_shares_is_not_printed_beside_them(tmp_path: Path) -> None:
    """40 of 74 posts is 0.54 where cells of the group are hidden; a column without digits is then left out."""
    complete = write_mart(tmp_path / "complete", YEAR)
    shares = Rounded(("share",), "part", 2)
    rule = RULES["posts_by_place"]
    name = next(iter(rule.counts))
    for digits, expected in ((2, 0.54), (None, None)):
        rules = {"posts_by_place": replace(rule, rounded=(replace(shares, group=name, digits=digits),))}
        written = write_disclosed(complete, decide(complete, {}, [], rules), tmp_path / f"out_{digits}", rules)
        rows = duckdb.execute(
            "select share from read_parquet(?) where period_id = '2025-01' and place = 'design'",
            [str(written["posts_by_place"])],
        ).fetchall()
        assert rows == [(expected,)]


def test_the_same_marts_after_their_own_release_hide_the_same_cells(tmp_path: Path) -> None:
    complete = write_mart(tmp_path / "complete", YEAR)
    one = _release(complete, tmp_path / "one", [])
    assert printed(_release(complete, tmp_path / "two", [one])) == printed(one)


def test_an_earlier_release_that_names_none_of_the_cells_changes_nothing(tmp_path: Path) -> None:
    """A feed that gets contracts after its first release has cells that this release could not know."""
    complete = write_mart(tmp_path / "complete", YEAR)
    alone = printed(_release(complete, tmp_path / "alone", []))
    assert printed(_release(complete, tmp_path / "after", [{}])) == alone


def test_a_printed_small_cell_is_a_violation(tmp_path: Path) -> None:
    complete = write_mart(tmp_path / "complete", YEAR)
    assert _violations(complete, complete, [])["posts|2025-01|all|ai|writing|all"] == "printed"


def test_a_small_cell_that_is_a_difference_is_a_violation(tmp_path: Path) -> None:
    complete = write_mart(tmp_path / "complete", YEAR)
    spoiled = write_mart(tmp_path / "spoiled", YEAR)
    table = spoiled["posts_by_place"]
    duckdb.connect().execute(
        f"copy (select * replace (case when place = 'writing' and period_id = '2025-01' then null else post_count end "
        f"as post_count) from read_parquet('{table}')) to '{table}' (format parquet)"
    )
    assert _violations(complete, spoiled, [])["posts|2025-01|all|ai|writing|all"] == "follows from printed cells"


def test_two_releases_with_different_covers_are_a_slip_together(tmp_path: Path) -> None:
    """One release hides Legal beside Writing, the next one Design: together they print both."""
    month = {"2025-01": YEAR["2025-01"]}
    complete = write_mart(tmp_path / "complete", month)
    one = _release(complete, tmp_path / "one", [])
    assert printed(one)["2025-01", "legal"] is None
    other = write_mart(tmp_path / "other", month)["posts_by_place"]
    duckdb.connect().execute(
        f"copy (select * replace (case when place != 'legal' then null else post_count end as post_count) "
        f"from read_parquet('{other}')) to '{other}' (format parquet)"
    )
    files = {"posts_by_place": other}
    assert _violations(complete, files, []) == {}
    assert _violations(complete, files, [one])["posts|2025-01|all|ai|writing|all"] == "follows from printed cells"


def test_a_year_that_grew_by_a_small_month_is_no_way_to_it(tmp_path: Path) -> None:
    """Writing has 25 until February and 29 until March; what is between the two releases are the 4 of March."""
    until_march = YEAR | {
        "2025-03": {"writing": 4, "legal": 20, "design": 30},
        "2025": {"writing": 29, "legal": 85, "design": 115},
    }
    one = _release(write_mart(tmp_path / "february", YEAR), tmp_path / "one", [])
    assert printed(one)["2025", "writing"] == 25
    complete = write_mart(tmp_path / "march", until_march)
    alone = _release(complete, tmp_path / "alone", [])
    assert printed(alone)["2025", "writing"] == 29
    assert _violations(complete, alone, [one])["posts|2025-03|all|ai|writing|all"] == "follows from printed cells"
    two = _release(complete, tmp_path / "two", [one])
    assert printed(two)["2025", "writing"] is None
    assert _violations(complete, two, [one]) == {}


def test_a_month_more_of_a_mart_without_years_is_judged_alone(tmp_path: Path) -> None:
    months = {period: places for period, places in YEAR.items() if period != "2025"}
    one = _release(write_mart(tmp_path / "january", {"2025-01": months["2025-01"]}), tmp_path / "one", [])
    two = _release(write_mart(tmp_path / "february", months), tmp_path / "two", [one])
    assert printed(two)["2025-02", "writing"] == 21


def test_a_mart_without_a_rule_is_named(tmp_path: Path) -> None:
    files = {"unknown_mart": write_mart(tmp_path, YEAR)["posts_by_place"]}
    with pytest.raises(DisclosureError, match="no disclosure rule for mart unknown_mart"):
        decide(files, {}, [], RULES)
