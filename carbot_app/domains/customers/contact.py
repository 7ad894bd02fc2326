"""Names, phone numbers and e-mail addresses as people type them, brought to one form."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from carbot_app.domains.customers.schemas import Contact
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import single_line

NAME_LIMIT = 120


def parse_contact(name: str, phone: str, email: str, country: str = "DE") -> Contact:
    """Contact with phone in E.164 and e-mail in lower case; ``country`` reads numbers without a prefix.

    Raises Invalid with code contact_missing (neither phone nor e-mail), phone_invalid or email_invalid;
    ``field`` names the input. Deliverability is not checked: no network, and a typing customer waits.
    """
    phone, email = phone.strip(), email.strip()
    if not phone and not email:
        raise Invalid("contact_missing", field="phone")
    return Contact(
        name=single_line(name, field="name", limit=NAME_LIMIT),
        phone=parse_phone(phone, country) if phone else "",
        email=parse_email(email) if email else "",
    )


def parse_phone(phone: str, country: str = "DE") -> str:
    """E.164 of a number as typed; Invalid("phone_invalid") when no such number can exist."""
    try:
        number = phonenumbers.parse(phone[:40], country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid("phone_invalid", field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_email(email: str) -> str:
    """Lower-case address; Invalid("email_invalid") when the syntax is wrong (RFC 5321, RFC 6531)."""
    try:
        return validate_email(email[:320], check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Invalid("email_invalid", field="email") from None


def phone_text(phone: str, country: str = "DE") -> str:
    """E.164 as people of ``country`` read it: national at home, international abroad; empty stays empty."""
    if not phone:
        return ""
    number = phonenumbers.parse(phone)
    home = phonenumbers.region_code_for_number(number) == country
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
