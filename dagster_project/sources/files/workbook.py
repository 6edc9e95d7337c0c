"""Records of a workbook's sheet, every cell as text: dates as ISO 8601, whole numbers without a decimal point."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.csv_records import distinct_names
from dagster_project.sources.files.record_file import Record

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_sheet(path: Path, name: str, sheet: str, skip_rows: int) -> tuple[list[str], Iterator[Record]]:
    """The columns that the first filled row names, and the rows below it that hold anything, numbered from 1.

    `sheet` may be empty where the workbook has one. Raises SourceError for several sheets without a name.
    """
    with path.open("rb") as stream:
        workbook = python_calamine.CalamineWorkbook.from_filelike(stream)
        names = workbook.sheet_names
        if not sheet and len(names) > 1:
            raise SourceError(f"{name}: {len(names)} sheets; name one in the options: `sheet: {names[0]}`")
        if sheet and sheet not in names:
            raise SourceError(f"{name}: no sheet {sheet!r}; there are {', '.join(names)}")
        rows = workbook.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)[skip_rows:]
    filled = [row for row in rows if any(cell != "" for cell in row)]
    if not filled:
        raise SourceError(f"{name}: the sheet {sheet or names[0]!r} holds nothing")
    header, *records = filled
    columns = distinct_names([_text(cell) or "" for cell in header])
    return columns, (Record(number, [_text(cell) for cell in row]) for number, row in enumerate(records, start=1))


def _text(cell: Cell) -> str | None:
    if cell == "" or cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
