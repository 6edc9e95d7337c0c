"""Pages of marts with hidden numbers: they are whole, print the common sign and tell nothing of a suppressed row."""

import io
import re
from collections.abc import Callable
from fnmatch import fnmatch

import numpy as np
import pandas as pd
import pytest

from dagster_project.disclosure.rules import RULES
from dagster_project.reports.claims.claims import matching_rows
from dagster_project.reports.page.annex import build_annex, build_spread_annex
from dagster_project.reports.page.bulletin import build_bulletin
from dagster_project.reports.page.document import HIDDEN
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from dagster_project.reports.page.spread_study import build_spread_study


def suppressed(marts: dict[str, pd.DataFrame], every: int, first: int = 0) -> dict[str, pd.DataFrame]:
    """The marts with each `every`-th row blanked as a release blanks it."""
    return {mart: _blanked(mart, frame, every, first) for mart, frame in marts.items()}


def _blanked(mart: str, frame: pd.DataFrame, every: int, first: int) -> pd.DataFrame:
    rule = RULES.get(mart)
    if rule is None or rule.exempt:
        return frame
    chosen = pd.Series(np.arange(len(frame)) % every == first, index=frame.index)
    patterns = [pattern for one in rule.computed for pattern in one.columns]
    patterns += [count.shown for count in rule.counts.values() if count.shown]
    names = [name for name in frame.columns if any(fnmatch(name, pattern) for pattern in patterns)]
    blanked = frame.astype({name: float for name in names if pd.api.types.is_numeric_dtype(frame[name])})
    blanked[names] = blanked[names].mask(chosen)
    return blanked.assign(
        is_suppressed=chosen, suppression=pd.Series("primary suppression", frame.index).where(chosen, None)
    )


@pytest.mark.parametrize("build", [build_bulletin, build_annex, build_spread_study, build_spread_annex])
@pytest.mark.parametrize(("every", "first"), [(1, 0), (2, 1), (3, 1)])
def test_pages_are_built_and_tell_nothing_of_suppressed_rows(
    marts: dict[str, pd.DataFrame],
    make_context: Callable[..., RunContext],
    build: Callable[[dict[str, pd.DataFrame], RunContext], Report],
    every: int,
    first: int,
) -> None:
    hidden = suppressed(marts, every, first)
    report = build(hidden, make_context())
    for claim in report.claims:
        row = matching_rows(hidden[claim.mart], claim.key).iloc[0]
        assert not row.get("is_suppressed", False), claim.sentence
    assert HIDDEN in report.html or build in (build_bulletin, build_spread_study), (
        "a page that people read prints no dash"
    )
    assert not re.search(r"(?<![\w.])nan(?![\w])", report.markdown)


@pytest.mark.parametrize("build", [build_bulletin, build_annex, build_spread_study, build_spread_annex])
def test_charts_leave_a_gap_where_numbers_are_hidden(
    marts: dict[str, pd.DataFrame],
    make_context: Callable[..., RunContext],
    drawn: None,
    build: Callable[[dict[str, pd.DataFrame], RunContext], Report],
) -> None:
    assert "<svg" in build(suppressed(marts, 3), make_context()).html


def test_a_hidden_share_is_no_nought_in_the_data_of_a_figure(
    marts: dict[str, pd.DataFrame], make_context: Callable[..., RunContext]
) -> None:
    hidden = suppressed(marts, 3)
    data = pd.read_csv(io.StringIO(build_spread_annex(hidden, make_context()).figures["spread-ai.csv"]))
    ranks = hidden["period_category_ranks"]
    blanked = ranks[(ranks["technology"] == "ai") & ranks["is_suppressed"]][["period_id", "category"]]
    shown = data.merge(blanked, on=["period_id", "category"])
    assert len(shown) and shown["composition_share"].isna().all()
