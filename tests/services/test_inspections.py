"""Reminders of the inspection reach those who agreed, once, in their language, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.customers.consents import INSPECTION, TEXT_VERSION, ConsentService
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.messaging.inspections import InspectionReminder
from carbot_app.domains.messaging.schemas import MessageView
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_customer, make_vehicle, make_workshop, staff_of

DECEMBER = date(2026, 12, 31)
Car = Callable[..., tuple[Customer, Vehicle]]


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def consents(database: Database, clock: ManualClock) -> ConsentService:
    return ConsentService(db=database, clock=clock)


@pytest.fixture
def messaging(database: Database, clock: ManualClock) -> MessagingService:
    return MessagingService(db=database, clock=clock, transport=None)


@pytest.fixture
def reminder(database: Database, clock: ManualClock, messaging: MessagingService) -> InspectionReminder:
    return InspectionReminder(
        db=database, clock=clock, messaging=messaging, public_url="https://carbot.example"
    )


@pytest.fixture
def car(database: Database, workshop: Workshop, consents: ConsentService) -> Car:
    """A car due in December whose owner agreed; keyword arguments replace fields of the owner."""

    def made(*, due: date = DECEMBER, agreed: bool = True, **owner: Any) -> tuple[Customer, Vehicle]:
        fields = {"email": "ayse@example.org", **owner}
        customer = make_customer(database, workshop, **fields)
        vehicle = make_vehicle(database, workshop, customer, inspection_due=due)
        if agreed:
            consents.give(staff_of(workshop), customer.id, INSPECTION)
        return customer, vehicle

    return made


def mails(messaging: MessagingService, workshop: Workshop) -> list[MessageView]:
    return messaging.list_messages(staff_of(workshop))


def test_who_agreed_is_reminded_once_with_a_way_to_book_and_a_way_out(
    database: Database,
    reminder: InspectionReminder,
    messaging: MessagingService,
    workshop: Workshop,
    car: Car,
) -> None:
    customer, _ = car()
    reminder.queue_due()
    reminder.queue_due()
    (mail,) = mails(messaging, workshop)
    token = consent_of(database, customer).token
    assert (mail.to_address, mail.kind) == ("ayse@example.org", "inspection_reminder")
    assert mail.subject == "HU fällig im Dezember 2026: VW Golf DO-AB 123"
    assert "https://carbot.example/w/mueller-dortmund/termin/?services=SAF-HUA-001" in mail.text
    assert f"https://carbot.example/abmelden/{token}" in mail.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "due in December 2026"), ("tr", "Aralık 2026"), ("pl", "grudzień 2026")],
)
def test_the_reminder_is_in_the_customers_language(
    reminder: InspectionReminder,
    messaging: MessagingService,
    workshop: Workshop,
    car: Car,
    language: str,
    words: str,
) -> None:
    car(language=language)
    reminder.queue_due()
    (mail,) = mails(messaging, workshop)
    assert words in mail.subject
    assert "{{" not in mail.text


def test_without_consent_or_address_nobody_is_reminded(
    reminder: InspectionReminder, messaging: MessagingService, workshop: Workshop, car: Car
) -> None:
    car(agreed=False)
    car(agreed=False, email="")
    reminder.queue_due()
    assert mails(messaging, workshop) == []


@pytest.mark.parametrize(
    ("today", "due", "reminded"),
    [
        (datetime(2026, 11, 2, 7, tzinfo=UTC), DECEMBER, False),
        (datetime(2026, 11, 3, 7, tzinfo=UTC), DECEMBER, True),
        (datetime(2026, 12, 31, 7, tzinfo=UTC), DECEMBER, True),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), DECEMBER, False),
        (datetime(2026, 12, 4, 7, tzinfo=UTC), date(2027, 1, 31), True),
        (datetime(2026, 12, 3, 7, tzinfo=UTC), date(2027, 1, 31), False),
        (datetime(2028, 2, 1, 7, tzinfo=UTC), date(2028, 2, 29), True),
        (datetime(2028, 2, 29, 7, tzinfo=UTC), date(2028, 2, 29), True),
        (datetime(2028, 3, 1, 7, tzinfo=UTC), date(2028, 2, 29), False),
    ],
)
def test_reminders_begin_four_weeks_before_the_month_and_end_with_it(
    reminder: InspectionReminder,
    messaging: MessagingService,
    workshop: Workshop,
    car: Car,
    clock: ManualClock,
    today: datetime,
    due: date,
    reminded: bool,
) -> None:
    car(due=due)
    clock.now = today
    reminder.queue_due()
    assert bool(mails(messaging, workshop)) is reminded


def test_the_next_due_date_is_reminded_of_again(
    database: Database,
    reminder: InspectionReminder,
    messaging: MessagingService,
    workshop: Workshop,
    car: Car,
    clock: ManualClock,
) -> None:
    _, vehicle = car()
    reminder.queue_due()
    with database.writing(workshop.id) as session:
        session.get_one(Vehicle, vehicle.id).inspection_due = date(2028, 12, 31)
    clock.now = datetime(2028, 12, 1, 7, tzinfo=UTC)
    reminder.queue_due()
    assert len(mails(messaging, workshop)) == 2


def test_several_processes_at_once_remind_once(
    reminder: InspectionReminder, messaging: MessagingService, workshop: Workshop, car: Car
) -> None:
    car()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: reminder.queue_due(), range(4)))
    assert len(mails(messaging, workshop)) == 1


def test_a_withdrawn_consent_ends_reminders_and_stays_as_proof(
    reminder: InspectionReminder,
    messaging: MessagingService,
    workshop: Workshop,
    consents: ConsentService,
    car: Car,
    clock: ManualClock,
) -> None:
    customer, _ = car()
    owner = staff_of(workshop)
    clock.advance(timedelta(hours=1))
    consents.withdraw(owner, customer.id, INSPECTION)
    reminder.queue_due()
    assert mails(messaging, workshop) == []
    consents.give(owner, customer.id, INSPECTION)
    consents.give(owner, customer.id, INSPECTION)
    first, second = consents.list_consents(owner, customer.id)
    assert (first.text_version, first.source, first.noted_by) == (TEXT_VERSION, "desk", "Sabine Müller")
    assert first.withdrawn_at == first.given_at + timedelta(hours=1)
    assert second.withdrawn_at is None


def test_the_link_ends_it_without_signing_in_and_keeps_the_first_instant(
    database: Database, workshop: Workshop, consents: ConsentService, car: Car, clock: ManualClock
) -> None:
    customer, _ = car()
    token = consent_of(database, customer).token
    assert not consents.get_by_link(token).withdrawn
    assert consents.withdraw_by_link(token).withdrawn
    clock.advance(timedelta(days=1))
    assert consents.withdraw_by_link(token).workshop == "Kfz-Meisterbetrieb Müller"
    (kept,) = consents.list_consents(staff_of(workshop), customer.id)
    assert kept.withdrawn_at == kept.given_at


@pytest.mark.parametrize("token", ["", "x", "\x00", "ü" * 43, "x" * 5000])
def test_a_link_that_was_never_given_out_ends_nothing(consents: ConsentService, token: str) -> None:
    with pytest.raises(NotFound):
        consents.get_by_link(token)
    with pytest.raises(NotFound):
        consents.withdraw_by_link(token)


def test_consent_needs_an_address_a_known_kind_and_the_right_to_note_it(
    database: Database, workshop: Workshop, consents: ConsentService
) -> None:
    customer = make_customer(database, workshop)
    owner, technician = staff_of(workshop), staff_of(workshop, "technician")
    with pytest.raises(Invalid, match="consent_address_missing"):
        consents.give(owner, customer.id, INSPECTION)
    with pytest.raises(Invalid, match="consent_kind_unknown"):
        consents.give(owner, customer.id, "everything")
    with pytest.raises(Invalid, match="consent_source_unknown"):
        consents.give(owner, customer.id, INSPECTION, source="guessed")
    with pytest.raises(NotFound):
        consents.give(owner, new_id(), INSPECTION)
    for call in (consents.give, consents.withdraw):
        with pytest.raises(Forbidden):
            call(technician, customer.id, INSPECTION)


def test_consents_of_another_workshop_do_not_exist(
    database: Database, consents: ConsentService, car: Car
) -> None:
    customer, _ = car()
    stranger = staff_of(make_workshop(database, "schmidt-essen"))
    assert consents.list_consents(stranger, customer.id) == []
    with pytest.raises(NotFound):
        consents.give(stranger, customer.id, INSPECTION)
    consents.withdraw(stranger, customer.id, INSPECTION)
    assert consent_of(database, customer).withdrawn_at is None


def consent_of(database: Database, customer: Customer) -> Consent:
    with database.reading(customer.workshop_id) as session:
        return session.exec(select(Consent).where(Consent.customer_id == customer.id)).one()
