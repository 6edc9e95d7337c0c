"""The sections of the report: each module turns mart rows into claims, figures and tables."""
