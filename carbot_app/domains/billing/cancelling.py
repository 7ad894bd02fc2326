"""Taking documents back: whole by a cancellation, or in part by a credit; the original stays as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.billing.document import Earlier
from carbot_app.domains.billing.invoice_schemas import CreditLine
from carbot_app.domains.billing.issuing import Issue, Writing, issue_of
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.billing.paper import CANCELLATION, CREDIT, DEPOSIT, INVOICE
from carbot_app.domains.billing.paper_codec import Kept, groups_from_json, kept_from_json
from carbot_app.domains.billing.paper_making import negated
from carbot_app.domains.billing.receivables import (
    CANCELLED,
    DISCOUNT,
    NONE,
    OFFSET,
    ROUNDING,
    WRITE_OFF,
    book,
    lock_receivable,
    open_cents,
)
from carbot_app.domains.billing.sheets import rules_of
from carbot_app.domains.billing.working_out import Worked, reversed_draft, work_out
from carbot_app.kit.errors import Conflict, Invalid
from carbot_app.kit.i18n import translate
from carbot_app.kit.text import single_line

_WITHOUT_MONEY = (DISCOUNT, WRITE_OFF, ROUNDING)
"""What ended a claim without anybody having paid; it ends with the claim."""
CANCELLABLE = frozenset({INVOICE, DEPOSIT})
"""A credit's offset stands in two receivables by now; a new invoice says it better than undoing would."""


def cancel(writing: Writing, original: Invoice, reason: str, on: date) -> tuple[Invoice, Receivable]:
    """Take a whole document back.

    Raises:
        Conflict: ``invoice_cancelled_already``, ``invoice_not_cancellable`` for a cancellation,
            ``invoice_credited`` when a part was taken back before, ``invoice_deposit_used``.

    """
    owed = lock_receivable(writing.session, original.id)
    _require_cancellable(writing.session, original, owed)
    issue = _cancellation(writing, original, owed, single_line(reason, field="reason", limit=200), on)
    invoice, receivable = writing.write(issue, "invoice.cancelled")
    _free_deposits(writing.session, original.id)
    close(writing, owed, receivable, on)
    return invoice, receivable


def credit(
    writing: Writing, original: Invoice, lines: Sequence[CreditLine], on: date
) -> tuple[Invoice, Receivable]:
    """Take positions back, whole or in part; without lines all that is left.

    Raises:
        Conflict: ``invoice_cancelled_already``, ``invoice_not_creditable``.
        Invalid: ``invoice_credit_too_much``.

    """
    owed = lock_receivable(writing.session, original.id)
    if original.kind != INVOICE:
        raise Conflict("invoice_not_creditable")
    if owed.cancelled_by_id:
        raise Conflict("invoice_cancelled_already")
    kept = kept_from_json(original.paper)
    left = left_of(writing.session, original, kept)
    quantities = _chosen(lines, left)
    worked = _worked(writing, original, kept, quantities, on)
    issue = issue_of(
        writing.session,
        writing.biller,
        worked,
        CREDIT,
        earlier=(Earlier(original.number, original.issued_on),),
        original_id=original.id,
        credited={str(at): f"{quantity:f}" for at, quantity in quantities.items()},
    )
    invoice, receivable = writing.write(issue)
    whole = all(left[at] == quantities.get(at) for at in left)
    if whole:
        close(writing, owed, receivable, on)
    else:
        _offset(writing, owed, receivable, min(open_cents(owed), -receivable.due_cents), on)
    return invoice, receivable


def close(writing: Writing, owed: Receivable, taken_back: Receivable, on: date) -> None:
    """Nothing is owed by the original any more; what was paid for it is owed by the new document."""
    session = writing.session
    without_money = [
        row
        for row in session.exec(select(Payment).where(Payment.invoice_id == owed.invoice_id))
        if row.kind in _WITHOUT_MONEY
    ]
    left = owed.due_cents - owed.settled_cents
    owed.state, owed.cancelled_by_id = CANCELLED, taken_back.invoice_id
    session.add(owed)
    for kind in _WITHOUT_MONEY:
        cents = sum(row.amount_cents for row in without_money if row.kind == kind)
        if cents:
            book(session, owed, _payment(writing, owed, kind, -cents, on), writing.now)
            left += cents
    _offset(writing, owed, taken_back, left, on)


def _offset(writing: Writing, owed: Receivable, taken_back: Receivable, cents: int, on: date) -> None:
    if not cents:
        return
    book(writing.session, owed, _payment(writing, owed, OFFSET, cents, on, taken_back.number), writing.now)
    other = _payment(writing, taken_back, OFFSET, -cents, on, owed.number)
    book(writing.session, taken_back, other, writing.now)


def _payment(
    writing: Writing, owed: Receivable, kind: str, cents: int, on: date, reference: str = ""
) -> Payment:
    return Payment(
        workshop_id=owed.workshop_id,
        created_at=writing.now,
        invoice_id=owed.invoice_id,
        kind=kind,
        method=NONE,
        amount_cents=cents,
        currency=owed.currency,
        received_on=on,
        reference=reference,
        by=writing.by,
    )


def _require_cancellable(session: Session, original: Invoice, owed: Receivable) -> None:
    if original.kind not in CANCELLABLE:
        raise Conflict("invoice_not_cancellable")
    if owed.cancelled_by_id:
        raise Conflict("invoice_cancelled_already")
    if owed.taken_off_by_id:
        raise Conflict("invoice_deposit_used")
    if _credits(session, original.id):
        raise Conflict("invoice_credited")


def _cancellation(writing: Writing, original: Invoice, owed: Receivable, reason: str, on: date) -> Issue:
    kept = kept_from_json(original.paper)
    intro = translate(original.language, "invoice.cancels", number=original.number)

    return Issue(
        kind=CANCELLATION,
        form=original.form,
        draft=replace(kept.draft, original_id=original.id, customer_id=owed.customer_id),
        taxes=kept.taxes,
        issued_on=on,
        supplied_on=original.supplied_on,
        due_on=on,
        net_cents=-original.net_cents,
        vat_cents=-original.vat_cents,
        gross_cents=-original.gross_cents,
        due_cents=-original.due_cents,
        groups=tuple(
            replace(
                group,
                net_cents=-group.net_cents,
                vat_cents=-group.vat_cents,
                old_part_cents=-group.old_part_cents,
            )
            for group in groups_from_json(original.groups)
        ),
        lines=tuple(_negated_rows(writing.session, original.id)),
        paper=lambda number: replace(
            kept.paper,
            kind=CANCELLATION,
            document=negated(kept.paper.document, number, on),
            intro="\n".join(filter(None, [intro, reason])),
        ),
        original_id=original.id,
    )


def _negated_rows(session: Session, invoice_id: UUID) -> list[Mapping[str, object]]:
    rows = session.exec(
        select(InvoiceLine).where(InvoiceLine.invoice_id == invoice_id).order_by(col(InvoiceLine.position))
    )
    kept = ("position", "kind", "text", "service_code", "revenue", "technician_id", "unit", "unit_price")
    same = (*kept, "category", "rate", "exchange")
    turned = ("minutes", "quantity", "net_cents", "cost_cents")
    return [
        {**{name: getattr(row, name) for name in same}, **{name: -getattr(row, name) for name in turned}}
        for row in rows
    ]


def _free_deposits(session: Session, invoice_id: UUID) -> None:
    for row in session.exec(select(Receivable).where(Receivable.taken_off_by_id == invoice_id)):
        row.taken_off_by_id = None
        session.add(row)


def _credits(session: Session, invoice_id: UUID) -> list[Invoice]:
    return list(
        session.exec(select(Invoice).where(Invoice.original_id == invoice_id, Invoice.kind == CREDIT))
    )


def left_of(session: Session, original: Invoice, kept: Kept) -> dict[int, Decimal]:
    """Position → what of it was not taken back before."""
    left = {at: line.quantity for at, line in enumerate(kept.draft.lines, 1)}
    for earlier in _credits(session, original.id):
        for at, quantity in (kept_from_json(earlier.paper).credited or {}).items():
            left[int(at)] -= Decimal(quantity)
    return {at: quantity for at, quantity in left.items() if quantity}


def _chosen(lines: Sequence[CreditLine], left: Mapping[int, Decimal]) -> dict[int, Decimal]:
    if not lines:
        chosen = dict(left)
    else:
        chosen = {
            line.position: left.get(line.position, Decimal(0)) if line.quantity is None else line.quantity
            for line in lines
        }
    if not chosen:
        raise Invalid("invoice_credit_too_much", field="lines")
    for at, quantity in chosen.items():
        most = left.get(at, Decimal(0))
        # A position that was itself taken back (below zero) shrinks towards zero like any other.
        if not quantity or quantity * most <= 0 or abs(quantity) > abs(most):
            raise Invalid("invoice_credit_too_much", field=f"lines.{at}.quantity")
    return chosen


def _worked(
    writing: Writing, original: Invoice, kept: Kept, quantities: dict[int, Decimal], on: date
) -> Worked:
    draft = replace(
        reversed_draft(kept.draft, quantities),
        kind=CREDIT,
        original_id=original.id,
        supplied_on=original.supplied_on,
        form=original.form,
        payment_days=0,
        cash_discount_days=0,
        cash_discount_percent=Decimal(0),
        intro=translate(original.language, "invoice.credits", number=original.number),
        closing="",
    )
    taxes = [kept.taxes[at - 1] for at in sorted(quantities)]
    return work_out(draft, rules_of(writing.biller), on, taxes=taxes)
