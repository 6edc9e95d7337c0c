"""The models of `dbt/` on Spark: the project's SQL in Spark's dialect, the lake as views, scoring, dbt in one process.

Runs in an environment of its own (`make setup-spark`), where neither Dagster nor DuckDB is installed.
"""
