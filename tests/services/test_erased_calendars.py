"""A forgotten person leaves the calendars outside too, against a real Radicale, on both databases."""

from datetime import timedelta
from pathlib import Path

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.kit.clock import ManualClock
from tests.contracts.calendar_peers import RadicalePeer
from tests.factories import staff_of
from tests.factories.front_desk import open_front_desk
from tests.peers.radicale_server import Radicale
from tests.services.calendars import open_calendar_desk
from tests.services.privacy_desk import open_privacy_desk


def test_the_event_of_a_kept_visit_is_taken_out_of_the_technicians_calendar(
    database: Database, clock: ManualClock, radicale: Radicale, tmp_path: Path
) -> None:
    front = open_front_desk(database, clock, technicians=1)
    calendars = open_calendar_desk(database, clock, front, tmp_path)
    peer = RadicalePeer(radicale)
    calendars.connect(radicale, peer)
    visit = calendars.book_at(2026, 11, 24, 9)
    calendars.settle()
    assert len(calendars.synced()) == 1
    assert peer.stored() == 1
    with database.writing(SYSTEM) as session:
        session.get_one(Appointment, visit.id).state = "done"
    clock.advance(timedelta(days=3))
    calendars.settle()
    desk = open_privacy_desk(database, clock, front.workshop)
    owner = staff_of(front.workshop)
    name = desk.erasures.preview(owner, visit.customer_id).name
    desk.erasures.erase(owner, visit.customer_id, checked_by="known", typed=name)
    calendars.settle()
    assert calendars.synced() == []
    assert peer.stored() == 0
    assert calendars.visit(visit.id).state == "done"
    peer.account.close()
