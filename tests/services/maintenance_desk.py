"""A workshop whose customer's car is due for an oil change, for tests."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.consents import MAINTENANCE, ConsentService
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.diagnostics.maintenance_links import MaintenanceLinks
from carbot_app.domains.diagnostics.maintenance_mails import MaintenanceMails
from carbot_app.domains.diagnostics.maintenance_offers import Suggestion
from carbot_app.domains.diagnostics.maintenance_service import MaintenanceService
from carbot_app.domains.diagnostics.models import MaintenanceOffer
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.kit.clock import ManualClock
from tests.services.report_desk import PUBLIC_URL, ReportDesk, open_report_desk


@dataclass(frozen=True)
class MaintenanceDesk:
    """Ayşe's Golf, whose oil was changed thirteen months ago; nothing else is known to be due."""

    report: ReportDesk
    consents: ConsentService
    mails: MaintenanceMails
    links: MaintenanceLinks
    maintenance: MaintenanceService

    @property
    def database(self) -> Database:
        return self.report.bay.db

    @property
    def customer_id(self) -> UUID:
        return self.report.customer.id

    @property
    def vehicle_id(self) -> UUID:
        return self.report.desk.desk.vehicle.id

    def agree(self) -> None:
        """The customer wants to be told."""
        self.consents.give(self.report.bay.staff, self.customer_id, MAINTENANCE)

    def tell(self) -> str:
        """Agreed and told; returns the token of the link in the mail."""
        self.agree()
        assert self.mails.queue_due() == 1
        return self.offers()[-1].token

    def queued(self) -> list[OutgoingMessage]:
        """Mails about due work."""
        return [one for one in self.report.desk.messages() if one.kind == "maintenance_suggestion"]

    def offers(self) -> list[MaintenanceOffer]:
        return self._all(MaintenanceOffer)

    def visits(self) -> list[Appointment]:
        return self._all(Appointment)

    def suggestion(self) -> Suggestion:
        """What staff reads beside the due list."""
        found = self.maintenance.list_due(self.report.bay.staff, self.vehicle_id, language="de")
        return found.suggestion

    def _all(self, table: Any) -> list[Any]:
        with self.database.reading(SYSTEM) as session:
            ours = select(table).where(table.workshop_id == self.report.bay.workshop.id)
            return list(session.exec(ours.order_by(table.id)))


def open_maintenance_desk(
    database: Database, clock: ManualClock, folder: Path, slug: str = "mueller-dortmund"
) -> MaintenanceDesk:
    """One workshop with that car."""
    report = open_report_desk(database, clock, folder, slug)
    front = report.desk.desk.front
    order = report.desk.desk.estimate(service_codes=("ENG-OIL-001",), km=88_000)
    with database.writing(SYSTEM) as session:
        row = session.get_one(WorkOrder, order.id)
        row.state, row.created_at = "picked_up", clock() - timedelta(days=395)
        session.get_one(Vehicle, report.desk.desk.vehicle.id).km = None
        session.get_one(Customer, report.customer.id).email = f"ayse@{slug}.example"
    at: dict[str, Any] = {"db": database, "clock": clock, "catalog": front.catalog}
    maintenance = MaintenanceService(**at)
    return MaintenanceDesk(
        report,
        ConsentService(db=database, clock=clock),
        MaintenanceMails(
            **at,
            maintenance=maintenance,
            messaging=MessagingService(db=database, clock=clock, transport=None),
            public_url=PUBLIC_URL,
        ),
        MaintenanceLinks(**at, booking=front.booking, public_url=PUBLIC_URL),
        maintenance,
    )
