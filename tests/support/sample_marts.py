# ruff: noqa: E501
"""Small sample marts of docs/tables.md shape: counts from a fixed seed, estimates by the registry."""

import numpy as np
import pandas as pd

from dagster_project.reports.page.selection import RunContext
from dagster_project.statistics.audit.correction import ERROR_CLASSES
from dagster_project.statistics.registry import compute
from tests.support.sample_hires import sample_hires
from tests.support.sample_revisions import sample_revisions
from tests.support.sample_skills import sample_skill_groups, with_sides
from tests.support.sample_spread import sample_spread
from tests.support.sample_study import pulse_marts, study_marts

MONTH = "2025-11"
CLUSTER_SUMS = ("cluster_count", "sum_yy", "sum_yn", "sum_nn")
MONTHS = pd.date_range("2024-09-01", "2025-11-01", freq="MS")
TECHNOLOGIES = {
    "ai": "Artificial intelligence",
    "cloud": "Cloud computing",
    "rpa": "Robotic process automation",
}
RATES = {"ai": 0.072, "cloud": 0.031, "rpa": 0.006}
CATEGORIES = {
    "data_science_analytics": ("Data Science & Analytics", True, 0.33),
    "web_mobile_software_dev": ("Web, Mobile & Software Dev", True, 0.25),
    "writing": ("Writing", False, 0.12),
    "translation": ("Translation", False, 0.08),
    "design_creative": ("Design & Creative", False, 0.08),
    "sales_marketing": ("Sales & Marketing", False, 0.06),
    "engineering_architecture": ("Engineering & Architecture", True, 0.04),
    "it_networking": ("IT & Networking", True, 0.02),
    "admin_support": ("Admin Support", False, 0.01),
    "customer_service": ("Customer Service", False, 0.006),
    "accounting_consulting": ("Accounting & Consulting", False, 0.003),
    "legal": ("Legal", False, 0.001),
}
SUB_CATEGORIES = ["QA Testing", "Language Tutoring & Interpretation", "Photography", "Audio Production",
                  "E-commerce Development", "Lead Generation", "Marketing Strategy", "Grant Writing"]  # fmt: skip
SKILLS = [("Python", "technical"), ("ChatGPT", "technical"), ("LLM Prompt Engineering", "technical"),
          ("Video Editing", "creative"), ("Machine Learning", "technical"), ("=HYPERLINK(\"http://x\")", "other")]  # fmt: skip
PROVIDED = ["post_id", "posted_at", "title", "description", "skills", "category", "occupation", "contract_type",
            "budget_usd", "hourly_rate_low_usd", "hourly_rate_high_usd", "client_id", "client_country"]  # fmt: skip


def with_cluster_sums(counts: pd.DataFrame, prefix: str, numerator: str, denominator: str) -> pd.DataFrame:
    """Cluster sums of clients with about 1.5 posts each."""
    trials, successes = counts[denominator], counts[numerator]
    return counts.assign(**{
        f"{prefix}_cluster_count": (trials * 0.7).astype(int),
        f"{prefix}_sum_yy": (successes * 1.4).astype(int),
        f"{prefix}_sum_yn": (successes * 1.6).astype(int),
        f"{prefix}_sum_nn": (trials * 1.9).astype(int),
    })  # fmt: skip


def without_audit(counts: pd.DataFrame, *prefixes: str, errors: tuple[str, ...] = ("",)) -> pd.DataFrame:
    """The counts with the columns of a correction, where there is no audit sample."""
    names = ("corrected_count", "corrected_total_count", "corrected_high_count", "corrected_known_count")
    sums = [f"{prefix}_corrected_{name}" for prefix in prefixes for name in CLUSTER_SUMS]
    found = [f"{prefix}{name}_{kind}" for prefix in errors for name in ERROR_CLASSES for kind in ("weight", "squares")]
    zeros = [
        *names,
        *sums,
        *found,
        "audited_count",
        "category_audited_count",
        "unfound_candidate_weight",
        "unfound_other_weight",
    ]
    return counts.assign(**dict.fromkeys(zeros, 0), not_corrected_reason="no audit sample")


def joined(statistic_id: str, counts: pd.DataFrame) -> pd.DataFrame:
    """Counts and their estimates side by side, as the marts have them."""
    estimates = compute(statistic_id, counts)
    keys = [column for column in estimates.columns if column in counts.columns]
    return counts.merge(estimates, on=keys)


def technology_mart(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for step, month in enumerate(MONTHS):
        for technology, rate in RATES.items():
            for population, size in (("us", 0.6), ("all", 1.0)):
                posts = int(size * 9000 * (1 + 0.01 * step))
                classified = int(rng.binomial(posts, rate * (1 + 0.03 * step)))
                rows.append((month, technology, TECHNOLOGIES[technology], population, int(classified * 1.3),
                             classified, posts))  # fmt: skip
    columns = ["posted_month", "technology", "technology_label", "population", "candidate_count",
               "classified_count", "post_count"]  # fmt: skip
    counts = with_cluster_sums(pd.DataFrame(rows, columns=columns), "penetration", "classified_count", "post_count")
    return joined("technology_penetration", without_audit(counts, "penetration"))


def shares_mart(rng: np.random.Generator) -> pd.DataFrame:
    periods = [(MONTH, "month", "November 2025", "2025-11-01", "2025-11-30", True, 1000),
               ("2022_2023", "study", "2022-2023", "2022-01-01", "2023-12-31", True, 5200),
               ("2024_2025", "study", "2024-2025", "2024-01-01", "2025-12-31", False, 9100)]  # fmt: skip
    rows = []
    for period_id, kind, label, start, end, is_complete, total in periods:
        for technology in TECHNOLOGIES:
            size = int(total * RATES[technology] / RATES["ai"])
            parts = rng.multinomial(size, [share for *_, share in CATEGORIES.values()])
            for (category_id, (category, is_technical, _)), classified in zip(CATEGORIES.items(), parts, strict=True):
                rows.append((period_id, kind, label, pd.Timestamp(start), pd.Timestamp(end), is_complete, technology,
                             TECHNOLOGIES[technology], category_id, category, is_technical, "all", int(classified),
                             size, max(int(total * 0.9), int(classified))))  # fmt: skip
    columns = ["period_id", "period_kind", "period_label", "period_start", "period_end", "is_complete_period",
               "technology", "technology_label", "category_id", "category", "is_technical", "value_filter",
               "classified_count", "technology_post_count", "category_post_count"]  # fmt: skip
    counts = pd.DataFrame(rows, columns=columns)
    counts = with_cluster_sums(counts, "composition", "classified_count", "technology_post_count")
    counts = with_cluster_sums(counts, "penetration", "classified_count", "category_post_count")
    return joined("period_shares", without_audit(counts, "composition", "penetration"))


def values_mart(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    names = {"all": "All categories", **{key: name for key, (name, *_) in CATEGORIES.items()}}
    for technology, size in (("ai", 1000), ("any", 15000)):
        for category_id, category in names.items():
            posts = size if category_id == "all" else int(size * CATEGORIES[category_id][2])
            known = int(posts * 0.7)
            median = float(rng.integers(300, 2500)) if known else np.nan
            rows.append((MONTH, "month", "November 2025", pd.Timestamp("2025-11-01"), pd.Timestamp("2025-11-30"), True,
                         technology, category_id, category, "projected", posts, known, median, median / 3, median * 3,
                         int(known * 0.55)))  # fmt: skip
    columns = ["period_id", "period_kind", "period_label", "period_start", "period_end", "is_complete_period",
               "technology", "category_id", "category", "value_kind", "post_count", "known_value_count",
               "median_value_usd", "lower_quartile_usd", "upper_quartile_usd", "high_value_count"]  # fmt: skip
    counts = pd.DataFrame(rows, columns=columns)
    counts = with_cluster_sums(counts, "known_value", "known_value_count", "post_count")
    counts = with_cluster_sums(counts, "high_value", "high_value_count", "known_value_count")
    return joined("period_projected_values", without_audit(counts, "high_value", errors=("high_", "known_")))


def growth_counts(rng: np.random.Generator, collection: pd.DataFrame) -> pd.DataFrame:
    """Counts of every series: nothing changes but one sub-category, which grows by 48 % in the last month."""
    series = [("total", "all_posts", "All posts", 9000)]
    series += [("technology", key, label, int(9000 * RATES[key])) for key, label in TECHNOLOGIES.items()]
    series += [("category", key, name, int(9000 * share)) for key, (name, _, share) in CATEGORIES.items()]
    series += [("sub_category", name.lower().replace(" ", "_"), name, 150 + 90 * i) for i, name in
               enumerate(SUB_CATEGORIES)]  # fmt: skip
    rows = []
    for month in MONTHS:
        for level, series_id, name, mean in series:
            surge = 1.48 if (month, name) == (MONTHS[-1], "Language Tutoring & Interpretation") else 1.0
            for population, size in (("us", 0.6), ("all", 1.0)):
                posts = int(rng.poisson(size * mean * surge))
                rows.append((month, level, series_id, name, population, posts, int(posts * 1.5)))
    columns = [
        "posted_month",
        "level",
        "series_id",
        "series",
        "population",
        "post_count",
        "sum_client_squares",
    ]
    counts = pd.DataFrame(rows, columns=columns)
    counts = pd.concat([counts, composite_counts(counts)], ignore_index=True)
    return counts.merge(collection[["posted_month", "status", "status_reason"]], on="posted_month")


def composite_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Marketing and e-commerce as one series."""
    parts = counts[counts["series_id"].isin(["sales_marketing", "e-commerce_development"])]
    summed = parts.groupby(["posted_month", "population"], as_index=False)[["post_count", "sum_client_squares"]].sum()
    return summed.assign(level="composite", series_id="marketing_ecommerce", series="Marketing and e-commerce")


def growth_mart(counts: pd.DataFrame) -> pd.DataFrame:
    mart = joined("monthly_growth", counts).drop(columns=["sum_client_squares", "status", "status_reason"])
    return mart.assign(category_id=None)


def adjusted_growth_mart(counts: pd.DataFrame) -> pd.DataFrame:
    counts = counts[counts["level"] != "technology"].reset_index(drop=True)
    counts = counts.assign(
        parent_series_id=counts["level"]
        .map({"sub_category": "design_creative", "composite": "marketing_ecommerce"})
        .fillna("all_posts"),
        daily_post_counts=[
            np.bincount(np.arange(posts) % month.days_in_month, minlength=month.days_in_month)
            for posts, month in zip(counts["post_count"], counts["posted_month"], strict=True)
        ],
        late_count_1=0, late_count_2=0, late_count_3=0, maturity_days=0,
    )  # fmt: skip
    names = counts[["level", "series_id", "series"]].drop_duplicates()
    return compute("monthly_adjusted_growth", counts).merge(names).assign(category_id=None)


def skills_mart() -> pd.DataFrame:
    rows = [
        (
            pd.Timestamp(f"{MONTH}-01"),
            population,
            skill,
            kind,
            None,
            200 - 20 * rank,
            560,
            420 - 30 * rank,
            6000,
            rank,
        )
        for population in ("us", "all")
        for rank, (skill, kind) in enumerate(SKILLS, start=1)
    ]
    columns = ["posted_month", "population", "skill", "skill_kind", "genai_group", "ai_post_count", "ai_total_count",
               "all_post_count", "all_total_count", "skill_rank"]  # fmt: skip
    counts = with_sides(pd.DataFrame(rows, columns=columns))
    lifts = compute("skill_lifts", counts).drop(columns="method")
    mart = joined("skill_shares", without_audit(counts, "ai", errors=("", "total_")))
    limits = {"skill_rank_low": (mart["skill_rank"] - 1).clip(lower=1), "skill_rank_high": mart["skill_rank"] + 1}
    return mart.assign(**limits).merge(lifts)


def trailing_skills_mart() -> pd.DataFrame:
    """Twelve skills of the three months up to the last: three times the posts of a month, ten of them readable."""
    kinds = dict(SKILLS) | {f"Skill {letter}": "technical" for letter in "ABCDEF"}
    rows = [
        ("2025-09_2025-11", "September to November 2025", pd.Timestamp("2025-09-01"), pd.Timestamp("2025-11-30"),
         population, skill, kind, 600 - 40 * rank, 1680, rank)
        for population in ("us", "all") for rank, (skill, kind) in enumerate(kinds.items(), start=1)
    ]  # fmt: skip
    columns = ["period_id", "period_label", "period_start", "period_end", "population", "skill", "skill_kind",
               "ai_post_count", "ai_total_count", "skill_rank"]  # fmt: skip
    counts = pd.DataFrame(rows, columns=columns)
    sums = with_cluster_sums(counts, "ai", "ai_post_count", "ai_total_count")
    mart = joined("trailing_skill_shares", without_audit(sums, "ai", errors=("", "total_")))
    return mart.assign(skill_rank_low=(mart["skill_rank"] - 1).clip(lower=1), skill_rank_high=mart["skill_rank"] + 1)


def pulse_mart() -> pd.DataFrame:
    questions = {
        "digital_fluency_value": (
            "Do you value digital fluency in the people you hire?",
            {"Yes": 204, "No": 36},
        ),
        "top_challenge": (
            "What is your biggest workforce challenge | today?",
            {"Skill gaps": 110, "Cost": 90, "Other": 40},
        ),
    }
    rows = [
        (pd.Timestamp(f"{MONTH}-01"), question_id, question, "v1", answer, order, answers, 240)
        for question_id, (question, options) in questions.items()
        for order, (answer, answers) in enumerate(options.items(), start=1)
    ]
    columns = ["wave_month", "question_id", "question", "wording_version", "answer", "answer_order", "answer_count",
               "respondent_count"]  # fmt: skip
    counts = pd.DataFrame(rows, columns=columns)
    unweighted = {"answer_weight": "answer_count", "respondent_weight": "respondent_count",
                  "respondent_weight_squares": "respondent_count"}  # fmt: skip
    sums = {name: counts[column] for name, column in unweighted.items()}
    mart = joined("pulse_shares", counts.assign(weighted_respondent_count=0, **sums))
    return mart.drop(columns=["weighted_respondent_count", *sums])


def collection_mart() -> pd.DataFrame:
    frame = pd.DataFrame({
        "posted_month": MONTHS, "post_count": 9300, "days_in_month": MONTHS.days_in_month,
        "days_with_posts": MONTHS.days_in_month, "reference_post_count": 9200, "status": "complete",
        "status_reason": None, "other_language_post_count": 62, "other_languages": "es 40, pt 22", "input_hash": "a1", "mapping_hash": "b2", "rules_hash": "c3",
        "ai_model_version": "m1", "cloud_model_version": "m2", "rpa_model_version": "m3",
    })  # fmt: skip
    is_partial = frame["posted_month"] == pd.Timestamp("2025-03-01")
    frame.loc[is_partial, ["days_with_posts", "post_count", "status"]] = [6, 1800, "partial"]
    frame["status_reason"] = frame["status_reason"].astype("str").where(~is_partial, "posts on 6 of 31 days")
    frame.loc[~is_partial, "status_reason"] = None
    return frame


def rows_mart() -> pd.DataFrame:
    return pd.DataFrame({
        "table_name": "job_posts", "posted_month": MONTHS, "rows_read": 9600, "rows_kept": 9300,
        "rows_duplicate": 250, "rows_rejected": 50, "rows_withdrawn": 0,
    })  # fmt: skip


def audit_mart() -> pd.DataFrame:
    """A month without an audit sample."""
    rates = [f"{name}{end}" for name in ("sensitivity", "specificity", "precision", "keyword_recall")
             for end in ("", "_low", "_high")]  # fmt: skip
    missed = ["missed_by_keywords_posts_high", "missed_by_keywords_share_high", "rogan_gladen_share"]
    frame = pd.DataFrame({"technology": list(TECHNOLOGIES), "technology_label": list(TECHNOLOGIES.values())})
    return frame.assign(
        period_id=MONTH, audited_count=0, is_covered=False, not_corrected_reason="no audit sample",
        **dict.fromkeys([*rates, *missed], np.nan),
    )  # fmt: skip


def drift_mart() -> pd.DataFrame:
    """Months alike, and a last month in which two of five RPA candidates are in doubt."""
    rows = [
        (month, technology, "m1", 9300, 900, 500, [200, 100, 600], 500, 25, 50_000, 5_000, 500, 60_000, 550_000,
         5_200_000, 1_000, 80)
        for month in MONTHS for technology in TECHNOLOGIES
    ]  # fmt: skip
    columns = ["posted_month", "technology", "model_version", "post_count", "candidate_count", "classified_count",
               "score_counts", "sampled_count", "doubtful_count", "token_count", "unseen_token_count",
               "unseen_cluster_count", "unseen_sum_yy", "unseen_sum_yn", "unseen_sum_nn", "held_out_token_count",
               "held_out_unseen_token_count"]  # fmt: skip
    counts = pd.DataFrame(rows, columns=columns)
    is_odd = counts["posted_month"].eq(MONTHS[-1]) & counts["technology"].eq("rpa")
    counts.loc[is_odd, ["doubtful_count", "unseen_token_count"]] = [200, 7_000]
    return joined("classifier_drift", counts.assign(technology_label=counts["technology"].map(TECHNOLOGIES)))


def sample_marts() -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(20251101)
    collection = collection_mart()
    shares, values = shares_mart(rng), values_mart(rng)
    growths = growth_counts(rng, collection)
    return {
        "period_technology_category_shares": shares,
        "period_projected_values": values,
        "monthly_category_growth": growth_mart(growths),
        "monthly_adjusted_growth": adjusted_growth_mart(growths),
        "monthly_technology_posts": technology_mart(rng),
        "monthly_ai_skills": skills_mart(),
        "trailing_ai_skills": trailing_skills_mart(),
        "pulse_answer_shares": pulse_mart(),
        "monthly_source_rows": rows_mart(),
        "monthly_collection": collection,
        **sample_hires(),
        **sample_spread(TECHNOLOGIES, CATEGORIES),
        **sample_skill_groups(),
        "classifier_audit": audit_mart(),
        "monthly_classifier_drift": drift_mart(),
        **study_marts(),
        **pulse_marts(["2025-10", MONTH]),
        **sample_revisions(),
    }


def sample_context(**changes: object) -> RunContext:
    values: dict = {
        "month": MONTH,
        "sources": "simulated",
        "title": "Simulated marketplace of freelance job posts",
        "is_simulated": True,
        "provided": {"job_posts": PROVIDED, "pulse_answers": ["respondent_id", "answer", "weight"],
                     "contracts": ["contract_id", "state"], "talent_searches": ["term"],
                     "quoted_constants": ["constant_id"]},
        "source": {"rows_read": 144000, "kept": 139500, "duplicate": 3750, "rejected": 750,
                   "by_reason": {"unparsable": 500, "negative": 250}},
        "model_cards": {"ai": {"model_version": "ai-3f2a", "threshold": 0.5, "label_counts": {"positive": 240, "negative": 360},
                               "scores": {"accuracy": 0.981, "f1": [0.95, 0.93, 0.97]}}},
        "mapping": {"job_posts": {"post_id": "uid", "budget_usd": "money(amount)"}},
        "term_counts": {"ai": {"include": 120, "exclude": 30}},
    }  # fmt: skip
    return RunContext(**{**values, **changes})


def without_rows(marts: dict[str, pd.DataFrame], *names: str) -> dict[str, pd.DataFrame]:
    return {name: frame.iloc[:0] if name in names else frame for name, frame in marts.items()}
