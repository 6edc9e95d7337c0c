"""Every statistic that the project publishes: the modules whose declarations say what it means and where it lands."""

import pandas as pd

from dagster_project.statistics import drift, searches, shares
from dagster_project.statistics.audit import classifier_audit
from dagster_project.statistics.contracts import activity as contract_activity
from dagster_project.statistics.contracts import values as contract_values
from dagster_project.statistics.core.estimates import CountsError, Statistic, require_columns, require_unique_keys
from dagster_project.statistics.growth import adjusted, raw
from dagster_project.statistics.skills import shares as skill_shares
from dagster_project.statistics.skills import themes
from dagster_project.statistics.spread import comparisons, concentration, yearly_growth
from dagster_project.statistics.survey import answers, pulse, sample_table, study_changes
from dagster_project.statistics.survey import comparisons as group_comparisons

MODULES = (
    *(shares, raw, adjusted, skill_shares, themes, classifier_audit, drift),
    *(contract_values, contract_activity, searches),
    *(concentration, comparisons, yearly_growth, pulse, sample_table, answers, group_comparisons, study_changes),
)
STATISTICS: list[Statistic] = [statistic for module in MODULES for statistic in module.STATISTICS]
REGISTRY = {statistic.id: statistic for statistic in STATISTICS}


def compute(statistic_id: str, counts: pd.DataFrame) -> pd.DataFrame:
    """Keys and estimate columns of one statistic; an empty counts frame gives the same columns without rows.

    Raises KeyError for an unknown id and CountsError for missing columns, repeated keys or impossible counts.
    """
    if statistic_id not in REGISTRY:
        raise KeyError(f"no statistic {statistic_id!r}; the registry has {', '.join(REGISTRY)}")
    statistic = REGISTRY[statistic_id]
    require_columns(counts, [*statistic.keys, *statistic.inputs], statistic.counts_table)
    require_unique_keys(counts, statistic.keys, statistic.counts_table)
    try:
        return statistic.function(counts.reset_index(drop=True))
    except CountsError:
        raise
    except ValueError as error:
        raise CountsError(f"{statistic.counts_table}: {error}") from error
