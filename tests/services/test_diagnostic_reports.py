"""A report is frozen when it is issued, says first who may not drive on, and its link orders and books.
Both engines."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.diagnostics.models import DiagnosticReport
from carbot_app.domains.diagnostics.report_schemas import ReportWish
from carbot_app.domains.orders.models import OrderApproval, OrderJob, WorkOrder
from carbot_app.domains.team.roles import ACCOUNTANT
from carbot_app.domains.vehicle_history.happenings import report
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Gone, Invalid, NotFound
from tests.factories import staff_of
from tests.services.report_desk import ReportDesk, open_report_desk

CODES = ("P0301", "P0171")


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> ReportDesk:
    return open_report_desk(database, clock, tmp_path)


def orders(desk: ReportDesk) -> list[WorkOrder]:
    with desk.bay.db.reading(SYSTEM) as session:
        return list(session.exec(select(WorkOrder)))


def visits(desk: ReportDesk) -> list[Appointment]:
    with desk.bay.db.reading(SYSTEM) as session:
        return list(session.exec(select(Appointment)))


def raise_prices(desk: ReportDesk) -> None:
    with desk.bay.db.writing(SYSTEM) as session:
        for service in session.exec(select(Service)):
            service.price_min_cents *= 3
            service.price_max_cents *= 3


def test_a_report_explains_codes_in_the_customers_language_with_prices_of_this_car(desk: ReportDesk) -> None:
    session_id = desk.read(*CODES)
    desk.idle(session_id, volts=12.9)
    content = desk.reports.preview(desk.bay.staff, session_id, ReportWish(language="tr"))
    assert (content.plate, content.language, content.stop) == ("DO-AB 123", "tr", "")
    assert [one.code for one in content.codes] == ["P0301", "P0171"]
    assert "ateşleme" in content.codes[0].title
    assert {one.tone for one in content.values if one.name == "Şarj"} == {"warn"}
    assert content.offers
    assert all(one.price.endswith("€") and one.codes for one in content.offers)
    assert content.score < 80
    assert content.reasons
    assert desk.events("diagnostics.report_issued") == []


@pytest.mark.parametrize("language", ["de", "en", "tr", "pl"])
def test_whoever_saw_a_blinking_lamp_reads_first_that_nobody_may_drive_on(
    desk: ReportDesk, language: str
) -> None:
    calm = desk.reports.preview(desk.bay.staff, desk.read("P0442"), ReportWish(language=language))
    wish = ReportWish(language=language, lamps=("engine_blinking",))
    content = desk.reports.preview(desk.bay.staff, desk.read("P0442"), wish)
    assert (calm.stop, calm.level == "stop") == ("", False)
    assert content.stop
    assert (content.level, content.score <= 10) == ("stop", True)
    assert {one.safe for one in content.codes} == {"no"}


def test_an_engine_that_was_measured_too_hot_stops_the_drive_without_any_code(desk: ReportDesk) -> None:
    session_id = desk.read()
    desk.idle(session_id, coolant=121.0)
    content = desk.reports.preview(desk.bay.staff, session_id, ReportWish())
    assert (content.codes, content.level) == ((), "stop")
    assert "nicht weiterfahren" in content.stop
    assert [(one.word, one.tone) for one in content.values if one.name == "Motortemperatur"] == [
        ("zu heiß", "err")
    ]


def test_for_a_code_that_is_only_pending_nothing_is_sold(desk: ReportDesk) -> None:
    session_id = desk.bay.start().session_id
    desk.bay.read_codes(session_id, pending=("P0301",))
    content = desk.reports.preview(desk.bay.staff, session_id, ReportWish())
    assert ([one.code for one in content.codes], content.offers, content.slot) == (["P0301"], (), "")


def test_issuing_freezes_prints_sends_and_tells_the_history_of_the_car(desk: ReportDesk) -> None:
    session_id = desk.read(*CODES)
    view = desk.reports.issue(desk.bay.staff, session_id, ReportWish(note="Bitte bald."))
    row = desk.row()
    assert (view.state, view.sent_on, view.sha256) == ("issued", "sms", sha256(row.pdf).hexdigest())
    (message,) = desk.messages()
    assert (message.channel, row.token in message.text) == ("sms", True)
    (event,) = desk.events("diagnostics.report_issued")
    told = report(event.payload, desk.bay.clock().date())
    assert told.facts["sha256"] == view.sha256
    assert "P0301" in str(told)
    text = PdfReader(BytesIO(row.pdf)).pages[0].extract_text()
    assert "Bitte bald." in text
    assert "P0301" in text
    before = desk.links.get_by_token(row.token).content
    raise_prices(desk)
    desk.bay.read_codes(session_id, "P0420")
    assert desk.links.get_by_token(row.token).content == before


def test_only_the_link_is_made_when_staff_wants_no_message(desk: ReportDesk) -> None:
    desk.issue("P0301", channel="none")
    assert (desk.messages(), desk.row().sent_on) == ([], "")


def test_a_message_about_a_car_nobody_may_drive_says_so_itself(desk: ReportDesk) -> None:
    desk.issue("P0301", lamps=("oil",))
    assert "NICHT WEITERFAHREN" in desk.messages()[0].text


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"language": "xx"}, "language_unknown"),
        ({"lamps": ("disco",)}, "lamp_unknown"),
        ({"note": "x" * 601}, "too_long"),
        ({"channel": "pigeon"}, "approval_channel"),
    ],
)
def test_what_no_report_can_be_made_of_is_refused(
    desk: ReportDesk, wish: dict[str, object], code: str
) -> None:
    session_id = desk.read("P0301")
    with pytest.raises(AppError) as refused:
        desk.reports.issue(desk.bay.staff, session_id, ReportWish(**wish))  # type: ignore[arg-type]
    assert refused.value.code == code
    assert desk.reports.list_of_session(desk.bay.staff, session_id) == ()


def test_a_session_without_codes_or_without_a_car_has_no_report(desk: ReportDesk) -> None:
    unread = desk.bay.start().session_id
    with pytest.raises(Conflict, match="codes_unread"):
        desk.reports.issue(desk.bay.staff, unread, ReportWish())
    stranger = desk.read("P0301", vin="", car="other")
    with pytest.raises(Conflict, match="report_car_unknown"):
        desk.reports.issue(desk.bay.staff, stranger, ReportWish())


def test_one_tap_orders_the_work_of_that_line_and_a_second_changes_nothing(desk: ReportDesk) -> None:
    token = desk.issue("P0301")
    offer = desk.links.get_by_token(token).content.offers[0]
    first = desk.links.approve(token, offer.service, signed_name="Ayşe Yılmaz")
    assert desk.links.approve(token, offer.service, signed_name="Ayşe Yılmaz") in first
    (order,) = orders(desk)
    with desk.bay.db.reading(SYSTEM) as session:
        (job,) = session.exec(select(OrderJob))
        (answer,) = session.exec(select(OrderApproval))
    assert (order.state, order.customer_id, order.language) == ("scheduled", desk.customer.id, "de")
    assert (job.service_code, job.decision, "P0301" in job.finding) == (offer.service, "approved", True)
    assert (answer.signed_name, answer.channel, answer.approved_cents) == (
        "Ayşe Yılmaz", "link", offer.high_cents,
    )  # fmt: skip
    assert desk.links.get_by_token(token).approved == {offer.service: f"/freigabe/{answer.token}/"}
    assert len(desk.events("order.decided")) == 1
    assert [one.kind for one in desk.desk.messages()] == ["diagnostic_report"]


def test_lines_approved_one_after_the_other_are_one_order(desk: ReportDesk) -> None:
    token = desk.issue("P0301", "C0035")
    offers = desk.links.get_by_token(token).content.offers
    assert len(offers) == 2
    for offer in offers:
        desk.links.approve(token, offer.service, signed_name="Ayşe Yılmaz")
    (order,) = orders(desk)
    assert order.approved_cents == sum(offer.high_cents for offer in offers)
    assert set(desk.links.get_by_token(token).approved) == {offer.service for offer in offers}


def test_a_price_that_has_risen_is_asked_anew_instead_of_taken(desk: ReportDesk) -> None:
    token = desk.issue("P0301")
    offer = desk.links.get_by_token(token).content.offers[0]
    raise_prices(desk)
    with desk.bay.db.writing(SYSTEM) as session:
        stored = session.get_one(DiagnosticReport, desk.row().id)
        cheaper = {**stored.content["offers"][0], "high_cents": offer.high_cents - 1}
        stored.content = {**stored.content, "offers": [cheaper]}
    link = desk.links.approve(token, offer.service, signed_name="Ayşe Yılmaz")
    assert "/freigabe/" in link
    assert desk.links.get_by_token(token).approved == {}
    assert orders(desk)[0].state == "estimate"


def test_work_the_report_does_not_offer_cannot_be_ordered(desk: ReportDesk) -> None:
    token = desk.issue("P0301")
    for service in ("", "SAF-HUA-001", "'; DROP TABLE"):
        with pytest.raises(Invalid, match="report_line_unknown"):
            desk.links.approve(token, service, signed_name="Ayşe")
    assert orders(desk) == []


def test_nobody_approves_without_a_name(desk: ReportDesk) -> None:
    token = desk.issue("P0301")
    offer = desk.links.get_by_token(token).content.offers[0]
    with pytest.raises(Invalid):
        desk.links.approve(token, offer.service, signed_name=" ")
    assert orders(desk) == []


def test_a_time_is_booked_once_for_what_was_approved_and_brings_the_order_along(desk: ReportDesk) -> None:
    token = desk.issue("P0301", "C0035")
    offer = desk.links.get_by_token(token).content.offers[-1]
    desk.links.approve(token, offer.service, signed_name="Ayşe Yılmaz")
    slots = desk.links.get_by_token(token).slots
    assert len(slots) == 3
    links = {desk.links.book(token, slots[0].id) for _ in range(2)}
    (visit,) = visits(desk)
    assert links == {f"https://carbot.example/t/{visit.manage_token}/"}
    assert (visit.customer_id, visit.service_codes) == (desk.customer.id, [offer.service])
    assert desk.links.get_by_token(token).visit_link in links
    assert orders(desk)[0].appointment_id == visit.id


def test_without_approval_the_visit_is_for_what_is_most_urgent(desk: ReportDesk) -> None:
    token = desk.issue("P0301", "C0035")
    page = desk.links.get_by_token(token)
    desk.links.book(token, page.slots[0].id)
    assert visits(desk)[0].service_codes == [page.content.offers[0].service]
    assert orders(desk) == []


def test_a_revoked_or_expired_report_opens_no_door(desk: ReportDesk, clock: ManualClock) -> None:
    token = desk.issue("P0301")
    page = desk.links.get_by_token(token)
    slot = page.slots[0].id
    clock.advance(timedelta(days=31))
    assert desk.links.get_by_token(token).state == "expired"
    clock.advance(-timedelta(days=30))
    view = desk.reports.revoke(desk.bay.staff, desk.row().id)
    assert desk.reports.revoke(desk.bay.staff, desk.row().id) == view
    page = desk.links.get_by_token(token)
    assert (page.state, page.slots) == ("revoked", ())
    for press in (
        lambda: desk.links.approve(token, page.content.offers[0].service, signed_name="Ayşe"),
        lambda: desk.links.book(token, slot),
        lambda: desk.links.pdf(token),
    ):
        with pytest.raises(Gone, match="report_over"):
            press()


@pytest.mark.parametrize(
    "token", ["", "x", "../../etc/passwd", "a" * 65, "ä" * 32, "A" * 32, "'; DROP--" * 3]
)
def test_a_token_that_was_never_given_out_is_unknown(desk: ReportDesk, token: str) -> None:
    with pytest.raises(NotFound, match="link_unknown"):
        desk.links.get_by_token(token)


def test_opening_is_noted_once_and_only_when_a_person_has_it_before_them(
    desk: ReportDesk, clock: ManualClock
) -> None:
    token = desk.issue("P0301")
    desk.links.get_by_token(token)
    assert desk.row().opened_at is None
    desk.links.get_by_token(token, opened=True)
    first = desk.row().opened_at
    clock.advance(timedelta(hours=1))
    desk.links.get_by_token(token, opened=True)
    assert (first is not None, desk.row().opened_at) == (True, first)


def test_who_may_not_run_diagnostics_issues_nothing(desk: ReportDesk) -> None:
    session_id = desk.read("P0301")
    books = staff_of(desk.bay.workshop, role=ACCOUNTANT)
    for refused in (
        lambda: desk.reports.issue(books, session_id, ReportWish()),
        lambda: desk.reports.preview(books, session_id, ReportWish()),
        lambda: desk.reports.list_of_session(books, session_id),
        lambda: desk.reports.revoke(books, session_id),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_another_workshop_sees_and_touches_no_report(
    desk: ReportDesk, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    token = desk.issue("P0301")
    row = desk.row()
    other = open_report_desk(database, clock, tmp_path / "other", "schmidt-bochum")
    staff = other.bay.staff
    for reach in (
        lambda: other.reports.list_of_session(staff, row.session_id),
        lambda: other.reports.get_pdf(staff, row.id),
        lambda: other.reports.revoke(staff, row.id),
        lambda: other.reports.issue(staff, row.session_id, ReportWish()),
    ):
        with pytest.raises(NotFound):
            reach()
    assert row.vehicle_id is not None
    assert other.reports.list_of_vehicle(staff, row.vehicle_id) == ()
    assert desk.links.get_by_token(token).state == "issued"
    assert desk.reports.get_pdf(desk.bay.staff, row.id) == row.pdf


def test_a_car_without_anybody_has_a_report_and_a_link_to_hand_over(desk: ReportDesk) -> None:
    session_id = desk.read("P0301")
    with desk.bay.db.writing(SYSTEM) as session:
        session.delete(session.get_one(Customer, desk.customer.id))
    view = desk.reports.issue(desk.bay.staff, session_id, ReportWish())
    assert (view.sent_on, view.content.language) == ("", "de")
