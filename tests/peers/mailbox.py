"""A real SMTP server of this machine that keeps what arrives."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.peers.http_server import free_port
from tests.peers.imap_server import PASSWORD, USER, Certificate


class Mailbox:
    """Refuses recipients as their name says; its address is ``url``."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.url = ""

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

    def letters_to(self, address: str) -> list[str]:
        """Subject and plain text of every mail to the address, in order of arrival."""
        letters = [message for message in self.messages if address in message["To"]]
        return [f"{letter['Subject']}\n{_plain(letter)}" for letter in letters]


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """A mailbox that listens until the block ends."""
    mailbox = Mailbox()
    port = free_port()  # the controller cannot pick one itself
    mailbox.url = f"smtp://127.0.0.1:{port}"
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mailbox
    controller.stop()


@contextmanager
def open_submission(certificate: Certificate) -> Iterator[Mailbox]:
    """A server of a provider: STARTTLS first, then USER with PASSWORD, then mails."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()))

    mailbox = Mailbox()
    port = free_port()
    mailbox.url = f"localhost:{port}"
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=check,
        auth_required=True,
        require_starttls=True,
        tls_context=certificate.serving,
    )
    controller.start()
    yield mailbox
    controller.stop()


def _plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return body.get_content() if body else ""
