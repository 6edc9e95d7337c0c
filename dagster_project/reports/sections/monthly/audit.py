"""What the audit sample says of the classifiers, and whether the shares of the report are corrected by it."""

import pandas as pd

from dagster_project.reports.claims.wording import capitalised, count, interval, month_name, share, technology_name
from dagster_project.reports.page.document import Table
from dagster_project.reports.page.selection import MonthView

RATES = {"sensitivity": "Sensitivity", "specificity": "Specificity", "precision": "Precision",
         "keyword_recall": "Found by keywords"}  # fmt: skip
COLUMNS = ["Technology", "Audited posts", *RATES.values(), "Missed by keywords, at most", "Share, Rogan-Gladen"]
NO_SAMPLE = (
    "Shares of classified posts are not corrected for the classifier's errors: no audit sample with "
    "known inclusion probabilities belongs to this run."
)


def audit_rows(view: MonthView) -> pd.DataFrame:
    """classifier_audit of the month, a row a technology."""
    frame = view.marts["classifier_audit"]
    return frame[frame["period_id"] == view.context.month].sort_values("technology")


def correction_note(view: MonthView) -> str:
    """Whether the shares of the month are corrected, and how; or why they are not."""
    rows = audit_rows(view)
    if rows.empty or not rows["audited_count"].any():
        return NO_SAMPLE
    if not rows["is_covered"].astype(bool).all():
        reason = rows["not_corrected_reason"].dropna().iloc[0]
        return f"Shares of classified posts are not corrected for the classifier's errors: {reason}."
    return (
        "Shares are corrected for the classifier's errors by an audit sample of posts of the month with known "
        "inclusion probabilities, from candidates and from other posts; the classifier's own share stands "
        "beside. Medians, quartiles and growth are not corrected."
    )


def audit_table(view: MonthView) -> Table | None:
    """Rates of the classifiers with their intervals, None where no audit sample covers the month."""
    rows = audit_rows(view)
    rows = rows[rows["is_covered"].astype(bool)]
    if rows.empty:
        return None
    cells = [
        [
            capitalised(technology_name(row["technology"], row["technology_label"])),
            count(row["audited_count"]),
            *(f"{share(row[rate])} ({interval(row[f'{rate}_low'], row[f'{rate}_high'])})" for rate in RATES),
            f"{count(row['missed_by_keywords_posts_high'])} posts ({share(row['missed_by_keywords_share_high'])})",
            share(row["rogan_gladen_share"]),
        ]
        for _, row in rows.iterrows()
    ]
    note = "Weighted by inclusion probability, with 95% intervals. At most: what the sample cannot exclude."
    caption = f"The classifiers in the audit sample, {month_name(view.month)}"
    return Table("table-audit", caption, COLUMNS, cells, frozenset({"Audited posts"}), note)
