"""What a draft says of one of our columns: the expression, the column it comes from, how sure it is, and its doubts."""

from dataclasses import dataclass, replace

from dagster_project.sources.drafting.export_columns import ExportColumn

ACTIVE = 0.5
"""From this score on a proposal is a line of the mapping; below it is a remark that a person decides on."""
WORTH_A_REMARK = 0.3
_NAME_WEIGHT, _VALUE_WEIGHT = 0.6, 0.4


@dataclass(frozen=True)
class Proposal:
    """`column` shows the sample values; None where the expression is made of several."""

    field: str
    expression: str
    score: float
    column: ExportColumn | None
    doubts: tuple[str, ...] = ()

    def doubting(self, *doubts: str) -> "Proposal":
        return replace(self, doubts=(*self.doubts, *doubts))


def combined_score(name: float, values: float, values_alone: float = 0.0) -> float:
    """Score of a name and values that fit 0..1; `values_alone` is what values score under a name that says nothing."""
    if values == 0 or name < 0:
        return 0.0
    if name == 0:
        return values * values_alone
    return max(_NAME_WEIGHT * name + _VALUE_WEIGHT * values, values * values_alone)
