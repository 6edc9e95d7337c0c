"""A self-written feed: about ninety posts a month from 2024-01 to 2025-02, a few of them awkward on purpose.

Every post is made from (seed, month) alone, so that two calls write the same bytes.
"""

import calendar
import csv
import random
from collections.abc import Iterable
from pathlib import Path

import yaml

HEADER = [
    "id", "published", "seen", "name", "body", "tags", "topic", "occupation",
    "kind", "price", "rate_low", "rate_high", "hours", "duration", "client", "country",
]  # fmt: skip
PULSE_HEADER = ["respondent", "wave", "question", "wording", "answer"]

EMPTY_MONTH, HALF_MONTH, TENFOLD_MONTH = "2024-05", "2024-08", "2024-11"
FIRST_MONTH, REPORT_MONTH, NEXT_MONTH = "2024-01", "2025-02", "2025-03"
MONTHS = [f"2024-{month:02}" for month in range(1, 13)] + ["2025-01", "2025-02"]
POSTS_A_DAY = 3

SCRIPT = "<script>alert('post')</script>"
HYPERLINK = '=HYPERLINK("http://example.invalid","click")'
RIGHT_TO_LEFT = "מפתח \u202eאוטומציה\u202c دعم"
AWKWARD_TITLES = {
    "html": f"{SCRIPT}<img src=x onerror=alert(1)> chatbot with GPT",
    "formula": f"{HYPERLINK} AWS migration",
    "nul": "before\0after, a machine learning model",
    "right_to_left": RIGHT_TO_LEFT,
    "megabyte": "machine learning " * 65_536,
}

TITLES = {
    "Data Science & Analytics": ["Machine learning model for churn, part {n}", "Dashboard {n} for a small shop"],
    "IT & Networking": ["AWS cloud migration of {n} servers", "Office network for {n} desks"],
    "Admin Support": ["UiPath robot for {n} invoices a day", "Virtual assistant, {n} hours a week"],
    "Writing": ["ChatGPT prompts for {n} product texts", "Proofread {n} pages of a manual"],
}
BODIES = [
    "We train a deep learning model with PyTorch and want an AI chatbot built on GPT-4. Batch {n}.",
    "Kubernetes on AWS, Terraform modules and a data lake in the cloud. Ticket {n}.",
    "RPA with UiPath: robotic process automation of {n} forms.",
    "A plain task of {n} hours, no special knowledge needed.",
]
SKILLS = ["Python", "Machine Learning", "Amazon Web Services", "UiPath", "Excel", HYPERLINK, f"<b>{SCRIPT}</b>"]

COLUMNS = {
    "post_id": "id",
    "posted_at": "published",
    "observed_at": "seen",
    "title": "name",
    "description": "body",
    "skills": "string_split(tags, '|')",
    "category": "topic",
    "occupation": "occupation",
    "contract_type": "kind",
    "budget_usd": "money(price)",
    "hourly_rate_low_usd": "money(rate_low)",
    "hourly_rate_high_usd": "money(rate_high)",
    "weekly_hours_band": "hours",
    "duration_band": "duration",
    "client_id": "client",
    "client_country": "country",
}
SEARCH_HEADER = ["month", "term", "searches", "seen"]
SEARCH_COLUMNS = {"search_month": "month", "term": "term", "search_count": "searches", "observed_at": "seen"}
# Searches for `ai agent` as the first file of the log has them; a later file may revise them.
FIRST_SEARCHES = {"2024-11": 100, "2024-12": 110, "2025-01": 120, "2025-02": 130}
LATER_SEARCHES = {"2024-11": 104, "2024-12": 119, "2025-01": 117, "2025-02": 130}
PULSE_COLUMNS = {
    "respondent_id": "respondent",
    "wave_month": "wave",
    "question_id": "question",
    "wording_version": "wording",
    "answer": "answer",
}

Row = dict[str, str]


def month_posts(month: str, *, per_day: int = POSTS_A_DAY, days: int = 31, prefix: str = "") -> list[Row]:
    """Posts on each of the first `days` days of a month, YYYY-MM."""
    draw = random.Random(f"{month}{per_day}{prefix}")
    last_day = min(days, calendar.monthrange(*map(int, month.split("-")))[1])
    return [
        _post(draw, f"{prefix}{month}-{day:02}", number) for day in range(1, last_day + 1) for number in range(per_day)
    ]


def _post(draw: random.Random, day: str, number: int) -> Row:
    category = draw.choice(list(TITLES))
    count = draw.randrange(2, 5000)
    is_fixed = draw.random() < 0.6
    date = day[-10:]
    price = {"kind": "fixed", "price": f"${draw.randrange(20, 4000)}"}
    rates = {"kind": "hourly", "rate_low": "20", "rate_high": "40", "hours": "under_30", "duration": "1_to_3_months"}
    return dict.fromkeys(HEADER, "") | {
        "id": f"{day}-{number}",
        "published": f"{date} {8 + number % 12:02}:30:00",
        "seen": f"{date} 23:00:00",
        "name": draw.choice(TITLES[category]).format(n=count),
        "body": draw.choice(BODIES).format(n=count),
        "tags": "|".join(draw.sample(SKILLS, 3)),
        "topic": category,
        "client": f"client {draw.randrange(60)}",
        "country": draw.choice(["United States", "United States", "Germany", "India"]),
        **(price if is_fixed else rates),
    }


def write_posts(path: Path, posts: Iterable[Row]) -> Path:
    """A CSV file of posts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(posts)
    return path


def write_mapping(path: Path, *, reject_limit: float = 0.05, columns: dict[str, str] | None = None) -> Path:
    """The mapping `written_feed`; `columns` replaces single expressions of the job posts."""
    job_posts = {
        "files": ["posts/*.csv"],
        "format": "csv",
        "reject_limit": reject_limit,
        "columns": COLUMNS | (columns or {}),
    }
    pulse_answers = {"files": ["pulse/*.csv"], "format": "csv", "columns": PULSE_COLUMNS}
    searches = {"files": ["searches/*.csv"], "format": "csv", "columns": SEARCH_COLUMNS}
    content = {
        "name": "written_feed",
        "title": "A self-written feed",
        "is_simulated": False,
        "tables": {"job_posts": job_posts, "pulse_answers": pulse_answers, "talent_searches": searches},
    }
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


CHANGED, REPEATED, REJECTED, LONE = "2024-12-20-0", "2025-01-10-1", "2025-01-15-2", "2025-03-01-0"
MOVED = f"{REPORT_MONTH}-10-1"
CHANGED_LATER = {"published": "2025-01-06 09:00:00", "seen": "2025-01-08 12:00:00", "kind": "fixed", "price": "$7777"}


def write_feed(folder: Path) -> Path:
    """The whole feed below `folder`: posts, repeated and changed posts, a rejected row, a lone post of the month after
    the last whole one, two pulse waves, four months of searches."""
    posts = [post for month in MONTHS for post in _posts_of(month)]
    by_id = {post["id"]: post for post in posts}
    by_id[REJECTED] |= {"kind": "fixed", "price": "$-5"}
    lone = next(post for post in month_posts(NEXT_MONTH) if post["id"] == LONE)
    write_posts(folder / "posts" / "all.csv", [*posts, *_awkward_posts(), lone])
    changed = by_id[CHANGED] | CHANGED_LATER
    write_posts(folder / "posts" / "changes.csv", [by_id[REPEATED], changed])
    write_posts(folder / "posts" / "repeats.csv", [by_id[REPEATED]])
    write_posts(folder / "posts" / "repeats_again.csv", [by_id[REPEATED]])  # the same bytes under another name
    _write_pulse(folder / "pulse" / "waves.csv")
    write_searches(folder / "searches" / "first.csv", FIRST_SEARCHES, seen="2025-03-02 06:00:00")
    return folder


def write_searches(path: Path, searches: dict[str, int], *, seen: str) -> Path:
    """A CSV file of the search log: month (YYYY-MM) -> searches for one term, as they were seen then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(SEARCH_HEADER)
        writer.writerows([f"{month}-01", "ai agent", count, seen] for month, count in searches.items())
    return path


def _posts_of(month: str) -> list[Row]:
    if month == EMPTY_MONTH:
        return []
    per_day = 10 * POSTS_A_DAY if month == TENFOLD_MONTH else POSTS_A_DAY
    return month_posts(month, per_day=per_day, days=15 if month == HALF_MONTH else 31)


def _awkward_posts() -> list[Row]:
    plain = month_posts(REPORT_MONTH, per_day=1, prefix="awkward ")[0]
    return [plain | {"id": name, "name": title} for name, title in AWKWARD_TITLES.items()]


def _write_pulse(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(PULSE_HEADER)
        for wave in ("2025-01-01", "2025-02-01"):
            for number in range(40):
                answer = ("Yes", "No", "Not sure")[number % 3]
                writer.writerow([f"business {number}", wave, "digital_fluency_value", "v1", answer])
