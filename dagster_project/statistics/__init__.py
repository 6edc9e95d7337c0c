"""Intervals and growth from counts: plain functions over frames, one registry that names every statistic."""
