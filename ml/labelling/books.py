"""Takes returned labels in: checked against the keys, bad rows kept aside, good ones handed to audit and training.

Folder of a home's labels: `queues/<queue_id>/` (see `queue_files`), `passes/` (accepted readings, append-only), and
what follows from the two (see `ml.labelling.files`).
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from ml.labelling.audit_labels import response
from ml.labelling.checks import check_rows
from ml.labelling.files import latest_samples, write_labels
from ml.labelling.filled_queue import UnreadableFileError, read_filled
from ml.labelling.passes import append_passes, kappa_of_labellers, new_passes, read_passes, set_conflicts_aside
from ml.labelling.queue_files import KEY


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

    folder: the home's `labelling`. Raises UnreadableFileError, before anything changes, for a file that is no filled
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
