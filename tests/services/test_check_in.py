"""A car comes in: noted, signed, and from then on only added to. On both engines."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlmodel import select

from carbot_app.adapters.documents.typst_check_in import TypstProtocolPrinter
from carbot_app.adapters.images.signatures import PillowSignatures
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.models import AuditEntry
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.orders.check_in import CheckInService
from carbot_app.domains.orders.check_in_schemas import CheckInInput, CheckInView, Mark
from carbot_app.domains.orders.models import CheckIn
from carbot_app.domains.photos.rules import CHECK_IN, ORDER_JOB, Owner
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Forbidden, NotFound
from tests.factories import make_workshop, staff_of
from tests.factories.pictures import jpeg
from tests.services.approval_desk import ApprovalDesk, open_approval_desk, signature

FACTS = CheckInInput(
    km=118_400,
    fuel_percent=45,
    marks=(Mark("left", 220, 400, "scratch", "Tür vorn"), Mark("rear", 500, 800, "dent")),
    tread={"rr": 42, "fl": 55},
    observations=("wipers", "lamp_engine"),
    belongings="Kindersitz",
    remark="Schlüssel in der Ablage",
)


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path) -> ApprovalDesk:
    return open_approval_desk(database, clock, tmp_path)


@pytest.fixture
def service(desk: ApprovalDesk) -> CheckInService:
    return CheckInService(
        db=desk.database,
        clock=desk.clock,
        store=desk.store,
        signatures=PillowSignatures(),
        printer=TypstProtocolPrinter(),
        messaging=MessagingService(db=desk.database, clock=desk.clock, transport=None),
    )


@pytest.fixture
def begun(desk: ApprovalDesk, service: CheckInService) -> CheckInView:
    return service.open(desk.desk.owner, desk.order().id)


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(AppError) as refused:
        work()
    return refused.value.code


def test_what_was_noted_is_there_again(desk, service, begun) -> None:
    service.save(desk.desk.owner, begun.id, FACTS)
    again = service.open(desk.desk.owner, begun.order_id)
    assert again.id == begun.id
    assert again.facts == replace(FACTS, observations=("lamp_engine", "wipers"))
    assert (again.plate, again.customer, again.is_signed) == ("DO-AB 123", "Ayşe Yılmaz", False)


def test_nobody_begins_twice(desk, service, begun) -> None:
    service.open(desk.desk.owner, begun.order_id)
    with desk.database.reading(SYSTEM) as session:
        assert len(session.exec(select(CheckIn)).all()) == 1


def test_fewer_kilometres_than_known_have_to_be_confirmed(desk, service, begun) -> None:
    lower = replace(FACTS, km=100_000)
    assert refusal(lambda: service.save(desk.desk.owner, begun.id, lower)) == "check_in_km_lower"
    confirmed = service.save(desk.desk.owner, begun.id, replace(lower, km_confirmed=True))
    assert confirmed.facts.km == 100_000


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"km": -1}, "km_invalid"),
        ({"fuel_percent": 101}, "check_in_percent"),
        ({"charge_percent": -1}, "check_in_percent"),
        ({"marks": (Mark("inside", 1, 1, "dent"),)}, "check_in_mark"),
        ({"marks": (Mark("left", 1001, 1, "dent"),)}, "check_in_mark"),
        ({"marks": (Mark("left", 1, 1, "ufo"),)}, "check_in_mark"),
        ({"marks": (Mark("left", 1, 1, "dent"),) * 61}, "check_in_mark"),
        ({"tread": {"spare": 40}}, "check_in_tread"),
        ({"tread": {"fl": 201}}, "check_in_tread"),
        ({"observations": ("ghost",)}, "check_in_observation"),
        ({"belongings": "x" * 301}, "too_long"),
        ({"remark": "x" * 1001}, "too_long"),
    ],
)
def test_what_cannot_be_is_refused(desk, service, begun, wrong, code) -> None:
    assert refusal(lambda: service.save(desk.desk.owner, begun.id, replace(FACTS, **wrong))) == code


def test_signing_takes_the_kilometres_over_and_the_car_is_here(desk, service, begun) -> None:
    service.save(desk.desk.owner, begun.id, replace(FACTS, km=118_950))
    signed = service.sign(desk.desk.owner, begun.id, "Ayşe Yılmaz", signature())
    assert (signed.is_signed, signed.signed_name) == (True, "Ayşe Yılmaz")
    row = desk.row(begun.order_id)
    assert (row.state, row.km) == ("accepted", 118_950)
    with desk.database.reading(SYSTEM) as session:
        assert session.get_one(Vehicle, row.vehicle_id).km == 118_950
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.kind == "order.checked_in"))
        assert session.exec(select(CheckIn.terms_version)).one() == "2026-12"
    assert (entry.content["km"], entry.content["marks"], entry.content["signed"]) == (118_950, 2, True)
    assert "Ayşe" not in str(entry.content)


def test_without_kilometres_or_a_name_nothing_is_signed(desk, service, begun) -> None:
    sign = service.sign
    assert refusal(lambda: sign(desk.desk.owner, begun.id, "Ayşe")) == "check_in_incomplete"
    service.save(desk.desk.owner, begun.id, FACTS)
    assert refusal(lambda: sign(desk.desk.owner, begun.id, " ")) == "missing"
    assert refusal(lambda: sign(desk.desk.owner, begun.id, "Ayşe", b"\x89PNG")) == "signature_invalid"
    assert sign(desk.desk.owner, begun.id, "Ayşe").is_signed


def test_what_is_signed_is_only_added_to(desk, service, begun) -> None:
    service.save(desk.desk.owner, begun.id, FACTS)
    assert refusal(lambda: service.add(desk.desk.owner, begun.id, "Delle")) == "check_in_not_signed"
    first = service.sign(desk.desk.owner, begun.id, "Ayşe Yılmaz")
    assert service.sign(desk.desk.owner, begun.id, "Mallory").signed_name == first.signed_name
    assert refusal(lambda: service.save(desk.desk.owner, begun.id, FACTS)) == "check_in_signed"
    assert refusal(lambda: service.add(desk.desk.owner, begun.id, " ")) == "missing"
    service.add(desk.desk.owner, begun.id, "Antenne fehlt")
    added = service.add(desk.desk.owner, begun.id, "Radkappe auch")
    assert [one.text for one in added.addenda] == ["Antenne fehlt", "Radkappe auch"]
    assert added.addenda[0].by == desk.desk.owner.name
    assert added.facts == first.facts


def test_the_protocol_shows_what_was_signed_in_the_customers_language(desk, service, begun) -> None:
    desk.edit(begun.order_id, language="en")
    service.save(desk.desk.owner, begun.id, FACTS)
    before = PdfReader(BytesIO(service.pdf(desk.desk.owner, begun.id))).pages[0].extract_text()
    assert "Not signed yet" in before
    service.sign(desk.desk.owner, begun.id, "Ayşe Yılmaz", signature())
    service.add(desk.desk.owner, begun.id, "Antenna missing")
    text = PdfReader(BytesIO(service.pdf(desk.desk.owner, begun.id))).pages[0].extract_text()
    for words in (
        "118,400 km",
        "45 %",
        "4.2 mm",
        "Scratch · Tür vorn",
        "Kindersitz",
        "Antenna missing",
        "DO-AB 123",
    ):
        assert words in text, words


def test_photos_belong_to_the_check_in(desk, service, begun) -> None:
    owner = Owner(CHECK_IN, begun.id)
    desk.photos.add(desk.desk.owner, owner, jpeg(320, 240))
    assert len(desk.photos.list_photos(desk.desk.owner, owner).photos) == 1


def test_the_signed_protocol_goes_by_mail_with_the_photos_of_car_and_jobs(desk, service, begun) -> None:
    with desk.database.writing(SYSTEM) as session:
        session.get_one(Customer, desk.desk.customer.id).email = "ayse@example.org"
    job = desk.desk.orders.get(desk.desk.owner, begun.order_id).jobs[0]
    desk.photos.add(desk.desk.owner, Owner(CHECK_IN, begun.id), jpeg(320, 240))
    desk.photos.add(desk.desk.owner, Owner(ORDER_JOB, job.id), jpeg(300, 300, colour="#8a4b3a"))
    dropped = desk.photos.add(desk.desk.owner, Owner(CHECK_IN, begun.id), jpeg(200, 200, colour="#112233"))
    desk.photos.delete(desk.desk.owner, dropped.id)
    service.save(desk.desk.owner, begun.id, FACTS)
    assert desk.messages() == []
    signed = service.sign(desk.desk.owner, begun.id, "Ayşe Yılmaz", signature())
    service.sign(desk.desk.owner, begun.id, "Ayşe Yılmaz", signature())
    [mail] = desk.messages()
    assert (mail.to_address, mail.kind) == ("ayse@example.org", "check_in")
    assert signed.mailed_to == "ayse@example.org"
    assert "VW Golf" in mail.subject
    [name] = mail.attachments
    found = service.attachment(desk.desk.workshop.id, name)
    assert (found.filename, found.media_type) == (f"Annahmeprotokoll {signed.number}.pdf", "application/pdf")
    pages = PdfReader(BytesIO(found.content)).pages
    assert sum(len(page.images) for page in pages) == 3, "two photos and the signature"
    with pytest.raises(NotFound):
        service.attachment(make_workshop(desk.database, "other").id, name)


def test_without_an_address_nothing_is_mailed(desk, service, begun) -> None:
    with desk.database.writing(SYSTEM) as session:
        session.get_one(Customer, desk.desk.customer.id).email = ""
    service.save(desk.desk.owner, begun.id, FACTS)
    assert service.sign(desk.desk.owner, begun.id, "Ayşe Yılmaz").mailed_to == ""
    assert desk.messages() == []


def test_an_order_that_is_over_is_not_checked_in(desk, service) -> None:
    order = desk.order(state="cancelled")
    assert service.find(desk.desk.owner, order.id) is None
    assert refusal(lambda: service.open(desk.desk.owner, order.id)) == "check_in_order_over"


def test_technicians_may_and_accountants_and_strangers_may_not(desk, service, begun) -> None:
    technician = staff_of(desk.desk.workshop, "technician")
    assert service.save(technician, begun.id, FACTS).taken_by == technician.name
    accountant = staff_of(desk.desk.workshop, "accountant")
    assert service.find(accountant, begun.order_id) is not None
    stranger = staff_of(make_workshop(desk.database, "other"))
    for work in (
        lambda who: service.open(who, begun.order_id),
        lambda who: service.save(who, begun.id, FACTS),
        lambda who: service.sign(who, begun.id, "A"),
        lambda who: service.add(who, begun.id, "A"),
    ):
        with pytest.raises(Forbidden):
            work(accountant)
        with pytest.raises(NotFound):
            work(stranger)
    for work in (lambda: service.pdf(stranger, begun.id), lambda: service.find(stranger, begun.order_id)):
        with pytest.raises(NotFound):
            work()
    assert refusal(lambda: service.pdf(desk.desk.owner, uuid4())) == "check_in_unknown"
