"""A small sample wave of the worker study and pulse waves, in the shape of their intermediate tables and marts."""

import numpy as np
import pandas as pd

from dagster_project.statistics.survey.answers import study_numbers, study_shares
from dagster_project.statistics.survey.comparisons import study_comparisons
from dagster_project.statistics.survey.pulse import pulse_changes, pulse_diffusion, pulse_ranks
from dagster_project.statistics.survey.sample_table import study_sample
from dagster_project.statistics.survey.study_changes import study_changes

WAVE = pd.Timestamp("2025-07-01")
SIZES = {"c_suite": 60, "full_time": 160, "freelance": 80}
GAINS = [0, 10, 20, 30, 40, 40, 50, 50, 60, 80]
AGREE = ["Strongly agree", "Agree", "Disagree"]
TOP_PAIR = ("full_time_top_quartile|full_time_peers", "full_time_top_quartile:full_time_peers")
REPLICATES = 60


def respondents(sizes: dict[str, int] = SIZES, seed: int = 5) -> pd.DataFrame:
    """int_study_respondents without weights and margins; every full-time employee uses AI and reports a gain."""
    rng = np.random.default_rng(seed)
    group = np.repeat(list(sizes), list(sizes.values()))
    n = len(group)
    gain = np.where(group == "full_time", np.resize(GAINS, n).astype(float), np.nan)
    return pd.DataFrame({
        "wave_month": WAVE, "respondent_id": [f"W{number:04d}" for number in range(n)], "respondent_group": group,
        "country_code": rng.choice(["US", "GB", "CA"], n), "generation": rng.choice(["Gen Z", "Gen X"], n),
        "gender": rng.choice(["woman", "man"], n), "weight": np.nan, "country_population_share": np.nan,
        "generation_population_share": np.nan, "gender_population_share": np.nan, "uses_ai": True, "gain_pct": gain,
    })  # fmt: skip


def question(
    people: pd.DataFrame,
    question_id: str,
    counted: list[str],
    *,
    populations: str,
    measures: str = "No|Yes",
    findings: str = "Yes",
    comparison: str = "",
    kind: str = "single",
    wording_version: str = "v1",
) -> pd.DataFrame:
    """Rows of int_study_answers of one question; `counted`: for each respondent the measures, '' without an answer."""
    return people.assign(
        question_id=question_id, wording_version=wording_version, response_kind=kind, populations=populations,
        comparison=comparison, measures=measures, findings=findings, counted=counted,
        answer_value=people["gain_pct"] if kind == "numeric" else np.nan,
    )  # fmt: skip


def answers(seed: int = 5) -> pd.DataFrame:
    """int_study_answers: a gain, one pair of the top quartile, one of freelancers, one ordered scale."""
    people, rng = respondents(seed=seed), np.random.default_rng(seed)
    is_top = (people["gain_pct"] >= 50).to_numpy()
    n = len(people)
    quits = np.where(rng.random(n) < np.where(is_top, 0.5, 0.25), "Yes", "No").tolist()
    agrees = [f"{answer}{'' if answer == 'Disagree' else '|At least agree'}" for answer in rng.choice(AGREE, n)]
    is_freelancer = (people["respondent_group"] == "freelance").to_numpy()
    faster = np.where(rng.random(n) < np.where(is_freelancer, 0.9, 0.7), "Yes", "No").tolist()
    return pd.concat([
        question(people, "gain", ["value" if known else "" for known in people["gain_pct"].notna()],
                 populations="full_time_ai_users", measures="value", findings="", kind="numeric"),
        question(people, "quitting", quits, populations=TOP_PAIR[0], comparison=TOP_PAIR[1]),
        question(people, "faster", faster, populations="freelance|full_time", comparison="freelance:full_time"),
        question(people, "agents", agrees, populations="c_suite_and_full_time|c_suite|full_time", kind="ordinal",
                 measures="|".join([*AGREE, "At least agree"]), findings="At least agree"),
    ])  # fmt: skip


FINDINGS = {"quitting": "consider quitting", "faster": "learn faster", "agents": "expect agents to reinvent their work"}


def study_marts() -> dict[str, pd.DataFrame]:
    """The six marts of the worker study."""
    rows = answers()
    shares = study_shares(rows, REPLICATES)
    is_finding = shares["measure"].isin(["Yes", "At least agree"])
    shares = shares.assign(
        question=shares["question_id"].str.capitalize() + "?", response_kind="single", measure_order=1,
        is_cut=shares["measure"] == "At least agree", finding=shares["question_id"].map(FINDINGS).where(is_finding),
    )  # fmt: skip
    compared = study_comparisons(rows, REPLICATES)
    sample = study_sample(respondents())
    is_group = (sample["dimension"] == "group") & (sample["second_dimension"] == "all")
    quota = sample["level"].map({"c_suite": 60, "full_time": 160, "freelance": 100}).where(is_group).astype("Int64")
    checks = pd.DataFrame({
        "wave_month": WAVE, "rule_id": ["age", "all"], "rule_label": ["aged 18 to 78", "every rule"],
        "respondent_count": 310, "excluded_count": 10, "status": ["checked", "checked"],
    })  # fmt: skip
    return {
        "study_sample": sample.assign(quota=quota, is_quota_met=(sample["respondent_count"] >= quota)),
        "study_eligibility_checks": checks,
        "study_answer_shares": shares,
        "study_numeric_answers": study_numbers(rows, REPLICATES).assign(question="Gain?"),
        "study_wave_changes": study_changes(rows, REPLICATES).assign(
            finding=lambda changes: changes["question_id"].map(FINDINGS)
        ),
        "study_group_comparisons": compared.assign(
            question=compared["question_id"].str.capitalize() + "?", finding=compared["question_id"].map(FINDINGS)
        ),
    }


def pulse_responses(waves: list[tuple[str, str]], seed: int = 3, n: int = 120) -> pd.DataFrame:
    """int_pulse_responses: of each (month, wording) one question with the answers More, Same and Less."""
    rng = np.random.default_rng(seed)
    directions = {"More": "up", "Same": "same", "Less": "down"}
    made = []
    for month, wording in waves:
        chosen = rng.choice(list(directions), n, p=[0.5, 0.3, 0.2])
        made.append(pd.DataFrame({
            "wave_month": pd.Timestamp(f"{month}-01"), "respondent_id": [f"B{number}" for number in range(n)],
            "question_id": "outlook", "wording_version": wording, "answer": chosen,
            "direction": [directions[answer] for answer in chosen], "weight": np.nan,
        }))  # fmt: skip
    return pd.concat(made, ignore_index=True)


def pulse_marts(months: list[str]) -> dict[str, pd.DataFrame]:
    """The three marts of the pulse survey that are estimated from responses."""
    rows = pulse_responses([(month, "v1") for month in months])
    named = {"pulse_answer_ranks": pulse_ranks, "pulse_diffusion_indexes": pulse_diffusion,
             "pulse_wave_changes": pulse_changes}  # fmt: skip
    return {mart: function(rows).assign(question="How much more?") for mart, function in named.items()}
