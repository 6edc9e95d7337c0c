"""Labelled posts: read, validate, merge the two passes, agreement, and the split that never moves; beside the shipped
ones those of a workspace. `python -m ml.labels.labelled_posts` freezes the posts held out today, once.

A labelled post is one JSON line: post_id, title, description, skills, category, stratum, and for each
technology a 0/1 label and a 0/1 `unsure_<technology>`; `guide_version` may be left out for GUIDE_VERSION. The second,
blind pass repeats post_id and labels only.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ml.features.keywords import TECHNOLOGIES
from ml.labels import frozen_set

LABELS_DIR = Path(__file__).resolve().parent
HELD_OUT_SHARE = 0.25
GUIDE_VERSION = "2"  # of ml/labels/GUIDE.md, by which every shipped post without a version of its own is labelled
_LABEL_FIELDS = [*TECHNOLOGIES, *(f"unsure_{t}" for t in TECHNOLOGIES)]
_POST_FIELDS = ["post_id", "title", "description", "skills", "category", "stratum"]
CONTENT_FIELDS = [*_POST_FIELDS, *_LABEL_FIELDS]
FROZEN_FIELDS = [*CONTENT_FIELDS, "guide_version"]
WORKSPACE_SOURCE, SHIPPED_SOURCE = "labelled by user", "shipped"


class LabelError(ValueError):
    """A labelled post that cannot be used; the message names file, line, field and what to do."""


def load_labels(directory: Path = LABELS_DIR) -> pd.DataFrame:
    """All labelled posts with both passes merged and the split marked.

    Returns the posts' fields, the label and `unsure_` columns (int), `guide_version`, the second pass's labels
    (`<technology>_second`, missing without one), `pass_count`, `is_held_out` and `is_frozen`, ordered by post_id.
    Raises LabelError for an unreadable line, a wrong value, a repeated id, or a second label of an unknown post, and
    FrozenSetError where a post of the frozen evaluation set is not what it was.
    """
    merged = read_both_passes(directory)
    frozen = frozen_set.read(directory / frozen_set.FILE)
    frozen.verify(merged[FROZEN_FIELDS])
    is_frozen = merged["post_id"].isin(frozen.posts)
    return merged.assign(is_held_out=merged["post_id"].map(is_held_out) | is_frozen, is_frozen=is_frozen)


def freeze(directory: Path) -> frozen_set.FrozenSet:
    """Write the frozen set of a labels folder; FrozenSetError where there is one, because it never changes."""
    path = directory / frozen_set.FILE
    if path.exists():
        raise frozen_set.FrozenSetError(f"{path}: the evaluation set is frozen already and never changes")
    labels = read_both_passes(directory)
    held_out = labels.loc[labels["post_id"].map(is_held_out), FROZEN_FIELDS]
    posts, versions = frozen_set.post_hashes(held_out), sorted(held_out["guide_version"].unique())
    frozen = frozen_set.FrozenSet(path, posts, versions)
    frozen.write()
    return frozen


def load_training_labels(folder: Path) -> pd.DataFrame:
    """Accepted training labels of a workspace in the columns of `load_labels`, and `source`; empty without any.

    They are training posts whatever the hash of their id: evaluation stays on the shipped posts. Raises LabelError as
    `load_posts`.
    """
    if not any(folder.glob("*.jsonl")):
        return pd.DataFrame()
    return never_judged(load_posts(folder), WORKSPACE_SOURCE, pass_count=1)


def never_judged(posts: pd.DataFrame, source: str, pass_count: int) -> pd.DataFrame:
    """The posts with the columns that `load_labels` adds, and `source`: read once or by a model, they only train."""
    second = {f"{technology}_second": pd.array([pd.NA] * len(posts), dtype="Int64") for technology in TECHNOLOGIES}
    return posts.assign(**second, pass_count=pass_count, is_held_out=False, is_frozen=False, source=source)


def with_workspace_labels(shipped: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """The shipped labels and the workspace's, told apart by `source`; LabelError where one post is in both."""
    own = load_training_labels(folder)
    labels = shipped.assign(source=SHIPPED_SOURCE)
    if own.empty:
        return labels
    if both := sorted(set(own["post_id"]) & set(labels["post_id"])):
        raise LabelError(f"{folder}: posts {both[:5]} are among the shipped labels; remove their lines")
    return pd.concat([labels, own], ignore_index=True)


def read_both_passes(directory: Path) -> pd.DataFrame:
    """The merged passes of a labels folder, without the split."""
    return merge_passes(load_posts(directory / "posts"), load_second_pass(directory / "second_pass"))


def load_posts(folder: Path) -> pd.DataFrame:
    """First-pass posts of every `*.jsonl` in a folder, ordered by post_id."""
    rows = [(where, {"guide_version": GUIDE_VERSION} | row) for where, row in _lines(folder)]
    records = [_checked(where, row, FROZEN_FIELDS) for where, row in rows]
    if not records:
        raise LabelError(f"{folder}: no labelled posts found; expected files named *.jsonl")
    return _frame(records, FROZEN_FIELDS, folder).astype({"guide_version": str})


def load_second_pass(folder: Path) -> pd.DataFrame:
    """Second-pass labels (post_id and labels), ordered by post_id; empty when none were made."""
    rows = [(where, {f"unsure_{t}": 0 for t in TECHNOLOGIES} | row) for where, row in _lines(folder)]
    records = [_checked(where, row, ["post_id", *_LABEL_FIELDS]) for where, row in rows]
    return _frame(records, ["post_id", *_LABEL_FIELDS], folder)


def merge_passes(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The first pass, marked unsure wherever either pass was unsure or the two disagree; adds
    `pass_count` and the second labels.

    The first pass saw the post as it was written for its stratum, so its label stands; a disagreement shows
    a post that a careful reader could decide otherwise.
    """
    if unknown := sorted(set(second["post_id"]) - set(first["post_id"])):
        raise LabelError(f"second pass labels unknown posts {unknown[:5]}; remove them or add the posts")
    both = first.merge(second, on="post_id", how="left", suffixes=("", "_second"))
    has_second = both["ai_second"].notna()
    merged = first.assign(pass_count=1 + has_second.to_numpy().astype(int))
    for technology in TECHNOLOGIES:
        doubtful = both[f"unsure_{technology}_second"].eq(1) | both[technology].ne(both[f"{technology}_second"])
        unsure = merged[f"unsure_{technology}"].eq(1).to_numpy() | (doubtful & has_second).to_numpy()
        merged[f"unsure_{technology}"] = unsure.astype(int)
        merged[f"{technology}_second"] = both[f"{technology}_second"].astype("Int64")
    return merged


def agreement(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Cohen's kappa of the two passes: technology, posts (`all`, `clear`, `unsure` in the first pass), n,
    agreement_share, kappa.

    kappa is NaN where one pass knows a single class (it is undefined there).
    """
    both = first[["post_id", *_LABEL_FIELDS]].merge(second, on="post_id", suffixes=("", "_second"))
    rows = []
    for technology in TECHNOLOGIES:
        unsure = both[f"unsure_{technology}"].eq(1)
        for name, part in (("all", both), ("clear", both[~unsure]), ("unsure", both[unsure])):
            rows.append({"technology": technology, "posts": name, **kappa(part, technology)})
    return pd.DataFrame(rows)


def kappa(both: pd.DataFrame, technology: str) -> dict[str, Any]:
    """n, agreement_share and Cohen's kappa of two columns, `<technology>` and `<technology>_second`; NaN if
    undefined."""
    one, two = both[technology], both[f"{technology}_second"]
    varied = len(both) > 0 and pd.concat([one, two]).nunique() > 1
    from sklearn.metrics import cohen_kappa_score  # takes seconds, and every command reads this module

    kappa = cohen_kappa_score(one, two) if varied else float("nan")
    return {"n": len(both), "agreement_share": float(one.eq(two).mean()), "kappa": float(kappa)}


def is_held_out(post_id: str) -> bool:
    """Whether a post belongs to the evaluation split; depends on its id alone, so new posts never move old
    ones."""
    draw = int.from_bytes(hashlib.sha256(post_id.encode()).digest()[:8], "big") / 2**64
    return draw < HELD_OUT_SHARE


def data_hash(labels: pd.DataFrame) -> str:
    """First 16 hex digits of the sha256 over posts and labels; row order does not matter."""
    fields = labels[CONTENT_FIELDS].sort_values("post_id")
    rows = fields.assign(skills=fields["skills"].map(list)).to_dict("records")
    return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:16]


def _lines(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                yield f"{path.name}, line {number}", _parsed(f"{path.name}, line {number}", line)


def _parsed(where: str, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise LabelError(f"{where}: not a JSON object ({error}); put each post on one line") from error
    if not isinstance(row, dict):
        raise LabelError(f"{where}: a JSON object is needed, found {type(row).__name__}")
    return row


def _checked(where: str, row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    for field in fields:
        if field not in row:
            raise LabelError(f"{where}, {field}: missing; add it")
        if field in _LABEL_FIELDS and (row[field] not in (0, 1) or isinstance(row[field], float)):
            raise LabelError(f"{where}, {field}: {row[field]!r} must be 0 or 1")
        if field in ("post_id", "title") and not str(row[field] or "").strip():
            raise LabelError(f"{where}, {field}: empty; every labelled post needs one")
        if field == "skills" and not isinstance(row[field], list):
            raise LabelError(f"{where}, skills: {row[field]!r} must be a list of texts")
    return row | {field: int(row[field]) for field in fields if field in _LABEL_FIELDS}


def _frame(records: list[dict[str, Any]], fields: list[str], folder: Path) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=fields)
    if repeated := frame.loc[frame["post_id"].duplicated(), "post_id"].tolist():
        raise LabelError(f"{folder}: post_id {repeated[:5]} labelled more than once; keep one line each")
    return frame.sort_values("post_id", ignore_index=True)


def label_counts(labels: pd.DataFrame, technology: str) -> dict[str, Any]:
    """Counts of the labelled posts of `ml.labels.labelled_posts.load_labels` (or with more rows of the same columns).

    Returns train, train_positives, train_unsure, held_out, frozen, frozen_positives, guide_versions {version: posts},
    sources {source: posts}, strata {stratum: {train, train_positives, frozen}} and second_pass (n, agreement_share,
    kappa; None without one). The column `source` may be absent: all posts are then those shipped.
    """
    train, frozen = labels[~labels["is_held_out"]], labels[labels["is_frozen"]]
    source = labels.get("source", pd.Series(SHIPPED_SOURCE, labels.index)).fillna(SHIPPED_SOURCE)
    return {
        "train": len(train),
        "train_positives": int(train[technology].sum()),
        "train_unsure": int(train[f"unsure_{technology}"].sum()),
        "held_out": int(labels["is_held_out"].sum()),
        "frozen": len(frozen),
        "frozen_positives": int(frozen[technology].sum()),
        "guide_versions": _counts(labels["guide_version"]),
        "sources": _counts(source),
        "strata": _strata(labels, technology),
        "second_pass": _agreement(labels, technology),
    }


def _counts(values: "pd.Series[str]") -> dict[str, int]:
    return {str(name): int(count) for name, count in values.value_counts().sort_index().items()}


def _strata(labels: pd.DataFrame, technology: str) -> dict[str, dict[str, int]]:
    return {
        str(stratum): {
            "train": int((~part["is_held_out"]).sum()),
            "train_positives": int(part.loc[~part["is_held_out"], technology].sum()),
            "frozen": int(part["is_frozen"].sum()),
        }
        for stratum, part in labels.groupby("stratum")
    }


def _agreement(labels: pd.DataFrame, technology: str) -> dict[str, Any] | None:
    both = labels[labels[f"{technology}_second"].notna()]
    if both.empty:
        return None
    scores = kappa(both.astype({f"{technology}_second": int}), technology)
    return {"n": scores["n"], **{key: round(scores[key], 4) for key in ("agreement_share", "kappa")}}


if __name__ == "__main__":
    print(f"{len(freeze(LABELS_DIR).posts)} posts frozen in {LABELS_DIR / frozen_set.FILE}")
