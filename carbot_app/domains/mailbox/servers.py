"""Where a provider's mail servers are, as far as the address tells."""

import re

from carbot_app.domains.mailbox.ports import ServerLogin

IMAP_PORT, SMTP_PORT = 993, 465
INCOMING_PORTS = frozenset({143, 993})
OUTGOING_PORTS = frozenset({25, 465, 587, 2525})
_KNOWN = {
    "gmail.com": ("imap.gmail.com:993", "smtp.gmail.com:465"),
    "googlemail.com": ("imap.gmail.com:993", "smtp.gmail.com:465"),
    "gmx.de": ("imap.gmx.net:993", "mail.gmx.net:465"),
    "gmx.net": ("imap.gmx.net:993", "mail.gmx.net:465"),
    "gmx.at": ("imap.gmx.net:993", "mail.gmx.net:465"),
    "gmx.ch": ("imap.gmx.net:993", "mail.gmx.net:465"),
    "web.de": ("imap.web.de:993", "smtp.web.de:587"),
    "t-online.de": ("secureimap.t-online.de:993", "securesmtp.t-online.de:465"),
    "freenet.de": ("mx.freenet.de:993", "mx.freenet.de:587"),
    "icloud.com": ("imap.mail.me.com:993", "smtp.mail.me.com:587"),
    "outlook.com": ("outlook.office365.com:993", "smtp.office365.com:587"),
    "hotmail.com": ("outlook.office365.com:993", "smtp.office365.com:587"),
    "bluewin.ch": ("imaps.bluewin.ch:993", "smtpauths.bluewin.ch:465"),
    "a1.net": ("securemail.a1.net:993", "securemail.a1.net:465"),
    "aon.at": ("securemail.a1.net:993", "securemail.a1.net:465"),
}


def guess(address: str) -> tuple[str, str]:
    """Incoming and outgoing server for an address: the known ones, else those most providers use."""
    domain = address.rpartition("@")[2]
    return _KNOWN.get(domain, (f"imap.{domain}:{IMAP_PORT}", f"smtp.{domain}:{SMTP_PORT}"))


def parse_server(text: str, port: int) -> tuple[str, int] | None:
    """Host and port of ``imap.example.org`` or ``imap.example.org:993``; None: it is none."""
    host, colon, number = text.strip().lower().rpartition(":")
    if not colon:
        host, number = number, str(port)
    is_port = number.isascii() and number.isdigit() and 0 < int(number[:6]) < 65536
    return (host, int(number)) if is_port and _is_host(host) else None


def login_for(server: str, user: str, password: str) -> ServerLogin:
    """The login for a stored ``host:port``."""
    host, _, port = server.rpartition(":")
    return ServerLogin(host, int(port), user, password)


def _is_host(host: str) -> bool:
    labels = host.split(".")
    return 0 < len(host) <= 253 and all(
        re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", one) for one in labels
    )
