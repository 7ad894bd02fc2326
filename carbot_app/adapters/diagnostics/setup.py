"""The services of diagnostics, from the settings."""

from dataclasses import dataclass

from carbot_app.adapters.ai.setup import summary_writer
from carbot_app.adapters.diagnostics.parquet import ArrowParquetWriter
from carbot_app.adapters.documents.typst_reports import TypstReportPrinter
from carbot_app.adapters.obd.talking import ObdTalker
from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.diagnostics.agents import AgentService
from carbot_app.domains.diagnostics.code_service import CodeService
from carbot_app.domains.diagnostics.intake import SessionIntake
from carbot_app.domains.diagnostics.keeping import AdapterKeeping
from carbot_app.domains.diagnostics.maintenance_links import MaintenanceLinks
from carbot_app.domains.diagnostics.maintenance_mails import MaintenanceMails
from carbot_app.domains.diagnostics.maintenance_service import MaintenanceService
from carbot_app.domains.diagnostics.meaning import MeaningService
from carbot_app.domains.diagnostics.ports import CarTalker, SummaryWriter
from carbot_app.domains.diagnostics.recordings import RecordingService
from carbot_app.domains.diagnostics.report_links import ReportLinks
from carbot_app.domains.diagnostics.report_service import ReportService
from carbot_app.domains.diagnostics.service import DiagnosticService
from carbot_app.domains.diagnostics.summary_service import SummaryService
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.orders.approvals import ApprovalService
from carbot_app.domains.orders.service import OrderService
from carbot_app.domains.photos.ports import FileStore
from carbot_app.kit.clock import Clock
from carbot_app.kit.live import LiveBus


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What Services has of diagnostics."""

    agents: AgentService
    sessions: DiagnosticService
    codes: CodeService
    meaning: MeaningService
    maintenance: MaintenanceService
    maintenance_mails: MaintenanceMails
    maintenance_links: MaintenanceLinks
    reports: ReportService
    report_links: ReportLinks
    summaries: SummaryService
    recordings: RecordingService
    intake: SessionIntake
    keeping: AdapterKeeping
    talker: CarTalker
    """Speaks to cars for browsers that relay, and to adapters of the server."""


def diagnostic_services(
    settings: Settings,
    db: Database,
    clock: Clock,
    *,
    customers: CustomerService,
    catalog: CatalogService,
    booking: BookingService,
    messaging: MessagingService,
    orders: OrderService,
    approvals: ApprovalService,
    store: FileStore,
    live: LiveBus,
    talker: CarTalker | None = None,
    writer: SummaryWriter | None = None,
) -> Diagnostics:
    """All of them over the given parts."""
    meaning, public_url = MeaningService(db=db, catalog=catalog), settings.effective_public_url
    maintenance = MaintenanceService(db=db, clock=clock, catalog=catalog)
    return Diagnostics(
        agents=AgentService(db=db, clock=clock, live=live, server_adapters=settings.obd_server_adapters),
        sessions=DiagnosticService(db=db, clock=clock, customers=customers, live=live),
        codes=CodeService(db=db, clock=clock, live=live),
        meaning=meaning,
        maintenance=maintenance,
        maintenance_mails=MaintenanceMails(
            db=db,
            clock=clock,
            catalog=catalog,
            maintenance=maintenance,
            messaging=messaging,
            public_url=public_url,
        ),
        maintenance_links=MaintenanceLinks(
            db=db, clock=clock, catalog=catalog, booking=booking, public_url=public_url
        ),
        reports=ReportService(
            db=db,
            clock=clock,
            meaning=meaning,
            booking=booking,
            messaging=messaging,
            printer=TypstReportPrinter(),
            store=store,
            public_url=public_url,
        ),
        report_links=ReportLinks(
            db=db, clock=clock, orders=orders, approvals=approvals, booking=booking, public_url=public_url
        ),
        summaries=SummaryService(
            db=db, clock=clock, meaning=meaning, writer=writer or summary_writer(settings, db, clock)
        ),
        recordings=RecordingService(db=db, parquet=ArrowParquetWriter()),
        intake=SessionIntake(db=db, clock=clock),
        keeping=AdapterKeeping(db=db, clock=clock, allowed=settings.obd_server_adapters),
        talker=talker or ObdTalker(),
    )
