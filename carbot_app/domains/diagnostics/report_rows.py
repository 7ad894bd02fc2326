"""Reports as rows and as views; inside another's transaction."""

from datetime import datetime

from carbot_app.domains.diagnostics.models import DiagnosticReport
from carbot_app.domains.diagnostics.report_paper import link_of
from carbot_app.domains.diagnostics.report_schemas import EXPIRED, ISSUED, REVOKED, ReportContent, ReportView


def state_of(row: DiagnosticReport, now: datetime) -> str:
    """issued, expired or revoked."""
    if row.revoked_at is not None:
        return REVOKED
    return EXPIRED if row.expires_at <= now else ISSUED


def report_view(row: DiagnosticReport, now: datetime, public_url: str) -> ReportView:
    """View of a row, without its PDF."""
    same = (
        "id", "session_id", "sent_on", "issued_at", "issued_by", "opened_at", "order_id", "sha256",
    )  # fmt: skip
    return ReportView(
        **{name: getattr(row, name) for name in same},
        content=ReportContent.from_json(row.content),
        state=state_of(row, now),
        link=link_of(public_url, row.token),
    )
