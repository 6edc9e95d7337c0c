"""Readings of the same post by several labellers: what they agree on, what is kept aside, what counts.

A pass is one reading of a post: post_id, labeller, a 0/1 label and a 0/1 unsure mark of each technology, labelled_on.
"""

import hashlib
from pathlib import Path

import pandas as pd

from ml.atomic import replacing
from ml.features.keywords import TECHNOLOGIES
from ml.labelling.filled_queue import PROBLEM_COLUMNS, problem
from ml.labels.labelled_posts import agreement

ANSWERS = [*TECHNOLOGIES, *(f"unsure_{technology}" for technology in TECHNOLOGIES)]
PASS_COLUMNS = ["post_id", "labeller", *ANSWERS, "labelled_on", "file", "row"]


def read_passes(folder: Path) -> pd.DataFrame:
    """All accepted passes in the order of their imports; PASS_COLUMNS."""
    frames = [pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))]
    passes = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=PASS_COLUMNS)
    return passes.astype(dict.fromkeys(ANSWERS, int))


def append_passes(folder: Path, passes: pd.DataFrame) -> Path:
    """Store accepted passes as the next import; a reader sees the whole file or none."""
    digest = hashlib.sha256(passes[["post_id", "labeller", *ANSWERS]].to_csv(index=False).encode()).hexdigest()[:16]
    path = folder / f"{len(list(folder.glob('*.parquet'))) + 1:04}-{digest}.parquet"
    with replacing(path) as building:
        passes[PASS_COLUMNS].to_parquet(building, index=False)
    return path


def new_passes(readings: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Readings that are no exact repeat of a known pass, or of each other, by the same labeller."""
    same = ["post_id", "labeller", *ANSWERS]
    both = pd.concat([known[same], readings[same]], ignore_index=True)
    is_repeat = both.astype(str).duplicated().to_numpy()[len(known) :]
    return readings[~is_repeat]


def set_conflicts_aside(readings: pd.DataFrame, known: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The new readings without those of posts that were labelled differently, and the problems of the latter.

    A difference is a conflict unless one of the readings is marked unsure. A known pass stays as it is: what the lake
    has read is not taken back.
    """
    both = pd.concat([known.assign(is_new=False), readings.assign(is_new=True)], ignore_index=True)
    in_doubt = both[both["post_id"].isin(readings["post_id"])]
    found = {str(post): _conflict(passes) for post, passes in in_doubt.groupby("post_id")}
    conflicts = {post: technology for post, technology in found.items() if technology}
    aside = readings[readings["post_id"].isin(conflicts)]
    problems = [
        _conflict_of({str(k): v for k, v in row.items()}, conflicts[row["post_id"]], both)
        for row in aside.to_dict("records")
    ]
    return readings.drop(aside.index), pd.DataFrame(problems, columns=PROBLEM_COLUMNS)


def _conflict(passes: pd.DataFrame) -> str | None:
    """The first technology on which the passes of one post contradict each other."""
    for technology in TECHNOLOGIES:
        if passes[technology].nunique() > 1 and not passes[f"unsure_{technology}"].astype(bool).any():
            return technology
    return None


def _conflict_of(row: dict[str, str], technology: str, both: pd.DataFrame) -> dict[str, str]:
    others = both[both["post_id"].eq(row["post_id"]) & both[technology].ne(row[technology])]
    other = others.iloc[0]
    advice = "settle it with the guide, give every row of the post the same label (or mark it unsure), and import again"
    said = f"{row[technology]} here, {other[technology]} in {other['file']} row {other['row']}"
    fate = "neither is used" if other["is_new"] else "the earlier one stays"
    return problem(row, technology, "conflict", f"{row['post_id']}: {said}; {fate}. {advice}")


def settled(passes: pd.DataFrame) -> pd.DataFrame:
    """One row a post: the first pass's labels and labeller, unsure where a pass was unsure or passes differ,
    labelled_on of the last pass."""
    by_post = passes.groupby("post_id", sort=True)
    final = by_post[["labeller", *TECHNOLOGIES]].first()
    for technology in TECHNOLOGIES:
        differs = by_post[technology].nunique().gt(1)
        final[f"unsure_{technology}"] = (by_post[f"unsure_{technology}"].max().astype(bool) | differs).astype(int)
    return final.assign(labelled_on=by_post["labelled_on"].max()).reset_index()


def kappa_of_labellers(passes: pd.DataFrame) -> pd.DataFrame:
    """Agreement of the first two labellers of each post that two have read; columns of `agreement`, a row a
    technology, none where no post was read twice."""
    named = passes.drop_duplicates(["post_id", "labeller"])
    place = named.groupby("post_id").cumcount()
    first, second = named[place.eq(0)], named[place.eq(1)]
    table = agreement(first[["post_id", *ANSWERS]], second[["post_id", *ANSWERS]])
    return table[table["posts"].eq("all") & table["n"].gt(0)].reset_index(drop=True)
