"""Writes what follows from keys and passes: audit labels, training labels, and the rows kept aside.

`audit_labels/<queue_id>-<import>-<hash>.csv`, one a month, holds the month's whole sample as it is labelled now;
`training_labels/<queue_id>-<hash>.jsonl`, one a queue; `rejected/<hash>.csv`, one an import. A file that would say the
same is not written again.
"""

import hashlib
import json
from pathlib import Path

import pandas as pd

from ml.labelling.audit_labels import audit_labels
from ml.labelling.passes import ANSWERS, settled
from ml.labelling.queue import AUDIT, TRAINING

USER_STRATUM = "labelled by user"
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
        lessons = taught[[*_TRAINING_FIELDS, "guide_version"]].merge(final[["post_id", *ANSWERS]], on="post_id")
        if len(lessons):
            written.append(_write_training(folder / "training_labels", str(training_queue), lessons))
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


def _write_training(folder: Path, queue: str, lessons: pd.DataFrame) -> Path | None:
    ordered = lessons.assign(stratum=USER_STRATUM).sort_values("post_id")
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
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.building")
    building.write_text(content, encoding="utf-8")
    building.replace(path)
    for old in former:
        old.unlink()
    return path


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:8]
