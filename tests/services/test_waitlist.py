"""Freed times go to those who wait: best match first, with a deadline, never to two."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment, Claim, WaitlistEntry, WaitlistOffer
from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.booking.waitlist import WaitlistService
from carbot_app.domains.customers.schemas import Contact
from carbot_app.domains.messaging.appointments import AppointmentMessages
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import staff_of
from tests.factories.front_desk import ConversationRecorder, FrontDesk, open_front_desk
from tests.services.bookings import BERLIN, book, rows, slot_at


@pytest.fixture
def small_desk(database: Database, clock: ManualClock) -> FrontDesk:
    """One technician and one bay: a time is free for one."""
    return open_front_desk(database, clock, technicians=1, bays=1)


@pytest.fixture
def waitlist(database: Database, clock: ManualClock, small_desk: FrontDesk) -> WaitlistService:
    """The waitlist of the small desk."""
    return WaitlistService(
        db=database,
        clock=clock,
        customers=small_desk.customers,
        catalog=small_desk.catalog,
        recorder=ConversationRecorder(),
        public_url="https://carbot.example",
    )


def of(number: int, slot_id: str, desk: FrontDesk, **fields) -> BookingConfirmation:
    contact = Contact(name=f"Kunde {number}", phone=f"0171 55501{number:02d}", email=f"k{number}@example.org")
    return book(desk, slot_id, contact=contact, **fields)


def full_week(desk: FrontDesk) -> list[BookingConfirmation]:
    """Every hour from Monday noon to Wednesday evening is taken."""
    hours = [(23, h) for h in (13, 14, 15, 16)] + [
        (day, hour) for day in (24, 25) for hour in (8, 9, 10, 11, 13, 14, 15, 16)
    ]
    return [of(n, slot_at(2026, 11, day, hour), desk) for n, (day, hour) in enumerate(hours)]


def offers(database: Database) -> list[WaitlistOffer]:
    return [offer for offer in rows(database, WaitlistOffer) if offer.state == "open"]


def test_a_cancelled_time_is_kept_for_the_one_who_waits(
    small_desk: FrontDesk, waitlist: WaitlistService, database: Database, clock: ManualClock
) -> None:
    visits = full_week(small_desk)
    late = visits[-1]
    assert waitlist.join(late.manage_token).waiting
    assert waitlist.offer_free_times(small_desk.workshop.id) == 0, "nothing is free"
    small_desk.booking.cancel_by_link(visits[6].manage_token)
    assert waitlist.offer_free_times(small_desk.workshop.id) == 1
    view = waitlist.get_by_token(late.manage_token)
    assert (view.offered, view.until) == ("Di, 24. Nov., 10:00 Uhr", "Mo, 23. Nov., 10:00 Uhr")
    with pytest.raises(Conflict, match="slot_taken"):
        of(90, slot_at(2026, 11, 24, 10), small_desk)
    waitlist.accept(late.manage_token)
    moved = small_desk.booking.get_by_link(late.manage_token)
    assert moved.starts_at == datetime(2026, 11, 24, 10, tzinfo=BERLIN)
    assert rows(database, WaitlistEntry) == []
    assert of(91, slot_at(2026, 11, 25, 16), small_desk), "the old time is free again"
    with pytest.raises(Gone, match="offer_over"):
        waitlist.accept(late.manage_token)


def test_no_answer_in_time_gives_it_to_the_next_and_to_nobody_twice(
    small_desk: FrontDesk, waitlist: WaitlistService, database: Database, clock: ManualClock
) -> None:
    visits = full_week(small_desk)
    first, second = visits[-2], visits[-1]
    waitlist.join(first.manage_token)
    clock.advance(timedelta(minutes=1))
    waitlist.join(second.manage_token)
    small_desk.booking.cancel_by_link(visits[8].manage_token)
    assert waitlist.offer_free_times(small_desk.workshop.id) == 1
    assert waitlist.get_by_token(first.manage_token).offered
    assert not waitlist.get_by_token(second.manage_token).offered, "one time, one offer"
    clock.advance(timedelta(minutes=61))
    with pytest.raises(Gone, match="offer_over"):
        waitlist.accept(first.manage_token)
    waitlist.offer_overdue()
    assert waitlist.get_by_token(second.manage_token).offered
    assert not waitlist.get_by_token(first.manage_token).offered
    waitlist.decline(second.manage_token)
    assert waitlist.offer_free_times(small_desk.workshop.id) == 0, "both have had it"
    assert {offer.state for offer in rows(database, WaitlistOffer)} == {"expired", "declined"}
    assert of(90, slot_at(2026, 11, 24, 13), small_desk), "then it is free for everybody"


def test_two_processes_at_once_offer_one_time_once(
    small_desk: FrontDesk, waitlist: WaitlistService, database: Database
) -> None:
    visits = full_week(small_desk)
    for visit in visits[-4:]:
        waitlist.join(visit.manage_token)
    small_desk.booking.cancel_by_link(visits[6].manage_token)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: waitlist.offer_free_times(small_desk.workshop.id), range(8)))
    assert sum(made) == 1
    assert len(offers(database)) == 1


def test_who_has_no_time_at_all_comes_first(
    small_desk: FrontDesk, waitlist: WaitlistService, database: Database, clock: ManualClock
) -> None:
    visits = full_week(small_desk)
    actor = staff_of(small_desk.workshop)
    waitlist.join(visits[-1].manage_token)
    small_desk.booking.unplan(actor, visits[7].appointment_id)
    assert waitlist.offer_free_times(small_desk.workshop.id) == 1
    waitlist.decline(visits[-1].manage_token)
    waitlist.enlist(actor, visits[7].appointment_id, part_of_day="morning")
    small_desk.booking.cancel_by_link(visits[6].manage_token)
    assert waitlist.offer_free_times(small_desk.workshop.id) == 1
    assert not waitlist.get_by_token(visits[-1].manage_token).offered, "who has a time waits longer"
    waitlist.accept(visits[7].manage_token)
    assert small_desk.booking.get_by_link(visits[7].manage_token).state == "confirmed"
    assert len(rows(database, Claim)) == len(visits) - 1, "every visit but the cancelled one"


def test_a_wish_for_the_morning_and_a_last_day_is_kept(
    small_desk: FrontDesk, waitlist: WaitlistService
) -> None:
    visits = full_week(small_desk)
    tuesday = datetime(2026, 11, 24, 23, tzinfo=BERLIN)
    waitlist.join(visits[-1].manage_token, until=tuesday, part_of_day="morning")
    small_desk.booking.cancel_by_link(visits[9].manage_token)
    small_desk.booking.cancel_by_link(visits[12].manage_token)
    assert waitlist.offer_free_times(small_desk.workshop.id) == 0, "an afternoon and a Wednesday"
    small_desk.booking.cancel_by_link(visits[5].manage_token)
    assert waitlist.offer_free_times(small_desk.workshop.id) == 1
    assert waitlist.get_by_token(visits[-1].manage_token, language="en").offered == "Tue, Nov 24, 9:00 am"


def test_an_offer_made_at_night_may_be_answered_in_the_morning(
    small_desk: FrontDesk, waitlist: WaitlistService, database: Database, clock: ManualClock
) -> None:
    visits = full_week(small_desk)
    waitlist.join(visits[-1].manage_token)
    clock.now = datetime(2026, 11, 23, 22, 40, tzinfo=BERLIN)
    small_desk.booking.cancel_by_link(visits[6].manage_token)
    small_desk.booking.cancel_by_link(visits[9].manage_token)
    waitlist.offer_free_times(small_desk.workshop.id)
    (offer,) = offers(database)
    assert offer.expires_at == datetime(2026, 11, 24, 9, tzinfo=BERLIN)
    assert offer.starts_at >= datetime(2026, 11, 24, 11, tzinfo=BERLIN), "not before it can be answered"


def test_leaving_the_list_gives_the_time_free(
    small_desk: FrontDesk, waitlist: WaitlistService, database: Database
) -> None:
    visits = full_week(small_desk)
    waitlist.join(visits[-1].manage_token)
    small_desk.booking.cancel_by_link(visits[6].manage_token)
    waitlist.offer_free_times(small_desk.workshop.id)
    assert waitlist.leave(visits[-1].manage_token).waiting is False
    assert rows(database, WaitlistOffer) == []
    assert of(90, slot_at(2026, 11, 24, 10), small_desk)


def test_an_appointment_that_is_over_waits_for_nothing(
    small_desk: FrontDesk, waitlist: WaitlistService, database: Database
) -> None:
    visits = full_week(small_desk)
    waitlist.join(visits[-1].manage_token)
    small_desk.booking.cancel_by_link(visits[-1].manage_token)
    small_desk.booking.cancel_by_link(visits[6].manage_token)
    assert waitlist.offer_free_times(small_desk.workshop.id) == 0
    assert rows(database, WaitlistEntry) == []
    with pytest.raises(Gone):
        waitlist.join(visits[-1].manage_token)
    with pytest.raises(Invalid):
        waitlist.join(visits[-2].manage_token, part_of_day="noon")
    with pytest.raises(Invalid):
        waitlist.join(visits[-2].manage_token, until=datetime(2026, 11, 1, tzinfo=UTC))
    with pytest.raises(NotFound):
        waitlist.join("x" * 32)
    with pytest.raises(Forbidden):
        waitlist.enlist(staff_of(small_desk.workshop, role="technician"), visits[-2].appointment_id)


def test_the_offer_is_mailed_once(
    small_desk: FrontDesk, waitlist: WaitlistService, database: Database, clock: ManualClock
) -> None:
    visits = full_week(small_desk)
    waitlist.join(visits[-1].manage_token)
    small_desk.booking.cancel_by_link(visits[6].manage_token)

    def delivery(kind: str, **payload: str) -> Delivery:
        return Delivery(new_id(), small_desk.workshop.id, kind, payload, clock())

    waitlist.on_event(delivery("lead.created"))
    assert offers(database) == []
    waitlist.on_event(delivery("appointment.cancelled"))
    (offer,) = offers(database)
    mailer = AppointmentMessages(
        db=database,
        clock=clock,
        booking=small_desk.booking,
        messaging=MessagingService(db=database, clock=clock, transport=None),
        public_url="https://carbot.example",
    )
    ids = {"offer_id": str(offer.id), "appointment_id": str(visits[-1].appointment_id)}
    for kind in ("waitlist.changed", "waitlist.offered", "waitlist.offered"):
        mailer.on_event(delivery(kind, **ids))
    (mail,) = rows(database, OutgoingMessage)
    assert mail.to_address == "k19@example.org"
    assert "Di, 24. Nov., 10:00 Uhr" in mail.subject
    assert f"https://carbot.example/t/{visits[-1].manage_token}" in mail.text
    waitlist.decline(visits[-1].manage_token)
    mailer.on_event(delivery("waitlist.offered", **ids))
    assert len(rows(database, OutgoingMessage)) == 1
    assert rows(database, Appointment)[-1].moved_count == 0


def test_who_left_only_a_mobile_number_is_told_there(
    small_desk: FrontDesk, waitlist: WaitlistService, database: Database, clock: ManualClock
) -> None:
    visits = full_week(small_desk)
    last = book(small_desk, slot_at(2026, 11, 26, 8), contact=Contact(name="Nur Handy", phone="0171 5550177"))
    waitlist.join(last.manage_token)
    small_desk.booking.cancel_by_link(visits[6].manage_token)
    waitlist.offer_free_times(small_desk.workshop.id)
    (offer,) = offers(database)
    ids = {"offer_id": str(offer.id), "appointment_id": str(last.appointment_id)}
    AppointmentMessages(
        db=database,
        clock=clock,
        booking=small_desk.booking,
        messaging=MessagingService(db=database, clock=clock, transport=None),
        public_url="https://carbot.example",
    ).on_event(Delivery(new_id(), small_desk.workshop.id, "waitlist.offered", ids, clock()))
    (message,) = rows(database, OutgoingMessage)
    assert (message.channel, message.to_address) == ("sms", "+491715550177")
    assert "Di, 24. Nov., 10:00 Uhr" in message.text
    assert last.manage_token in message.text
