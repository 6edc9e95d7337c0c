"""What the models read of a post: its title, its skill tags or the first characters of its description."""

import re
from collections.abc import Iterable
from typing import Literal, get_args

import pandas as pd

from ml.features.clean_text import clean_text

TextSetting = Literal["title", "full", "full_with_skills"]
TEXT_SETTINGS: tuple[TextSetting, ...] = get_args(TextSetting)
DEFAULT_SETTING: TextSetting = "full"
DESCRIPTION_CHARS = 650  # what the labellers saw, and what a search page shows of a post
FIELDS = ("title", "skills", "description")
SEPARATOR = " | "
_REFERENCE_CODE = re.compile(r"\[[A-Z]{2,6}\s*-\s*\d+\]")  # '[GCP-1342]' is the client's file number, not Google Cloud


def post_texts(
    titles: Iterable[str | None],
    descriptions: Iterable[str | None],
    skills: Iterable[Iterable[str] | None],
    setting: TextSetting = DEFAULT_SETTING,
) -> pd.DataFrame:
    """The frame that models read: title, skills, description (first 650 characters) and `text`, all three
    joined.

    By the setting `full` skill tags are read only where a post has no description: clients pick tags that the text
    contradicts, and the text decides. By `full_with_skills` they are always read, by `title` neither is. Absent values
    become ''. Texts are cleaned (`clean_text`), reference codes in square brackets are left out of titles.
    """
    read_title = [_plain_title(title or "") for title in titles]
    read = [clean_text(text or "")[:DESCRIPTION_CHARS] if setting != "title" else "" for text in descriptions]
    tags = [_plain_tags(own, text, setting) for own, text in zip(skills, read, strict=True)]
    text = [SEPARATOR.join(filter(None, fields)) for fields in zip(read_title, tags, read, strict=True)]
    return pd.DataFrame({"title": read_title, "skills": tags, "description": read, "text": text}, dtype=object)


def _plain_tags(tags: Iterable[str] | None, description: str, setting: TextSetting) -> str:
    is_read = tags is not None and setting != "title" and not (setting == "full" and description)
    return clean_text(SEPARATOR.join(tags)) if is_read else ""  # type: ignore[arg-type]


def _plain_title(title: str) -> str:
    clean = clean_text(title)
    return _REFERENCE_CODE.sub(" ", clean) if "[" in clean else clean
