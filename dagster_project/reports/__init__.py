"""From mart rows to claims, from claims to a page: no warehouse access, no scheduler."""

from dagster_project.reports.claims.claims import Claim, ClaimMismatchError, verify_claims
from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.report import Report
from dagster_project.reports.page.selection import RunContext
from dagster_project.reports.page.spread_study import build_spread_study

__all__ = ["Claim", "ClaimMismatchError", "Report", "RunContext", "build_annex", "build_spread_study", "verify_claims"]
