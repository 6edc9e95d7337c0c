"""The business pulse on the page: one share a row of the marts, its weights said, the change beside both shares."""

from collections.abc import Callable

import pandas as pd

from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import MonthView, RunContext
from dagster_project.reports.sections.monthly.demand import pulse_section

Marts = dict[str, pd.DataFrame]
MakeContext = Callable[..., RunContext]


def section_of(marts: Marts, make_context: MakeContext) -> Section:
    return pulse_section(MonthView(marts, make_context()))


def test_the_lead_says_which_weights_the_shares_have(marts: Marts, make_context: MakeContext) -> None:
    section = section_of(marts, make_context)
    assert "by one estimate (unweighted)" in section.lead
    marts["pulse_answer_shares"]["weighting"] = "weights as provided"
    section = section_of(marts, make_context)
    assert "by one estimate (weights as provided)" in section.lead
    assert "unweighted" not in section.lead


def test_the_answer_that_is_told_is_the_one_of_the_largest_share_and_not_of_most_businesses(
    marts: Marts, make_context: MakeContext
) -> None:
    shares = marts["pulse_answer_shares"]
    is_yes, is_no = (shares["answer"] == answer for answer in ("Yes", "No"))
    shares.loc[is_yes, "answer_share"], shares.loc[is_no, "answer_share"] = 0.45, 0.55
    claim = section_of(marts, make_context).claims[0]
    assert "55.0% of the businesses that answered said “No”" in claim.sentence
    assert "36 of 240 businesses, unweighted" in claim.sentence


def test_a_change_stands_beside_the_two_shares_that_it_is_the_difference_of(
    marts: Marts, make_context: MakeContext
) -> None:
    (table,) = (one for one in section_of(marts, make_context).tables if one.id == "table-pulse-changes")
    place = {name: table.columns.index(name) for name in ("Share", "Share before", "Change")}
    assert table.rows
    for row in table.rows:
        now, before = (float(row[place[name]].rstrip("%")) for name in ("Share", "Share before"))
        change = float(row[place["Change"]].removesuffix(" points").replace("\u2212", "-"))
        assert abs(now - before - change) < 0.11, row  # each of the three is rounded to a tenth


def test_the_second_answer_is_not_told_where_the_first_is_hidden(marts: Marts, make_context: MakeContext) -> None:
    ranks = marts["pulse_answer_ranks"]
    row = ranks.iloc[[0]]
    five = pd.concat([row.assign(answer=f"Answer {rank}", answer_rank=rank) for rank in range(1, 6)])
    marts["pulse_answer_ranks"] = five.assign(wave_month=pd.Timestamp("2025-11-01"), answer_share=0.2)
    told = [claim for claim in section_of(marts, make_context).claims if claim.mart == "pulse_answer_ranks"]
    assert [claim.key["answer"] for claim in told] == ["Answer 1"]
    marts["pulse_answer_ranks"].loc[marts["pulse_answer_ranks"]["answer"] == "Answer 1", "answer_rank"] = None
    told = [claim for claim in section_of(marts, make_context).claims if claim.mart == "pulse_answer_ranks"]
    assert told == []
