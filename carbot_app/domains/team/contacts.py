"""E-mail addresses and phone numbers of workshops and staff."""

import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from carbot_app.kit.errors import Invalid


def parse_email(value: str, *, field: str = "email") -> str:
    """Address in lower case, checked for form only (no DNS).

    Raises:
        Invalid: ``email_invalid``.
    """
    try:
        return validate_email(value.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Invalid("email_invalid", field=field) from None


def address_key(value: str) -> str:
    """What a typed address is looked up by; any text is allowed, only the stored ones were checked."""
    return unicodedata.normalize("NFC", value.replace("\0", "")).strip().lower()[:254]


def phone_link(phone: str, country: str) -> str:
    """``tel:+49231…`` of a number as written in that country; empty when it is no valid number."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966).replace("-", "")
