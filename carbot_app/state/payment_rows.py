"""Payments, and what is unclear about some, as rows of the page (pure)."""

from dataclasses import dataclass

from carbot_app.domains.payments.list_schemas import BACK, VIEWS, PaymentLineView, PaymentPage, PaymentSheet
from carbot_app.domains.payments.schemas import (
    DisputeView,
    FailedEventView,
    MismatchView,
    PayoutPartView,
    PayoutView,
)
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.typed import show_amount
from carbot_app.state.wording import Reader

DISPUTE_REASONS = (
    *("fraudulent", "duplicate", "product_not_received", "product_unacceptable", "credit_not_processed"),
    *("unrecognized", "debit_not_authorized", "insufficient_funds", "subscription_canceled"),
)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment in the list."""

    id: str = ""
    name: str = ""
    number: str = ""
    way: str = ""
    """One of list_schemas.WAYS."""
    word: str = ""
    """``Karte``, ``Bar``, ``Erstattung``."""
    day: str = ""
    amount: str = ""
    back: bool = False
    """It went back."""


@dataclass(frozen=True, slots=True)
class WayTile:
    """A way of paying with what came by it."""

    view: str = ""
    sum: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """The payment in the pane."""

    row: PaymentRow = PaymentRow()
    invoice_id: str = ""
    customer_id: str = ""
    order_id: str = ""
    reference: str = ""
    by: str = ""
    fee: str = ""
    refunded: str = ""
    can_refund: bool = False
    left: str = ""
    left_plain: str = ""
    can_undo: bool = False
    url: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class MismatchRow:
    """Money that differs from what was asked for."""

    id: str = ""
    title: str = ""
    text: str = ""
    can_book: bool = False
    """As it came, on what was asked for."""
    can_assign: bool = False
    can_give_back: bool = False
    can_look_again: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A payment its payer's bank asks back."""

    id: str = ""
    title: str = ""
    text: str = ""
    state: str = ""
    late: bool = False
    invoice_id: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class EventRow:
    """News that could not be handled."""

    id: str = ""
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """Money on its way to the bank account."""

    id: str = ""
    day: str = ""
    state: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class PayoutPartRow:
    """A movement within a payout."""

    word: str = ""
    number: str = ""
    amount: str = ""
    fee: str = ""


def payment_row(view: PaymentLineView, reader: Reader) -> PaymentRow:
    """A payment as the person reads it."""
    word = (
        f"invoices.method.{view.method}" if view.kind == "payment" else f"invoices.payment_kind.{view.kind}"
    )
    return PaymentRow(
        id=str(view.id),
        name=view.buyer_name or translate(reader.language, "invoices.row.nobody"),
        number=view.number,
        way=view.way,
        word=translate(reader.language, word),
        day=reader.short_date(view.received_on),
        amount=format_cents(view.amount_cents, view.currency, reader.language),
        back=view.amount_cents < 0,
    )


def way_tiles(page: PaymentPage, reader: Reader) -> list[WayTile]:
    """Every way with its sum; what went back only where something did."""
    return [
        WayTile(view, format_cents(page.totals[view].cents, page.currency, reader.language), total.count)
        for view in VIEWS
        if (total := page.totals[view]).count or view != BACK
    ]


def payment_file(sheet: PaymentSheet, reader: Reader, *, may_change: bool) -> PaymentFile:
    """The pane's content."""
    currency, language = sheet.line.currency, reader.language
    refunded = sheet.request.refunded_cents if sheet.request else 0
    left = sheet.can_refund_cents
    return PaymentFile(
        row=payment_row(sheet.line, reader),
        invoice_id=str(sheet.line.invoice_id),
        customer_id=str(sheet.customer_id or ""),
        order_id=str(sheet.order_id or ""),
        reference="" if sheet.reference == sheet.line.number else sheet.reference,
        by=sheet.by,
        fee=format_cents(sheet.fee_cents, currency, language) if sheet.fee_cents else "",
        refunded=format_cents(refunded, currency, language) if refunded else "",
        can_refund=may_change and left > 0,
        left=format_cents(left, currency, language),
        left_plain=show_amount(left, language),
        can_undo=may_change and sheet.can_undo,
        url=sheet.url,
        request_id=str(sheet.request.id) if sheet.request else "",
    )


def mismatch_row(view: MismatchView, reader: Reader) -> MismatchRow:
    """What differs, in a sentence."""
    came = "?" if view.came_cents is None else format_cents(view.came_cents, view.currency, reader.language)
    words = {
        "what": view.text,
        "asked": format_cents(view.asked_cents, view.currency, reader.language),
        "came": came,
        "currency": view.came_currency,
    }
    return MismatchRow(
        id=str(view.id),
        title=translate(reader.language, f"paydesk.mismatch.{view.kind}.title", **words),
        text=translate(reader.language, f"paydesk.mismatch.{view.kind}.text", **words),
        can_book=view.can_book and view.kind == "amount",
        can_assign=view.can_book,
        can_give_back=view.can_give_back,
        can_look_again=view.can_look_again,
        url=view.url,
    )


def dispute_row(view: DisputeView, reader: Reader) -> DisputeRow:
    """What is asked back, why, and until when it can be answered."""
    amount = format_cents(view.amount_cents, view.currency, reader.language)
    reason = view.reason if view.reason in DISPUTE_REASONS else "other"
    told = [translate(reader.language, f"paydesk.dispute.reason.{reason}")]
    if view.answer_until is not None and view.state == "open":
        day = reader.day_and_clock(view.answer_until)
        told.append(translate(reader.language, "paydesk.dispute.until", day=day))
    return DisputeRow(
        id=view.dispute_id,
        title=f"{view.text} · {amount}",
        text=" · ".join(told),
        state=view.state,
        late=bool(view.answer_until and view.state == "open" and view.answer_until < reader.now),
        invoice_id=str(view.invoice_id or ""),
        url=view.url,
    )


def event_row(view: FailedEventView, reader: Reader) -> EventRow:
    """News that failed; its name is the provider's."""
    when = reader.day_and_clock(view.happened_at)
    return EventRow(
        str(view.id),
        view.kind,
        translate(reader.language, "paydesk.event.text", when=when, times=view.attempts, error=view.error),
    )


def payout_row(view: PayoutView, reader: Reader) -> PayoutRow:
    """A payout."""
    amount = format_cents(view.amount_cents, view.currency, reader.language)
    return PayoutRow(view.payout_id, reader.short_date(view.arrives_on), view.state, amount)


def payout_part_row(view: PayoutPartView, reader: Reader) -> PayoutPartRow:
    """A movement within it."""
    fee = format_cents(view.fee_cents, view.currency, reader.language)
    return PayoutPartRow(
        translate(reader.language, f"paydesk.payout.part.{view.kind}"),
        view.text,
        format_cents(view.amount_cents, view.currency, reader.language),
        translate(reader.language, "paydesk.payout.fee", amount=fee) if view.fee_cents else "",
    )
