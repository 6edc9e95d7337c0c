"""How complete the data are: months, rows read and refused, absent inputs; and verdicts in doubt by drift."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import count, interval, month_name, points, technology_name
from dagster_project.reports.page.document import Notice, Section, Table
from dagster_project.reports.page.selection import MonthView
from dagster_project.storage.shown_text import display_text

ROW_COLUMNS = ["Month", "Input", "Rows read", "Kept", "Duplicate", "Rejected"]
COLLECTION_COLUMNS = ["Month", "Posts", "Days with posts", "Reference", "Collection"]
SHOWN_MONTHS = 13
INPUT_NAMES = {
    "job_posts": "Job posts", "pulse_answers": "Pulse answers", "contracts": "Contracts",
    "talent_searches": "Talent searches", "quoted_constants": "Quoted constants", "audit_labels": "Audit labels",
    "study_answers": "Study answers", "study_respondents": "Study respondents", "study_margins": "Study margins",
}  # fmt: skip
OPTIONAL_FIELDS = {
    "category": "category tables", "client_country": "US tables", "client_id": "clients as clusters",
    "skills": "skill tables", "budget_usd": "projected values of fixed-price posts",
    "hourly_rate_low_usd": "projected values of hourly posts", "description": "terms in descriptions",
}  # fmt: skip


def collection_claim(view: MonthView, row: pd.Series) -> Claim:
    """`The feed holds 66,380 job posts of November 2025, on 30 of 30 days.`"""
    sentence = (
        f"The feed holds {count(row['post_count'])} job posts of {month_name(view.month)}, "
        f"on {count(row['days_with_posts'])} of {count(row['days_in_month'])} days."
    )
    return view.book.add(
        "monthly_collection", row, "post_count", "days_with_posts", sentence,
        about="collected posts", period=view.context.month, population="job posts of the feed", unit="posts",
    )  # fmt: skip


def language_claim(view: MonthView, row: pd.Series) -> Claim:
    """`83 of 11,887 job posts of January 2023 are in another language than English, which the classifiers read.`

    Such a post counts as a post, and as AI, cloud or RPA work only where its English terms say so.
    """
    sentence = (
        f"{count(row['other_language_post_count'])} of {count(row['post_count'])} job posts of "
        f"{month_name(view.month)} are in another language than English, which the classifiers read."
    )
    return view.book.add(
        "monthly_collection", row, "other_language_post_count", "post_count", sentence,
        about="posts in other languages", period=view.context.month, population="job posts of the feed", unit="posts",
    )  # fmt: skip


def month_notices(view: MonthView) -> list[Notice]:
    """What a reader must know before any number: month failed, not collected, or not complete."""
    notices = []
    reason = view.context.failed_months.get(view.context.month)
    if reason:
        told = display_text(reason, 400)
        text = f"New rows of this month are held back and its previous state is shown. Reason: {told}"
        notices.append(Notice("quality", f"{month_name(view.month)} was not updated", text))
    status = view.collection_status()
    if status is None:
        text = f"The feed has no posts of {month_name(view.month)}; nothing can be said about it."
        notices.append(Notice("quality", f"{month_name(view.month)} was not collected", text))
    elif status["status"] != "complete":
        word = str(status["status"]).replace("_", " ")
        text = (
            f"Collection is {word}: {status['status_reason']}. Shares describe the posts that are there; "
            "growth is withheld."
        )
        notices.append(Notice("quality", f"{month_name(view.month)} is not complete", text))
    return notices


def quality_section(view: MonthView) -> Section:
    """Rows from read to kept by month, the collection of months, refusals by reason, absent fields."""
    section = Section("quality", "Data quality")
    section.lead = "Every row read is kept, a duplicate of a kept one, or rejected with a reason."
    section.notes = [view.context.data_age] if view.context.data_age else []
    status = view.collection_status()
    if status is not None:
        section.claims.append(collection_claim(view, status))
        if status["other_language_post_count"]:
            section.claims.append(language_claim(view, status))
    section.claims.extend(drift_claims(view))
    section.notices.extend(Notice("quality", f"{month} is held", why) for month, why in held_months(view).items())
    section.notices.extend(
        Notice("quality", "Part of a month is held", display_text(why, 400)) for why in view.context.held_parts
    )
    section.notices.extend(_absent_fields(view))
    section.tables.extend([_rows_table(view), _reasons_table(view), _collection_table(view)])
    return section


def held_months(view: MonthView) -> dict[str, str]:
    """Why months are held, over their limit or by hand, by `November 2025`, in the order of the months."""
    return {
        month_name(month): display_text(reason, 400) for month, reason in sorted(view.context.failed_months.items())
    }


def _absent_fields(view: MonthView) -> list[Notice]:
    absent = [
        f"{column} ({use})" for column, use in OPTIONAL_FIELDS.items() if not view.context.provides("job_posts", column)
    ]
    if not absent:
        return []
    text = f"The feed has no {', '.join(absent)}. What needs them is left out, nothing is filled in."
    return [Notice("not-provided", "Fields that the feed does not provide", text)]


def _rows_table(view: MonthView) -> Table:
    frame = view.marts["monthly_source_rows"]
    frame = frame[pd.to_datetime(frame["posted_month"]) <= view.month]
    frame = frame.sort_values(["posted_month", "table_name"], ascending=[False, True]).head(SHOWN_MONTHS)
    source = view.context.source
    total = ["All rows of the run's sources", "all", *(count(source.get(name)) for name in
             ("rows_read", "kept", "duplicate", "rejected"))]  # fmt: skip
    cells = [
        [
            month_name(row["posted_month"]),
            INPUT_NAMES.get(row["table_name"], str(row["table_name"])),
            *(count(row[name]) for name in ("rows_read", "rows_kept", "rows_duplicate", "rows_rejected")),
        ]
        for _, row in frame.iterrows()
    ]
    return Table("table-source-rows", "Rows read, kept, duplicate and rejected", ROW_COLUMNS, [*cells, total],
                 frozenset(ROW_COLUMNS[2:]))  # fmt: skip


def _reasons_table(view: MonthView) -> Table:
    reasons = view.context.source.get("by_reason") or {}
    cells = [[display_text(reason).replace("_", " "), count(rows)] for reason, rows in sorted(reasons.items())]
    if before := view.context.source.get("before_history"):
        cells.append(["older than the history, in no month and no count above", count(before)])
    return Table("table-reject-reasons", "Rejected rows by reason", ["Reason", "Rows"],
                 cells or [["no row was rejected", "0"]], frozenset({"Rows"}))  # fmt: skip


def _collection_table(view: MonthView) -> Table:
    frame = view.marts["monthly_collection"]
    frame = frame[pd.to_datetime(frame["posted_month"]) <= view.month]
    frame = frame.sort_values("posted_month", ascending=False).head(SHOWN_MONTHS)
    cells = [
        [
            month_name(row["posted_month"]),
            count(row["post_count"]),
            f"{count(row['days_with_posts'])} of {count(row['days_in_month'])}",
            count(row["reference_post_count"]),
            str(row["status"]).replace("_", " "),
        ]
        for _, row in frame.iterrows()
    ]
    note = "Reference: posts of a usual month of the feed, from the months around it."
    return Table("table-collection", "Collection of the months", COLLECTION_COLUMNS, cells,
                 frozenset(COLLECTION_COLUMNS[1:4]), note)  # fmt: skip


MART = "monthly_classifier_drift"


def drift_claims(view: MonthView) -> list[Claim]:
    """One claim a technology of the reported month that needs labels."""
    rows = view.of_month(MART)
    return [_claim(view, row) for _, row in rows[rows["needs_labels"].eq(True)].iterrows()]


def _claim(view: MonthView, row: pd.Series) -> Claim:
    """`Up to 3.39 points of AI's share of November 2025 rest on verdicts in doubt ... (n = 500 candidates; 95% ...)`"""
    name = technology_name(row["technology"], row["technology_label"])
    limits = interval(row["possible_share_points_low"], row["possible_share_points_high"], points)
    sentence = (
        f"Up to {points(row['possible_share_points'])} of {name}'s share of {month_name(view.month)} rest on verdicts "
        f"in doubt beyond the usual (n = {count(row['sampled_count'])} candidates; 95% interval {limits}), more than "
        f"the limit of {points(row['limit_points'])}: label posts of the month (make queue MONTH={view.context.month})."
    )
    return view.book.add(
        MART, row, "possible_share_points", "sampled_count", sentence,
        about=f"{name} verdicts in doubt", period=view.context.month, population="candidates of the feed",
        unit="points",
    )  # fmt: skip
