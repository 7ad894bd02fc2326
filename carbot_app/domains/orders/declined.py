"""Work customers did not want: staff looks at it, and on its day it is told once."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.orders.approval_schemas import DeclinedView
from carbot_app.domains.orders.declined_rows import WAITING, job_of
from carbot_app.domains.orders.models import DeclinedJob, OrderJob, WorkOrder
from carbot_app.domains.orders.schemas import EstimateInput
from carbot_app.domains.orders.service import OrderService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound

_LISTED = 200


class DeclinedWork:
    """Reads need ``orders.read``, changes ``orders.manage``."""

    def __init__(self, *, db: Database, clock: Clock, orders: OrderService) -> None:
        self._db = db
        self._clock = clock
        self._orders = orders

    def list_waiting(self, actor: Actor, customer_id: UUID | None = None) -> tuple[DeclinedView, ...]:
        """What is not settled, of everybody or of one customer, what is due first on top; at most 200."""
        actor.require("orders.read")
        query = (
            select(DeclinedJob, Customer, Vehicle)
            .outerjoin(Customer, col(Customer.id) == col(DeclinedJob.customer_id))
            .outerjoin(Vehicle, col(Vehicle.id) == col(DeclinedJob.vehicle_id))
            .where(col(DeclinedJob.state).in_(WAITING))
            .order_by(col(DeclinedJob.follow_up_on), col(DeclinedJob.id))
            .limit(_LISTED)
        )
        if customer_id is not None:
            query = query.where(DeclinedJob.customer_id == customer_id)
        with self._db.reading(actor.workshop_id) as session:
            workshop = session.get_one(Workshop, actor.workshop_id)
            today = self._today(workshop)
            rows = session.exec(query).all()
        return tuple(_view(*row, currency=workshop.currency, today=today) for row in rows)

    def open_estimate(self, actor: Actor, declined_id: UUID) -> UUID:
        """An order with this work for the same car, at the price told then; asking again finds it.

        Raises:
            NotFound: ``declined_unknown``. Invalid, NotFound: what ``create_estimate`` says, such as
                ``order_car_missing``.
        """
        actor.require("orders.manage")
        with self._db.reading(actor.workshop_id) as session:
            row = _get(session, declined_id)
        wanted = EstimateInput(
            request_key=f"declined:{row.id}",
            customer_id=row.customer_id,
            vehicle_id=row.vehicle_id,
            jobs=(job_of(row),),
        )
        return self._orders.create_estimate(actor, wanted).id

    def drop(self, actor: Actor, declined_id: UUID) -> None:
        """Remind nobody of it any more; doing it twice is fine. NotFound ``declined_unknown``."""
        actor.require("orders.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = _get(session, declined_id)
            if row.state in WAITING:
                row.state = "dropped"

    def tell_due(self) -> int:
        """Tell what has come due, each once however many processes look; returns how much it was."""
        with self._db.reading(SYSTEM) as session:
            workshops = session.exec(select(Workshop)).all()
        return sum(self._tell(workshop) for workshop in workshops)

    def _tell(self, workshop: Workshop) -> int:
        due = select(DeclinedJob).where(
            DeclinedJob.state == "open", col(DeclinedJob.follow_up_on) <= self._today(workshop)
        )
        with self._db.reading(workshop.id) as session:
            if session.exec(due.limit(1)).first() is None:
                return 0
        with self._db.writing(workshop.id) as session:
            rows = session.exec(due.with_for_update(skip_locked=True)).all()
            for row in rows:
                row.state = "due"
                job = session.get(OrderJob, row.job_id) if row.job_id else None
                order = session.get(WorkOrder, job.order_id) if job else None
                emit(
                    session,
                    workshop.id,
                    "declined.due",
                    declined_id=row.id,
                    conversation_id=order.conversation_id if order else None,
                    appointment_id=order.appointment_id if order else None,
                )
        return len(rows)

    def _today(self, workshop: Workshop) -> date:
        return self._clock().astimezone(ZoneInfo(workshop.timezone)).date()


def _get(session: Session, declined_id: UUID) -> DeclinedJob:
    row = session.exec(select(DeclinedJob).where(DeclinedJob.id == declined_id)).first()
    if row is None:
        raise NotFound("declined_unknown")
    return row


def _view(
    row: DeclinedJob, customer: Customer | None, vehicle: Vehicle | None, *, currency: str, today: date
) -> DeclinedView:
    return DeclinedView(
        id=row.id,
        customer_id=row.customer_id,
        customer=(customer.name or customer.email or customer.phone) if customer else "",
        phone=customer.phone if customer else "",
        plate=vehicle.plate if vehicle else "",
        title=row.title,
        urgency=row.urgency,
        gross_cents=row.gross_cents,
        currency=currency,
        declined_on=row.declined_on,
        follow_up_on=row.follow_up_on,
        is_due=row.follow_up_on <= today,
    )
