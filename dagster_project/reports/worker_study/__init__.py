"""The page of a wave of the worker study: every sentence from one mart row, every population as its row names it."""

from dagster_project.reports.worker_study.page import build_worker_study
from dagster_project.reports.worker_study.view import study_waves

__all__ = ["build_worker_study", "study_waves"]
