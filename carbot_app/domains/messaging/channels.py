"""On which channel a customer is written to."""

from collections.abc import Collection
from dataclasses import dataclass

import phonenumbers

MAIL = "mail"
SMS = "sms"
WHATSAPP = "whatsapp"

_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass(frozen=True, slots=True)
class Reachable:
    """How a customer can be reached, and what they want."""

    phone: str
    """E.164 or empty."""
    email: str
    wants_whatsapp: bool = False
    stopped: frozenset[str] = frozenset()


def is_mobile(phone: str) -> bool:
    """Whether an E.164 number can receive SMS; landlines cannot."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _MOBILE


def choose_channel(contact: Reachable, available: Collection[str]) -> str | None:
    """WhatsApp if asked for, else SMS to a mobile number, else mail; None: the customer cannot be reached.

    Channels without a provider come last: the message is then held and staff sees it in the outbox.
    """
    mobile = is_mobile(contact.phone)
    possible = [
        channel
        for channel, exists in (
            (WHATSAPP, mobile and contact.wants_whatsapp),
            (SMS, mobile),
            (MAIL, bool(contact.email)),
        )
        if exists and channel not in contact.stopped
    ]
    ready = [channel for channel in possible if channel in available]
    if ready:
        return ready[0]
    return MAIL if MAIL in possible else (possible[0] if possible else None)
