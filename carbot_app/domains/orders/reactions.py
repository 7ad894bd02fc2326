"""What visits, invoices and payments do to orders; an outbox consumer, so the same event may come twice.

A visit that arrives, begins or ends takes its order along where the order may go there: ``ready`` only as far
as the estimate allows, else the order waits in the final check. Whose the visit is, the order is too, until
somebody else is named in it. An issued invoice bills the order, a paid one
ends it, a cancelled one gives it back to where it was. Deposits and credits leave it alone.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.billing.models import AuditEntry, Invoice, Receivable
from carbot_app.domains.billing.receivables import PAID as SETTLED
from carbot_app.domains.booking import states as visits
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.orders.reckoning import overrun_of
from carbot_app.domains.orders.rows import AUDIT_STATE, SUBJECT, enter_state, setting_of, touched
from carbot_app.domains.orders.states import (
    ACCEPTED,
    BILLED,
    EDITABLE,
    ENQUIRY,
    ESTIMATE,
    FINAL_CHECK,
    IN_WORK,
    PAID,
    PICKED_UP,
    READY,
    SCHEDULED,
    may_change,
)
from carbot_app.kit.clock import Clock

INVOICE = "invoice"
_ISSUED, _PAID, _PAYMENT, _CANCELLED = (
    "invoice.issued",
    "invoice.paid",
    "invoice.payment",
    "invoice.cancelled",
)
_MONEY = (_ISSUED, _PAID, _PAYMENT, _CANCELLED)
_VISIT = ("appointment.changed", "appointment.moved")
_WORKDAY = (ACCEPTED, IN_WORK, READY)
"""A visit says these one after the other; who skips one has done it all the same."""
_FROM = {
    ACCEPTED: (ENQUIRY, ESTIMATE, SCHEDULED),
    IN_WORK: (ACCEPTED,),
    FINAL_CHECK: (IN_WORK,),
    READY: (IN_WORK, FINAL_CHECK),
}
"""Where a visit finds an order it takes along; what waits for parts or an answer goes on waiting."""
_SAID_BY_VISIT = {visits.ARRIVED: 1, visits.IN_WORK: 2, visits.DONE: 3}


class OrderReactions:
    """Keeps orders in step with visits and documents."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def on_event(self, delivery: Delivery) -> None:
        """A visit or an invoice went on."""
        if delivery.kind in _VISIT:
            whose = str(delivery.payload.get("technician_was", ""))
            self._follow_visit(delivery.workshop_id, UUID(delivery.payload["appointment_id"]), whose)
        elif delivery.kind in _MONEY and delivery.payload.get("order_id") not in (None, "", "None"):
            self._follow_money(delivery)

    def _follow_visit(self, workshop_id: UUID, appointment_id: UUID, whose: str) -> None:
        with self._db.reading(workshop_id) as session:
            found = session.exec(select(WorkOrder.id).where(WorkOrder.appointment_id == appointment_id)).all()
        for order_id in found:
            with self._db.writing(workshop_id) as session:
                row = _locked(session, order_id)
                visit = session.exec(select(Appointment).where(Appointment.id == appointment_id)).first()
                if row is None or visit is None:
                    continue
                _give_to(session, row, visit, whose)
                for state in _WORKDAY[: _SAID_BY_VISIT.get(visit.state, 0)]:
                    self._step(session, row, state)

    def _step(self, session: Session, row: WorkOrder, state: str) -> None:
        if state == READY and self._blocks(session, row):
            state = FINAL_CHECK
        if row.state in _FROM[state]:
            enter_state(session, row, state, at=self._clock(), by="", because="visit")

    def _blocks(self, session: Session, row: WorkOrder) -> bool:
        setting = setting_of(session, row.workshop_id, self._clock())
        overrun = overrun_of(row.estimate_cents, row.total_cents, setting.on, row.approved_cents)
        return overrun is not None and overrun.blocks

    def _follow_money(self, delivery: Delivery) -> None:
        with self._db.writing(delivery.workshop_id) as session:
            row = _locked(session, UUID(delivery.payload["order_id"]))
            document = session.get(Invoice, UUID(delivery.payload["invoice_id"]))
            if row is None or document is None:
                return
            # Whichever of the two a cancellation is told by, it is about the invoice it cancels.
            invoice_id = document.original_id if document.kind == "cancellation" else document.id
            invoice = session.get(Invoice, invoice_id) if invoice_id else None
            if invoice is None or invoice.kind != INVOICE:
                return
            if delivery.kind == _CANCELLED:
                self._give_back(session, row, invoice)
            elif document.id == invoice.id:
                self._bill(session, row, invoice)

    def _bill(self, session: Session, row: WorkOrder, invoice: Invoice) -> None:
        """Billed, and paid or open again by what the receivable says now: events may overtake each other."""
        claim = session.exec(select(Receivable).where(Receivable.invoice_id == invoice.id)).first()
        if claim is not None and claim.state == "cancelled":
            return
        if row.invoice_id != invoice.id:
            row.invoice_id = invoice.id
            self._money_step(session, row, BILLED, invoice)
        settled = claim is not None and claim.state == SETTLED
        if settled and row.state == BILLED:
            self._money_step(session, row, PAID, invoice)
        elif not settled and row.state == PAID:
            self._money_step(session, row, BILLED, invoice)

    def _give_back(self, session: Session, row: WorkOrder, invoice: Invoice) -> None:
        if row.invoice_id != invoice.id:
            return
        row.invoice_id = None
        if row.state == PAID:
            self._money_step(session, row, BILLED, invoice)
        if row.state == BILLED:
            self._money_step(session, row, _before_bill(session, row.id), invoice)

    def _money_step(self, session: Session, row: WorkOrder, state: str, invoice: Invoice) -> None:
        if may_change(row.state, state, money=True):
            enter_state(session, row, state, at=self._clock(), by="", because=INVOICE, number=invoice.number)


def _give_to(session: Session, row: WorkOrder, visit: Appointment, whose: str) -> None:
    """The visit's technician for an order that has none, or still the one the visit was taken from."""
    mine, theirs = (str(one.technician_id or "") for one in (row, visit))
    if row.state in EDITABLE and mine in ("", whose) and mine != theirs:
        row.technician_id = visit.technician_id
        touched(session, row)


def _locked(session: Session, order_id: UUID) -> WorkOrder | None:
    return session.exec(select(WorkOrder).where(WorkOrder.id == order_id).with_for_update()).first()


def _before_bill(session: Session, order_id: UUID) -> str:
    """Where the order was when it was billed last."""
    entries = session.exec(
        select(AuditEntry)
        .where(AuditEntry.subject == SUBJECT, AuditEntry.subject_id == order_id)
        .where(AuditEntry.kind == AUDIT_STATE)
        .order_by(col(AuditEntry.seq).desc())
    )
    billed: Any = next((e for e in entries if e.content.get("state") == BILLED), None)
    before = billed.content.get("from") if billed else ""
    return before if before in (READY, PICKED_UP) else PICKED_UP
