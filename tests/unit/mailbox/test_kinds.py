"""Machines are told from people, so that no machine is answered."""

from email import message_from_bytes

import pytest

from carbot_app.domains.mailbox.kinds import MAX_HOPS, Bounce, bounce_of
from carbot_app.domains.mailbox.reading import read_mail
from carbot_app.domains.messaging.mail_ids import mail_id, outgoing_of
from carbot_app.kit.ids import new_id
from tests.factories.letters import CUSTOMER, WORKSHOP, bounce, letter, raw

OWN = frozenset({WORKSHOP})


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "letter"),
        ({"auto_submitted": "no"}, "letter"),
        ({"return_path": f"<{CUSTOMER}>"}, "letter"),
        ({"precedence": "first-class"}, "letter"),
        ({"auto_submitted": "auto-replied"}, "automatic"),
        ({"auto_submitted": "auto-replied (vacation); owner-email=x"}, "automatic"),
        ({"auto_submitted": "AUTO-GENERATED"}, "automatic"),
        ({"x_auto_response_suppress": "All"}, "automatic"),
        ({"x_autoreply": "yes"}, "automatic"),
        ({"precedence": "auto_reply"}, "automatic"),
        ({"precedence": "bulk"}, "bulk"),
        ({"precedence": "List"}, "bulk"),
        ({"list_unsubscribe": "<https://x.example>"}, "bulk"),
        ({"list_id": "news <news.example>"}, "bulk"),
        ({"return_path": "<>"}, "bounce"),
        ({"sender": "MAILER-DAEMON@mx.example"}, "bounce"),
        ({"sender": "Postmaster <postmaster@mx.example>"}, "bounce"),
        ({"sender": WORKSHOP}, "loop"),
        ({"message_id": mail_id(new_id())}, "loop"),
    ],
)
def test_headers_say_who_wrote(fields: dict[str, str], kind: str) -> None:
    assert read_mail(letter(**fields).as_bytes(), own=OWN).kind == kind


def test_a_mail_that_has_been_round_and_round_is_a_loop() -> None:
    trail = b"Received: from a by b\r\n" * (MAX_HOPS + 1)
    assert read_mail(trail + letter().as_bytes()).kind == "loop"


def test_a_read_receipt_is_automatic() -> None:
    receipt = raw(
        f"From: {CUSTOMER}\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
        b"--b\r\n\r\nGelesen\r\n--b--\r\n",
    )
    assert read_mail(receipt).kind == "automatic"


def test_a_delivery_report_names_our_mail_and_the_reason() -> None:
    ours = new_id()
    read = read_mail(bounce(mail_id(ours)), own=OWN)
    assert (read.kind, read.bounce) == ("bounce", Bounce(ours, True, "550 5.1.1 no such user"))
    assert "could not be delivered" in read.text


def test_a_delay_is_not_final_and_a_report_about_others_names_nobody() -> None:
    delayed = bounce_of(message_from_bytes(bounce(mail_id(new_id()), action="delayed", status="4.4.1")))
    assert not delayed.is_final
    assert bounce_of(message_from_bytes(bounce("<fremd@example.org>"))).outgoing_id is None


def test_a_report_in_plain_words_is_understood_by_the_id_it_quotes() -> None:
    ours = new_id()
    mail = letter(f"Sorry!\n\nMessage-ID: {mail_id(ours)}\n", sender="MAILER-DAEMON@mx.example")
    assert bounce_of(message_from_bytes(mail.as_bytes())).outgoing_id == ours


ANY = "01a2273b-c445-7401-87db-3ddeea168e06"


@pytest.mark.parametrize("text", ["", "<x@carbot>", f"{ANY}@carbot", f"<{ANY}@carbot.example>"])
def test_ids_of_others_are_not_ours(text: str) -> None:
    assert outgoing_of(text) is None
