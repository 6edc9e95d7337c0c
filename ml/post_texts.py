"""What the models read of a post: its title, its skill tags or the first characters of its description."""

from collections.abc import Iterable
from typing import Literal

import pandas as pd

TextSetting = Literal["title", "full"]
DESCRIPTION_CHARS = 650  # what the labellers saw, and what a search page shows of a post
FIELDS = ("title", "skills", "description")
SEPARATOR = " | "


def post_texts(
    titles: Iterable[str | None],
    descriptions: Iterable[str | None],
    skills: Iterable[Iterable[str] | None],
    setting: TextSetting = "full",
) -> pd.DataFrame:
    """The frame that models read: title, skills, description (first 650 characters) and `text`, all three
    joined.

    Skill tags are read only where a post has no description: clients pick tags that the text contradicts, and the
    text decides. By the setting `title` the other two fields are empty. Absent values become ''.
    """
    frame = pd.DataFrame({"title": [title or "" for title in titles]}, dtype=object)
    is_full = setting == "full"
    frame["skills"] = [SEPARATOR.join(tags) if is_full and tags is not None else "" for tags in skills]
    frame["description"] = [(text or "")[:DESCRIPTION_CHARS] if is_full else "" for text in descriptions]
    frame.loc[frame["description"].ne(""), "skills"] = ""
    frame["text"] = [SEPARATOR.join(filter(None, fields)) for fields in frame[list(FIELDS)].to_numpy()]
    return frame
