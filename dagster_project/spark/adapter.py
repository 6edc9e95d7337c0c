"""dbt's adapter of Spark with one method more: `adapter.translated`, by which macros put a model's SQL into Spark's."""

from dbt.adapters.base.meta import available
from dbt.adapters.spark import Plugin, impl
from pyspark.sql import SparkSession

from dagster_project.spark.dialect import translated


class SparkAdapter(impl.SparkAdapter):
    """The adapter of the target `spark` in `dbt/profiles.yml`; dbt finds its macros by the name of this class."""

    @available
    def translated(self, sql: str) -> str:
        """A statement of the models in Spark's dialect."""
        return translated(sql, lambda table: SparkSession.builder.getOrCreate().table(table).columns)


def use_in_dbt() -> None:
    """Have dbt take this adapter where a profile says `type: spark`."""
    Plugin.adapter = SparkAdapter
