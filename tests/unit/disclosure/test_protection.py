"""Which cells are hidden beside the small ones; every table is worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from dagster_project.disclosure.engine.cells import is_small
from dagster_project.disclosure.engine.links import Equations
from dagster_project.disclosure.engine.protection import Protection, determined, protect
from tests.support.small_tables import cross_table, keys_of


def _protected(table: Equations, published: set[str] = frozenset(), before: set[str] = frozenset()) -> Protection:
    keys = table.cells["key"]
    return protect(table, keys.isin(published).to_numpy(), keys.isin(before).to_numpy())


@pytest.mark.parametrize(
    ("count", "clients", "small"),
    [(0, 0, False), (1, 1, True), (9, 9, True), (10, 3, False), (10, 2, True), (10, None, False)],
)
def test_a_cell_of_1_to_9_rows_or_fewer_than_3_clients_is_small(count: int, clients: int | None, small: bool) -> None:
    assert is_small(pd.Series([float(count)]), pd.Series([clients], dtype=float)).tolist() == [small]


def test_a_small_cell_takes_the_smallest_other_part_of_its_line_with_it() -> None:
    """50 = 4 + 12 + 34: with 4 alone hidden it is 50 - 46; the row's only table line hides 4 and 12."""
    table = cross_table(np.array([[4, 12, 34], [40, 50, 60]]))
    hidden = keys_of(table, _protected(table).hidden)
    assert {"r0c0", "r0c1"} <= hidden
    assert hidden == {"r0c0", "r0c1", "r1c0", "r1c1"}, "the second row covers both columns"


def test_hidden_cells_of_a_line_have_10_rows_together() -> None:
    """3 + 4 = 7: a reader would know that both together are 7; 11 is hidden too."""
    table = cross_table(np.array([[3, 4, 11, 60], [30, 40, 50, 70]]))
    hidden = keys_of(table, _protected(table).hidden)
    assert {"r0c0", "r0c1", "r0c2"} <= hidden
    assert "r0c3" not in hidden


@pytest.mark.parametrize("counts", [[147, 122, 108, 107, 5], [5, 107, 108, 122, 147], [300, 90, 12, 4], [60, 50, 9]])
def test_a_small_other_answer_takes_the_smallest_answer_with_it_and_never_the_top_one(counts: list[int]) -> None:
    """Of 489 respondents 5 say something else: the 107 of the least frequent other answer go, the 147 of the top stay.

    Hidden parts of 10 or more together in one line are enough, and the smallest of the others loses least.
    """
    table = cross_table(np.array([counts, [400] * len(counts)]))
    hidden = keys_of(table, _protected(table).hidden)
    answers = {key for key in hidden if key.startswith("r0c")}
    smallest = sorted(range(len(counts)), key=counts.__getitem__)[:2]
    assert answers == {f"r0c{place}" for place in smallest}
    assert f"r0c{int(np.argmax(counts))}" not in hidden


def test_the_top_answer_goes_only_where_no_other_one_could_hide_the_small_one() -> None:
    """5 of 405 say no and nobody anything else: the top answer is what a reader would take 5 from."""
    table = cross_table(np.array([[400, 5, 0], [50, 50, 50]]))
    assert {"r0c0", "r0c1"} <= keys_of(table, _protected(table).hidden)


def test_margins_stay_where_parts_can_be_hidden() -> None:
    table = cross_table(np.array([[4, 12, 34], [40, 50, 60]]))
    assert not keys_of(table, _protected(table).hidden) & {"r0", "r1", "c0", "c1", "c2"}


def test_pairs_in_every_line_do_not_suffice_where_one_cell_joins_two_rectangles() -> None:
    """Two hidden rectangles and r0c2 between them: every line hides two or three cells, and yet
    r0c2 = (r0 + r1 - published cells of both rows) - (c0 + c1 - published cells of both columns).
    """
    counts = np.full((4, 4), 50)
    counts[:2, :2] = counts[2:, 2:] = 6
    counts[0, 2] = 7
    table = cross_table(counts)
    small = table.is_small
    assert keys_of(table, determined(table.matrix, small)) == {"r0c2"}
    hidden = _protected(table).hidden
    assert not (determined(table.matrix, hidden) & small).any()
    assert len(keys_of(table, hidden)) > 9


@pytest.mark.parametrize("seed", range(6))
def test_no_small_cell_of_a_random_table_has_a_single_possible_value(seed: int) -> None:
    """Linear programming over all tables with the published cells: each small cell could be smaller or larger."""
    counts = np.random.default_rng(seed).choice([0, 2, 5, 8, 14, 30, 80], size=(4, 5))
    table = cross_table(counts)
    protection = _protected(table)
    unknown = np.flatnonzero(protection.hidden)
    system = table.matrix[:, unknown].toarray()
    right = -(table.matrix @ np.where(protection.hidden, 0, table.counts))
    for place in np.flatnonzero(table.is_small[unknown]):
        goal = np.eye(len(unknown))[place]
        low, high = (linprog(sign * goal, A_eq=system, b_eq=right, method="highs").fun * sign for sign in (1, -1))
        assert high - low > 0.5, table.cells["key"][unknown[place]]


def test_what_an_earlier_release_printed_is_no_cover() -> None:
    table = cross_table(np.array([[4, 12, 34], [40, 50, 60]]))
    hidden = keys_of(table, _protected(table, published={"r0c1"}).hidden)
    assert {"r0c0", "r0c2"} <= hidden
    assert "r0c1" not in hidden


def test_a_small_cell_that_an_earlier_release_printed_is_hidden_and_noted() -> None:
    table = cross_table(np.array([[4, 12, 34], [40, 50, 60]]))
    protection = _protected(table, published={"r0c0"})
    assert keys_of(table, protection.hidden) == {"r0c0"}
    assert keys_of(table, protection.exposed) == {"r0c0"}


def test_cells_hidden_before_are_the_cover_again() -> None:
    table = cross_table(np.array([[4, 12, 34], [40, 50, 60]]))
    before = {"r0c0", "r0c2", "r1c0", "r1c2"}
    assert keys_of(table, _protected(table, before=before).hidden) == before


def test_a_table_without_small_cells_hides_nothing() -> None:
    table = cross_table(np.array([[14, 12], [40, 0]]))
    assert not _protected(table).hidden.any()
