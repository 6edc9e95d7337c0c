"""Sample marts of skills: gen-AI groups of a study period, tags outside the dictionary, themes of two categories."""

import pandas as pd

from dagster_project.statistics.audit.correction import ERROR_CLASSES
from dagster_project.statistics.registry import compute

PERIOD = {
    "period_id": "2024_2025", "period_kind": "study", "period_label": "2024-2025",
    "period_start": pd.Timestamp("2024-01-01"), "period_end": pd.Timestamp("2025-12-31"), "is_complete_period": False,
}  # fmt: skip
POSTS = 400
SERIES = {
    "development and deployment": ("group", "model building", 40, 22.0),
    "models and architectures": ("group", "model building", 30, 14.0),
    "conversational AI": ("group", "application", 60, 38.0),
    "natural language processing": ("group", "application", 120, 80.0),
    "AI tools and services": ("group", "application", 280, 226.0),
    "no group": ("no group", None, 20, 20.0),
    "model building": ("purpose", "model building", 62, 36.0),
    "application": ("purpose", "application", 370, 344.0),
}
"""Series -> kind, purpose, posts that name it, posts divided evenly over their groups."""
LABELS = {
    "model building": "development and deployment or models and architectures", "application": "application of AI",
    "no group": "no gen-AI skill of a group",
}  # fmt: skip
THEMES = (
    ("writing", "Writing", "ChatGPT", 90, 300, 5, 2500),
    ("writing", "Writing", "SEO", 60, 300, 500, 2500),
    ("translation", "Translation", "Machine Translation", 40, 150, 0, 1800),
)
"""Category, its name, skill; posts that name it and posts, of AI and others."""


def with_sides(counts: pd.DataFrame) -> pd.DataFrame:
    """Skill counts with the cluster sums of AI posts and others, each post of a client of its own."""
    sides = {"ai": ("ai_post_count", "ai_total_count"), "other": ("other_post_count", "other_total_count")}
    if "all_post_count" in counts:
        others = {f"other_{kind}_count": counts[f"all_{kind}_count"] - counts[f"ai_{kind}_count"]
                  for kind in ("post", "total")}  # fmt: skip
        counts = counts.assign(**others)
    sums = {}
    for side, (named, posts) in sides.items():
        sums |= {f"{side}_cluster_count": counts[posts], f"{side}_sum_nn": counts[posts]}
        sums |= {f"{side}_sum_yy": counts[named], f"{side}_sum_yn": counts[named]}
    return counts.assign(**sums)


def sample_skill_groups() -> dict[str, pd.DataFrame]:
    """The three marts; no audit sample corrects them."""
    listed = [("jupyter", 35), ("=sum(a1)", 12), ("spss", 4)]
    tags = [{**PERIOD, "skill": skill, "post_count": posts, "genai_post_count": POSTS, "skill_rank": rank}
            for rank, (skill, posts) in enumerate(listed, start=1)]  # fmt: skip
    unmapped = pd.DataFrame(tags)
    return {"period_genai_groups": _groups(), "period_unmapped_skills": unmapped, "category_ai_themes": _themes()}


def _groups() -> pd.DataFrame:
    errors = {f"{prefix}{name}_{kind}": 0.0 for prefix in ("mention_", "fractional_", "total_")
              for name in ERROR_CLASSES for kind in ("weight", "squares")}  # fmt: skip
    sample = {"audited_count": 0, "unfound_candidate_weight": 0.0, "unfound_other_weight": 0.0,
              "not_corrected_reason": "no audit sample"}  # fmt: skip
    rows = []
    for series_id, (kind, purpose, mentions, divided) in SERIES.items():
        row = {**PERIOD, "series_id": series_id, "series": LABELS.get(series_id, series_id), "series_kind": kind,
               "category": "Data Science & Analytics", "purpose": purpose, "genai_post_count": POSTS,
               "unmapped_post_count": 78, "mention_post_count": mentions, "fractional_post_count": divided,
               "corrected_total_count": POSTS, **errors, **sample}  # fmt: skip
        for measure, posts in (("mention", mentions), ("fractional", divided)):
            sums = {"cluster_count": POSTS, "sum_yy": posts, "sum_yn": posts, "sum_nn": POSTS}
            row |= {f"{measure}_{name}": value for name, value in sums.items()}
            row |= {f"{measure}_corrected_{name}": value for name, value in ({"count": posts} | sums).items()}
        rows.append(row)
    counts = pd.DataFrame(rows)
    shown = counts[[column for column in counts if not column.endswith(("_sum_yy", "_sum_yn", "_sum_nn", "_weight"))]]
    return shown.merge(compute("genai_group_shares", counts))


def _themes() -> pd.DataFrame:
    columns = ["category_id", "category", "skill", "ai_post_count", "ai_total_count", "other_post_count",
               "other_total_count"]  # fmt: skip
    counts = with_sides(pd.DataFrame(THEMES, columns=columns).assign(**PERIOD))
    estimates = compute("category_themes", counts).drop(columns="withheld_reason")
    kinds = {"skill_kind": "technical", "genai_group": None, "correction": "not corrected: a lift over other posts"}
    return counts[[*PERIOD, *columns]].merge(estimates).assign(**kinds)
