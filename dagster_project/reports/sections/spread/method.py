"""What the technology-spread study computes and how."""

from dagster_project.reports.page.document import Section
from dagster_project.statistics.registry import REGISTRY

STATISTICS = (
    *("period_shares", "technology_concentration", "category_ranks", "study_period_comparisons"),
    *("genai_group_shares", "category_themes"),
)


def spread_method_section() -> Section:
    """Definition and method of every statistic of the page, and its limits."""
    section = Section("spread-method", "Method")
    section.lead = "Every number is computed from counts of classified posts by period, category and client group."
    for id in STATISTICS:
        statistic = REGISTRY[id]
        section.notes.append(f"{statistic.definition} Method: {statistic.method}. Library: {statistic.library}.")
    section.notes += [
        "Posts of one client are one cluster: clients are hashed into 50 groups, and leaving out one group at a time "
        "shows how far a number depends on the clients that happened to post (Kott 2001).",
        "Stable: the upper limit of the share of posts that would have to change category is at most 10 points, with "
        "at least 600 posts in each period. The measured distance is reduced by the part that its own noise makes.",
        "Shares are of posts that a stored classifier accepts. Where an audit sample covers the period, its errors "
        "are added to the posts of their client group, so the intervals hold the sampling of clients and that of the "
        "audit; errors that the sample did not find widen them, each kind in the category that moves the number most. "
        "The words are then those of the corrected numbers, and the classifier's own stand beside them.",
    ]
    return section
