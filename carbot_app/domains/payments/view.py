"""The page of a payment request, put together from its rows."""

from datetime import datetime

from sqlmodel import Session, select

from carbot_app.domains.billing.models import BillingTerms, Receivable
from carbot_app.domains.billing.receivables import open_cents
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.domains.payments.ports import EXPIRED, FAILED, OPEN, PAID, TransferCodes, TransferTarget
from carbot_app.domains.payments.rows import deposit_rule, find_account
from carbot_app.domains.payments.schemas import DEPOSIT, INVOICE, PayPage
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.money import format_cents

CHECKING = "checking"


def pay_page(
    session: Session,
    row: PaymentRequest,
    *,
    now: datetime,
    online: bool,
    form: tuple[str, str],
    codes: TransferCodes,
    language: str,
    public_url: str,
) -> PayPage:
    """What the page shows in the reader's language; ``form``: key and script of the provider's form."""
    workshop = session.get_one(Workshop, row.workshop_id)
    language = language or row.language
    state, amount = _state(session, row, now)
    payable = state in {OPEN, FAILED}
    target = _transfer_target(session, workshop, row, amount, language) if payable else None
    visit = session.get(Appointment, row.appointment_id) if row.appointment_id else None
    rule = deposit_rule(session, row.workshop_id)
    return PayPage(
        token=row.token,
        workshop=workshop.name,
        phone=workshop.phone,
        email=workshop.email,
        purpose=row.purpose,
        text=row.text,
        amount_cents=amount,
        amount=format_cents(amount, row.currency, language, workshop.country),
        currency=row.currency,
        state=state,
        language=language,
        online=online and payable,
        publishable_key=form[0] if payable else "",
        script_url=form[1] if payable else "",
        account_name=target.name if target else "",
        iban=target.iban if target else "",
        reference=target.reference if target else "",
        code=codes.draw(target) if target else "",
        paid_on=row.paid_on,
        terms=str(rule.refund_hours) if row.purpose == DEPOSIT else "",
        back_url=f"{public_url}/t/{visit.manage_token}" if visit else "",
        slug=workshop.slug,
    )


def _state(session: Session, row: PaymentRequest, now: datetime) -> tuple[str, int]:
    """The state for customers, and what is asked for now: an invoice may have been paid another way."""
    if row.mismatch:
        return CHECKING, row.amount_cents
    if row.state not in {OPEN, FAILED}:
        return row.state, row.amount_cents
    if row.expires_at and row.expires_at <= now:
        return EXPIRED, row.amount_cents
    if row.purpose != INVOICE:
        return row.state, row.amount_cents
    receivable = session.exec(select(Receivable).where(Receivable.invoice_id == row.invoice_id)).first()
    if receivable is None or receivable.state == "cancelled":
        return "cancelled", row.amount_cents
    left = open_cents(receivable)
    return (row.state, left) if left > 0 else (PAID, row.amount_cents)


def _transfer_target(
    session: Session, workshop: Workshop, row: PaymentRequest, amount: int, language: str
) -> TransferTarget | None:
    account = find_account(session, workshop.id)
    terms = session.exec(select(BillingTerms).where(BillingTerms.workshop_id == workshop.id)).first()
    # A deposit holds a time: a transfer would come when the visit is over
    if row.purpose == DEPOSIT or terms is None or not terms.iban or (account and not account.transfer):
        return None
    return TransferTarget(
        name=(terms.account_holder or workshop.name)[:70],
        iban=terms.iban,
        amount_cents=amount,
        currency=row.currency,
        reference=row.text,
        street=workshop.street,
        postal_code=workshop.postal_code,
        city=workshop.city,
        country=workshop.country,
        language=language,
    )
