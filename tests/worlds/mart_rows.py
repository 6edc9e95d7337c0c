"""Where the marts print the estimate of each headline truth, and with what interval."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

Scale = Literal["share", "growth", "ratio", "plain"]
SHARES = "marts.period_technology_category_shares"
COMPARISONS = "marts.study_period_comparisons"
STUDY = "wave_month = '2025-07-01' and population_id"
QUARTILE, PEERS = "full_time_top_quartile", "full_time_peers"


@dataclass(frozen=True)
class MartRow:
    """One row and column of a mart; a column `corrected_<column>` counts where the row has one."""

    mart: str
    where: str
    column: str
    scale: Scale = "share"


@dataclass(frozen=True)
class Estimate:
    """An estimate with its 95 % interval; kind: `corrected`, `naive`, or empty where nothing is classified."""

    value: float
    low: float
    high: float
    kind: str


def _share(technology: str, period: str, category: str) -> MartRow:
    keys = f"value_filter = 'all' and technology = '{technology}' and period_id = '{period}'"
    return MartRow(SHARES, f"{keys} and category_id = '{category}'", "composition_share")


def _pair(technology: str, series: str, column: str, scale: Scale = "share") -> MartRow:
    keys = "base_period_id = '2020_2021' and current_period_id = '2022_2023'"
    return MartRow(COMPARISONS, f"{keys} and technology = '{technology}' and series_id = '{series}'", column, scale)


def _contracts(category: str) -> MartRow:
    keys = "period_id = '2022_2023' and technology = 'ai' and value_kind = 'closed_and_open'"
    return MartRow("marts.period_contract_values", f"{keys} and category_id = '{category}'", "high_value_share")


def _growth(series: str) -> MartRow:
    keys = "posted_month = '2025-11-01' and level = 'sub_category' and population = 'us'"
    return MartRow("marts.monthly_adjusted_growth", f"{keys} and series_id = '{series}'", "raw_growth_pct", "growth")


def _study_share(population: str, question: str, measure: str) -> MartRow:
    keys = f"{STUDY} = '{population}' and question_id = '{question}' and measure = '{measure}'"
    return MartRow("marts.study_answer_shares", keys, "answer_share")


MART_ROWS = {
    "J2 Data Science and Web, 2020-21": _pair("ai", "data_science_and_web", "base_share"),
    "J2 Data Science and Web, 2022-23": _pair("ai", "data_science_and_web", "current_share"),
    "J2 difference in points": _pair("ai", "data_science_and_web", "difference_points", "plain"),
    "J4 Translation, 2020-21": _share("ai", "2020_2021", "translation"),
    "J4 Translation, 2022-23": _share("ai", "2022_2023", "translation"),
    "J6 growth of non-technical AI posts, 2023": MartRow(
        "marts.yearly_technology_growth",
        "period_id = '2023' and technology = 'ai' and series_id = 'non_technical'", "growth_pct", "growth",
    ),
    "J7 AI contracts above 1,000 USD": _contracts("all"),
    "J7 in Translation": _contracts("translation"),
    "J8 cloud in IT and Web, 2022-23": _pair("cloud", "it_and_web", "current_share"),
    "J9 RPA in Web, 2020-21": _share("rpa", "2020_2021", "web_mobile_software_dev"),
    "J9 RPA in Web, 2022-23": _share("rpa", "2022_2023", "web_mobile_software_dev"),
    "J11 gen-AI posts that build models": MartRow(
        "marts.period_genai_groups", "period_id = '2024_2025' and series_id = 'model building'", "mention_share"
    ),
    "J12 growth of QA testing": _growth("qa_testing"),
    "J12 growth of language tutoring": _growth("language_tutoring_interpretation"),
    "J14 growth of AI-agent searches": MartRow(
        "marts.monthly_search_growth", "search_month = '2025-11-01' and series_id = 'ai_agents'", "growth_pct", "growth"
    ),
    "V2 mean gain": MartRow(
        "marts.study_numeric_answers", f"{STUDY} = 'full_time_ai_users' and statistic = 'winsorised_mean'",
        "estimate", "plain",
    ),
    "V5 burned out": _study_share(QUARTILE, "burnout", "Somewhat or more"),
    "V6 risk ratio of quitting": MartRow(
        "marts.study_group_comparisons", f"{STUDY} = '{QUARTILE}' and reference_population_id = '{PEERS}'"
        " and question_id = 'considers_quitting' and measure = 'Yes'", "risk_ratio", "ratio",
    ),
    "V8 freelancers: positive effect": _study_share("freelance_ai_users", "career_effect", "Positive or very positive"),
    "V11 value digital fluency": MartRow(
        "marts.pulse_answer_shares",
        "wave_month = '2025-11-01' and question_id = 'digital_fluency_value' and answer = 'Yes'", "answer_share",
    ),
}  # fmt: skip


def read_estimates(warehouse: Path) -> dict[str, Estimate | None]:
    """The estimate of every headline truth, None where its row is withheld."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {name: _read(connection, row) for name, row in MART_ROWS.items()}


def _read(connection: duckdb.DuckDBPyConnection, row: MartRow) -> Estimate | None:
    columns = [name for name, *_ in connection.sql(f"describe {row.mart}").fetchall()]
    kinds = {"corrected": f"corrected_{row.column}", "naive" if "correction" in columns else "": row.column}
    for kind, column in kinds.items():
        if column not in columns:
            continue
        found = connection.sql(f"select {column}, {column}_low, {column}_high from {row.mart} where {row.where}")
        rows = found.fetchall()
        if len(rows) != 1:
            raise LookupError(f"{row.mart} has {len(rows)} rows where {row.where}")
        if None not in rows[0]:
            return Estimate(*(float(value) for value in rows[0]), kind)
    return None
