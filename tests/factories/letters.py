"""Mails as they come over the wire: good ones, and those of people and programs that mean no good."""

import struct
import zlib
from email.message import EmailMessage
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

CUSTOMER = "ayse@example.org"
WORKSHOP = "info@werkstatt.example"


def letter(
    text: str = "Guten Tag, was kostet ein Ölwechsel?",
    *,
    sender: str = f"Ayşe Yılmaz <{CUSTOMER}>",
    subject: str = "Ölwechsel",
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    **fields: str,
) -> EmailMessage:
    """A mail of a customer; ``fields`` by name with underscores, ``in_reply_to="<1@x>"``."""
    mail = EmailMessage()
    given = {
        "From": sender,
        "To": WORKSHOP,
        "Subject": subject,
        "Date": "Mon, 23 Nov 2026 08:55:00 +0100",
        "Message-ID": "<brief-1@example.org>",
    }
    given |= {name.replace("_", "-").title().replace("-Id", "-ID"): value for name, value in fields.items()}
    for name, value in given.items():
        if value:
            mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def raw(head: str, body: bytes = b"") -> bytes:
    """A mail written by hand, for what no library would write."""
    return head.strip().replace("\n", "\r\n").encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def bounce(message_id: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery report (RFC 3464) about a mail of ours."""
    return raw(
        f"""From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: {WORKSHOP}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 23 Nov 2026 09:00:00 +0100
Message-ID: <report-{status}-{action}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=r="
""",
        f"""--=r=
Content-Type: text/plain; charset=utf-8

Your mail could not be delivered.

--=r=
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; weg@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--=r=
Content-Type: message/rfc822

From: {WORKSHOP}
To: weg@example.org
Subject: Ihr Termin
Message-ID: {message_id}

Bis dann

--=r=--
""".replace("\n", "\r\n").encode(),
    )


def winmail(name: str, content: bytes) -> bytes:
    """A TNEF file as Outlook wraps what it sends to others (MS-OXTNEF), with one file inside."""

    def attribute(level: int, kind: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    rendering = struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0)
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
        + attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
        + attribute(2, 0x00069002, rendering)
        + attribute(2, 0x00018010, name.encode("cp1252") + b"\x00")
        + attribute(2, 0x0006800F, content)
    )


def zip_bomb(megabytes: int = 50) -> bytes:
    """A small zip that would fill memory when unpacked."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("rechnung.txt", b"\x00" * megabytes * 1024 * 1024)
    return file.getvalue()


def png() -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 4))
        + chunk(b"IEND", b"")
    )
