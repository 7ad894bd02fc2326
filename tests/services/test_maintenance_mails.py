"""Only who agreed is told what is due, each turn once, and never beside a visit that is coming."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.customers.consents import MAINTENANCE, OFFERS
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.diagnostics import maintenance_mails
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.kit.clock import ManualClock
from tests.services.maintenance_desk import MaintenanceDesk, open_maintenance_desk
from tests.services.report_desk import PUBLIC_URL


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> MaintenanceDesk:
    return open_maintenance_desk(database, clock, tmp_path)


def test_whoever_agreed_is_told_once_with_price_and_a_time_that_is_kept(
    desk: MaintenanceDesk, clock: ManualClock
) -> None:
    desk.agree()
    assert [desk.mails.queue_due(), desk.mails.queue_due()] == [1, 0]
    (mail,), (offer,) = desk.queued(), desk.offers()
    assert "Motoröl und Filter" in mail.subject
    assert "€" in mail.text
    assert f"{PUBLIC_URL}/wartung/{offer.token}" in mail.text
    assert f"{PUBLIC_URL}/w/mueller-dortmund/termin/?services=ENG-OIL-001" in mail.text
    assert clock() + timedelta(days=1) < offer.held_until < offer.starts_at
    clock.advance(timedelta(days=61))
    desk.mails.queue_due()
    assert sum("Motoröl" in one.subject for one in desk.queued()) == 1


@pytest.mark.parametrize("language", ["de", "en", "tr", "pl"])
def test_the_mail_says_in_the_customers_language_until_when_the_time_is_kept(
    desk: MaintenanceDesk, language: str
) -> None:
    with desk.database.writing(SYSTEM) as session:
        session.get_one(Customer, desk.customer_id).language = language
    page = desk.links.get_by_token(desk.tell())
    (mail,) = desk.queued()
    assert page.language == mail.language == language
    assert page.when in mail.text
    assert page.until in mail.text
    assert "{{" not in mail.text


def test_where_nothing_is_free_the_mail_leads_to_the_booking_page(desk: MaintenanceDesk) -> None:
    with desk.database.writing(SYSTEM) as session:
        for resource in session.exec(select(Resource)):
            resource.active = False
    desk.agree()
    assert desk.mails.queue_due() == 1
    (mail,) = desk.queued()
    assert desk.offers() == []
    assert "/wartung/" not in mail.text
    assert f"{PUBLIC_URL}/w/mueller-dortmund/termin/?services=ENG-OIL-001" in mail.text


def test_mails_never_keep_more_times_than_the_calendar_can_spare(
    desk: MaintenanceDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance_mails, "KEPT_AT_ONCE", 0)
    desk.agree()
    assert desk.mails.queue_due() == 1
    assert desk.offers() == []


def test_nobody_is_told_without_consent_to_exactly_this_or_after_ending_it(desk: MaintenanceDesk) -> None:
    staff = desk.report.bay.staff
    assert desk.mails.queue_due() == 0
    desk.consents.give(staff, desk.customer_id, OFFERS)
    assert desk.mails.queue_due() == 0
    desk.agree()
    desk.consents.withdraw(staff, desk.customer_id, MAINTENANCE)
    assert (desk.mails.queue_due(), desk.queued(), desk.offers()) == (0, [], [])


def test_the_link_in_the_mail_ends_it(desk: MaintenanceDesk) -> None:
    desk.tell()
    token = desk.queued()[0].text.split("/abmelden/")[1].split()[0]
    assert desk.consents.withdraw_by_link(token).kind == MAINTENANCE
    (held,) = desk.consents.list_consents(desk.report.bay.staff, desk.customer_id)
    assert held.withdrawn_at is not None


def test_a_car_that_comes_anyway_is_left_alone(desk: MaintenanceDesk) -> None:
    desk.agree()
    token = desk.report.issue("P0301")
    desk.report.links.book(token, desk.report.links.get_by_token(token).slots[0].id)
    assert (desk.mails.queue_due(), desk.queued()) == (0, [])
    assert desk.suggestion().state == "coming"


def test_codes_and_the_inspection_are_told_elsewhere(desk: MaintenanceDesk, clock: ManualClock) -> None:
    desk.agree()
    with desk.database.writing(SYSTEM) as session:
        session.get_one(Vehicle, desk.vehicle_id).inspection_due = clock().date() + timedelta(days=3)
    desk.report.read("P0301")
    desk.mails.queue_due()
    assert ["Motoröl" in one.subject for one in desk.queued()] == [True]


def test_staff_reads_what_became_of_the_suggestion(desk: MaintenanceDesk, clock: ManualClock) -> None:
    def deliver(state: str) -> None:
        with desk.database.writing(SYSTEM) as session:
            session.get_one(OutgoingMessage, desk.queued()[0].id).state = state

    def write_to(address: str) -> None:
        with desk.database.writing(SYSTEM) as session:
            session.get_one(Customer, desk.customer_id).email = address

    assert desk.suggestion().state == "no_consent"
    desk.agree()
    write_to("")
    assert desk.suggestion().state == "no_address"
    write_to("ayse@example.org")
    assert desk.suggestion().state == "ready"
    desk.mails.queue_due()
    assert desk.suggestion().state == "sending"
    deliver("failed")
    assert desk.suggestion().state == "undelivered"
    deliver("sent")
    (offer,) = desk.offers()
    kept = desk.suggestion()
    assert (kept.state, kept.at, kept.until) == ("kept", offer.starts_at, offer.held_until)
    clock.now = offer.held_until
    assert desk.suggestion().state == "told"
    clock.advance(-timedelta(minutes=1))
    desk.links.accept(offer.token)
    assert (desk.suggestion().state, desk.suggestion().at) == ("booked", offer.starts_at)


def test_another_workshops_consent_and_cars_are_their_own(
    desk: MaintenanceDesk, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    other = open_maintenance_desk(database, clock, tmp_path / "other", "schmidt-bochum")
    other.agree()
    desk.mails.queue_due()
    assert {one.workshop_id for one in desk.queued()} == {other.report.bay.workshop.id}
    assert desk.offers() == []
    assert len(other.offers()) == 1
    assert desk.suggestion().state == "no_consent"
