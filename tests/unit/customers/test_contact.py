"""Phone numbers, addresses and cars as people type them."""

import pytest

from carbot_app.domains.customers.contact import parse_contact, phone_text
from carbot_app.domains.customers.schemas import Contact
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import several_lines, single_line


@pytest.mark.parametrize(
    ("typed", "country", "expected"),
    [
        ("0171 5550142", "DE", "+491715550142"),
        ("0231 / 555 01 20", "DE", "+492315550120"),
        ("+49 (0) 171 / 555-0142", "DE", "+491715550142"),
        ("0049 171 5550142", "DE", "+491715550142"),
        ("0664 1234567", "AT", "+436641234567"),
        ("079 123 45 67", "CH", "+41791234567"),
        ("+90 532 123 45 67", "DE", "+905321234567"),
        ("+48 512 345 678", "DE", "+48512345678"),
    ],
)
def test_phone_numbers_become_e164(typed: str, country: str, expected: str) -> None:
    assert parse_contact("", typed, "", country).phone == expected


@pytest.mark.parametrize("typed", ["123", "hallo", "0171", "+49", "9" * 100, "<script>", "\x00", "😀"])
def test_numbers_that_cannot_exist_are_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_contact("A", typed, "")
    assert (caught.value.code, caught.value.field) == ("phone_invalid", "phone")


def test_mail_addresses_are_lower_case_and_umlaut_domains_work() -> None:
    assert parse_contact("", "", " Ayse@Example.ORG ").email == "ayse@example.org"
    assert parse_contact("", "", "info@müller.de").email == "info@müller.de"


@pytest.mark.parametrize("typed", ["a", "a@", "@b.de", "a@b", "a b@c.de", "a@b..de", "x" * 400 + "@b.de"])
def test_broken_mail_addresses_are_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_contact("A", "", typed)
    assert (caught.value.code, caught.value.field) == ("email_invalid", "email")


@pytest.mark.parametrize(("phone", "email"), [("", ""), ("  ", "\n")])
def test_phone_or_mail_is_needed(phone: str, email: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_contact("A", phone, email)
    assert caught.value.code == "contact_missing"


def test_one_of_both_is_enough() -> None:
    assert parse_contact(" Ayşe \n Yılmaz ", "", "a@example.org") == Contact(
        "Ayşe Yılmaz", "", "a@example.org"
    )


def test_numbers_read_nationally_at_home_and_internationally_abroad() -> None:
    assert phone_text("+491715550142", "DE") == "0171 5550142"
    assert phone_text("+491715550142", "AT") == "+49 171 5550142"
    assert phone_text("") == ""


def test_text_loses_what_no_database_can_store_and_nothing_else() -> None:
    assert single_line("a\x00b\ud800 \u202eש 👨‍👩‍👧\tc", field="name", limit=20) == "ab \u202eש 👨‍👩‍👧 c"
    assert several_lines("a\r\nb\x07\n\tc \n\n", field="note", limit=20) == "a\nb\n c"


def test_text_over_the_limit_names_field_and_limit() -> None:
    with pytest.raises(Invalid) as caught:
        several_lines("x" * 6, field="note", limit=5)
    assert (caught.value.code, caught.value.field, caught.value.params) == ("too_long", "note", {"limit": 5})
