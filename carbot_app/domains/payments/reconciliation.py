"""The provider's books and ours compared: what is missing here is booked, what differs is shown to staff."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.models import Payment
from carbot_app.domains.payments.events import apply, find_request, look_closer
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.domains.payments.ports import (
    FAILED,
    OPEN,
    PAID,
    PROCESSING,
    PaymentProvider,
    ProviderError,
    SeenPayment,
    SeenRefund,
)
from carbot_app.domains.payments.rows import lock_request, standing_of
from carbot_app.domains.payments.schemas import PROVIDER, Reconciled
from carbot_app.domains.payments.transitions import SETTLED, mismatch
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import AppError

log = structlog.get_logger()

LOOK_BACK = timedelta(days=7)
"""The provider repeats a webhook call for three days."""
_WAITING = timedelta(days=30)
"""A direct debit takes up to two weeks."""


class Reconciliation:
    """Runs every night; running it again changes nothing."""

    def __init__(self, *, db: Database, clock: Clock, provider: PaymentProvider | None) -> None:
        self._db = db
        self._clock = clock
        self._provider = provider

    def run(self) -> Reconciled:
        """Compare the last days, and ask about everything that has been under way."""
        if self._provider is None:
            return Reconciled(0, 0, 0)
        try:
            seen = [*self._provider.list_since(self._clock() - LOOK_BACK), *self._under_way()]
        except ProviderError as error:
            log.warning("payments.not_reconciled", reason=error.reason)
            return Reconciled(0, 0, 0)
        before = self._counted()
        for item in seen:
            self._take(item)
        after = self._counted()
        result = Reconciled(len(seen), after[0] - before[0], after[1] - before[1])
        log.info("payments.reconciled", looked_at=len(seen), booked=result.booked, flagged=result.flagged)
        return result

    def _take(self, seen: SeenPayment | SeenRefund) -> None:
        with self._db.reading(SYSTEM) as session:
            row = find_request(session, seen)
        if row is None:
            return  # the operator's account may take other money as well
        try:
            if isinstance(seen, SeenPayment) and row.state in SETTLED:
                self._compare(row, seen)
                return
            if isinstance(seen, SeenPayment) and seen.state == PAID and not seen.method:
                assert self._provider is not None
                seen = look_closer(self._provider, seen)
            with self._db.writing(row.workshop_id) as session:
                apply(session, row.id, seen, self._clock())
        except (AppError, ProviderError) as error:
            log.warning("payments.not_taken", request=str(row.id), error=str(error))

    def _compare(self, row: PaymentRequest, seen: SeenPayment) -> None:
        """A settled request whose payment is of another amount there was changed by hand."""
        if seen.state != PAID:
            return
        with self._db.writing(row.workshop_id) as session:
            held = lock_request(session, row.id)
            differs = mismatch(standing_of(held), seen.amount_cents, seen.currency)
            if seen.intent_id == held.intent_id and differs:
                if held.mismatch != differs and seen.intent_id not in held.decided:
                    held.mismatch, held.mismatch_id = differs, seen.intent_id
                    session.add(held)
                return
        with self._db.writing(row.workshop_id) as session:
            apply(session, row.id, seen, self._clock())

    def _under_way(self) -> list[SeenPayment]:
        """News of these may have been lost."""
        assert self._provider is not None
        query = select(PaymentRequest).where(
            col(PaymentRequest.state).in_((OPEN, FAILED, PROCESSING)),
            PaymentRequest.changed_at > self._clock() - _WAITING,
            (PaymentRequest.intent_id != "") | (PaymentRequest.checkout_id != ""),
        )
        with self._db.reading(SYSTEM) as session:
            rows = session.exec(query.order_by(col(PaymentRequest.id)).limit(1000)).all()
        return [self._provider.retrieve(intent_id=row.intent_id, checkout_id=row.checkout_id) for row in rows]

    def _counted(self) -> tuple[int, int]:
        with self._db.reading(SYSTEM) as session:
            booked: list[UUID] = list(session.exec(select(Payment.id).where(Payment.provider == PROVIDER)))
            flagged = list(session.exec(select(PaymentRequest.id).where(PaymentRequest.mismatch != "")))
        return len(booked), len(flagged)
