"""Money in advance for visits: asked for by the owner's rule, billed when paid, given back in time."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.billing.receivables import lock_receivable
from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import CONFIRMED, REQUESTED
from carbot_app.domains.messaging.attendance import answer_to, note_answer, risk_of
from carbot_app.domains.messaging.schemas import DepositView
from carbot_app.domains.payments.deposit_rules import OFF, deposit_cents, goes_back
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.domains.payments.money import book_on_invoice
from carbot_app.domains.payments.ports import (
    CANCELLED,
    FAILED,
    OPEN,
    PAID,
    PROCESSING,
    REFUNDED,
    DepositInvoices,
    PaymentProvider,
)
from carbot_app.domains.payments.refunds import RefundService
from carbot_app.domains.payments.requests import PAYABLE
from carbot_app.domains.payments.rows import deposit_rule, find_account, lock_request, takes_online
from carbot_app.domains.payments.schemas import DEPOSIT
from carbot_app.domains.payments.view import CHECKING
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.ids import new_secret
from carbot_app.kit.money import format_cents

_CHANNEL = "deposit"
_SHOWN = {OPEN: OPEN, FAILED: OPEN, PROCESSING: PROCESSING, PAID: PAID, REFUNDED: REFUNDED}
"""State of a request → what its customer reads beside the visit; the others are over and not told."""


class DepositService:
    """Implements messaging.ports.Deposits; asks for nothing where it cannot be paid online or billed."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        provider: PaymentProvider | None,
        refunds: RefundService,
        invoices: DepositInvoices | None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._provider = provider
        self._refunds = refunds
        self._invoices = invoices

    def find_for(self, appointment_id: UUID, *, language: str) -> DepositView | None:
        """What is asked in advance for a visit, or was paid; the first call asks. None: nothing is.

        What nobody paid is over when the visit begins; the visit stays, and all of it is paid at the desk.
        """
        if self._provider is None or self._invoices is None:
            return None
        with self._db.reading(SYSTEM) as session:
            visit = session.get(Appointment, appointment_id)
            if visit is None:
                return None
            due = self._amount(session, visit) > 0
            known = _known(session, visit)
            if known is not None and not (due and known.state in PAYABLE):
                return self._view(session, known, visit, language)
        if not due:
            return None
        with self._db.writing(visit.workshop_id) as session:
            return self._view(session, self._request(session, visit), visit, language)

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: bills what was paid, gives back what was cancelled in time."""
        payload = delivery.payload
        if delivery.kind == "payment.received" and payload.get("purpose") == DEPOSIT:
            self._bill(delivery.workshop_id, UUID(payload["request_id"]))
        elif delivery.kind == "payment.refunded":
            self._take_back(delivery.workshop_id, UUID(payload["request_id"]))
        elif delivery.kind == "appointment.cancelled":
            by_workshop = payload.get("by") not in {None, "", "customer"}
            self._let_go(
                delivery.workshop_id, UUID(payload["appointment_id"]), delivery.created_at, by_workshop
            )

    def _amount(self, session: Session, visit: Appointment) -> int:
        """What is asked for; 0: nothing."""
        rule = deposit_rule(session, visit.workshop_id)
        open_ = visit.state in (REQUESTED, CONFIRMED) and visit.starts_at > self._clock()
        account = find_account(session, visit.workshop_id)
        if rule.rule == OFF or not open_ or not takes_online(self._provider, account):
            return 0
        if _known(session, visit) is not None:
            return 1  # asked already: the amount stays what was said
        # Whoever said they come is trusted, but a price that needs securing still does
        if rule.rule == "risk" and answer_to(session, visit) == "yes":
            return 0
        score = risk_of(session, visit).score
        return deposit_cents(rule, score=score, price_cents=visit.price_min_cents)

    def _view(
        self, session: Session, row: PaymentRequest, visit: Appointment, language: str
    ) -> DepositView | None:
        workshop = session.get_one(Workshop, row.workshop_id)
        state = _SHOWN.get(row.state, "")
        if row.mismatch:
            state = CHECKING
        elif state == OPEN and self._amount(session, visit) == 0:
            state = ""
        if not state:
            return None
        return DepositView(
            state=state,
            path=f"/zahlen/{row.token}",
            amount_cents=row.amount_cents,
            amount=format_cents(row.amount_cents, row.currency, language, workshop.country),
            until=slot_label(visit.starts_at, ZoneInfo(workshop.timezone), language),
        )

    def _request(self, session: Session, visit: Appointment) -> PaymentRequest:
        wait_for_turn(session, f"deposit:{visit.id}")
        row = _known(session, visit)
        if row is not None:
            if row.state in PAYABLE and row.expires_at != visit.starts_at:
                row.expires_at = visit.starts_at
                session.add(row)
            return row
        workshop = session.get_one(Workshop, visit.workshop_id)
        row = PaymentRequest(
            workshop_id=visit.workshop_id,
            token=new_secret(),
            request_key=f"deposit:{visit.id}",
            purpose=DEPOSIT,
            appointment_id=visit.id,
            customer_id=visit.customer_id,
            text=visit.title[:140],
            amount_cents=self._amount(session, visit),
            currency=workshop.currency,
            language=visit.language,
            changed_at=self._clock(),
            expires_at=visit.starts_at,
        )
        session.add(row)
        session.flush()
        return row

    def _bill(self, workshop_id: UUID, request_id: UUID) -> None:
        assert self._invoices is not None
        with self._db.writing(workshop_id) as session:
            row = session.get_one(PaymentRequest, request_id)
            visit = session.get(Appointment, row.appointment_id) if row.appointment_id else None
            if visit is not None and visit.state in (REQUESTED, CONFIRMED):
                note_answer(session, visit, "yes", channel=_CHANNEL, at=self._clock())
        invoice_id = self._invoices.issue(request_id, workshop_id)
        with self._db.writing(workshop_id) as session:
            lock_receivable(session, invoice_id)
            row = lock_request(session, request_id)
            row.invoice_id = invoice_id
            session.add(row)
            session.flush()
            book_on_invoice(session, row, self._clock())
        if visit is not None and visit.state == CANCELLED:
            # Paid and cancelled within moments: the event of the cancellation found nothing to give back
            self._let_go(workshop_id, visit.id, visit.cancelled_at or self._clock(), by_workshop=False)

    def _take_back(self, workshop_id: UUID, request_id: UUID) -> None:
        with self._db.reading(workshop_id) as session:
            row = session.get_one(PaymentRequest, request_id)
        if row.purpose == DEPOSIT and row.state == REFUNDED and row.invoice_id and self._invoices:
            self._invoices.take_back(row.invoice_id, workshop_id)

    def _let_go(self, workshop_id: UUID, visit_id: UUID, at: datetime, by_workshop: bool) -> None:
        with self._db.writing(workshop_id) as session:
            visit = session.get(Appointment, visit_id)
            row = _known(session, visit) if visit else None
            if visit is None or row is None:
                return
            row = lock_request(session, row.id)
            if row.state in PAYABLE:
                row.state, row.changed_at = CANCELLED, self._clock()
                session.add(row)
            rule = deposit_rule(session, workshop_id)
            cancelled_at = visit.cancelled_at or at
            back = goes_back(
                rule, starts_at=visit.starts_at, cancelled_at=cancelled_at, by_workshop=by_workshop
            )
        if row.state == PAID and row.invoice_id is not None and back:
            self._refunds.send_back(row)


def _known(session: Session, visit: Appointment) -> PaymentRequest | None:
    key = f"deposit:{visit.id}"
    return session.exec(select(PaymentRequest).where(PaymentRequest.request_key == key)).first()
