"""What the tests of calendars share: a workshop whose technician has a real calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from carbot_app.adapters.calendars.accounts import Accounts
from carbot_app.adapters.identity.vault import AesVault
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Absence, Appointment
from carbot_app.domains.calendars.models import CalendarLink, SyncedEvent
from carbot_app.domains.calendars.schemas import CalDavLogin, CalendarLinkView
from carbot_app.domains.calendars.service import CalendarService
from carbot_app.domains.calendars.sync import CalendarSync
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from tests.contracts.calendar_peers import RadicalePeer
from tests.factories import staff_of
from tests.factories.front_desk import FrontDesk
from tests.peers.radicale_server import PASSWORD, USER, Radicale
from tests.services.bookings import book, slot_at

PUBLIC_URL = "https://carbot.example"


@dataclass
class CalendarDesk:
    """Services of calendars over one workshop."""

    database: Database
    clock: ManualClock
    desk: FrontDesk
    service: CalendarService
    sync: CalendarSync
    accounts: Accounts
    vault: AesVault

    @property
    def staff(self) -> Actor:
        """Who may connect calendars."""
        return staff_of(self.desk.workshop)

    def connect(self, server: Radicale, peer: RadicalePeer, technician: int = 0) -> CalendarLinkView:
        """The calendar of the peer belongs to a technician now."""
        login = CalDavLogin(server.origin, USER, PASSWORD)
        return self.service.connect_caldav(
            self.staff,
            login,
            calendar_id=peer.calendar_id,
            resource_id=self.desk.technicians[technician].id,
        )

    def tick(self, minutes: int = 5) -> int:
        """The events are delivered, time passes, the clock job runs; how many calendars were due."""
        worker = OutboxWorker(self.database, self.clock, quick={}, slow={"calendars": self.sync.on_event})
        worker.drain()
        worker.stop()
        self.clock.advance(timedelta(minutes=minutes))
        return self.sync.sync_due()

    def settle(self) -> None:
        """Until nobody has anything to say any more."""
        for _ in range(3):
            self.tick()

    def book_at(self, *when: int) -> Appointment:
        """A visit of an hour, booked by a customer and taken by the only technician who can."""
        booked = book(self.desk, slot_at(*when))
        return self.visit(booked.appointment_id)

    def visit(self, appointment_id: Any) -> Appointment:
        """A visit as it is now."""
        with self.database.reading(SYSTEM) as session:
            return session.get_one(Appointment, appointment_id)

    def link(self) -> CalendarLink:
        """The only calendar as it is now."""
        with self.database.reading(SYSTEM) as session:
            return session.exec(select(CalendarLink)).one()

    def busy(self) -> list[tuple[datetime, datetime]]:
        """When the technicians are absent."""
        with self.database.reading(SYSTEM) as session:
            rows = session.exec(select(Absence).order_by(col(Absence.starts_at))).all()
        assert {row.reason for row in rows} <= {"external"}
        assert not any(row.note for row in rows)
        return [(row.starts_at, row.ends_at) for row in rows]

    def synced(self) -> list[SyncedEvent]:
        """What is noted about our events."""
        with self.database.reading(SYSTEM) as session:
            return list(session.exec(select(SyncedEvent).order_by(SyncedEvent.id)))


def open_calendar_desk(
    database: Database,
    clock: ManualClock,
    desk: FrontDesk,
    folder: Path,
    accounts: Accounts | None = None,
) -> CalendarDesk:
    """Services over the desk; calendar servers of this machine may be asked."""
    accounts = accounts or Accounts(public_url=PUBLIC_URL, private_hosts=True)
    vault = AesVault(folder / "keys" / "secrets.key")
    service = CalendarService(db=database, clock=clock, accounts=accounts, vault=vault, public_url=PUBLIC_URL)
    sync = CalendarSync(db=database, clock=clock, accounts=accounts, vault=vault, booking=desk.booking)
    return CalendarDesk(database, clock, desk, service, sync, accounts, vault)
