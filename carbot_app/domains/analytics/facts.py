"""What a record says happened, as kinds.py defines it (pure)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from carbot_app.domains.analytics import kinds
from carbot_app.domains.billing.lines import LABOUR
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment
from carbot_app.domains.billing.receivables import MONEY
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import CANCELLED, DONE, NO_SHOW
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.outcomes import BOOKED, WON
from carbot_app.domains.orders.models import OrderJob, WorkOrder
from carbot_app.domains.ratings.models import VisitRating

CHANNEL_OF_SOURCE = {"page": "booking"}
"""Where an appointment came from, in the words of threads; what is not here is called alike."""
HOURS = "HUR"
"""UN/ECE recommendation 20."""
WISHES = frozenset(
    {"book_appointment", "price_request", "price_negotiation", "parts_tyre_availability"}
    | {"technical_question", "emergency_breakdown", "accident_insurance"}
)
"""Intents of somebody who wants work done."""
_OF_MESSAGE = {"customer": kinds.MESSAGE_IN, "assistant": kinds.MESSAGE_OUT, "staff": kinds.MESSAGE_OUT}
_OF_DECISION = {"approved": kinds.JOB_ACCEPTED, "declined": kinds.JOB_DECLINED}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so; columns of AnalyticsEvent."""

    kind: str
    subject_id: UUID
    at: datetime
    day: date
    hour: int
    part: str = ""
    channel: str = ""
    service_code: str = ""
    technician_id: UUID | None = None
    customer_id: UUID | None = None
    quantity: int = 1
    amount_cents: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """What a visit or order hangs on, where that is still there."""

    channel: str = ""
    is_returning: bool = False
    weights: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Service code → (minutes, cents) of the catalogue, by which a visit is shared out."""


def fact(kind: str, subject_id: UUID, at: datetime, zone: ZoneInfo, *, on: date | None = None) -> Fact:
    """A fact with day and hour as the workshop's clock showed; ``on``: documents have a date of their own."""
    local = at.astimezone(zone)
    return Fact(kind, subject_id, at, on or local.date(), local.hour)


def facts_of_lead(lead: Lead, *, answered: bool, came: bool, zone: ZoneInfo) -> list[Fact]:
    """That it came in, how far it got, and what it asks for; ``came``: there was a visit because of it."""
    lead_in = replace(
        fact(kinds.LEAD, lead.id, lead.created_at, zone), channel=lead.channel, customer_id=lead.customer_id
    )
    found = [lead_in]
    if lead.state in {BOOKED, WON}:
        found.append(replace(lead_in, kind=kinds.LEAD_WON))
    codes = list(dict.fromkeys(code[:20] for code in lead.service_codes))
    asked = [replace(lead_in, part=code, service_code=code) for code in codes]
    found += [replace(one, kind=kinds.ASKED) for one in asked]
    if not codes and lead.wish and lead.intent in WISHES:
        found.append(replace(lead_in, kind=kinds.UNOFFERED))
    passed = kinds.FUNNEL[: _steps(lead, answered=answered, came=came)]
    return [*found, *(replace(one, kind=step) for step in passed for one in (lead_in, *asked))]


def _steps(lead: Lead, *, answered: bool, came: bool) -> int:
    """How many steps of the funnel a lead has passed."""
    if came:
        return 4
    if lead.state in {BOOKED, WON}:
        return 3
    return (2 if lead.value_max_cents else 1) if answered else 0


def facts_of_thread(thread: Conversation, zone: ZoneInfo) -> list[Fact]:
    """Its first answer, and whether a person had to take over."""
    if thread.first_answer_at is None:
        return []
    seconds = max(0, int((thread.first_answer_at - thread.created_at).total_seconds()))
    answered = replace(
        fact(kinds.ANSWERED, thread.id, thread.created_at, zone),
        channel=thread.channel,
        customer_id=thread.customer_id,
        quantity=seconds,
    )
    if not thread.handover_reason:
        return [answered]
    return [answered, replace(answered, kind=kinds.HANDED_OVER, quantity=1)]


def facts_of_message(message: Message, customer_id: UUID | None, zone: ZoneInfo) -> list[Fact]:
    """A message that is complete; words of the system are none."""
    kind = _OF_MESSAGE.get(message.author)
    if kind is None or message.state != "complete":
        return []
    written = fact(kind, message.id, message.created_at, zone)
    return [replace(written, channel=message.channel, customer_id=customer_id)]


def facts_of_visit(visit: Appointment, context: Context, zone: ZoneInfo) -> list[Fact]:
    """That it was booked, and what became of it."""
    booked = replace(
        fact(kinds.BOOKED, visit.id, visit.created_at, zone),
        channel=context.channel,
        technician_id=visit.technician_id,
        customer_id=visit.customer_id,
        quantity=_minutes_of(visit, context),
        amount_cents=visit.price_max_cents,
    )
    found = [*_shared(booked, visit.service_codes, context)]
    planned = fact(kinds.VISITED, visit.id, visit.starts_at, zone)
    came = replace(booked, kind=kinds.VISITED, at=planned.at, day=planned.day, hour=planned.hour)
    if visit.state == DONE:
        found += _shared(came, visit.service_codes, context)
        if context.is_returning:
            found.append(replace(came, kind=kinds.RETURNING, quantity=1))
    elif visit.state == NO_SHOW:
        found.append(replace(came, kind=kinds.NO_SHOW, quantity=1))
    elif visit.state == CANCELLED:
        ended = fact(kinds.CANCELLED, visit.id, visit.cancelled_at or visit.created_at, zone)
        found.append(
            replace(came, kind=kinds.CANCELLED, at=ended.at, day=ended.day, hour=ended.hour, quantity=1)
        )
    return found


def facts_of_rating(rating: VisitRating, visit: Appointment, context: Context, zone: ZoneInfo) -> list[Fact]:
    """Stars for a visit, as they were last given."""
    rated = fact(kinds.RATED, rating.id, rating.rated_at, zone)
    return [
        replace(
            rated,
            channel=context.channel,
            technician_id=visit.technician_id,
            customer_id=visit.customer_id,
            quantity=rating.stars,
        )
    ]


def facts_of_invoice(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    context: Context,
    customer_id: UUID | None,
    zone: ZoneInfo,
) -> list[Fact]:
    """A document with its lines; the caller leaves out deposits and what takes one back."""
    whole = replace(
        fact(kinds.INVOICED, invoice.id, invoice.created_at, zone, on=invoice.issued_on),
        channel=context.channel,
        customer_id=customer_id,
        quantity=sum(_minutes_sold(line) for line in lines),
        amount_cents=invoice.gross_cents,
    )
    return [whole, *(_line(whole, line) for line in lines if _is_work(line))]


def facts_of_payment(
    payment: Payment, context: Context, customer_id: UUID | None, zone: ZoneInfo
) -> list[Fact]:
    """Money that moved; discounts and write-offs are none."""
    if payment.kind not in MONEY:
        return []
    paid = fact(kinds.PAID, payment.id, payment.created_at, zone, on=payment.received_on)
    return [
        replace(paid, channel=context.channel, customer_id=customer_id, amount_cents=payment.amount_cents)
    ]


def facts_of_order(
    order: WorkOrder,
    jobs: Sequence[tuple[OrderJob, int]],
    billed: Invoice | None,
    context: Context,
    zone: ZoneInfo,
) -> list[Fact]:
    """What was decided about its jobs (each with its gross cents), and its invoice."""
    found = []
    for job, gross_cents in jobs:
        kind = _OF_DECISION.get(job.decision)
        if kind is not None and job.decided_at is not None:
            decided = replace(
                fact(kind, order.id, job.decided_at, zone),
                part=job.id.hex,
                service_code=job.service_code,
                technician_id=job.technician_id or order.technician_id,
                amount_cents=gross_cents,
            )
            found.append(decided)
    if billed is not None:
        closed = fact(kinds.ORDER_CLOSED, order.id, billed.created_at, zone, on=billed.issued_on)
        found.append(replace(closed, technician_id=order.technician_id, amount_cents=billed.gross_cents))
    return [replace(one, channel=context.channel, customer_id=order.customer_id) for one in found]


def channel_of(visit: Appointment, thread_channel: str) -> str:
    """Where a visit came from: what was agreed in a chat is of the channel of its thread."""
    if visit.source == "chat" and thread_channel:
        return thread_channel
    return CHANNEL_OF_SOURCE.get(visit.source, visit.source)


def share(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in parts by ``weights`` (all 0: alike) that add up to it; the first gets what is left."""
    weighed = list(weights) if any(weights) else [1] * len(weights)
    parts = [total * weight // sum(weighed) for weight in weighed]
    left = total - sum(parts)
    return [part + (left if at == 0 else 0) for at, part in enumerate(parts)]


def _minutes_of(visit: Appointment, context: Context) -> int:
    told = sum(context.weights.get(code, (0, 0))[0] for code in visit.service_codes)
    return visit.minutes or told or int((visit.ends_at - visit.starts_at).total_seconds() // 60)


def _shared(whole: Fact, codes: Collection[str], context: Context) -> Iterator[Fact]:
    yield whole
    each = list(dict.fromkeys(code[:20] for code in codes))
    known = [context.weights.get(code, (0, 0)) for code in each]
    minutes = share(whole.quantity, [minutes for minutes, _ in known])
    cents = share(whole.amount_cents, [cents for _, cents in known])
    for code, some_minutes, some_cents in zip(each, minutes, cents, strict=True):
        yield replace(whole, part=code, service_code=code, quantity=some_minutes, amount_cents=some_cents)


def _is_work(line: InvoiceLine) -> bool:
    return bool(line.service_code or line.technician_id or _minutes_sold(line))


def _minutes_sold(line: InvoiceLine) -> int:
    """What is told beside the line; else hours of labour are time by themselves."""
    if line.minutes or line.kind != LABOUR or line.unit != HOURS:
        return line.minutes
    return int(line.quantity * 60)


def _line(whole: Fact, line: InvoiceLine) -> Fact:
    return replace(
        whole,
        part=f"line-{line.position}",
        service_code=line.service_code,
        technician_id=line.technician_id,
        quantity=_minutes_sold(line),
        amount_cents=line.net_cents,
    )
