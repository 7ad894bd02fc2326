"""Connections to mail servers that somebody typed in: only public ones, always encrypted."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass, field
from functools import cache

from carbot_app.domains.mailbox.ports import MailboxError, MailboxInsecure

TIMEOUT_SECONDS = 30
TLS_FROM_THE_START = frozenset({993, 465})

# Reading the certificate authorities takes longer than building everything else CarBot consists of.
trusted = cache(ssl.create_default_context)


@dataclass(frozen=True, slots=True)
class Network:
    """Which servers may be reached, and whose certificates are believed.

    Without ``private_hosts`` an address somebody typed must not let them reach what only this machine can.
    """

    private_hosts: bool = False
    tls: ssl.SSLContext = field(default_factory=trusted)

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to one of the host's addresses, checked before and not looked up again after."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise MailboxError("no such host") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not self.private_hosts and not all(ipaddress.ip_address(one).is_global for one in addresses):
            raise MailboxError("address not allowed")
        failure: OSError = OSError("no address")
        for address in addresses[:4]:
            try:
                return socket.create_connection((address, port), timeout=TIMEOUT_SECONDS)
            except OSError as error:
                failure = error
        raise MailboxError(type(failure).__name__) from failure

    def wrap(self, plain: socket.socket, host: str) -> ssl.SSLSocket:
        """The connection encrypted, with a certificate for ``host``."""
        try:
            return self.tls.wrap_socket(plain, server_hostname=host)
        except ssl.SSLError as error:
            plain.close()
            raise MailboxInsecure(type(error).__name__) from error
        except OSError as error:
            plain.close()
            raise MailboxError(type(error).__name__) from error
