"""The services of reports, from the settings."""

from dataclasses import dataclass
from typing import Any

from carbot_app.adapters.documents.typst_analysis import TypstAnalysisPrinter
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.analytics.outlook import AnalyticsOutlook
from carbot_app.domains.analytics.reports.content import ReportWriter
from carbot_app.domains.analytics.reports.mails import ATTACHED, ReportMails
from carbot_app.domains.analytics.reports.making import ReportMaker
from carbot_app.domains.analytics.reports.runs import ReportRuns
from carbot_app.domains.analytics.reports.schedules import ReportSchedules
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Reports:
    """The archive, the plans, and the worker behind both."""

    runs: ReportRuns
    schedules: ReportSchedules
    maker: ReportMaker


def report_services(
    settings: Settings,
    db: Database,
    clock: Clock,
    *,
    analytics: AnalyticsService,
    messaging: MessagingService,
) -> Reports:
    """Services with a store of their own: what sweeps photos without a row must not see reports."""
    mails = ReportMails(messaging=messaging, public_url=settings.effective_public_url)
    shared: dict[str, Any] = {
        **{"db": db, "clock": clock, "mails": mails},
        "writer": ReportWriter(
            db=db, analytics=analytics, outlook=AnalyticsOutlook(db=db, clock=clock), clock=clock
        ),
        "printer": TypstAnalysisPrinter(),
        "store": FolderFileStore(settings.data_dir / "reports"),
        "documents": FolderFileStore(settings.data_dir / "documents"),
    }
    runs = ReportRuns(**shared)
    messaging.add_source(ATTACHED, runs.attachment)
    return Reports(runs, ReportSchedules(db=db, clock=clock, mails=mails), ReportMaker(**shared))
