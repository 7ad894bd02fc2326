"""Work orders as the pages show them (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from carbot_app.domains.billing.overrun import APPROVAL, WARN
from carbot_app.domains.orders.schemas import (
    HistoryView,
    JobView,
    LineView,
    OrderSummary,
    OrderView,
)
from carbot_app.domains.orders.states import (
    ACCEPTED,
    APPROVAL_OPEN,
    BILLED,
    CANCELLED,
    COMPLAINT,
    DIAGNOSIS,
    ENQUIRY,
    ESTIMATE,
    FINAL_CHECK,
    IN_WORK,
    PAID,
    PARTS_ORDERED,
    PICKED_UP,
    READY,
    SCHEDULED,
)
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, plate_text

SIGNS: Mapping[str, str] = {
    ENQUIRY: "draft", ESTIMATE: "draft", SCHEDULED: "planned", ACCEPTED: "arrived", DIAGNOSIS: "progress",
    APPROVAL_OPEN: "waiting", PARTS_ORDERED: "waiting", IN_WORK: "progress", FINAL_CHECK: "progress",
    READY: "done", PICKED_UP: "open", BILLED: "part_paid", PAID: "paid", CANCELLED: "cancelled",
    COMPLAINT: "complaint",
}  # fmt: skip
"""State → sign of the design system."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "estimates": (ENQUIRY, ESTIMATE, SCHEDULED),
    "here": (ACCEPTED, DIAGNOSIS, COMPLAINT),
    "waiting": (APPROVAL_OPEN, PARTS_ORDERED),
    "work": (IN_WORK, FINAL_CHECK),
    "ready": (READY,),
    "closed": (PICKED_UP, BILLED, PAID, CANCELLED),
}
"""Columns of the board and the states in them."""
STEPS = (ESTIMATE, ACCEPTED, IN_WORK, READY, BILLED, PAID)
"""The stepper: where an order stands among these."""
_STEP_OF = {
    ENQUIRY: 1, ESTIMATE: 1, SCHEDULED: 1, ACCEPTED: 2, DIAGNOSIS: 2, APPROVAL_OPEN: 2, PARTS_ORDERED: 2,
    IN_WORK: 3, FINAL_CHECK: 3, COMPLAINT: 3, READY: 4, PICKED_UP: 4, BILLED: 5, PAID: 7, CANCELLED: 1,
}  # fmt: skip
_URGENCY_SIGNS = {"urgent": "critical", "soon": "medium", "later": "low"}
_LIKE_THOUSANDS = -3
_NEXT = {
    ENQUIRY: ACCEPTED, ESTIMATE: ACCEPTED, SCHEDULED: ACCEPTED, ACCEPTED: IN_WORK, DIAGNOSIS: IN_WORK,
    APPROVAL_OPEN: IN_WORK, PARTS_ORDERED: IN_WORK, IN_WORK: READY, FINAL_CHECK: READY, READY: PICKED_UP,
    COMPLAINT: READY,
}  # fmt: skip
"""What the one primary button does."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in the list and on the board."""

    id: str = ""
    number: str = ""
    href: str = ""
    state: str = ""
    sign: str = "draft"
    word: str = ""
    title: str = ""
    plate: PlateText = NO_PLATE
    customer: str = ""
    technician: str = ""
    promised: str = ""
    late: bool = False
    total: str = ""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column of the board."""

    key: str
    title: str
    total: str
    rows: tuple[OrderRow, ...]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A position."""

    id: str
    kind: str
    kind_word: str
    text: str
    detail: str
    """``2 × 49,90 €``, part number, discount."""
    amount: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """A piece of work."""

    id: str = ""
    title: str = ""
    finding: str = ""
    urgency: str = ""
    urgency_sign: str = ""
    urgency_word: str = ""
    technician: str = ""
    technician_id: str = ""
    decision: str = "open"
    done: bool = False
    total: str = ""
    lines: tuple[LineRow, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An entry of the history."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """The opened order."""

    row: OrderRow = OrderRow()
    version: int = 0
    vehicle: str = ""
    km: str = ""
    customer_href: str = ""
    phone: str = ""
    phone_href: str = ""
    complaint: str = ""
    note: str = ""
    technician_id: str = ""
    step: int = 1
    next: str = ""
    """State the primary button leads to; empty: none."""
    sides: tuple[tuple[str, str], ...] = ()
    """State and word of everything else that may be chosen."""
    jobs: tuple[JobRow, ...] = ()
    sums: tuple[tuple[str, str], ...] = ()
    """Word and amount: net, VAT by rate, gross, and who pays."""
    total: str = ""
    overrun: str = ""
    """within, warn, approval or empty where nothing was told."""
    overrun_text: str = ""
    overrun_percent: int = 0
    """Of the limit, for the bar."""
    conversation_href: str = ""
    invoice_href: str = ""
    editable: bool = False
    billable: bool = False
    history: tuple[HistoryRow, ...] = ()


def order_href(order_id: object) -> str:
    """Address of an order's page."""
    return f"/auftraege/auftrag/?id={order_id}"


def describe_row(order: OrderSummary, reader: Reader, country: str) -> OrderRow:
    """An order in a list."""
    return OrderRow(
        id=str(order.id),
        number=order.number,
        href=order_href(order.id),
        state=order.state,
        sign=SIGNS[order.state],
        word=translate(reader.language, f"orders.state.{order.state}"),
        title=order.title,
        plate=plate_text(order.plate, country) if order.plate else NO_PLATE,
        customer=order.customer,
        technician=order.technician,
        promised=reader.day_and_clock(order.promised_at) if order.promised_at else "",
        late=_is_late(order.state, order.promised_at, reader),
        total=format_cents(order.total_cents, order.currency, reader.language, country),
    )


def describe_board(
    orders: Sequence[OrderSummary], rows: Sequence[OrderRow], reader: Reader, country: str, *, closed: bool
) -> list[BoardColumn]:
    """Columns from left to right; the closed ones only where they are asked for."""
    found = []
    for key, states in COLUMNS.items():
        if key == "closed" and not closed:
            continue
        inside = [at for at, order in enumerate(orders) if order.state in states]
        whole = sum(orders[at].total_cents for at in inside)
        currency = orders[inside[0]].currency if inside else "EUR"
        found.append(
            BoardColumn(
                key=key,
                title=translate(reader.language, f"orders.column.{key}"),
                total=format_cents(whole, currency, reader.language, country) if inside else "",
                rows=tuple(rows[at] for at in inside),
            )
        )
    return found


def describe_order(
    order: OrderView, reader: Reader, country: str, *, choices: Sequence[str], editable: bool, billable: bool
) -> OrderDetail:
    """The opened order."""

    def money(cents: int) -> str:
        return format_cents(cents, order.currency, reader.language, country)

    def word(key: str, **params: object) -> str:
        return translate(reader.language, f"orders.{key}", **params)

    customer, vehicle = order.customer, order.vehicle
    next_state = _NEXT.get(order.state, "")
    next_state = next_state if next_state in choices else ""
    return OrderDetail(
        row=_head_row(order, reader, money),
        version=order.version,
        vehicle=vehicle.label if vehicle else "",
        km=f"{reader.number(order.km)} km" if order.km else "",
        customer_href=f"/kunden/akte/?kunde={customer.id}" if customer else "",
        phone=customer.phone_text if customer else "",
        phone_href=f"tel:{customer.phone}" if customer and customer.phone else "",
        complaint=order.complaint,
        note=order.note,
        technician_id=str(order.technician_id or ""),
        step=_STEP_OF[order.state],
        next=next_state,
        sides=tuple((state, word(f"move.{state}")) for state in choices if state != next_state),
        jobs=tuple(_job(job, reader, money) for job in order.jobs),
        sums=tuple(_sums(order, reader, money)),
        total=money(order.total_cents),
        **_overrun(order, reader, money),
        conversation_href=f"/posteingang/?view=all&c={order.conversation_id}"
        if order.conversation_id
        else "",
        invoice_href=f"/rechnungen/?rechnung={order.invoice_id}" if order.invoice_id else "",
        editable=editable,
        billable=billable,
        history=tuple(_history(entry, reader, money) for entry in reversed(order.history)),
    )


def show_decimal(value: Decimal, language: str) -> str:
    """``1,5`` as it is typed; never with just three places, which could be thousands."""
    text = format_decimal(value, format="0.######", locale=language)
    exponent = value.normalize().as_tuple().exponent
    return f"{text}0" if exponent == _LIKE_THOUSANDS else text


def _head_row(order: OrderView, reader: Reader, money) -> OrderRow:
    vehicle, customer = order.vehicle, order.customer
    return OrderRow(
        id=str(order.id),
        number=order.number,
        href=order_href(order.id),
        state=order.state,
        sign=SIGNS[order.state],
        word=translate(reader.language, f"orders.state.{order.state}"),
        title=order.title,
        plate=plate_text(vehicle.plate, vehicle.plate_country) if vehicle and vehicle.plate else NO_PLATE,
        customer=(customer.name or customer.email or customer.phone_text) if customer else "",
        technician=order.technician,
        promised=reader.day_and_clock(order.promised_at) if order.promised_at else "",
        late=_is_late(order.state, order.promised_at, reader),
        total=money(order.total_cents),
    )


def _is_late(state: str, promised_at, reader: Reader) -> bool:
    done = state in (READY, PICKED_UP, BILLED, PAID, CANCELLED)
    return promised_at is not None and promised_at < reader.now and not done


def _job(job: JobView, reader: Reader, money) -> JobRow:
    urgency = job.urgency
    return JobRow(
        id=str(job.id),
        title=job.title,
        finding=job.finding,
        urgency=urgency,
        urgency_sign=_URGENCY_SIGNS.get(urgency, ""),
        urgency_word=translate(reader.language, f"orders.urgency.{urgency}") if urgency else "",
        technician=job.technician,
        technician_id=str(job.technician_id or ""),
        decision=job.decision,
        done=job.done_at is not None,
        total=money(job.gross_cents),
        lines=tuple(_line(line, reader, money) for line in job.lines),
    )


def _line(line: LineView, reader: Reader, money) -> LineRow:
    unit = translate(reader.language, f"orders.unit.{line.unit}")
    price = money(int((line.unit_price * 100).to_integral_value(rounding="ROUND_HALF_UP")))
    parts = [f"{show_decimal(line.quantity, reader.language)} {unit} × {price}"]
    if not line.gross:
        parts.append(translate(reader.language, "orders.net"))
    if line.discount_percent:
        parts.append(f"\u2212{show_decimal(line.discount_percent, reader.language)} %")
    if line.part_number:
        parts.append(line.part_number)
    return LineRow(
        id=str(line.id),
        kind=line.kind,
        kind_word=translate(reader.language, f"orders.kind.{line.kind}"),
        text=line.text,
        detail=" · ".join(parts),
        amount=money(line.amount_cents),
    )


def _sums(order: OrderView, reader: Reader, money):
    def word(key: str, **params: object) -> str:
        return translate(reader.language, f"orders.sum.{key}", **params)

    if order.totals.allowance_cents:
        yield word("discount"), f"\u2212{money(order.totals.allowance_cents)}"
    yield word("net"), money(order.totals.net_cents)
    for group in order.totals.groups:
        if group.vat_cents:
            rate = show_decimal(Decimal(group.rate) / 100, reader.language)
            yield word("vat", rate=rate), money(group.vat_cents)
    for portion in order.portions:
        yield word(portion.payer), money(portion.cents)


def _overrun(order: OrderView, reader: Reader, money) -> dict:
    overrun = order.overrun
    if overrun is None or not order.estimate_cents:
        return {}
    key = {WARN: "warn", APPROVAL: "approval"}.get(overrun.state, "within")
    text = translate(
        reader.language,
        f"orders.overrun.{key}",
        estimate=money(order.estimate_cents),
        limit=money(overrun.limit_cents),
        over=money(overrun.over_cents),
    )
    percent = min(100, round(order.total_cents * 100 / overrun.limit_cents)) if overrun.limit_cents else 0
    return {"overrun": overrun.state, "overrun_text": text, "overrun_percent": percent}


def _history(entry: HistoryView, reader: Reader, money) -> HistoryRow:
    content = entry.content
    state = str(content.get("state", ""))
    known = state in SIGNS
    title = translate(reader.language, f"orders.state.{state}") if known else _event(entry, reader)
    who = entry.by or translate(reader.language, f"orders.because.{content.get('because') or 'other'}")
    total = content.get("total_cents")
    amount = f" · {money(int(total))}" if isinstance(total, int) and total else ""
    return HistoryRow(title, f"{reader.day_and_clock(entry.at)} · {who}{amount}")


def _event(entry: HistoryView, reader: Reader) -> str:
    """Entries of other parts of the order, such as approvals."""
    try:
        return translate(reader.language, f"orders.event.{entry.kind.replace('.', '_')}")
    except KeyError:
        return translate(reader.language, "orders.event.other")
