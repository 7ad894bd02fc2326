"""Customers rate a visit that is done behind its link, once, and may think again for a week."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.schemas import Question, Span
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.automations.models import Automation
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.calls.service import CallbackService
from carbot_app.domains.customer_file.service import CustomerFiles
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.ratings.models import VisitRating
from carbot_app.domains.ratings.rules import CLOSED, FINAL, GIVEN, OPEN, rating_state
from carbot_app.domains.ratings.service import RatingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Gone, Invalid, NotFound
from tests.factories import make_appointment, make_customer, make_resource, make_workshop, staff_of
from tests.factories.saving import save

DONE_AT = datetime(2026, 11, 20, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
REVIEWS = "https://reviews.example/mueller"


@dataclass(frozen=True, slots=True)
class Desk:
    """A workshop with one visit that is done."""

    database: Database
    clock: ManualClock
    workshop: Workshop
    customer: Customer
    visit: Appointment
    ratings: RatingService

    @property
    def token(self) -> str:
        return self.visit.manage_token

    def rows(self, table: type[Any]) -> list[Any]:
        with self.database.reading(SYSTEM) as session:
            query = select(table).where(col(table.workshop_id) == self.workshop.id)
            return list(session.exec(query.order_by(table.id)))


def open_desk(database: Database, clock: ManualClock, **visit: Any) -> Desk:
    workshop = make_workshop(database, slug=visit.pop("slug", "mueller-dortmund"))
    customer = make_customer(database, workshop, phone=visit.pop("phone", "+491715550142"))
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    fields = {"state": "done", "starts_at": DONE_AT - timedelta(hours=1), **visit}
    row = make_appointment(database, workshop, customer, technician, bay, **fields)
    calls = CallbackService(db=database, clock=clock, customers=CustomerService(db=database))
    return Desk(
        database, clock, workshop, customer, row, RatingService(db=database, clock=clock, calls=calls)
    )


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    clock.now = NOW
    return open_desk(database, clock)


@pytest.mark.parametrize(
    ("state", "rated", "after", "expected"),
    [
        ("confirmed", None, 0, CLOSED),
        ("in_work", None, 0, CLOSED),
        ("cancelled", None, 0, CLOSED),
        ("done", None, -1, OPEN),
        ("done", None, 59, OPEN),
        ("done", None, 60, CLOSED),
        ("done", 0, 6, GIVEN),
        ("done", 0, 7, FINAL),
        ("in_work", 0, 1, GIVEN),
    ],
)
def test_when_a_visit_can_be_rated(state: str, rated: int | None, after: int, expected: str) -> None:
    rated_at = None if rated is None else DONE_AT + timedelta(days=rated)
    assert rating_state(state, DONE_AT, rated_at, DONE_AT + timedelta(days=after)) == expected


def test_a_rating_is_kept_and_told_to_others_once(desk: Desk) -> None:
    assert desk.ratings.get_by_link(desk.token).state == OPEN
    given = desk.ratings.rate_by_link(desk.token, 5, "  Schnell,\n freundlich. ", language="tr")
    again = desk.ratings.rate_by_link(desk.token, 5, "Schnell,\n freundlich.")
    assert given == again == desk.ratings.get_by_link(desk.token)
    assert (given.state, given.stars, given.comment) == (GIVEN, 5, "Schnell,\n freundlich.")
    (row,) = desk.rows(VisitRating)
    assert (row.language, row.rated_at) == ("tr", NOW)
    (event,) = (one for one in desk.rows(OutboxEvent) if one.kind == "visit.rated")
    assert event.payload["rating_id"] == str(row.id)


def test_a_customer_may_think_again_for_a_week(desk: Desk) -> None:
    desk.ratings.rate_by_link(desk.token, 2, "Zu spät fertig.")
    desk.clock.advance(timedelta(days=6))
    assert desk.ratings.rate_by_link(desk.token, 4).comment == ""
    desk.clock.advance(timedelta(days=1))
    assert desk.ratings.get_by_link(desk.token).state == FINAL
    with pytest.raises(Gone):
        desk.ratings.rate_by_link(desk.token, 1)
    (row,) = desk.rows(VisitRating)
    assert (row.stars, row.rated_at) == (4, NOW)


def test_the_figure_follows_a_changed_mind(desk: Desk) -> None:
    collector = EventCollector(db=desk.database, clock=desk.clock)
    analytics = AnalyticsService(db=desk.database, clock=desk.clock)

    def figure() -> tuple[float | None, int]:
        for event in desk.rows(OutboxEvent):
            collector.on_event(Delivery(event.id, event.workshop_id, event.kind, event.payload, NOW))
        question = Question(Span(NOW.date(), NOW.date()))
        found = {kpi.code: kpi.value for kpi in analytics.kpis(staff_of(desk.workshop), question)}
        return found["rating"], analytics.rows(staff_of(desk.workshop), question, "rating").total

    desk.ratings.rate_by_link(desk.token, 1, "Nie wieder.")
    assert figure() == (1, 1)
    desk.ratings.rate_by_link(desk.token, 5)
    assert figure() == (5, 1)


@pytest.mark.parametrize("stars", [0, 6, -1, 100])
def test_only_one_to_five_stars_can_be_given(desk: Desk, stars: int) -> None:
    with pytest.raises(Invalid) as refused:
        desk.ratings.rate_by_link(desk.token, stars)
    assert refused.value.code == "stars_missing"
    with pytest.raises(Invalid) as refused:
        desk.ratings.rate_by_link(desk.token, 5, "x" * 1001)
    assert refused.value.code == "too_long"
    assert desk.rows(VisitRating) == []


def test_a_visit_that_is_not_done_cannot_be_rated(database: Database, clock: ManualClock) -> None:
    clock.now = NOW
    desk = open_desk(database, clock, state="confirmed")
    with pytest.raises(Gone):
        desk.ratings.rate_by_link(desk.token, 5)
    with pytest.raises(Gone):
        desk.ratings.wish_call_by_link(desk.token)


@pytest.mark.parametrize("token", ["", "kurz", "x" * 43, "../../etc/passwd", "%00" * 20])
def test_a_link_nobody_gave_out_opens_nothing(desk: Desk, token: str) -> None:
    for ask in (
        desk.ratings.get_by_link,
        desk.ratings.wish_call_by_link,
        lambda link: desk.ratings.rate_by_link(link, 5),
    ):
        with pytest.raises(NotFound):
            ask(token)


def test_who_was_glad_is_led_to_the_workshops_reviews(desk: Desk) -> None:
    assert desk.ratings.rate_by_link(desk.token, 5).review_link == ""
    action = {"kind": "reply", "template": "review", "url": REVIEWS}
    save(
        desk.database,
        Automation(workshop_id=desk.workshop.id, name="Bewertung", trigger="picked_up", actions=[action]),
    )
    glad = desk.ratings.rate_by_link(desk.token, 4)
    assert (glad.review_link, glad.callback) == (REVIEWS, "")
    sorry = desk.ratings.rate_by_link(desk.token, 3)
    assert (sorry.review_link, sorry.callback) == ("", "offer")


def test_who_was_not_is_called_once_however_often_they_ask(desk: Desk) -> None:
    desk.ratings.rate_by_link(desk.token, 1, "Auto war schmutzig.")
    first = desk.ratings.wish_call_by_link(desk.token)
    assert first.callback == desk.ratings.wish_call_by_link(desk.token).callback == "asked"
    (call,) = desk.rows(Callback)
    assert (call.phone, call.customer_id, call.state) == ("+491715550142", desk.customer.id, "open")
    assert "1 von 5" in call.note
    assert "Auto war schmutzig." in call.note


def test_no_call_is_offered_without_a_number(database: Database, clock: ManualClock) -> None:
    clock.now = NOW
    desk = open_desk(database, clock, phone="")
    assert desk.ratings.rate_by_link(desk.token, 1).callback == ""
    with pytest.raises(Gone):
        desk.ratings.wish_call_by_link(desk.token)


def test_two_tabs_give_one_rating(desk: Desk) -> None:
    with ThreadPoolExecutor(2) as tabs:
        list(tabs.map(lambda stars: desk.ratings.rate_by_link(desk.token, stars), (4, 5)))
    (row,) = desk.rows(VisitRating)
    assert row.stars in {4, 5}


def test_the_customers_file_tells_of_it(desk: Desk) -> None:
    desk.ratings.rate_by_link(desk.token, 2, "Zu teuer.")
    customers = CustomerService(db=desk.database)
    files = CustomerFiles(db=desk.database, clock=desk.clock, customers=customers)
    page = files.list_timeline(staff_of(desk.workshop), desk.customer.id, kinds=["rating"])
    (item,) = page.items
    assert (item.kind, item.state, item.title, item.at) == ("rating", "2", "Zu teuer.", NOW)


def test_another_workshop_has_none_of_it(database: Database, clock: ManualClock, desk: Desk) -> None:
    other = open_desk(database, clock, slug="andere")
    save(
        database,
        Automation(
            workshop_id=other.workshop.id,
            name="Bewertung",
            trigger="picked_up",
            actions=[{"kind": "reply", "template": "review", "url": REVIEWS}],
        ),
    )
    assert desk.ratings.rate_by_link(desk.token, 5).review_link == "", "that page is somebody else's"
    assert other.rows(VisitRating) == []
    with database.reading(other.workshop.id) as session:
        assert session.exec(select(VisitRating)).all() == []
