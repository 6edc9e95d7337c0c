"""SQL by which the marts of several topics name the same cell."""

WITH_CATEGORY = "'*'"
CATEGORY_OR_ALL = "case category_id when 'all' then '' else category_id end"
SERIES = {
    "population": "population",
    "technology": "case level when 'technology' then series_id else 'any' end",
    "place": "case level when 'category' then series_id "
    "when 'sub_category' then coalesce(category_id, 'none') || '/' || series_id "
    "when 'composite' then ':' || series_id else '' end",
}
QUESTION = "question_id || '/' || wording_version"


def month(column: str, before: int = 0) -> str:
    """SQL of a month's period id, `before` months earlier."""
    shifted = f"{column} - interval {before} month" if before else column
    return f"strftime({shifted}, '%Y-%m')"
