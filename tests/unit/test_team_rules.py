"""Passwords, addresses and settings of workshops: pure decisions."""

from itertools import islice
from typing import Any

import pytest

from carbot_app.domains.team.contacts import parse_email, phone_link
from carbot_app.domains.team.passwords import check_password
from carbot_app.domains.team.slugs import RESERVED, slug_candidates, slugify
from carbot_app.domains.team.workshop_rules import clean_opening_hours
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import single_line


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Kfz-Meisterbetrieb Müller", "kfz-meisterbetrieb-mueller"),
        ("Groß & Söhne GmbH", "gross-und-soehne-gmbh"),
        ("Şahin Oto Işık", "sahin-oto-isik"),
        ("Wróbel Łódź", "wrobel-lodz"),
        ("Mu\u0308ller", "mueller"),
        ("  <script>alert(1)</script>  ", "script-alert-1-script"),
        ("ورشة", ""),
        ("x" * 300, "x" * 48),
    ],
)
def test_names_become_short_ascii_addresses(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_candidates_go_from_the_name_over_the_city_to_numbers() -> None:
    assert list(islice(slug_candidates("Müller", "Dortmund"), 4)) == [
        "mueller",
        "mueller-dortmund",
        "mueller-2",
        "mueller-3",
    ]


@pytest.mark.parametrize("name", ["API", "Werkstatt", "ورشة", "w"])
def test_reserved_or_empty_names_never_become_an_address(name: str) -> None:
    assert not RESERVED.intersection(islice(slug_candidates(name, ""), 5))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("kurz", "password_short"),
        ("x" * 257, "password_long"),
        ("aaaaaaaaaaaa", "password_common"),
        ("Passwort123", "password_common"),
        ("sabine@mueller.de", "password_common"),
        ("sabine.mueller", "password_common"),
    ],
)
def test_weak_passwords_are_refused_with_their_reason(password: str, code: str) -> None:
    email = "sabine.mueller@werkstatt.de" if password == "sabine.mueller" else "sabine@mueller.de"
    with pytest.raises(Invalid) as refused:
        check_password(password, email=email)
    assert (refused.value.code, refused.value.field) == (code, "password")


def test_a_long_ordinary_password_needs_no_symbols() -> None:
    check_password("vier worte ohne sinn", email="a@b.de")


@pytest.mark.parametrize(
    "hours", [{"8": []}, {"1": [["9:00", "12:00"]]}, {"1": [["12:00", "08:00"]]}, {"1": [["08:00"]]}]
)
def test_impossible_opening_hours_are_refused(hours: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="hours_invalid"):
        clean_opening_hours(hours)


def test_overlapping_spans_are_refused_and_others_put_in_order() -> None:
    with pytest.raises(Invalid, match="hours_invalid"):
        clean_opening_hours({"1": [["08:00", "12:00"], ["11:00", "17:00"]]})
    assert clean_opening_hours({"2": [["13:00", "17:00"], ["08:00", "12:00"]], "7": []}) == {
        "2": [["08:00", "12:00"], ["13:00", "17:00"]]
    }


@pytest.mark.parametrize(
    ("phone", "country", "link"),
    [
        ("0231 / 555 01 20", "DE", "tel:+492315550120"),
        ("01 234 56 78", "AT", "tel:+4312345678"),
        ("javascript:alert(1)", "DE", ""),
        ("", "DE", ""),
    ],
)
def test_phone_numbers_become_links_only_when_valid(phone: str, country: str, link: str) -> None:
    assert phone_link(phone, country) == link


def test_an_address_is_lowered_and_checked_for_form() -> None:
    assert parse_email(" Sabine@Mueller.DE ") == "sabine@mueller.de"
    with pytest.raises(Invalid, match="email_invalid"):
        parse_email("sabine@")


def test_lines_lose_control_characters_and_keep_emoji() -> None:
    assert single_line("  Zoë\u0000\n\u202e 🚗 ", field="name", limit=20) == "Zoë \u202e 🚗"
    with pytest.raises(Invalid) as refused:
        single_line("x" * 21, field="name", limit=20)
    assert refused.value.params == {"limit": 20}
