"""A workshop that has read a car and tells its customer, for tests."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from carbot_app.adapters.documents.typst_reports import TypstReportPrinter
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.diagnostics import wire
from carbot_app.domains.diagnostics.meaning import MeaningService
from carbot_app.domains.diagnostics.models import DiagnosticReport
from carbot_app.domains.diagnostics.report_links import ReportLinks
from carbot_app.domains.diagnostics.report_schemas import ReportWish
from carbot_app.domains.diagnostics.report_service import ReportService
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.kit.clock import ManualClock
from tests.services.approval_desk import ApprovalDesk, open_approval_desk
from tests.services.diagnostics_bay import GOLF, Bay, open_bay

PUBLIC_URL = "https://carbot.example"


@dataclass(frozen=True)
class ReportDesk:
    """Ayşe's Golf with an agent plugged in, and the services of its report."""

    bay: Bay
    desk: ApprovalDesk
    reports: ReportService
    links: ReportLinks

    @property
    def customer(self) -> Customer:
        return self.desk.desk.customer

    def read(self, *codes: str, **fields: Any) -> UUID:
        """The Golf was read out."""
        session_id = self.bay.start(**fields).session_id
        self.bay.read_codes(session_id, *codes)
        return session_id

    def idle(self, session_id: UUID, **values: float) -> None:
        """Ten readings at idle, warm."""
        pids = {0x0C: 800.0, 0x0D: 0.0, 0x05: values.get("coolant", 90.0), 0x42: values.get("volts", 14.1)}
        rows: list[wire.Row] = [(at * 100, pid, value) for at in range(10) for pid, value in pids.items()]
        self.bay.record(session_id, 1, rows)

    def issue(self, *codes: str, **wish: Any) -> str:
        """A report; returns the token of its link."""
        self.reports.issue(self.bay.staff, self.read(*codes), ReportWish(**wish))
        return self.row().token

    def row(self) -> DiagnosticReport:
        """The newest report."""
        with self.bay.db.reading(SYSTEM) as session:
            rows = session.exec(select(DiagnosticReport).order_by(DiagnosticReport.id))  # type: ignore[arg-type]
            return rows.all()[-1]

    def messages(self) -> list[OutgoingMessage]:
        """What was queued for customers about reports."""
        return [one for one in self.desk.messages() if one.kind == "diagnostic_report"]

    def events(self, kind: str) -> list[OutboxEvent]:
        return self.desk.events(kind)


def open_report_desk(
    database: Database, clock: ManualClock, folder: Path, slug: str = "mueller-dortmund"
) -> ReportDesk:
    """One workshop; its known car is the one the agent has."""
    desk = open_approval_desk(database, clock, folder, slug)
    bay = open_bay(database, clock, desk.desk.workshop)
    with database.writing(SYSTEM) as session:
        session.get_one(Vehicle, desk.desk.vehicle.id).vin = GOLF
    front = desk.desk.front
    at: dict[str, Any] = {"db": database, "clock": clock, "booking": front.booking, "public_url": PUBLIC_URL}
    return ReportDesk(
        bay,
        desk,
        ReportService(
            **at,
            meaning=MeaningService(db=database, catalog=front.catalog),
            messaging=MessagingService(db=database, clock=clock, transport=None),
            printer=TypstReportPrinter(),
            store=desk.store,
        ),
        ReportLinks(**at, orders=desk.desk.orders, approvals=desk.approvals),
    )


def meaning_of(desk: ReportDesk) -> MeaningService:
    """What the codes mean at this desk."""
    return MeaningService(db=desk.bay.db, catalog=desk.desk.desk.front.catalog)
