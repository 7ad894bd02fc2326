"""Bookings that oblige to pay: only as shown, only with consent, kept word for word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import Database
from carbot_app.domains.booking.contract_schemas import OrderConsent
from carbot_app.domains.booking.models import Appointment, BookingContract
from carbot_app.domains.customers.schemas import Contact
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from carbot_app.kit.languages import LANGUAGES
from tests.factories import customer_of, staff_of
from tests.services.bookings import rows, slot_at
from tests.services.contracts import AYSE, OIL, ContractDesk, open_contract_desk

DIAGNOSIS = "ENG-DIA-001"
"""Costs from … to …."""


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path) -> ContractDesk:
    return open_contract_desk(database, clock, tmp_path)


def test_the_button_stands_below_services_total_and_what_it_means(desk: ContractDesk) -> None:
    shown = desk.preview(desk.slot())
    assert (shown.binding, shown.price_open, shown.withdrawal, shown.early_start) == (True, False, True, True)
    assert shown.gross_cents > 0
    assert shown.lines[0].price == shown.total


def test_a_price_that_is_not_settled_leaves_a_free_request(desk: ContractDesk) -> None:
    shown = desk.preview(desk.slot(), (*OIL, DIAGNOSIS))
    assert (shown.binding, shown.price_open) == (False, True)


def test_a_time_after_the_period_needs_no_request_to_begin_early(desk: ContractDesk) -> None:
    assert not desk.preview(slot_at(2026, 12, 9, 8)).early_start


def test_an_order_becomes_a_contract_with_everything_that_was_shown(
    desk: ContractDesk, clock: ManualClock
) -> None:
    slot = desk.slot()
    shown = desk.preview(slot)
    booked = desk.order(slot_id=slot)
    kept = desk.contract()
    assert booked.state == "confirmed"
    assert booked.contract_number == kept.number
    assert (kept.gross_cents, kept.language, kept.text_version) == (shown.gross_cents, "de", "2026-11")
    assert (kept.concluded_at, kept.starts_at) == (clock(), booked.starts_at)
    assert [(one["code"], one["name"], one["gross_cents"]) for one in kept.services] == [
        (OIL[0], shown.lines[0].name, shown.gross_cents)
    ]
    assert kept.early_start


def test_pressing_twice_orders_once(desk: ContractDesk) -> None:
    request = desk.request()
    first, second = (desk.services.booking.book(customer_of(desk.workshop), request) for _ in range(2))
    assert first == second
    assert len(rows(desk.services.db, BookingContract)) == 1


def test_a_request_without_the_button_stays_free(desk: ContractDesk) -> None:
    booked = desk.order(order=None)
    assert (booked.state, booked.contract_number) == ("requested", "")
    assert rows(desk.services.db, BookingContract) == []


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"contact": Contact(name="A", phone="0171 5550142")}, Invalid, "email_needed"),
        ({"order": OrderConsent(1, early_start=True)}, Conflict, "order_changed"),
    ],
)
def test_what_is_not_as_it_was_shown_is_not_concluded(
    desk: ContractDesk, fields: dict, error: type[Exception], code: str
) -> None:
    with pytest.raises(error, match=code):
        desk.order(**fields)
    assert rows(desk.services.db, Appointment) == []


def test_without_the_request_to_begin_early_nothing_is_concluded(desk: ContractDesk) -> None:
    request = desk.request()
    assert request.order
    with pytest.raises(Invalid) as refused:
        desk.order(slot_id=request.slot_id, order=replace(request.order, early_start=False))
    assert (refused.value.code, refused.value.field) == ("early_start_missing", "early_start")


def test_after_the_owner_has_changed_back_an_old_page_concludes_nothing(desk: ContractDesk) -> None:
    request = desk.request()
    desk.services.team.set_online_booking(staff_of(desk.workshop), "request")
    with pytest.raises(Conflict, match="order_changed"):
        desk.services.booking.book(customer_of(desk.workshop), request)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_confirmation_carries_contract_and_information_on_withdrawal(
    desk: ContractDesk, clock: ManualClock, language: str
) -> None:
    booked = desk.order(language=language)
    messages = desk.services.appointment_messages
    OutboxWorker(desk.services.db, clock, quick={}, slow={"appointment_mail": messages.on_event}).drain()
    [letter] = desk.letters("appointment_booked")
    assert (letter.channel, letter.to_address) == ("mail", AYSE.email)
    assert "{{" not in letter.text
    for part in (
        booked.contract_number,
        "Kfz-Meisterbetrieb Müller e. K.",
        "Rheinische Straße 41, 44137 Dortmund",
        f"/w/{desk.workshop.slug}/widerruf/",
        "14" if language != "tr" else "on dört",
        "(*)",
    ):
        assert part in letter.text if language != "de" or part != "14" else "vierzehn Tage" in letter.text


def test_a_free_request_is_confirmed_without_any_contract(desk: ContractDesk, clock: ManualClock) -> None:
    desk.order(order=None)
    messages = desk.services.appointment_messages
    OutboxWorker(desk.services.db, clock, quick={}, slow={"appointment_mail": messages.on_event}).drain()
    assert all("Widerruf" not in row.text for row in desk.letters("appointment_booked"))


def test_staff_sees_the_contract_and_another_workshop_does_not(
    desk: ContractDesk, database: Database, clock: ManualClock, tmp_path
) -> None:
    booked = desk.order()
    find = desk.services.booking.find_contract
    seen = find(staff_of(desk.workshop, "technician"), booked.appointment_id)
    assert seen is not None
    assert (seen.number, seen.withdrawal_until, seen.withdrawn) == (
        booked.contract_number,
        "7. Dezember 2026",
        "",
    )
    stranger = open_contract_desk(database, clock, tmp_path, "other").workshop
    with pytest.raises(NotFound):
        find(staff_of(stranger), booked.appointment_id)
    with pytest.raises(NotFound):
        find(staff_of(desk.workshop), new_id())
    with pytest.raises(Forbidden):
        find(customer_of(desk.workshop), booked.appointment_id)


def test_the_contract_stays_what_it_was_when_the_visit_is_moved(
    desk: ContractDesk, clock: ManualClock
) -> None:
    booked = desk.order()
    clock.advance(timedelta(hours=1))
    desk.services.booking.move_by_link(booked.manage_token, slot_at(2026, 12, 1, 10, cells=3))
    kept = desk.services.booking.find_contract_by_link(booked.manage_token)
    assert kept is not None
    assert (kept.number, desk.contract().starts_at) == (booked.contract_number, booked.starts_at)


def test_a_swiss_order_has_no_withdrawal_and_asks_for_no_early_start(
    database: Database, clock: ManualClock, tmp_path
) -> None:
    swiss = open_contract_desk(
        database, clock, tmp_path, country="CH", region="ZH", currency="CHF", timezone="Europe/Zurich"
    )
    shown = swiss.preview(swiss.slot())
    assert (shown.binding, shown.withdrawal, shown.early_start) == (True, False, False)
    booked = swiss.order()
    contract = swiss.services.booking.find_contract_by_link(booked.manage_token)
    assert contract is not None
    assert (contract.withdrawal_until, contract.early_start) == ("", False)
