"""From mart rows to claims, from claims to a page: no warehouse access, no scheduler."""

from dagster_project.reports.build import Report, build_report
from dagster_project.reports.claims import Claim, ClaimMismatchError, verify_claims
from dagster_project.reports.context import RunContext

__all__ = ["Claim", "ClaimMismatchError", "Report", "RunContext", "build_report", "verify_claims"]
