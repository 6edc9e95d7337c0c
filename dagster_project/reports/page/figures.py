"""The rows behind every figure as CSV, safe to open in a spreadsheet."""

import pandas as pd

from dagster_project.reports.page.display_text import csv_text
from dagster_project.reports.page.document import Figure, Section


def figure_csv(figure: Figure) -> str:
    """CSV of a figure's rows: months as YYYY-MM-DD, texts that a spreadsheet would run neutralised."""
    data = figure.data.copy()
    for column in data.columns:
        if pd.api.types.is_datetime64_any_dtype(data[column]):
            data[column] = data[column].dt.strftime("%Y-%m-%d")
        elif not pd.api.types.is_numeric_dtype(data[column]):
            data[column] = data[column].map(lambda value: csv_text(value) if isinstance(value, str) else value)
    return data.to_csv(index=False, lineterminator="\n")


def figure_files(sections: list[Section]) -> dict[str, str]:
    """CSV text by file name, one file a figure."""
    figures = (figure for section in sections for figure in section.figures)
    return {f"{figure.id.removeprefix('figure-')}.csv": figure_csv(figure) for figure in figures}
