"""Sample marts of the technology-spread study: three study periods in which AI spreads and RPA has few posts."""

import numpy as np
import pandas as pd

from dagster_project.statistics.registry import compute
from dagster_project.statistics.spread.counts import ERROR_COLUMNS

PERIODS = {
    "2020_2021": ("2020-2021", "2020-01-01", "2021-12-31", True),
    "2022_2023": ("2022-2023", "2022-01-01", "2023-12-31", True),
    "2024_2025": ("2024-2025", "2024-01-01", "2025-12-31", False),
}
SIZES = {"ai": (800, 1500, 2500), "cloud": (900, 900, 900), "rpa": (20, 200, 250)}
GROUPS = 50


def sample_spread(
    technologies: dict[str, str], categories: dict[str, tuple[str, bool, float]]
) -> dict[str, pd.DataFrame]:
    """The three marts; technologies: id -> label, categories: id -> name, is_technical, share."""
    counts = _counts(categories)
    names = {id: name for id, (name, _, _) in categories.items()}
    concentration = _with_period(compute("technology_concentration", counts), technologies)
    ranks = _with_period(compute("category_ranks", counts), technologies)
    totals = counts.groupby(["period_id", "technology", "category_id"], as_index=False)["classified_count"].sum()
    ranks = ranks.merge(totals).assign(
        category=lambda rows: rows["category_id"].map(names),
        is_technical=lambda rows: rows["category_id"].map({id: kind for id, (_, kind, _) in categories.items()}),
        technology_post_count=lambda rows: rows.groupby(["period_id", "technology"])["classified_count"].transform(
            "sum"
        ),
        composition_share=lambda rows: (rows["classified_count"] / rows["technology_post_count"]).round(6),
        composition_share_low=lambda rows: rows["composition_share"] * 0.8,
        composition_share_high=lambda rows: rows["composition_share"] * 1.2,
        is_above_one_percent=lambda rows: rows["composition_share_low"] > 0.01,
    )
    above = ranks.groupby(["period_id", "technology"], as_index=False)["is_above_one_percent"].sum()
    above = above.rename(columns={"is_above_one_percent": "categories_above_one_percent"})
    return {
        "period_technology_concentration": concentration.merge(above),
        "period_category_ranks": ranks,
        "study_period_comparisons": _comparisons(counts, technologies, names),
        "yearly_technology_growth": _years(counts, technologies),
    }


def _counts(categories: dict[str, tuple[str, bool, float]]) -> pd.DataFrame:
    """Shares become more even with every period of AI and stay elsewhere."""
    rng = np.random.default_rng(20251102)
    shares = np.array([share for *_, share in categories.values()])
    rows = []
    for place, (period_id, (_, start, *_)) in enumerate(PERIODS.items()):
        for technology, sizes in SIZES.items():
            mixed = shares if technology != "ai" else (1 - 0.3 * place) * shares + 0.3 * place / len(shares)
            drawn = rng.multinomial(sizes[place], np.repeat(mixed / mixed.sum() / GROUPS, GROUPS))
            rows += [
                (period_id, "study", pd.Timestamp(start), technology, id, is_technical, group, count)
                for (id, (_, is_technical, _)), counts in zip(
                    categories.items(), drawn.reshape(-1, GROUPS), strict=True
                )
                for group, count in enumerate(counts)
            ]
    columns = ["period_id", "period_kind", "period_start", "technology", "category_id", "is_technical", "client_group",
               "classified_count"]  # fmt: skip
    no_audit = {"audited_count": 0, "unfound_candidate_weight": 0.0, "unfound_other_weight": 0.0,
                "not_corrected_reason": "no audit sample"}  # fmt: skip
    return pd.DataFrame(rows, columns=columns).assign(**dict.fromkeys(ERROR_COLUMNS, 0.0), **no_audit)


def _with_period(frame: pd.DataFrame, technologies: dict[str, str]) -> pd.DataFrame:
    columns = ["period_label", "period_start", "period_end", "is_complete_period"]
    periods = pd.DataFrame([(id, *values) for id, values in PERIODS.items()], columns=["period_id", *columns])
    periods = periods.assign(period_kind="study", period_start=pd.to_datetime(periods["period_start"]))
    labels = frame["technology"].map(technologies)
    return frame.merge(periods).assign(technology_label=labels, correction="not corrected")


def _years(counts: pd.DataFrame, technologies: dict[str, str]) -> pd.DataFrame:
    """The first two study periods taken as the years 2022 and 2023."""
    as_years = counts.replace({"period_id": {"2020_2021": "2022", "2022_2023": "2023"}})
    as_years = as_years[as_years["period_id"].isin(["2022", "2023"])].assign(period_kind="year")
    frame = compute("yearly_growth", as_years)
    return frame.assign(
        technology_label=frame["technology"].map(technologies),
        period_label=frame["period_id"],
        base_period_label=frame["base_period_id"],
        is_withheld=frame["withheld_reason"].notna(),
    )


def _comparisons(counts: pd.DataFrame, technologies: dict[str, str], names: dict[str, str]) -> pd.DataFrame:
    frame = compute("study_period_comparisons", counts)
    starts = {id: pd.Timestamp(start) for id, (_, start, *_) in PERIODS.items()}
    labels = {id: label for id, (label, *_) in PERIODS.items()}
    return frame.assign(
        technology_label=frame["technology"].map(technologies),
        series=frame["series_id"].map(names).fillna(frame["series"]),
        base_period_label=frame["base_period_id"].map(labels),
        current_period_label=frame["current_period_id"].map(labels),
        current_period_start=frame["current_period_id"].map(starts),
        correction="not corrected",
    )
