"""Calendar file of an appointment (RFC 5545) for the customer's own calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vText, vUri

from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.booking.states import CANCELLED, REQUESTED

_STATUS = {CANCELLED: "CANCELLED", REQUESTED: "TENTATIVE"}


def calendar_file(
    booking: BookingConfirmation, *, zone: ZoneInfo, moved_count: int, url: str, now: datetime
) -> str:
    """ICS text with CRLF lines. The UID stays and SEQUENCE grows with every change, so imports replace."""
    event = Event()
    event.add("uid", f"{booking.appointment_id}@carbot")
    event.add("sequence", moved_count + (booking.state == CANCELLED))
    event.add("dtstamp", now)
    event.add("dtstart", booking.starts_at.astimezone(zone))
    event.add("dtend", booking.ends_at.astimezone(zone))
    event.add("summary", vText(f"{booking.title} · {booking.workshop_name}"))
    event.add("location", vText(booking.address))
    event.add(
        "description", vText("\n".join(filter(None, (booking.stay, booking.price, booking.phone, url))))
    )
    event.add("status", _STATUS.get(booking.state, "CONFIRMED"))
    if url:
        event.add("url", vUri(url))
    calendar = Calendar()
    calendar.add("prodid", "-//CarBot//Booking//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(
        Timezone.from_tzinfo(
            zone,
            first_date=booking.starts_at.date().replace(month=1, day=1),
            last_date=booking.starts_at.date().replace(year=booking.starts_at.year + 1, month=1, day=1),
        )
    )
    calendar.add_component(event)
    return calendar.to_ical().decode()
