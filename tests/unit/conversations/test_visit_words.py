"""Codes and booking links in what customers write."""

import pytest

from carbot_app.domains.conversations.visit_words import read_code, read_link, without_secrets
from carbot_app.domains.visit_access.codes import hash_code, is_code, new_code
from carbot_app.kit.ids import new_id

SECRET = "Zx8_kTq-41LmNo9pQr2s"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        ("Der Code ist 123 456.", "123456"),
        ("kod: 004-217", "004217"),
        ("1234567", ""),
        ("0171 5550142", ""),
        ("+49123456", ""),
        ("keine Ahnung", ""),
    ],
)
def test_six_digits_are_a_code_and_phone_numbers_are_none(text: str, code: str) -> None:
    assert read_code(text) == code


def test_a_booking_link_is_read_with_and_without_its_host() -> None:
    assert read_link(f"hier: https://carbot.example/t/{SECRET} danke") == SECRET
    assert read_link(f"/t/{SECRET}?x=1") == SECRET
    assert read_link("https://carbot.example/t/kurz") == ""


def test_secrets_are_kept_out_of_what_is_noted() -> None:
    said = without_secrets(f"Termin https://carbot.example/t/{SECRET} absagen, 123456", code=True)
    assert SECRET not in said
    assert "123456" not in said
    assert "absagen" in said
    assert without_secrets("118000 km", code=False) == "118000 km"


def test_a_code_fits_its_own_hash_alone() -> None:
    salt, code = new_id(), new_code()
    other = f"{(int(code) + 1) % 1_000_000:06d}"
    assert is_code(code, salt, hash_code(code, salt))
    assert not is_code(other, salt, hash_code(code, salt))
    assert not is_code(code, new_id(), hash_code(code, salt))
    assert not is_code(code, salt, "")
    assert code not in hash_code(code, salt)
