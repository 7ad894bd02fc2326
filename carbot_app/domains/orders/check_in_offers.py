"""The one thing that may be offered while a car comes in: chosen by what is due, asked once, never again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.orders.check_in import get_check_in, lock_check_in
from carbot_app.domains.orders.declined_rows import WAITING, job_of
from carbot_app.domains.orders.models import DeclinedJob
from carbot_app.domains.orders.offer_rules import SERVICES, DeclinedOnce, Due, line_up
from carbot_app.domains.orders.schemas import JobInput, OrderView
from carbot_app.domains.orders.service import OrderService
from carbot_app.domains.orders.states import EDITABLE
from carbot_app.domains.orders.views import facts_of
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid

TAKEN, REFUSED = "taken", "refused"


@dataclass(frozen=True, slots=True)
class OfferView:
    """What is offered, why, and for how much."""

    kind: str
    """inspection, declined or tyres."""
    title: str
    on: date | None
    """Day the inspection is due, or the work was declined."""
    season: str
    """Of the stored wheels."""
    is_late: bool
    gross_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class _Ready:
    """An offer with its price, and what would be added to the order."""

    due: Due
    job: JobInput
    gross_cents: int


class CheckInOffers:
    """Needs ``orders.manage``: what is taken becomes a job with a price."""

    def __init__(self, *, db: Database, clock: Clock, orders: OrderService) -> None:
        self._db = db
        self._clock = clock
        self._orders = orders

    def find(self, actor: Actor, check_in_id: UUID) -> OfferView | None:
        """What may be offered now; None: nothing, or it was answered or signed already.

        Raises NotFound ``check_in_unknown``.
        """
        actor.require("orders.manage")
        order, ready = self._ready(actor, check_in_id)
        if ready is None:
            return None
        due = ready.due
        return OfferView(
            kind=due.kind,
            title=ready.job.title,
            on=due.on,
            season=due.season,
            is_late=due.is_late,
            gross_cents=ready.gross_cents,
            currency=order.currency,
        )

    def answer(self, actor: Actor, check_in_id: UUID, *, wanted: bool) -> None:
        """Put it into the order, or never offer anything for this visit again.

        Raises:
            NotFound: ``check_in_unknown``. Conflict: ``check_in_nothing_offered``, or
                ``order_changed_meanwhile`` when two people answer at once.
        """
        actor.require("orders.manage")
        order, ready = self._ready(actor, check_in_id)
        if ready is None:
            raise Conflict("check_in_nothing_offered")
        if wanted:
            # The version seen: a second press finds another one and adds nothing
            self._orders.add_job(actor, order.id, ready.job, version=order.version)
        with self._db.writing(actor.workshop_id) as session:
            row, _ = lock_check_in(session, check_in_id)
            row.offer_answer = TAKEN if wanted else REFUSED

    def _ready(self, actor: Actor, check_in_id: UUID) -> tuple[OrderView, _Ready | None]:
        with self._db.reading(actor.workshop_id) as session:
            row = get_check_in(session, check_in_id)
        order = self._orders.get(actor, row.order_id)
        if row.offer_answer or row.signed_at is not None or order.state not in EDITABLE or not order.vehicle:
            return order, None
        with self._db.reading(actor.workshop_id) as session:
            vehicle = session.get_one(Vehicle, order.vehicle.id)
            today = self._today(session, actor.workshop_id)
            candidates = self._candidates(session, vehicle, order, today)
        return order, next(self._priced(actor, candidates, vehicle, order.language), None)

    def _candidates(
        self, session: Session, vehicle: Vehicle, order: OrderView, today: date
    ) -> list[tuple[Due, JobInput]]:
        waiting = select(DeclinedJob).where(
            DeclinedJob.vehicle_id == vehicle.id, col(DeclinedJob.state).in_(WAITING)
        )
        rows = {row.id: row for row in session.exec(waiting.order_by(col(DeclinedJob.id)))}
        stored = select(WheelSet.season).where(
            WheelSet.vehicle_id == vehicle.id, col(WheelSet.taken_on).is_(None)
        )
        lined_up = line_up(
            today=today,
            inspection=vehicle.inspection_due,
            stored=frozenset(session.exec(stored)),
            declined=[
                DeclinedOnce(row.id, row.title, row.service_code, row.urgency, row.declined_on)
                for row in rows.values()
            ],
            ordered=[(job.service_code, job.title) for job in order.jobs],
        )
        return [
            (
                due,
                job_of(rows[due.declined_id])
                if due.declined_id
                else JobInput(service_code=SERVICES[due.kind]),
            )
            for due in lined_up
        ]

    def _priced(
        self, actor: Actor, candidates: list[tuple[Due, JobInput]], vehicle: Vehicle, language: str
    ) -> Iterator[_Ready]:
        """Candidates this workshop can do; what its catalogue does not have is not offered."""
        for due, job in candidates:
            try:
                yield _Ready(due, *self._orders.price_job(actor, job, facts_of(vehicle), language))
            except Invalid:
                continue

    def _today(self, session: Session, workshop_id: UUID) -> date:
        workshop = session.get_one(Workshop, workshop_id)
        return self._clock().astimezone(ZoneInfo(workshop.timezone)).date()


def _job(due: Due, declined: Mapping[UUID, DeclinedJob]) -> JobInput:
    if due.declined_id is not None:
        return job_of(declined[due.declined_id])
    return JobInput(service_code=SERVICES[due.kind])
