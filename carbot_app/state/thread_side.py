"""What stands beside a thread: appointment or wish, vehicle, reasons, customer, what happened (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from carbot_app.domains.booking.schemas import AppointmentView
from carbot_app.domains.conversations.schemas import ThreadView, TimelineEntry
from carbot_app.domains.leads.schemas import LeadView, Reason
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents, format_cents_range
from carbot_app.state.thread_rows import finding_text, handover_text
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, heat, plate_text

TIMELINE_SIGNS = {
    "started": ("message-square", "neutral"),
    "started_booking": ("calendar-plus", "neutral"),
    "started_elsewhere": ("message-square", "neutral"),
    "handover": ("user-round", "warn"),
    "taken_over": ("user-check", "accent"),
    "handed_back": ("undo-2", "neutral"),
    "danger": ("triangle-alert", "err"),
    "booking": ("calendar-check", "accent"),
    "visit": ("wrench", "neutral"),
}
"""Kind of timeline entry → icon and tone."""
APPOINTMENT_SIGNS = {
    "unplanned": "unplanned",
    "requested": "requested",
    "confirmed": "confirmed",
    "arrived": "arrived",
    "in_work": "progress",
    "done": "done",
    "cancelled": "cancelled",
    "no_show": "no_show",
}
"""State of an appointment → badge of the design system."""


@dataclass(frozen=True, slots=True)
class VisitCard:
    """The thread's appointment, or what the customer wishes; ``kind`` is appointment, wish or empty."""

    kind: str = ""
    id: str = ""
    badge: str = ""
    when: str = ""
    work: str = ""
    meta: str = ""
    price: str = ""
    can_confirm: bool = False
    on: str = ""
    """ISO day, for the calendar's address."""


NO_VISIT = VisitCard()


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One cause of the score."""

    text: str
    points: str


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """What happened, newest first."""

    icon: str
    tone: str
    title: str
    meta: str


@dataclass(frozen=True, slots=True)
class ThreadSide:
    """The side pane."""

    visit: VisitCard = NO_VISIT
    plate: PlateText = NO_PLATE
    vehicle: str = ""
    vehicle_meta: str = ""
    heat: str = "cool"
    reasons: tuple[ReasonLine, ...] = ()
    scored_by: str = ""
    """Whether rules or a model gave the score."""
    lead_id: str = ""
    lead_state: str = ""
    """open, booked, won or lost."""
    lost_reason: str = ""
    customer_id: str = ""
    phone: str = ""
    phone_href: str = ""
    email: str = ""
    timeline: tuple[TimelineLine, ...] = ()


def describe_side(thread: ThreadView, appointment: AppointmentView | None, reader: Reader) -> ThreadSide:
    """The side pane of a thread; ``appointment`` is the one this thread led to."""
    lead, customer = thread.lead, thread.customer
    vehicle = lead.vehicle if lead else None
    if vehicle is None and appointment is not None:
        vehicle = appointment.vehicle
    facts = []
    if vehicle and vehicle.year:
        facts.append(translate(reader.language, "inbox.side.built", year=vehicle.year))
    if vehicle and vehicle.km:
        facts.append(f"{reader.number(vehicle.km)} km")
    return ThreadSide(
        visit=_visit(appointment, lead, _findings(thread, reader), reader),
        plate=plate_text(vehicle.plate, vehicle.plate_country) if vehicle else NO_PLATE,
        vehicle=f"{vehicle.make} {vehicle.model}".strip() if vehicle else "",
        vehicle_meta=" · ".join(facts),
        heat=heat(lead.temperature) if lead else "cool",
        reasons=tuple(_reason(reason, reader) for reason in lead.reasons) if lead else (),
        scored_by=_scored_by(lead, reader) if lead else "",
        lead_id=str(lead.id) if lead else "",
        lead_state=lead.state if lead else "",
        lost_reason=translate(reader.language, f"leads.lost.{lead.lost_reason}")
        if lead and lead.lost_reason
        else "",
        customer_id=str(customer.id) if customer else "",
        phone=customer.phone_text if customer else "",
        phone_href=f"tel:{customer.phone}" if customer and customer.phone else "",
        email=customer.email if customer else "",
        timeline=tuple(describe_timeline(thread.timeline, reader)),
    )


def describe_appointment(appointment: AppointmentView, reader: Reader) -> VisitCard:
    """The card of an appointment."""
    people = (appointment.bay, appointment.technician)
    length = reader.duration(appointment.ends_at - appointment.starts_at)
    return VisitCard(
        kind="appointment",
        id=str(appointment.id),
        badge=APPOINTMENT_SIGNS.get(appointment.state, "open"),
        when=appointment.when,
        work=appointment.title,
        meta=" · ".join(filter(None, (length, *people))),
        price=appointment.price,
        can_confirm=appointment.state == "requested" and appointment.ends_at > reader.now,
        on=appointment.starts_at.astimezone(reader.zone).date().isoformat(),
    )


def describe_timeline(entries: Iterable[TimelineEntry], reader: Reader) -> list[TimelineLine]:
    """What happened in the thread and the customer's visits."""
    lines = []
    for entry in entries:
        kind, params = entry.kind, entry.params
        if kind == "started" and entry.params.get("channel") == "booking":
            kind = "started_booking"
        elif kind == "started" and entry.params.get("channel") != "chat":
            kind = "started_elsewhere"
            params = {"channel": translate(reader.language, f"inbox.channel.{params['channel']}")}
        meta = reader.day_and_clock(entry.at)
        if kind == "handover":
            title = handover_text(entry.params, reader)
        elif kind == "visit":
            title = str(entry.params.get("title", ""))
            state = APPOINTMENT_SIGNS.get(str(entry.params.get("state")), "open")
            meta = f"{meta} · {translate(reader.language, f'staff.state.{state}')}"
        else:
            title = translate(reader.language, f"inbox.timeline.{kind}", **params)
        icon, tone = TIMELINE_SIGNS[kind]
        lines.append(TimelineLine(icon, tone, title, meta))
    return lines


def _findings(thread: ThreadView, reader: Reader) -> str:
    """What the customer's photos probably show."""
    files = [file for message in thread.messages for file in message.files]
    return "; ".join(dict.fromkeys(filter(None, (finding_text(file, reader) for file in files))))


def _visit(
    appointment: AppointmentView | None, lead: LeadView | None, findings: str, reader: Reader
) -> VisitCard:
    if appointment is not None:
        return describe_appointment(appointment, reader)
    if lead is None or not (lead.wish or lead.desired_from):
        return VisitCard(kind="wish", work=findings) if findings else NO_VISIT
    high = lead.value_max_cents or lead.value_min_cents
    low = lead.value_min_cents or high
    return VisitCard(
        kind="wish",
        when=_wished_time(lead.desired_from, lead.desired_to, reader),
        work=lead.wish,
        meta=findings,
        price=format_cents_range(low, high, language=reader.language) if high else "",
    )


def _wished_time(start: datetime | None, end: datetime | None, reader: Reader) -> str:
    """A wish for a whole day or longer names the day, a shorter one the time as well."""
    if start is None:
        return ""
    if end is not None and end.date() > start.date() and (end - start).days >= 1:
        return f"{reader.day(start)} – {reader.day(end)}"
    if end is not None and (end - start).total_seconds() <= 7200:
        return reader.day_and_clock(start)
    return reader.day(start)


def _reason(reason: Reason, reader: Reader) -> ReasonLine:
    params = dict(reason.params)
    if "cents" in params:
        params["amount"] = format_cents(int(params["cents"]), language=reader.language)
    sign = "+" if reason.points > 0 else "−"
    return ReasonLine(
        translate(reader.language, f"leads.reason_{reason.code}", **params), f"{sign}{abs(reason.points)}"
    )


def _scored_by(lead: LeadView, reader: Reader) -> str:
    if lead.model_version:
        return translate(reader.language, "leads.by_model", version=lead.model_version)
    return translate(reader.language, "leads.by_rules")
