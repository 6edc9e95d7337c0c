"""The folder of a queue: files for readers, whose text comes back from a spreadsheet as it was, and the key."""

import csv
import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path

import pandas as pd
from pandas.api.types import is_list_like

from ml.features.clean_text import clean_text
from ml.features.keywords import TECHNOLOGIES
from ml.features.post_texts import DESCRIPTION_CHARS
from ml.labelling.design import Choice, permanent_numbers
from ml.labels.labelled_posts import GUIDE_VERSION

FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_LONG_NUMBER = re.compile(r"\d{12,}")  # a spreadsheet shortens it to 1.23457E+18


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula or shorten it as a number."""
    starts = text.startswith(FORMULA_START) or text.lstrip().startswith(FORMULA_START)
    return f"'{text}" if starts or _LONG_NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe of `guarded`."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


QUEUE, TASKS, CONFIG, KEY, DESIGN = (
    "queue.csv",
    "label_studio.json",
    "label_studio_config.xml",
    "key.parquet",
    "design.parquet",
)
TEXT_FIELDS = ("title", "description", "skills")
SHOWN_FIELDS = ("post_id", "posted_month", *TEXT_FIELDS, "category")
ANSWER_FIELDS = (*TECHNOLOGIES, *(f"unsure_{technology}" for technology in TECHNOLOGIES))
SKILL_SEPARATOR = "; "
CONFIG_FILE = Path(__file__).with_name(CONFIG)


def write_queue(
    queues: Path, month: str, choice: Choice, texts: pd.DataFrame, model_versions: dict[str, str], seed: int
) -> Path:
    """Write the folder `<queues>/<month>-<number>`, whole or not at all, and return it.

    texts: post_id, title, description, skills (list), category of every chosen post. Raises ValueError where a chosen
    post has no text.
    """
    key = _key(month, choice, texts, model_versions, seed)
    queues.mkdir(parents=True, exist_ok=True)
    folder = queues / f"{month}-{len(list(queues.glob(f'{month}-*'))) + 1:03}"
    staging = Path(tempfile.mkdtemp(dir=queues, prefix=".building-"))
    try:
        _write_for_readers(staging, key[key["is_asked"]])
        key.assign(queue_id=folder.name).to_parquet(staging / KEY, index=False)
        choice.design.to_parquet(staging / DESIGN, index=False)
        staging.chmod(0o755)
        staging.replace(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder


def shown_texts(texts: pd.DataFrame) -> pd.DataFrame:
    """What a reader sees of each post, and the model receives: title, first 650 characters of the description, skills.

    Cleaned as the model reads them (`clean_text`). Absent fields become '' and []; columns post_id, title, description,
    skills (list), category.
    """
    shown = texts[["post_id", "title", "category"]].astype(object).where(texts.notna(), "")
    shown["title"] = shown["title"].map(clean_text)
    descriptions = texts["description"].where(texts["description"].notna(), "")
    shown["description"] = [clean_text(str(text))[:DESCRIPTION_CHARS] for text in descriptions]
    shown["skills"] = [list(map(clean_text, s)) if is_list_like(s) else [] for s in texts["skills"]]
    return shown[["post_id", *TEXT_FIELDS, "category"]]


def text_hash(title: str, description: str, skills: str) -> str:
    """First 16 hex digits of the sha256 over the shown text; blanks and line ends do not count, since spreadsheets
    change them."""
    fields = [" ".join(unguarded(text).split()) for text in (title, description, skills)]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()[:16]


def _key(month: str, choice: Choice, texts: pd.DataFrame, model_versions: dict[str, str], seed: int) -> pd.DataFrame:
    key = choice.posts.merge(shown_texts(texts), on="post_id", how="left", validate="1:1")
    if key["title"].isna().any():
        lost = key.loc[key["title"].isna(), "post_id"].tolist()
        raise ValueError(f"{len(lost)} chosen posts of {month} have no text, such as {lost[:3]}; make the report again")
    joined = key["skills"].map(SKILL_SEPARATOR.join)
    key["text_hash"] = list(map(text_hash, key["title"], key["description"], joined))
    key = key.assign(posted_month=f"{month}-01", guide_version=GUIDE_VERSION, seed=seed)
    key = key.assign(**{f"{technology}_model_version": model_versions[technology] for technology in TECHNOLOGIES})
    order = permanent_numbers(key["post_id"], f"order {seed}")  # independent of the draw: the order says nothing
    return key.iloc[order.argsort()].reset_index(drop=True)


def _write_for_readers(folder: Path, asked: pd.DataFrame) -> None:
    shown = asked.assign(skills=asked["skills"].map(SKILL_SEPARATOR.join))[list(SHOWN_FIELDS)]
    rows = [dict(zip(SHOWN_FIELDS, values, strict=True)) for values in shown.itertuples(index=False)]
    with (folder / QUEUE).open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel that it is UTF-8
        writer = csv.DictWriter(file, [*SHOWN_FIELDS, *ANSWER_FIELDS, "labeller"], restval="")
        writer.writeheader()
        writer.writerows({name: guarded(text) for name, text in row.items()} for row in rows)
    tasks = [{"data": row} for row in rows]
    (folder / TASKS).write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(CONFIG_FILE, folder / CONFIG)
