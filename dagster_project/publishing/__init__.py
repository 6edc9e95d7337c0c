"""Exports of the marts and immutable releases of them for BI; what was said, and when."""
