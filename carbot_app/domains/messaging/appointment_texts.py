"""Words of messages about appointments, in the customer's language."""

from dataclasses import dataclass

from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.messaging.channels import SMS
from carbot_app.domains.messaging.sms_text import ONE_SMS, gsm_length, gsm_text, shorten
from carbot_app.kit.i18n import translate

KINDS = (
    "booked",
    "moved",
    "cancelled",
    "ready",
    "declined",
    "reminder",
    "reminder_confirmed",
    "reminder_required",
    "offered",
    "offer_over",
)
_SHORTEST_NAME = 8


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a message is about."""

    kind: str
    confirmation: BookingConfirmation
    language: str
    link: str
    until: str = ""
    """When a time offered from the waitlist is given to the next, in words."""


def mail_text(occasion: Occasion, name: str) -> tuple[str, str]:
    """Subject and text of a mail."""
    language, kind, booked = occasion.language, occasion.kind, occasion.confirmation
    text = translate(
        language,
        "mail.appointment_text",
        name=name,
        intro=translate(language, f"mail.{kind}_intro", until=occasion.until),
        title=booked.title,
        when=booked.when if kind in _WITHOUT_STAY else f"{booked.when}\n{booked.stay}",
        price=translate(language, "mail.price_line", price=booked.price),
        workshop=booked.workshop_name,
        address=booked.address,
        phone=booked.phone,
        outro=translate(language, f"mail.{_OUTROS.get(kind, 'change')}_outro"),
        link=occasion.link,
    )
    return translate(language, f"mail.{kind}_subject", when=booked.when), text


def short_text(occasion: Occasion, channel: str) -> str:
    """Text for SMS (one, in the GSM alphabet) or WhatsApp; a long workshop name gives way."""
    booked = occasion.confirmation

    def fill(workshop: str) -> str:
        text = translate(
            occasion.language,
            f"messages.{occasion.kind}",
            workshop=workshop,
            when=booked.when,
            phone=booked.phone,
            link=occasion.link,
            until=occasion.until,
        )
        return gsm_text(text) if channel == SMS else text

    room = max(_SHORTEST_NAME, ONE_SMS - gsm_length(fill("")))
    return fill(shorten(booked.workshop_name, room))


_WITHOUT_STAY = ("cancelled", "offered")
_OUTROS = {
    "offered": "offered",
    "cancelled": "cancelled",
    "ready": "ready",
    "reminder": "confirm",
    "reminder_required": "confirm",
}
