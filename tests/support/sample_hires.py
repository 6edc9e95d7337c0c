"""Sample marts of contracts, searches and quoted constants for the report tests."""

import numpy as np
import pandas as pd

from dagster_project.statistics.audit.correction import SAMPLE_COLUMNS
from dagster_project.statistics.contracts.values import MODEL_INPUTS
from dagster_project.statistics.registry import compute
from dagster_project.statistics.spread.counts import ERROR_COLUMNS

MONTHS = pd.date_range("2024-09-01", "2025-11-01", freq="MS")
PERIODS = (("2025-11", "month", "November 2025", "2025-11-01", "2025-11-30"),
           ("2022_2023", "study", "2022-2023", "2022-01-01", "2023-12-31"))  # fmt: skip
CATEGORIES = {"all": ("All categories", 1.0, 0.58), "translation": ("Translation", 0.2, 0.86),
              "writing": ("Writing", 0.1, 0.42)}  # fmt: skip
SERIES = {"ai_agents": "AI agents", "ai": "All AI", "all_searches": "All searches"}


def contract_values_mart() -> pd.DataFrame:
    """400 AI contracts a period, 1,000 that are not AI; a tenth closed, a tenth of unknown value."""
    rows = []
    for period_id, kind, label, start, end in PERIODS:
        period = (period_id, kind, label, pd.Timestamp(start), pd.Timestamp(end), True)
        for technology, size in (("ai", 400), ("non_ai", 1000)):
            for category_id, (category, part, high_share) in CATEGORIES.items():
                n = int(size * part)
                known, high = n - n // 10, int((n - n // 10) * high_share)
                for value_kind, contracts, valued, counted in (
                    ("closed", n // 2, known // 2, high // 2),
                    ("closed_and_open", n, known, high),
                    ("unknown_below", n, n, high),
                    ("unknown_above", n, n, high + n // 10),
                ):
                    has_median = value_kind.startswith("closed")
                    rows.append((*period, technology, category_id, category, value_kind, contracts,
                                 min(known, contracts), valued, counted, 1200.0 if has_median else np.nan))  # fmt: skip
    columns = ["period_id", "period_kind", "period_label", "period_start", "period_end", "is_complete_period",
               "technology", "category_id", "category", "value_kind", "contract_count", "known_value_count",
               "valued_count", "high_value_count", "median_value_usd"]  # fmt: skip
    counts = pd.DataFrame(rows, columns=columns)
    counts = _with_sums(counts, "high_value", "high_value_count", "valued_count")
    counts = _with_sums(counts, "known_value", "known_value_count", "contract_count")
    return _joined("period_contract_values", _without_audit(counts))


def activity_mart() -> pd.DataFrame:
    series = [("total", "all_contracts", "All contracts", 900), ("category", "writing", "Writing", 200),
              ("sub_category", "qa_testing", "QA Testing", 120)]  # fmt: skip
    rows = [
        (month, level, series_id, population, hires + 10 * step, hires, 1500.0 * hires + step, 2 * hires, 4e6 * hires)
        for step, month in enumerate(MONTHS)
        for level, series_id, _, hires in series
        for population in ("us", "all")
    ]
    columns = ["started_month", "level", "series_id", "population", "hire_count", "valued_count", "spend_usd",
               "hire_sum_client_squares", "spend_sum_client_squares"]  # fmt: skip
    counts = pd.DataFrame(rows, columns=columns).assign(status="complete", status_reason=None)
    names = {series_id: name for _, series_id, name, _ in series}
    mart = compute("monthly_contract_activity", counts)
    return mart.assign(series=mart["series_id"].map(names))


def searches_mart() -> pd.DataFrame:
    levels = {"ai_agents": 240, "ai": 4000, "all_searches": 20_000}
    rows = [
        (month, series_id, int(level * (1 + 0.01 * (step % 3)) * (1.25 ** max(step - 8, 0))))
        for series_id, level in levels.items()
        for step, month in enumerate(MONTHS)
    ]
    counts = pd.DataFrame(rows, columns=["search_month", "series_id", "search_count"])
    counts = counts.assign(status="complete", status_reason=None, series=counts["series_id"].map(SERIES))
    return _joined("monthly_search_growth", counts)


def constants_mart() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "constant_id": ["market_size", "market_size", "workers_share"],
            "as_of_date": pd.to_datetime(["2023-12-31", "2024-12-31", "2026-06-30"]),
            "value": [1_270_000_000_000.0, 1_500_000_000_000.5, 0.38],
            "unit": ["USD a year", "USD a year", "fraction"],
            "source": "An institute",
        }
    )


def sample_hires() -> dict[str, pd.DataFrame]:
    """The four marts by name."""
    return {
        "period_contract_values": contract_values_mart(),
        "monthly_contract_activity": activity_mart(),
        "monthly_search_growth": searches_mart(),
        "quoted_constants": constants_mart(),
    }


def _with_sums(counts: pd.DataFrame, prefix: str, numerator: str, denominator: str) -> pd.DataFrame:
    """Cluster sums of clients with one contract each."""
    y, n = counts[numerator], counts[denominator]
    return counts.assign(**{f"{prefix}_cluster_count": n, f"{prefix}_sum_yy": y, f"{prefix}_sum_yn": y,
                            f"{prefix}_sum_nn": n})  # fmt: skip


def _without_audit(counts: pd.DataFrame) -> pd.DataFrame:
    """The columns of a correction where no post of a contract was audited."""
    sums = [f"high_value_corrected_{name}" for name in ("cluster_count", "sum_yy", "sum_yn", "sum_nn")]
    errors = [f"{prefix}{column}" for prefix in ("high_", "known_") for column in ERROR_COLUMNS]
    zeros = [*sums, *errors, "corrected_high_count", "corrected_valued_count", *SAMPLE_COLUMNS, *MODEL_INPUTS]
    reasons = dict.fromkeys(("not_corrected_reason", "posts_not_corrected_reason"), "no audit sample")
    return counts.assign(**dict.fromkeys(zeros, 0)).assign(**reasons)


def _joined(statistic_id: str, counts: pd.DataFrame) -> pd.DataFrame:
    estimates = compute(statistic_id, counts)
    return counts.merge(estimates, on=[column for column in estimates.columns if column in counts.columns])
