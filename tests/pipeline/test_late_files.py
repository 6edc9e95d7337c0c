"""A file that comes late tells of an earlier posting of known posts. Reads a shared workspace."""

from datetime import date

import pytest

from tests.support.job_runs import Place
from tests.support.written_feed import LONE, MOVED, NEXT_MONTH, REPORT_MONTH

pytestmark = pytest.mark.slow


def test_a_post_moves_to_the_month_of_its_earlier_posting_and_is_counted_once(built: Place, late: Place) -> None:
    """One post moves from February to January; the only post of March moves to February and leaves March empty."""
    kept = built.summary(REPORT_MONTH)["source"]["kept"]
    months = dict(late.query("select post_id, posted_month from staging.stg_marketplace__job_posts"))
    assert (months[MOVED], months[LONE]) == (date(2025, 1, 1), date(2025, 2, 1))
    assert len(months) == kept
    source = late.summary(REPORT_MONTH)["source"]
    assert (source["kept"], source["duplicate"]) == (kept, 5)
    by_month = late.summary(REPORT_MONTH)["by_month"]
    assert by_month[NEXT_MONTH] == {"rows_read": 1, "kept": 0, "duplicate": 1, "rejected": 0}
    revised_searches = {"2024-11"}  # those of 2024-12 are held
    assert set(late.summary(REPORT_MONTH)["months_built"]) == {*revised_searches, "2025-01", REPORT_MONTH, NEXT_MONTH}
    _assert_month_is_empty(late, date.fromisoformat(f"{NEXT_MONTH}-01"))


def _assert_month_is_empty(place: Place, month: date) -> None:
    """No table of counts keeps a post of the month."""
    tables = place.query(
        "select table_schema || '.' || table_name from information_schema.columns"
        " where column_name = 'posted_month' and table_schema in ('staging', 'intermediate', 'marts')"
        " and table_name not in ('int_month_states', 'monthly_source_rows')"
    )
    assert len(tables) > 8
    holding = [name for (name,) in tables if place.query(f"select 1 from {name} where posted_month = ? limit 1", month)]
    assert holding == []
    assert place.query("select 1 from marts.period_projected_values where period_id = ?", f"{month:%Y-%m}") == []
    assert (
        place.query("select 1 from marts.period_technology_category_shares where period_id = ?", f"{month:%Y-%m}") == []
    )
