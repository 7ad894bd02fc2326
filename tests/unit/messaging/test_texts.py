"""Every short message is one SMS in every language, whatever the names."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.messaging.appointment_texts import KINDS, Occasion, mail_text, short_text
from carbot_app.domains.messaging.replies import read_reply
from carbot_app.domains.messaging.sms_text import gsm_text, sms_parts
from carbot_app.kit.ids import new_secret
from carbot_app.kit.languages import LANGUAGES

LONGEST_DAY = datetime(2026, 9, 23, 10, 30, tzinfo=UTC)


def occasion(kind: str, language: str, workshop: str = "Kfz-Meisterbetrieb Güneş & Söhne GmbH") -> Occasion:
    token = new_secret()
    booked = BookingConfirmation(
        appointment_id=uuid4(),
        manage_token=token,
        title="Bremsbeläge",
        service_codes=("SAF-BRK-001",),
        starts_at=LONGEST_DAY,
        ends_at=LONGEST_DAY,
        when=slot_label(LONGEST_DAY, ZoneInfo("Europe/Berlin"), language),
        price="129,00 €",
        state="requested",
        workshop_slug="mueller-dortmund",
        workshop_name=workshop,
        address="Hörder Str. 1, Dortmund",
        phone="+49 231 5550142",
        language=language,
        plate="DO-AB 123",
        waiting=False,
        loaner=True,
        stay="Auto abgeben bis 8:00 Uhr.",
        can_change=True,
    )
    until = booked.when if kind == "offered" else ""
    return Occasion(kind, booked, language, f"https://carbot.example/t/{token}", until)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_short_message_is_one_sms_and_keeps_its_link(kind: str, language: str) -> None:
    message = occasion(kind, language)
    text = short_text(message, "sms")
    assert sms_parts(text) == 1, (len(text), text)
    assert text == gsm_text(text)
    assert kind == "ready" or message.link in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_has_no_holes(kind: str, language: str) -> None:
    subject, text = mail_text(occasion(kind, language), "Ayşe Yılmaz")
    assert "{{" not in subject + text


def test_an_endless_workshop_name_gives_way() -> None:
    text = short_text(occasion("reminder", "de", "Autohaus " * 30), "sms")
    assert sms_parts(text) == 1
    assert text.startswith("Autohaus")


def test_letters_outside_the_sms_alphabet_find_their_likeness() -> None:
    assert gsm_text("Görüşürüz Ayşe, ığdır çay") == "Görüsürüz Ayse, igdir cay"
    assert gsm_text("Zażółć gęślą jaźń 🚗") == "Zazólc gesla jazn ".replace("ó", "o")
    assert gsm_text("Straße 5 €") == "Straße 5 €"


def test_one_foreign_letter_halves_the_room() -> None:
    assert (sms_parts("a" * 160), sms_parts("a" * 161), sms_parts("ş" + "a" * 70)) == (1, 2, 2)
    assert sms_parts("€" * 81) == 2


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("J", "yes"), ("ja", "yes"), ("Ja, danke!", "yes"), ("Yes", "yes"), ("EVET", "yes"), ("tak", "yes"),
        ("N", "no"), ("Nein", "no"), ("no", "no"), ("Hayır", "no"), ("HAYIR", "no"), ("Nie", "no"),
        ("STOP", "stop"), ("Start", "start"),
        ("Ja aber später", None), ("Ja oder nein", None), ("Kann ich um 10 kommen?", None), ("", None),
        ("👍", None),
    ],
)  # fmt: skip
def test_a_short_reply_is_understood_and_a_doubtful_one_left_to_people(
    text: str, meaning: str | None
) -> None:
    assert read_reply(text) == meaning
