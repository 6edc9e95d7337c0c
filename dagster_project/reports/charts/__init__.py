"""The report's charts: Altair specifications rendered to inline SVG by vl-convert, in two widths."""
