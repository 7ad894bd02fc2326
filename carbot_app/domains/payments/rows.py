"""What the services of payments share inside a transaction."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from carbot_app.domains.billing.receivables import lock_receivable
from carbot_app.domains.payments.deposit_rules import DepositRule
from carbot_app.domains.payments.models import DepositTerms, PaymentAccount, PaymentRequest
from carbot_app.domains.payments.ports import PaymentProvider
from carbot_app.domains.payments.schemas import RequestView
from carbot_app.domains.payments.transitions import Standing
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import NotFound


def find_account(session: Session, workshop_id: UUID) -> PaymentAccount | None:
    """How the workshop takes money; None: it chose nothing yet."""
    return session.exec(select(PaymentAccount).where(PaymentAccount.workshop_id == workshop_id)).first()


def takes_online(provider: PaymentProvider | None, account: PaymentAccount | None) -> bool:
    """Whether customers can pay online now."""
    if provider is None or (account is not None and not account.online):
        return False
    if not provider.connects:
        return True
    return account is not None and account.charges_enabled and bool(account.account_id)


def deposit_rule(session: Session, workshop_id: UUID) -> DepositRule:
    """The owner's rule; off when none was made."""
    row = session.exec(select(DepositTerms).where(DepositTerms.workshop_id == workshop_id)).first()
    if row is None:
        return DepositRule()
    return DepositRule(
        row.rule, row.from_score, row.from_cents, row.kind, row.percent, row.fixed_cents, row.refund_hours
    )


def lock_request(session: Session, request_id: UUID) -> PaymentRequest:
    """The row, locked until the transaction ends. Raises NotFound ``payment_request_unknown``.

    Whoever books locks the receivable first and asks for the request afterwards, everywhere.
    """
    row = session.exec(
        select(PaymentRequest).where(PaymentRequest.id == request_id).with_for_update()
    ).first()
    if row is None:
        raise NotFound("payment_request_unknown")
    session.refresh(row)
    return row


def lock_both(session: Session, request_id: UUID) -> PaymentRequest:
    """The request with the receivable of its invoice, locked in the one order that cannot deadlock."""
    known = session.get(PaymentRequest, request_id)
    if known is not None and known.invoice_id is not None:
        lock_receivable(session, known.invoice_id)
    return lock_request(session, request_id)


def standing_of(row: PaymentRequest) -> Standing:
    """The row as transitions see it."""
    paid = row.amount_cents if row.paid_on else 0
    return Standing(
        row.state,
        row.amount_cents,
        row.currency,
        row.changed_at,
        row.checkout_id,
        row.intent_id,
        paid,
        row.refunded_cents,
    )


def local_day(session: Session, workshop_id: UUID, at: datetime) -> date:
    """The workshop's calendar day of an instant."""
    return at.astimezone(ZoneInfo(session.get_one(Workshop, workshop_id).timezone)).date()


def request_view(row: PaymentRequest, public_url: str) -> RequestView:
    """The row for staff."""
    return RequestView(
        id=row.id,
        purpose=row.purpose,
        text=row.text,
        amount_cents=row.amount_cents,
        refunded_cents=row.refunded_cents,
        currency=row.currency,
        state=row.state,
        method=row.method,
        mismatch=row.mismatch,
        note=row.note,
        url=f"{public_url}/zahlen/{row.token}",
        invoice_id=row.invoice_id,
        appointment_id=row.appointment_id,
        paid_on=row.paid_on,
    )
