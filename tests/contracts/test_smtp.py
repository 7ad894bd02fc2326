"""Mail against a real SMTP server."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from carbot_app.adapters.mail.smtp import SmtpTransport
from carbot_app.domains.messaging.ports import DeliveryError, Letter


class Mailbox:
    """Keeps what arrives; refuses recipients as their name says."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("unknown"):
            return "550 no such user"
        if address.startswith("busy"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))  # pyright: ignore[reportArgumentType]
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def transport(mailbox: Mailbox) -> Iterator[SmtpTransport]:
    with socket.create_server(("127.0.0.1", 0)) as probe:  # the controller cannot pick a free port itself
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield SmtpTransport(f"smtp://127.0.0.1:{port}", sender="CarBot <no-reply@carbot.example>")
    controller.stop()


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
