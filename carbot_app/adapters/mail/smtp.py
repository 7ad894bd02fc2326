"""Mail through an SMTP server."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from carbot_app.adapters.mail.connecting import TLS_FROM_THE_START, Network
from carbot_app.domains.mailbox.ports import MailboxError, MailboxInsecure, MailboxRefused, ServerLogin
from carbot_app.domains.messaging.ports import DeliveryError, Letter

TIMEOUT_SECONDS = 20
PERMANENT_FROM = 500
STARTTLS_PORT = 587


class SmtpTransport:
    """Sends through ``smtp://user:password@host:port`` (STARTTLS on 587) or ``smtps://…``."""

    def __init__(self, url: str, *, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """See MailTransport.send."""
        with _as_deliveries(), self._connect() as server:
            server.send_message(compose(letter, self._sender))

    def _connect(self) -> smtplib.SMTP:
        host, secure = self._url.hostname or "localhost", self._url.scheme == "smtps"
        port = self._url.port or (465 if secure else STARTTLS_PORT)
        if secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
            if port == STARTTLS_PORT:
                server.starttls(context=ssl.create_default_context())
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server


class OwnSmtpTransport:
    """Sends through the server of a workshop, always encrypted."""

    def __init__(self, login: ServerLogin, network: Network, *, sender: str) -> None:
        self._login = login
        self._network = network
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """See MailTransport.send."""
        try:
            with _as_deliveries(), self._connect() as server:
                server.send_message(compose(letter, self._sender))
        except MailboxError as error:
            raise DeliveryError(f"own server: {error.code}", permanent=False) from error

    def check(self) -> None:
        """Sign in and out. Raises MailboxError's children."""
        try:
            with self._connect():
                pass
        except smtplib.SMTPAuthenticationError as error:
            raise MailboxRefused("signing in refused") from error
        except ssl.SSLError as error:
            raise MailboxInsecure(type(error).__name__) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailboxError(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        login = self._login
        server = _PinnedSmtp(login, self._network)
        try:
            server.connect(login.host, login.port)
            if login.port not in TLS_FROM_THE_START:
                server.ehlo()
                if not server.has_extn("starttls"):
                    raise MailboxInsecure("no STARTTLS")
                server.starttls(context=self._network.tls)
            server.login(login.user, login.password)
        except BaseException:
            server.close()
            raise
        return server


class _PinnedSmtp(smtplib.SMTP):
    """Over a connection of ours."""

    def __init__(self, login: ServerLogin, network: Network) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._network = network
        self._host = login.host  # what the certificate has to be for

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = self._network.connect(host, port)
        return self._network.wrap(plain, host) if port in TLS_FROM_THE_START else plain


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a mail."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to_address
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = letter.message_id
    optional = {
        "Reply-To": letter.reply_to,
        "In-Reply-To": letter.in_reply_to,
        "References": " ".join(letter.references),
        "Auto-Submitted": letter.auto_submitted,
    }
    for name, value in optional.items():
        if value:
            message[name] = value
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        message.add_attachment(
            letter.calendar.encode(), maintype="text", subtype="calendar", filename="termin.ics"
        )
    for file in letter.attachments:
        maintype, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.filename)
    return message


@contextmanager
def _as_deliveries() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise DeliveryError("recipient refused", permanent=min(codes) >= PERMANENT_FROM) from error
    except smtplib.SMTPResponseException as error:
        permanent = error.smtp_code >= PERMANENT_FROM and not isinstance(
            error, smtplib.SMTPAuthenticationError
        )
        raise DeliveryError(f"server answered {error.smtp_code}", permanent=permanent) from error
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(type(error).__name__, permanent=False) from error
    except ValueError as error:
        raise DeliveryError("cannot be written as a mail", permanent=True) from error
