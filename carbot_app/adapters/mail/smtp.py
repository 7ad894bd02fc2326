"""Mail through an SMTP server."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

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
        try:
            with self._connect() as server:
                server.send_message(self._compose(letter))
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

    def _compose(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = letter.to_address
        message["Subject"] = letter.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = letter.message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        if letter.calendar:
            message.add_attachment(
                letter.calendar.encode(), maintype="text", subtype="calendar", filename="termin.ics"
            )
        return message
