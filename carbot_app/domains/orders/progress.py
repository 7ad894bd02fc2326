"""Moving an order through its states, with the guard against passing the estimate."""

from uuid import UUID

from sqlmodel import Session, select

from carbot_app.domains.booking import states as visits
from carbot_app.domains.booking.desk import emit_change
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.orders.editing import OrderEditing
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.orders.reckoning import Setting, overrun_of
from carbot_app.domains.orders.rows import enter_state, lock_order, setting_of
from carbot_app.domains.orders.schemas import OrderView
from carbot_app.domains.orders.states import (
    ACCEPTED,
    IN_WORK,
    READY,
    STATES,
    choices_from,
    may_change,
    permission_for,
)
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid
from carbot_app.kit.money import format_cents

_VISIT_PATHS = {
    ACCEPTED: (visits.ARRIVED,),
    IN_WORK: (visits.ARRIVED, visits.IN_WORK),
    READY: (visits.ARRIVED, visits.DONE),
}
"""State of the order → states its visit passes through, as far as it is not there yet."""
_RANK = {
    visits.REQUESTED: 0, visits.CONFIRMED: 0, visits.ARRIVED: 1, visits.IN_WORK: 2, visits.DONE: 3,
}  # fmt: skip


class OrderProgress(OrderEditing):
    """The car's way: states.permission_for says what each change needs."""

    def move(self, actor: Actor, order_id: UUID, state: str, *, version: int | None = None) -> OrderView:
        """Bring the order to ``state``; staying there is fine.

        The visit it belongs to goes along, and with ``ready`` its customer is told.

        Raises:
            Invalid: ``order_state_unknown``.
            Conflict: ``order_state_not_allowed``; ``order_needs_approval`` when the sum has passed what was
                told by more than 15 percent; ``order_changed_meanwhile``. NotFound: ``order_unknown``.
        """
        actor.require("orders.read")
        if state not in STATES:
            raise Invalid("order_state_unknown", field="state")
        with self._db.writing(actor.workshop_id) as session:
            row = lock_order(session, order_id, version)
            if row.state != state:
                actor.require(permission_for(row.state, state))
                if not may_change(row.state, state):
                    raise Conflict("order_state_not_allowed", field="state")
                now = self._clock()
                if state == READY:
                    require_within(session, row, setting_of(session, actor.workshop_id, now), actor.language)
                take_visit_along(session, row, state)
                enter_state(session, row, state, at=now, by=actor.name)
            return self._view(session, row)

    def choices(self, actor: Actor, order: OrderView) -> tuple[str, ...]:
        """States the actor may choose next."""
        return choices_from(
            order.state, may_manage=actor.can("orders.manage"), may_work=actor.can("orders.work")
        )


def require_within(session: Session, row: WorkOrder, setting: Setting, language: str) -> None:
    """Conflict ``order_needs_approval`` with amount and limit where the estimate was passed too far."""
    overrun = overrun_of(row.estimate_cents, row.total_cents, setting.on, row.approved_cents)
    if overrun is None or not overrun.blocks:
        return
    country = session.get_one(Workshop, row.workshop_id).country
    raise Conflict(
        "order_needs_approval",
        field="state",
        amount=format_cents(row.total_cents, row.currency, language, country),
        limit=format_cents(overrun.limit_cents, row.currency, language, country),
    )


def take_visit_along(session: Session, row: WorkOrder, state: str) -> None:
    """Bring the visit of an order to where the order is; a done visit tells its customer the car is ready."""
    path = _VISIT_PATHS.get(state, ())
    if not path or row.appointment_id is None:
        return
    query = select(Appointment).where(Appointment.id == row.appointment_id).with_for_update()
    visit = session.exec(query).first()
    if visit is None or visit.state not in _RANK:
        return
    for step in path:
        if _RANK[step] > _RANK[visit.state] and step in visits.TRANSITIONS[visit.state]:
            visit.state = step
            emit_change(session, "changed", visit)
