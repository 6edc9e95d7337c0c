"""The dashboard of `dashboard.yml` as a file that Superset imports: connection, datasets with their measures, charts.

    python deploy/superset/dashboard_bundle.py URI SCHEMA BUNDLE

URI: of SQLAlchemy; SCHEMA: of the tables there, `main` in the DuckDB file. Measures and descriptions come from the yml
files of the tables, so that a number is defined once.
"""

import sys
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZipFile

import yaml

from dagster_project.publishing.dictionary import Mart, read_dictionary
from dagster_project.publishing.export import BI_FOLDER

ROOT, VERSION, COLUMNS = "hiring_report", "1.0.0", 3
HEIGHT = 52
KINDS = {"line": "echarts_timeseries_line", "bar": "echarts_timeseries_bar", "table": "table"}


def write_bundle(uri: str, schema: str, bundle: Path) -> None:
    """Write the zip; the same names have the same ids, so a second import renews what the first one made."""
    declared = yaml.safe_load(Path(__file__).with_name("dashboard.yml").read_text(encoding="utf-8"))
    tables = {table.name: table for table in read_dictionary(BI_FOLDER).marts}
    files: dict[str, Any] = {
        "metadata": {"version": VERSION, "type": "assets", "timestamp": "2025-01-01T00:00:00+00:00"}
    }
    files["databases/hiring_pulse"] = _database(uri)
    files |= {f"datasets/hiring_pulse/{name}": _dataset(table, schema) for name, table in tables.items()}
    for chart in declared["charts"]:
        files[f"charts/{_id(chart['name'])}"] = _chart(chart, tables[chart["table"]])
    files[f"dashboards/{ROOT}"] = _dashboard(declared)
    with ZipFile(bundle, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{ROOT}/{name}.yaml", yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"hiring-pulse/{name}"))


def _database(uri: str) -> dict[str, Any]:
    return {
        "database_name": "hiring-pulse",
        "sqlalchemy_uri": uri,
        "expose_in_sqllab": True,
        "allow_dml": False,
        "extra": {"engine_params": {}},
        "uuid": _id("database"),
        "version": VERSION,
    }


def _dataset(table: Mart, schema: str) -> dict[str, Any]:
    columns = [
        {
            "column_name": column.name,
            "type": column.data_type.upper(),
            "is_dttm": column.data_type == "date",
            "groupby": True,
            "filterable": True,
            "description": column.description,
        }
        for column in table.columns
    ]
    metrics = [
        {
            "metric_name": measure.name,
            "verbose_name": _words(measure.name),
            "expression": measure.sql,
            "description": measure.description,
            "d3format": ".1%",
        }
        for measure in table.measures
    ]
    return {
        "table_name": table.name,
        "main_dttm_col": "month",
        "description": table.description,
        "schema": schema,
        "columns": columns,
        "metrics": metrics,
        "uuid": _id(table.name),
        "database_uuid": _id("database"),
        "version": VERSION,
    }


def _chart(chart: dict[str, Any], table: Mart) -> dict[str, Any]:
    measures = {measure.name for measure in table.measures}
    metrics = [one if one in measures else _sum(one) for one in chart["metrics"]]
    kind = KINDS[chart["kind"]]
    params = {"viz_type": kind, "metrics": metrics, "adhoc_filters": _filters(chart)}
    return {
        "slice_name": chart["name"],
        "description": chart["note"],
        "viz_type": kind,
        "params": params | {"table": _table, "line": _lines, "bar": _bars}[chart["kind"]](chart),
        "uuid": _id(chart["name"]),
        "dataset_uuid": _id(table.name),
        "version": VERSION,
    }


def _table(chart: dict[str, Any]) -> dict[str, Any]:
    formats = {metric: {"d3NumberFormat": chart["format"], "showCellBars": True} for metric in chart["metrics"]}
    return {
        "query_mode": "aggregate",
        "groupby": chart["by"],
        "column_config": formats,
        "order_desc": True,
        "row_limit": chart.get("limit", 100),
    }


def _lines(chart: dict[str, Any]) -> dict[str, Any]:
    return {
        "x_axis": "month",
        "time_grain_sqla": "P1M",
        "x_axis_time_format": "%Y-%m",
        "y_axis_format": chart["format"],
        "show_legend": len(chart["metrics"]) > 1,
        "row_limit": chart.get("limit", 1000),
        "rich_tooltip": True,
        "connectNulls": False,
    }


def _words(name: str) -> str:
    """`us_ai_share` -> `US AI share`."""
    return " ".join(word.upper() if word in ("us", "ai", "rpa") else word for word in name.split("_"))


def _sum(column: str) -> dict[str, Any]:
    return {"expressionType": "SQL", "sqlExpression": f"sum({column})", "label": _words(column), "hasCustomLabel": True}


def _bars(chart: dict[str, Any]) -> dict[str, Any]:
    return {
        "x_axis": chart["by"],
        "orientation": "horizontal",
        "y_axis_format": chart["format"],
        "x_axis_sort": chart["metrics"][0],
        "x_axis_sort_asc": True,
        "order_desc": True,
        "timeseries_limit_metric": chart["metrics"][0],
        "show_legend": False,
        "show_value": True,
        "row_limit": chart.get("limit", 40),
    }


def _filters(chart: dict[str, Any]) -> list[dict[str, Any]]:
    wanted = {**chart.get("filters", {}), **({"is_latest_month": [True]} if chart.get("latest") else {})}
    return [
        {"expressionType": "SIMPLE", "clause": "WHERE", "subject": column, "operator": "IN", "comparator": values}
        for column, values in wanted.items()
    ]


def _dashboard(declared: dict[str, Any]) -> dict[str, Any]:
    charts = declared["charts"]
    rows = [charts[start : start + COLUMNS] for start in range(0, len(charts), COLUMNS)]
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": [f"ROW-{n}" for n in range(len(rows))]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": declared["title"]}},
    }
    for number, row in enumerate(rows):
        ids = [f"CHART-{_id(chart['name'])}" for chart in row]
        position[f"ROW-{number}"] = {
            "type": "ROW", "id": f"ROW-{number}", "children": ids, "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }  # fmt: skip
        for place, chart in zip(ids, row, strict=True):
            meta = {
                "uuid": _id(chart["name"]),
                "sliceName": chart["name"],
                "width": 12 // COLUMNS,
                "height": HEIGHT,
                "chartId": 0,
            }
            position[place] = {"type": "CHART", "id": place, "children": [], "meta": meta}
    return {
        "dashboard_title": declared["title"],
        "slug": declared["slug"],
        "published": True,
        "position": position,
        "metadata": {"color_scheme": "supersetColors", "cross_filters_enabled": False},
        "uuid": _id("dashboard"),
        "version": VERSION,
    }


if __name__ == "__main__":
    write_bundle(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
