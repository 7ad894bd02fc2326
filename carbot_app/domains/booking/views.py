"""Rows of booking as views."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from carbot_app.domains.booking.labels import slot_label, time_label
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.schemas import AppointmentView, BookingConfirmation, Slot
from carbot_app.domains.booking.slots import FreeTime, encode_slot
from carbot_app.domains.booking.states import CHANGEABLE
from carbot_app.domains.booking.stay import stay_lines
from carbot_app.domains.catalog.price_text import price_text
from carbot_app.domains.catalog.pricing import Price
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.customers.schemas import CustomerView, VehicleView
from carbot_app.domains.team.models import Workshop


def slot_view(
    time: FreeTime, cells: int, zone: ZoneInfo, language: str, *, recommended: bool = False
) -> Slot:
    """A free time as the reader sees it; ``cells`` is the work without breaks."""
    return Slot(
        id=encode_slot(time.start, cells),
        starts_at=time.starts_at,
        ends_at=time.ends_at,
        label=slot_label(time.starts_at, zone, language),
        time=time_label(time.starts_at, zone, language),
        recommended=recommended,
    )


def can_change(appointment: Appointment, now: datetime) -> bool:
    """Whether the customer may still move or cancel."""
    return appointment.state in CHANGEABLE and now < appointment.starts_at


def confirmation_view(
    appointment: Appointment,
    workshop: Workshop,
    vehicle: Vehicle | None,
    *,
    names: Mapping[str, str],
    now: datetime,
    language: str,
) -> BookingConfirmation:
    """What the customer gets; ``names`` are the services' names in ``language``."""
    zone = ZoneInfo(workshop.timezone)
    return BookingConfirmation(
        appointment_id=appointment.id,
        manage_token=appointment.manage_token,
        title=title_of(appointment, names),
        service_codes=tuple(appointment.service_codes),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        when=slot_label(appointment.starts_at, zone, language),
        price=_price(appointment, workshop.country, language),
        state=appointment.state,
        workshop_slug=workshop.slug,
        workshop_name=workshop.name,
        address=f"{workshop.street}, {workshop.postal_code} {workshop.city}".strip(", "),
        phone=workshop.phone,
        language=appointment.language,
        plate=vehicle.plate if vehicle else "",
        can_change=can_change(appointment, now),
        waiting=appointment.waiting,
        loaner=appointment.loaner_id is not None,
        stay=_stay(appointment, zone, language),
    )


def appointment_view(
    appointment: Appointment,
    workshop: Workshop,
    *,
    language: str,
    names: Mapping[str, str],
    resources: Mapping[UUID, str],
    customer: CustomerView,
    vehicle: VehicleView | None,
) -> AppointmentView:
    """An appointment for staff, in their language."""
    return AppointmentView(
        id=appointment.id,
        title=title_of(appointment, names),
        service_codes=tuple(appointment.service_codes),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        state=appointment.state,
        when=slot_label(appointment.starts_at, ZoneInfo(workshop.timezone), language),
        price=_price(appointment, workshop.country, language),
        price_min_cents=appointment.price_min_cents,
        price_max_cents=appointment.price_max_cents,
        technician=_name(resources, appointment.technician_id),
        bay=_name(resources, appointment.bay_id),
        loaner=_name(resources, appointment.loaner_id),
        technician_id=appointment.technician_id,
        bay_id=appointment.bay_id,
        loaner_id=appointment.loaner_id,
        waiting=appointment.waiting,
        wants_loaner=appointment.wants_loaner,
        minutes=appointment.minutes,
        customer=customer,
        vehicle=vehicle,
        conversation_id=appointment.conversation_id,
        source=appointment.source,
        note=appointment.note,
    )


def _name(resources: Mapping[UUID, str], id_: UUID | None) -> str:
    return resources.get(id_, "") if id_ else ""


def title_of(appointment: Appointment, names: Mapping[str, str]) -> str:
    """Names of the services; the title kept with the booking once one is no longer offered."""
    if not all(code in names for code in appointment.service_codes):
        return appointment.title
    return " + ".join(names[code] for code in appointment.service_codes)


def _stay(appointment: Appointment, zone: ZoneInfo, language: str) -> str:
    """Empty while the visit is not planned."""
    if appointment.bay_id is None:
        return ""
    lines = stay_lines(
        appointment.starts_at,
        appointment.ends_at,
        waiting=appointment.waiting,
        loaner=appointment.loaner_id is not None,
        zone=zone,
        language=language,
    )
    return "\n".join(lines)


def _price(appointment: Appointment, country: str, language: str) -> str:
    low, high = appointment.price_min_cents, appointment.price_max_cents
    return price_text(
        Price(low, high, "range" if high > low else "exact"),
        currency=appointment.currency,
        language=language,
        country=country,
    )
