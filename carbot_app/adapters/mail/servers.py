"""Mail servers of workshops."""

from carbot_app.adapters.mail.connecting import Network
from carbot_app.adapters.mail.imap import ImapMailbox
from carbot_app.adapters.mail.smtp import OwnSmtpTransport
from carbot_app.domains.mailbox.ports import ServerLogin


class ImapSmtpServers:
    """IMAP in, SMTP out."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def open_inbox(self, login: ServerLogin) -> ImapMailbox:
        """See MailServers."""
        return ImapMailbox(login, self._network)

    def check_outgoing(self, login: ServerLogin) -> None:
        """See MailServers."""
        self.outgoing(login, "").check()

    def outgoing(self, login: ServerLogin, sender: str) -> OwnSmtpTransport:
        """See MailServers."""
        return OwnSmtpTransport(login, self._network, sender=sender)
