"""Takes returned labels in: checked against the keys, bad rows kept aside, good ones handed to audit and training.

Folder of a workspace's labels: `queues/<queue_id>/` (see `queue_files`), `passes/` (accepted readings, append-only),
`rejected/`, and what follows from them, `audit_labels/` and `training_labels/`.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from ml.atomic import write_text
from ml.features.keywords import TECHNOLOGIES
from ml.labelling.design import AUDIT, TRAINING
from ml.labelling.filled_queue import UnreadableFileError, check_rows, read_filled
from ml.labelling.passes import (
    ANSWERS,
    append_passes,
    kappa_of_labellers,
    new_passes,
    read_passes,
    set_conflicts_aside,
    settled,
)
from ml.labelling.queue_files import KEY
from ml.labels.labelled_posts import WORKSPACE_SOURCE

COLUMNS = [
    "post_id",
    "posted_month",
    "technology",
    "is_positive",
    "is_unsure",
    "inclusion_probability",
    "stratum",
    "guide_version",
    "labelled_on",
    "labeller",
]


def audit_labels(drawn: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS for every labelled post of a month's sample, ordered by post_id and technology.

    drawn: the audit rows of the key of the month's latest queue; settled: of `passes.settled`. labelled_on is
    the day of the sample's last label in every row, because a label more changes the probabilities of the others.
    """
    rates = response(drawn, settled).set_index("stratum")["response_rate"]
    sample = drawn.merge(settled, on="post_id", validate="1:1")
    sample["inclusion_probability"] = (sample["inclusion_probability"] * sample["stratum"].map(rates)).round(9)
    sample["labelled_on"] = sample["labelled_on"].max()
    rows = [
        sample.assign(
            technology=technology,
            is_positive=sample[technology].eq(1),
            is_unsure=sample[f"unsure_{technology}"].eq(1),
        )[COLUMNS]
        for technology in TECHNOLOGIES
    ]
    return pd.concat(rows).sort_values(["post_id", "technology"], ignore_index=True)


def response(drawn: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """How much of each stratum is labelled: stratum, drawn_posts, labelled_posts, response_rate (in weights 1/pi)."""
    weight = 1 / drawn["inclusion_probability"]
    is_labelled = drawn["post_id"].isin(settled["post_id"])
    table = pd.DataFrame({
        "stratum": drawn["stratum"],
        "drawn_posts": 1,
        "labelled_posts": is_labelled.astype(int),
        "drawn_weight": weight,
        "labelled_weight": weight.where(is_labelled, 0.0),
    })  # fmt: skip
    sums = table.groupby("stratum", as_index=False).sum()
    return sums.assign(response_rate=sums["labelled_weight"] / sums["drawn_weight"])[
        ["stratum", "drawn_posts", "labelled_posts", "response_rate"]
    ]


USER_STRATUM = WORKSPACE_SOURCE
_TRAINING_FIELDS = ["post_id", "title", "description", "skills", "category"]


def latest_samples(keys: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """queue_id -> drawn posts, of the latest queue of each month: it holds the whole sample of the month."""
    newest = keys.groupby("posted_month")["queue_id"].max()
    return {str(queue): keys[keys["queue_id"].eq(queue) & keys["purpose"].eq(AUDIT)] for queue in newest}


def write_labels(
    folder: Path, keys: pd.DataFrame, passes: pd.DataFrame, rows: pd.DataFrame, problems: pd.DataFrame
) -> list[Path]:
    """Write the files that changed and return them; rows: of `read_filled`, problems: of `check_rows`."""
    final = settled(passes)
    written: list[Path | None] = []
    for queue, sample in latest_samples(keys).items():
        labels = audit_labels(sample, final)
        if len(labels):
            written.append(_write_audit(folder / "audit_labels", queue, labels))
    latest = keys.drop_duplicates("post_id", keep="last")
    for training_queue, taught in latest[latest["purpose"].eq(TRAINING)].groupby("queue_id"):
        training_rows = taught[[*_TRAINING_FIELDS, "guide_version"]].merge(final[["post_id", *ANSWERS]], on="post_id")
        if len(training_rows):
            written.append(_write_training(folder / "training_labels", str(training_queue), training_rows))
    written.append(_write_rejected(folder / "rejected", rows, problems))
    return [path for path in written if path is not None]


def _write_audit(folder: Path, queue: str, labels: pd.DataFrame) -> Path | None:
    """The month's file in place of its former one; the import number makes later files sort after earlier ones."""
    content = labels.drop(columns="labelled_on").to_csv(index=False)
    former = sorted(folder.glob(f"{queue[:7]}-*.csv"))
    digest = _digest(content)
    if former and former[-1].stem.endswith(digest):
        return None
    number = 1 + (int(former[-1].stem.split("-")[-2]) if former else 0)
    return _replace(folder / f"{queue}-{number:03}-{digest}.csv", labels.to_csv(index=False), former)


def _write_training(folder: Path, queue: str, rows: pd.DataFrame) -> Path | None:
    ordered = rows.assign(stratum=USER_STRATUM).sort_values("post_id")
    ordered["skills"] = ordered["skills"].map(list)
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ordered.to_dict("records"))
    path = folder / f"{queue}-{_digest(content)}.jsonl"
    return None if path.exists() else _replace(path, content, sorted(folder.glob(f"{queue}-*.jsonl")))


def _write_rejected(folder: Path, rows: pd.DataFrame, problems: pd.DataFrame) -> Path | None:
    if problems.empty:
        return None
    kept = problems.merge(rows.drop(columns="post_id"), on=["file", "row"], how="left").drop_duplicates()
    content = kept.to_csv(index=False)
    path = folder / f"{_digest(content)}.csv"
    return None if path.exists() else _replace(path, content, [])


def _replace(path: Path, content: str, former: list[Path]) -> Path:
    """Write by rename, then take away the files that the new one replaces."""
    write_text(path, content)
    for old in former:
        old.unlink()
    return path


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Imported:
    """What one call found and wrote; posts by purpose, rows otherwise."""

    new_posts: dict[str, int]
    repeats: int
    unread: int
    problems: pd.DataFrame
    kappa: pd.DataFrame
    coverage: list[str]
    written: list[Path] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The outcome in sentences, problems first."""
        counts = ", ".join(f"{count} posts for the {purpose}" for purpose, count in sorted(self.new_posts.items()))
        return [
            *self.problems["message"],
            f"{counts or 'no post'} newly labelled; {self.repeats} rows known before, {self.unread} not labelled yet,"
            f" {len(self.problems)} kept aside",
            *(
                f"kappa of two labellers, {row.technology}: {row.kappa:.2f} on {row.n} posts"
                for row in self.kappa.itertuples()
            ),
            *self.coverage,
            *(f"written: {path}" for path in self.written),
        ]


def import_labels(folder: Path, files: list[Path], today: date) -> Imported:
    """Check the files and take in what is good; the same files again change nothing.

    folder: the workspace's `labelling`. Raises UnreadableFileError, before anything changes, for a file that is no
    filled
    queue or where no queue was ever made.
    """
    keys = read_keys(folder / "queues")
    rows = pd.concat([read_filled(path) for path in files], ignore_index=True)
    checked = check_rows(rows, _hashes(keys))
    known = read_passes(folder / "passes")
    fresh = new_passes(checked.readings, known).assign(labelled_on=today.isoformat())
    accepted, conflicts = set_conflicts_aside(fresh, known)
    problems = pd.concat([checked.problems, conflicts], ignore_index=True)
    passes = pd.concat([known, accepted], ignore_index=True)
    latest = keys.drop_duplicates("post_id", keep="last").set_index("post_id")["purpose"]
    newly = accepted.loc[~accepted["post_id"].isin(known["post_id"]), "post_id"].drop_duplicates()
    written = write_labels(folder, keys, passes, rows, problems)
    if len(accepted):
        append_passes(folder / "passes", accepted)
    return Imported(
        new_posts={str(purpose): int(count) for purpose, count in newly.map(latest).value_counts().items()},
        repeats=len(checked.readings) - len(fresh),
        unread=checked.unread,
        problems=problems,
        kappa=kappa_of_labellers(passes),
        coverage=_coverage(keys, passes),
        written=written,
    )


def _hashes(keys: pd.DataFrame) -> dict[str, set[str]]:
    return {str(post): set(own) for post, own in keys.groupby("post_id")["text_hash"]}


def read_keys(queues: Path) -> pd.DataFrame:
    """The keys of all queues, the oldest first."""
    frames = [pd.read_parquet(path) for path in sorted(queues.glob(f"*/{KEY}"))]
    if not frames:
        raise UnreadableFileError(f"{queues}: no labelling queue was made here; run make queue MONTH=... first")
    return pd.concat(frames, ignore_index=True)


def labelled_posts(folder: Path) -> dict[str, str]:
    """post_id -> purpose of every post labelled so far."""
    passes = read_passes(folder / "passes")
    if passes.empty:
        return {}
    latest = read_keys(folder / "queues").drop_duplicates("post_id", keep="last").set_index("post_id")["purpose"]
    return {post: latest[post] for post in passes["post_id"].unique()}


def _coverage(keys: pd.DataFrame, passes: pd.DataFrame) -> list[str]:
    """A sentence for every month whose sample is labelled in part."""
    lines = []
    for queue, sample in latest_samples(keys).items():
        table = response(sample, passes)
        labelled, drawn = int(table["labelled_posts"].sum()), int(table["drawn_posts"].sum())
        if 0 < labelled < drawn:
            empty = table.loc[table["labelled_posts"].eq(0), "stratum"].tolist()
            gap = f"; none yet of: {', '.join(empty)}" if empty else ""
            lines.append(f"{queue[:7]}: {labelled} of {drawn} drawn posts are labelled{gap}")
    return lines
