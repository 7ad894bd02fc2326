"""From an order to the draft of its invoice."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, or_, select

from carbot_app.db.session import Database
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput, LineInput
from carbot_app.domains.billing.models import InvoiceDraft, Receivable
from carbot_app.domains.billing.payers import CUSTOMER, Portion
from carbot_app.domains.billing.receivables import PAID
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.orders.billed_lines import billed_line
from carbot_app.domains.orders.models import OrderJob, WorkOrder
from carbot_app.domains.orders.ports import InvoiceDrafts
from carbot_app.domains.orders.progress import require_within
from carbot_app.domains.orders.reckoning import (
    Setting,
    as_discount,
    is_billed,
    payers_from_json,
    portions_of,
    totals_of,
)
from carbot_app.domains.orders.rows import Content, get_order, line_input, read_content, setting_of
from carbot_app.domains.orders.schemas import OrderLineInput, PayersInput
from carbot_app.domains.orders.states import BILLABLE
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.domains.payments.schemas import DEPOSIT
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict


class OrderInvoicing:
    """Needs ``invoices.manage``."""

    def __init__(self, *, db: Database, clock: Clock, drafts: InvoiceDrafts) -> None:
        self._db = db
        self._clock = clock
        self._drafts = drafts

    def draft(self, actor: Actor, order_id: UUID) -> UUID:
        """The draft of the order's invoice: approved jobs, and those done to which nobody said no.

        A draft that is there already gets the lines of today and keeps what was entered in it.

        Raises:
            NotFound: ``order_unknown``.
            Conflict: ``order_billed_already``, ``order_not_billable``, ``order_nothing_to_bill``,
                ``order_needs_approval`` when more is billed than the customer was told.
            Invalid: ``billing_deductible_invalid`` and what ``save_draft`` refuses.
        """
        actor.require("invoices.manage")
        with self._db.reading(actor.workshop_id) as session:
            row = get_order(session, order_id)
            made = self._make(session, actor, row)
            known = session.exec(
                select(InvoiceDraft.id)
                .where(InvoiceDraft.order_id == order_id, InvoiceDraft.kind == made.kind)
                .order_by(col(InvoiceDraft.id).desc())
            ).first()
        if known is None:
            return self._drafts.save_draft(actor, made).id
        kept = self._drafts.get_draft(actor, known).draft
        merged = replace(
            kept, lines=made.lines, payers=made.payers, deposits=made.deposits, km=made.km, plate=made.plate,
            discount_percent=made.discount_percent, discount_cents=made.discount_cents,
        )  # fmt: skip
        return self._drafts.save_draft(actor, merged, known).id

    def _make(self, session: Session, actor: Actor, row: WorkOrder) -> DraftInput:
        if row.invoice_id is not None:
            raise Conflict("order_billed_already", number=row.number)
        if row.state not in BILLABLE:
            raise Conflict("order_not_billable")
        setting = setting_of(session, actor.workshop_id, self._clock())
        content = read_content(session, row.id)
        jobs = [job for job in content.jobs if is_billed(job.decision, done=job.done_at is not None)]
        if not any(content.of(job) for job in jobs):
            raise Conflict("order_nothing_to_bill")
        require_within(session, row, setting, actor.language)
        customer = session.get(Customer, row.customer_id) if row.customer_id else None
        vehicle = session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None
        return DraftInput(
            lines=tuple(line for job in jobs for line in _lines(row, job, content)),
            buyer=BuyerInput(name=customer.name, email=customer.email) if customer else BuyerInput(),
            customer_id=row.customer_id,
            vehicle_id=row.vehicle_id,
            order_id=row.id,
            language=row.language,
            plate=vehicle.plate if vehicle else "",
            km=row.km,
            order_number=row.number,
            discount_percent=row.discount_percent,
            discount_cents=row.discount_cents,
            deposits=_deposits(session, row),
            payers=_payers(row, [line_input(x) for job in jobs for x in content.of(job)], setting),
        )


def _lines(row: WorkOrder, job: OrderJob, content: Content) -> list[LineInput]:
    technician = job.technician_id or row.technician_id
    return [
        billed_line(line, service_code=job.service_code, technician_id=technician) for line in content.of(job)
    ]


def _deposits(session: Session, row: WorkOrder) -> tuple[UUID, ...]:
    """Deposits nothing has taken off yet: paid for this order, or for its visit before there was an order."""
    paid_for = col(Receivable.order_id) == row.id
    if row.appointment_id:
        for_visit = select(PaymentRequest.invoice_id).where(
            PaymentRequest.appointment_id == row.appointment_id, PaymentRequest.purpose == DEPOSIT
        )
        paid_for = or_(paid_for, col(Receivable.invoice_id).in_(for_visit))
    query = select(Receivable.invoice_id).where(
        paid_for,
        Receivable.kind == DEPOSIT,
        Receivable.state == PAID,
        col(Receivable.taken_off_by_id).is_(None),
    )
    return tuple(session.exec(query.order_by(col(Receivable.id))).all())


def _payers(row: WorkOrder, lines: Sequence[OrderLineInput], setting: Setting) -> tuple[dict[str, str], ...]:
    payers = payers_from_json(row.payers)
    if not payers.insurer:
        return ()
    totals = totals_of(lines, setting, as_discount(row.discount_percent, row.discount_cents))
    return tuple(_payer(portion, payers) for portion in portions_of(payers, totals))


def _payer(portion: Portion, payers: PayersInput) -> dict[str, str]:
    made_of = {name: str(cents) for name, cents in portion.made_of.items()}
    name = "" if portion.payer == CUSTOMER else f"{payers.insurer} {payers.claim_number}".strip()
    return {"payer": portion.payer, "name": name, "cents": str(portion.cents), **made_of}
