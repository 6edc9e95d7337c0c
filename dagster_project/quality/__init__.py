"""Quality gates: a declared suite for each stage, run by Great Expectations in DuckDB as a blocking check."""
