"""WhatsApp only when asked for, SMS only to mobiles, mail else, and STOP is honoured per channel."""

import pytest

from carbot_app.domains.messaging.channels import Reachable, choose_channel, is_mobile

MOBILE, LANDLINE, MAIL = "+491715550142", "+492315550142", "ayse@example.org"
ALL = ("mail", "sms", "whatsapp")


@pytest.mark.parametrize(
    ("contact", "available", "chosen"),
    [
        (Reachable(MOBILE, MAIL), ALL, "sms"),
        (Reachable(MOBILE, MAIL, wants_whatsapp=True), ALL, "whatsapp"),
        (Reachable(MOBILE, MAIL), ("mail",), "mail"),
        (Reachable(LANDLINE, MAIL), ALL, "mail"),
        (Reachable(MOBILE, MAIL), (), "mail"),
        (Reachable(MOBILE, ""), ("mail",), "sms"),
        (Reachable(LANDLINE, ""), ALL, None),
        (Reachable(MOBILE, MAIL, stopped=frozenset({"sms"})), ALL, "mail"),
        (Reachable(MOBILE, "", stopped=frozenset({"sms"})), ALL, None),
    ],
)
def test_the_channel_follows_contact_wish_and_providers(
    contact: Reachable, available: tuple[str, ...], chosen: str | None
) -> None:
    assert choose_channel(contact, available) == chosen


def test_only_valid_mobile_numbers_take_sms() -> None:
    assert [is_mobile(number) for number in (MOBILE, "+436641234567", "+41791234567")] == [True] * 3
    assert [is_mobile(number) for number in (LANDLINE, "", "abc", "+49171")] == [False] * 4
