"""Booking, moving and cancelling appointments, on both engines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment, Claim, OccupiedCell
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Gone, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import (
    customer_of,
    make_conversation,
    make_vehicle,
    staff_of,
)
from tests.factories.front_desk import FrontDesk, open_front_desk
from tests.services.bookings import BERLIN, book, events, request_for, rows, slot_at, suggest

# Booking


def test_a_booking_writes_customer_car_cells_conversation_and_event(
    desk: FrontDesk, database: Database
) -> None:
    done = book(desk, note="Quietscht beim Bremsen\x00")
    assert done.when == "Mo, 23. Nov., 11:00 Uhr"
    assert done.title == "Bremsbeläge ersetzen (pro Achse)"
    assert done.price == "129,00\u00a0€", "a Golf is compact"
    assert done.plate == "DO-AB 123"
    assert done.address == "Rheinische Straße 41, 44137 Dortmund"
    assert done.state == "requested"
    assert done.can_change
    (appointment,) = rows(database, Appointment)
    assert appointment.note == "Quietscht beim Bremsen"
    assert appointment.request_key != ""
    assert [customer.phone for customer in rows(database, Customer)] == ["+491715550142"]
    assert [(car.plate, car.vehicle_class) for car in rows(database, Vehicle)] == [("DO-AB 123", "compact")]
    assert len(rows(database, OccupiedCell)) == 8
    (conversation,) = rows(database, Conversation)
    assert appointment.conversation_id == conversation.id
    assert events(database) == ["appointment.booked"]


def test_a_double_click_books_once(desk: FrontDesk, database: Database) -> None:
    request = request_for(suggest(desk)[0].id)
    first = desk.booking.book(customer_of(desk.workshop), request)
    second = desk.booking.book(customer_of(desk.workshop), request)
    assert first == second
    assert len(rows(database, Appointment)) == 1
    assert events(database) == ["appointment.booked"]


def test_a_guessed_request_key_shows_nobody_elses_booking(desk: FrontDesk) -> None:
    slot = suggest(desk)[0].id
    victim = book(desk, slot, request_key="1")
    other = book(desk, slot, request_key="1", contact=Contact(phone="0171 5550199"))
    assert other.manage_token != victim.manage_token


def test_a_taken_slot_is_a_conflict_and_changes_nothing(desk: FrontDesk, database: Database) -> None:
    slot = suggest(desk)[0].id
    for number in range(2):
        book(desk, slot, contact=Contact(phone=f"0171 555014{number}"))
    with pytest.raises(Conflict) as caught:
        book(desk, slot, contact=Contact(phone="0171 5550149"))
    assert caught.value.code == "slot_taken"
    assert len(rows(database, Customer)) == 2
    assert slot not in {offered.id for offered in suggest(desk)}


@pytest.mark.parametrize(
    ("slot_id", "error", "code"),
    [
        ("", Invalid, "slot_unknown"),
        ("x" * 5000, Invalid, "slot_unknown"),
        ("<script>", Invalid, "slot_unknown"),
        (slot_at(2026, 11, 24, 9, cells=5), Invalid, "slot_unknown"),
        (slot_at(2026, 11, 24, 11, 30), Invalid, "slot_unknown"),
        (slot_at(2026, 11, 29, 9), Invalid, "slot_unknown"),
        (slot_at(2027, 2, 24, 9), Invalid, "slot_unknown"),
        (slot_at(2026, 11, 20, 9), Conflict, "slot_past"),
        (slot_at(2026, 11, 23, 10), Conflict, "slot_past"),
    ],
    ids=["empty", "long", "script", "other-length", "lunch", "sunday", "too-far", "past", "too-soon"],
)
def test_a_slot_that_was_never_offered_is_refused(
    desk: FrontDesk, slot_id: str, error: type[AppError], code: str
) -> None:
    with pytest.raises(error) as caught:
        desk.booking.book(customer_of(desk.workshop), request_for(slot_id))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"contact": Contact(name="A")}, Invalid, "contact_missing"),
        ({"contact": Contact(phone="12")}, Invalid, "phone_invalid"),
        ({"contact": Contact(email="a@b")}, Invalid, "email_invalid"),
        ({"vehicle": VehicleFacts(plate="DO-AB 0123")}, Invalid, "plate_invalid"),
        ({"vehicle": VehicleFacts(plate="BMW1234")}, Invalid, "plate_ambiguous"),
        ({"vehicle": VehicleFacts(year=3000)}, Invalid, "year_invalid"),
        ({"vehicle": VehicleFacts(km=10**12)}, Invalid, "km_invalid"),
        ({"note": "x" * 100_000}, Invalid, "too_long"),
        ({"contact": Contact(name="x" * 121, phone="0171 5550142")}, Invalid, "too_long"),
        ({"service_codes": ("SAF-BRK-999",)}, Invalid, "service_unknown"),
    ],
)
def test_bad_input_is_refused_by_code_and_leaves_nothing(
    desk: FrontDesk, database: Database, fields: dict, error: type[AppError], code: str
) -> None:
    with pytest.raises(error) as caught:
        book(desk, **fields)
    assert caught.value.code == code
    assert rows(database, Appointment) == []
    assert rows(database, Customer) == []


def test_text_with_html_emoji_and_right_to_left_marks_is_kept_as_written(
    desk: FrontDesk, database: Database
) -> None:
    note = "<script>alert(1)</script> 🚗 \u202eשלום\nzweite Zeile"
    book(desk, note=note, contact=Contact(name="<b>Ömer</b> 😀", phone="0171 5550142"))
    assert rows(database, Appointment)[0].note == note
    assert rows(database, Customer)[0].name == "<b>Ömer</b> 😀"


def test_a_known_plate_alone_is_priced_by_the_class_on_record(desk: FrontDesk, database: Database) -> None:
    make_vehicle(database, desk.workshop, make="BMW", model="520", vehicle_class="premium")
    done = book(desk, vehicle=VehicleFacts(plate="DO-AB 123"))
    assert done.price == "194,00\u00a0€"


def test_a_chat_customer_books_into_their_own_thread_only(desk: FrontDesk, database: Database) -> None:
    thread = make_conversation(database, desk.workshop)
    actor = customer_of(desk.workshop, conversation_id=thread.id)
    request = request_for(suggest(desk)[0].id, source="chat")
    desk.booking.book(actor, request)
    assert rows(database, Appointment)[0].conversation_id == thread.id
    assert len(rows(database, Conversation)) == 1, "no second conversation"
    with pytest.raises(Forbidden):
        desk.booking.book(actor, replace(request, conversation_id=new_id()))


def test_staff_books_for_today_without_lead_time_and_confirmed(desk: FrontDesk) -> None:
    request = request_for(slot_at(2026, 11, 23, 9, 15), source="staff")
    assert desk.booking.book(staff_of(desk.workshop), request).state == "confirmed"


def test_one_person_who_can_do_everything_stays_free_for_what_only_they_can_do(
    desk: FrontDesk, database: Database
) -> None:
    with database.writing(desk.workshop.id) as session:
        desk.technicians[0].abilities = ["mechanic", "mechanic_senior", "diagnostic_specialist"]
        session.add(desk.technicians[0])
    book(desk)
    assert rows(database, Appointment)[0].technician_id == desk.technicians[1].id


# Links


def test_the_link_shows_moves_and_cancels(desk: FrontDesk, database: Database) -> None:
    done = book(desk)
    assert desk.booking.get_by_link(done.manage_token) == done
    target = slot_at(2026, 11, 25, 14)
    moved = desk.booking.move_by_link(done.manage_token, target, "k1")
    assert moved.when == "Mi, 25. Nov., 14:00 Uhr"
    assert desk.booking.move_by_link(done.manage_token, target, "k1") == moved
    assert len(rows(database, OccupiedCell)) == 8
    cancelled = desk.booking.cancel_by_link(done.manage_token)
    assert cancelled.state == "cancelled"
    assert not cancelled.can_change
    assert desk.booking.cancel_by_link(done.manage_token) == cancelled
    assert rows(database, OccupiedCell) == []
    assert events(database) == ["appointment.booked", "appointment.moved", "appointment.cancelled"]


def test_moving_by_a_quarter_of_an_hour_keeps_the_overlap(desk: FrontDesk, database: Database) -> None:
    done = book(desk, slot_at(2026, 11, 25, 14))
    desk.booking.move_by_link(done.manage_token, slot_at(2026, 11, 25, 14, 15), "k")
    starts = sorted({cell.cell_at for cell in rows(database, OccupiedCell)})
    assert starts[0] == datetime(2026, 11, 25, 13, 15, tzinfo=UTC)
    assert len(starts) == 4


def test_a_cancelled_time_is_offered_again(desk: FrontDesk) -> None:
    slot = suggest(desk)[0].id
    done = [book(desk, slot, contact=Contact(phone=f"0171 555014{n}")) for n in range(2)]
    desk.booking.cancel_by_link(done[0].manage_token)
    assert suggest(desk)[0].id == slot
    book(desk, slot, contact=Contact(phone="0171 5550149"))


@pytest.mark.parametrize("token", ["", "wrong", "x" * 10_000, "' OR 1=1 --", "\u0000"])
def test_an_unknown_link_is_not_found(desk: FrontDesk, token: str) -> None:
    book(desk)
    for use in (
        desk.booking.get_by_link,
        desk.booking.cancel_by_link,
        desk.booking.calendar_file,
        lambda value: desk.booking.move_by_link(value, "x", "k"),
    ):
        with pytest.raises(NotFound) as caught:
            use(token)
        assert caught.value.code == "link_unknown"


def test_an_appointment_that_has_begun_can_no_longer_be_changed(desk: FrontDesk, clock: ManualClock) -> None:
    done = book(desk)
    target = slot_at(2026, 11, 25, 14)
    clock.now = done.starts_at
    assert not desk.booking.get_by_link(done.manage_token).can_change
    for change in (
        lambda: desk.booking.cancel_by_link(done.manage_token),
        lambda: desk.booking.move_by_link(done.manage_token, target, "k"),
    ):
        with pytest.raises(Gone) as caught:
            change()
        assert caught.value.code == "appointment_over"


def test_a_cancelled_appointment_cannot_be_moved_back(desk: FrontDesk) -> None:
    done = book(desk)
    desk.booking.cancel_by_link(done.manage_token)
    with pytest.raises(Gone):
        desk.booking.move_by_link(done.manage_token, slot_at(2026, 11, 25, 14), "k")


def test_the_calendar_file_replaces_itself_when_the_appointment_moves(desk: FrontDesk) -> None:
    done = book(desk, slot_at(2026, 11, 25, 14), language="en")
    before = Calendar.from_ical(desk.booking.calendar_file(done.manage_token))
    desk.booking.move_by_link(done.manage_token, slot_at(2026, 11, 26, 9), "k")
    text = desk.booking.calendar_file(done.manage_token)
    assert "\r\n" in text
    after = Calendar.from_ical(text)
    assert after["METHOD"] == "PUBLISH"
    old, new = before.walk("VEVENT")[0], after.walk("VEVENT")[0]
    assert old["UID"] == new["UID"]
    assert (old["SEQUENCE"], new["SEQUENCE"]) == (0, 1)
    assert new["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert new["DTSTART"].dt == datetime(2026, 11, 26, 9, tzinfo=BERLIN)
    assert "Replace brake pads" in new["SUMMARY"]
    assert new["URL"] == f"https://carbot.example/t/{done.manage_token}"
    assert [zone["TZID"] for zone in after.walk("VTIMEZONE")] == ["Europe/Berlin"]


# Staff


def test_staff_lists_a_day_and_brings_appointments_forward(desk: FrontDesk, database: Database) -> None:
    book(desk, slot_at(2026, 11, 25, 14))
    book(desk, slot_at(2026, 11, 25, 9), contact=Contact(phone="0171 5550143"), vehicle=VehicleFacts())
    staff = staff_of(desk.workshop)
    day = desk.booking.list_appointments(
        staff, from_=datetime(2026, 11, 25, tzinfo=BERLIN), to=datetime(2026, 11, 26, tzinfo=BERLIN)
    )
    assert [view.when for view in day] == ["Mi, 25. Nov., 9:00 Uhr", "Mi, 25. Nov., 14:00 Uhr"]
    assert day[0].vehicle is None
    assert day[1].vehicle is not None
    assert day[1].vehicle.label == "VW Golf 7, 2015"
    assert day[1].customer.phone_text == "0171 5550142"
    assert {day[1].technician, day[1].bay} <= {"T0", "T1", "B0", "B1"}
    for state in ("confirmed", "arrived", "in_work", "done"):
        assert desk.booking.change_state(staff, day[0].id, state).state == state
    with pytest.raises(Conflict) as caught:
        desk.booking.change_state(staff, day[0].id, "cancelled")
    assert caught.value.code == "state_not_allowed"
    assert desk.booking.move(staff, day[1].id, slot_at(2026, 11, 26, 9)).when == "Do, 26. Nov., 9:00 Uhr"
    assert desk.booking.cancel(staff, day[1].id).state == "cancelled"
    assert {claim.appointment_id for claim in rows(database, Claim)} == {day[0].id}


def test_a_customer_who_did_not_come_gives_the_time_free(desk: FrontDesk, database: Database) -> None:
    done = book(desk)
    desk.booking.change_state(staff_of(desk.workshop), done.appointment_id, "no_show")
    assert rows(database, OccupiedCell) == []


def test_a_title_survives_a_service_that_is_no_longer_offered(desk: FrontDesk, database: Database) -> None:
    done = book(desk)
    with database.writing(desk.workshop.id) as session:
        appointment = session.get_one(Appointment, done.appointment_id)
        appointment.service_codes = ["OLD-OLD-001"]
    assert desk.booking.get_by_link(done.manage_token).title == done.title


@pytest.mark.parametrize("role", ["technician", "accountant"])
def test_who_may_only_read_cannot_change(desk: FrontDesk, role: str) -> None:
    done = book(desk)
    actor = staff_of(desk.workshop, role)
    assert desk.booking.get_appointment(actor, done.appointment_id).id == done.appointment_id
    for change in (
        lambda: desk.booking.cancel(actor, done.appointment_id),
        lambda: desk.booking.move(actor, done.appointment_id, "x"),
        lambda: desk.booking.change_state(actor, done.appointment_id, "done"),
    ):
        with pytest.raises(Forbidden):
            change()


def test_customers_never_see_the_calendar(desk: FrontDesk) -> None:
    done = book(desk)
    with pytest.raises(Forbidden):
        desk.booking.get_appointment(customer_of(desk.workshop), done.appointment_id)


def test_another_workshop_sees_and_changes_nothing(
    desk: FrontDesk, database: Database, clock: ManualClock
) -> None:
    other = open_front_desk(database, clock, "schmidt-essen")
    done = book(desk)
    stranger = staff_of(other.workshop)
    now = clock()
    assert other.booking.list_appointments(stranger, from_=now, to=now + timedelta(days=60)) == []
    for use in (
        lambda: other.booking.get_appointment(stranger, done.appointment_id),
        lambda: other.booking.cancel(stranger, done.appointment_id),
        lambda: other.booking.change_state(stranger, done.appointment_id, "done"),
        lambda: other.booking.move(stranger, done.appointment_id, slot_at(2026, 11, 26, 9)),
    ):
        with pytest.raises(NotFound):
            use()
    assert suggest(other)[0].starts_at == done.starts_at, "their bookings do not occupy our people"
    assert desk.booking.get_by_link(done.manage_token).state == "requested"
