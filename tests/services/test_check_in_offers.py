"""One thing is offered while a car comes in, answered once, and never pressed again. On both engines."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from carbot_app.adapters.documents.typst_check_in import TypstProtocolPrinter
from carbot_app.adapters.images.signatures import PillowSignatures
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.orders.check_in import CheckInService
from carbot_app.domains.orders.check_in_offers import CheckInOffers
from carbot_app.domains.orders.check_in_schemas import CheckInInput, CheckInView
from carbot_app.domains.orders.models import DeclinedJob
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Forbidden
from tests.factories import make_workshop, staff_of
from tests.factories.saving import save
from tests.factories.tyres import make_wheel_set
from tests.services.approval_desk import ApprovalDesk, open_approval_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path) -> ApprovalDesk:
    return open_approval_desk(database, clock, tmp_path)


@pytest.fixture
def check_ins(desk: ApprovalDesk) -> CheckInService:
    return CheckInService(
        db=desk.database,
        clock=desk.clock,
        store=desk.store,
        signatures=PillowSignatures(),
        printer=TypstProtocolPrinter(),
        messaging=MessagingService(db=desk.database, clock=desk.clock, transport=None),
    )


@pytest.fixture
def offers(desk: ApprovalDesk) -> CheckInOffers:
    return CheckInOffers(db=desk.database, clock=desk.clock, orders=desk.desk.orders)


@pytest.fixture
def begun(desk: ApprovalDesk, check_ins: CheckInService) -> CheckInView:
    return check_ins.open(desk.desk.owner, desk.order().id)


def inspection_due(desk: ApprovalDesk, on: date | None = None) -> None:
    with desk.database.writing(SYSTEM) as session:
        session.get_one(Vehicle, desk.desk.vehicle.id).inspection_due = on or desk.clock().date()


def declined_before(desk: ApprovalDesk, title: str = "Stoßdämpfer", urgency: str = "urgent") -> DeclinedJob:
    today = desk.clock().date()
    row = DeclinedJob(
        workshop_id=desk.desk.workshop.id,
        customer_id=desk.desk.customer.id,
        vehicle_id=desk.desk.vehicle.id,
        title=title,
        urgency=urgency,
        gross_cents=48_650,
        declined_on=today - timedelta(days=40),
        follow_up_on=today - timedelta(days=26),
    )
    return save(desk.database, row)


def titles(desk: ApprovalDesk, begun: CheckInView) -> list[str]:
    return [job.title for job in desk.desk.orders.get(desk.desk.owner, begun.order_id).jobs]


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(AppError) as refused:
        work()
    return refused.value.code


def test_a_car_with_nothing_due_is_offered_nothing(desk, offers, begun) -> None:
    assert offers.find(desk.desk.owner, begun.id) is None
    assert (
        refusal(lambda: offers.answer(desk.desk.owner, begun.id, wanted=True)) == "check_in_nothing_offered"
    )


def test_the_due_inspection_is_offered_at_the_catalogues_price_and_becomes_a_job(desk, offers, begun) -> None:
    inspection_due(desk)
    offer = offers.find(desk.desk.owner, begun.id)
    assert offer is not None
    assert (offer.kind, offer.on, offer.currency) == ("inspection", desk.clock().date(), "EUR")
    assert offer.gross_cents > 0
    before = titles(desk, begun)
    offers.answer(desk.desk.owner, begun.id, wanted=True)
    assert titles(desk, begun) == [*before, offer.title]
    order = desk.desk.orders.get(desk.desk.owner, begun.order_id)
    assert order.jobs[-1].gross_cents == offer.gross_cents


def test_one_car_is_offered_one_thing(desk, offers, begun) -> None:
    inspection_due(desk)
    declined_before(desk)
    first = offers.find(desk.desk.owner, begun.id)
    assert first is not None
    assert (first.kind, first.title, first.gross_cents) == ("declined", "Stoßdämpfer", 48_650)
    offers.answer(desk.desk.owner, begun.id, wanted=True)
    assert offers.find(desk.desk.owner, begun.id) is None, "the inspection is not pressed as well"
    assert (
        refusal(lambda: offers.answer(desk.desk.owner, begun.id, wanted=True)) == "check_in_nothing_offered"
    )
    assert titles(desk, begun).count("Stoßdämpfer") == 1


def test_a_no_is_a_no(desk, offers, begun) -> None:
    inspection_due(desk)
    before = titles(desk, begun)
    offers.answer(desk.desk.owner, begun.id, wanted=False)
    assert offers.find(desk.desk.owner, begun.id) is None
    assert titles(desk, begun) == before


def test_stored_winter_wheels_are_offered_in_winter(desk, offers, begun) -> None:
    make_wheel_set(desk.database, desk.desk.workshop, desk.desk.vehicle, season="winter")
    offer = offers.find(desk.desk.owner, begun.id)
    assert offer is not None
    assert (offer.kind, offer.season) == ("tyres", "winter")


def test_after_the_signature_nothing_is_offered(desk, check_ins, offers, begun) -> None:
    inspection_due(desk)
    check_ins.save(desk.desk.owner, begun.id, CheckInInput(km=118_500))
    check_ins.sign(desk.desk.owner, begun.id, "Ayşe Yılmaz")
    assert offers.find(desk.desk.owner, begun.id) is None


def test_technicians_and_strangers_offer_nothing(desk, offers, begun) -> None:
    inspection_due(desk)
    stranger = staff_of(make_workshop(desk.database, "other"))
    for work in (offers.find, lambda who, what: offers.answer(who, what, wanted=True)):
        with pytest.raises(Forbidden):
            work(staff_of(desk.desk.workshop, "technician"), begun.id)
        assert refusal(lambda work=work: work(stranger, begun.id)) == "check_in_unknown"
