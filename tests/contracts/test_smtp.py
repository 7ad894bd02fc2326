"""Mail against a real SMTP server."""

from collections.abc import Iterator

import pytest

from carbot_app.adapters.mail.smtp import SmtpTransport
from carbot_app.domains.messaging.ports import DeliveryError, Letter
from tests.peers.mailbox import Mailbox, open_mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def transport(mailbox: Mailbox) -> SmtpTransport:
    return SmtpTransport(mailbox.url, sender="CarBot <no-reply@carbot.example>")


def letter(to_address: str = "kunde@example.com") -> Letter:
    return Letter(
        to_address=to_address,
        subject="Ihr Termin am Donnerstag, für Ayşe Yılmaz",
        text="Grüße aus Hörde\n",
        html="<p>Grüße</p>",
        calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        message_id="<1@carbot>",
    )


def test_a_mail_arrives_with_umlauts_and_calendar_file(transport: SmtpTransport, mailbox: Mailbox) -> None:
    transport.send(letter())
    (received,) = mailbox.messages
    assert received["Subject"] == "Ihr Termin am Donnerstag, für Ayşe Yılmaz"
    assert received["Message-ID"] == "<1@carbot>"
    plain = received.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == "Grüße aus Hörde"
    (attachment,) = received.iter_attachments()
    assert attachment.get_content_type() == "text/calendar"


def test_an_unknown_recipient_is_a_permanent_failure(transport: SmtpTransport) -> None:
    with pytest.raises(DeliveryError) as caught:
        transport.send(letter("unknown@example.com"))
    assert caught.value.permanent


def test_a_busy_server_is_worth_another_try(transport: SmtpTransport) -> None:
    with pytest.raises(DeliveryError) as caught:
        transport.send(letter("busy@example.com"))
    assert not caught.value.permanent


def test_no_server_is_worth_another_try() -> None:
    with pytest.raises(DeliveryError) as caught:
        SmtpTransport("smtp://127.0.0.1:9", sender="a@b.example").send(letter())
    assert not caught.value.permanent
