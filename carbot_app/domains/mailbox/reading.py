"""A mail as bytes → what it says, from whom, and what it is. Pure, and no mail makes it raise."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message

from carbot_app.domains.conversations.inbound_schemas import InboundFile
from carbot_app.domains.mailbox import kinds
from carbot_app.domains.mailbox.bodies import MAX_TEXT, parts_of
from carbot_app.domains.mailbox.characters import clean_text, decode
from carbot_app.domains.mailbox.files import UNKNOWN, LeftOut, files_of
from carbot_app.domains.mailbox.headers import MAX_REFERENCES, Address, Headers
from carbot_app.domains.mailbox.kinds import Bounce, bounce_of, kind_of
from carbot_app.domains.mailbox.quotes import own_words

MAX_WORDS = 20_000
"""Characters of a message in a thread."""


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail, read. ``sender`` is who is answered, by Reply-To if there is one."""

    kind: str
    fingerprint: str
    """Of the mail itself; the same for every copy, whichever way it came."""
    message_id: str
    references: tuple[str, ...]
    sender: Address
    to_address: str
    subject: str
    sent_at: datetime | None
    text: str
    original: str
    """With quotes and signature."""
    files: tuple[InboundFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    bounce: Bounce | None = None
    is_readable: bool = True


def read_mail(raw: bytes, *, own: frozenset[str] = frozenset(), is_complete: bool = True) -> ReadMail:
    """``own``: addresses of the workshop. ``is_complete``: False if only the beginning was fetched."""
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        return _read(message, raw, own, is_complete=is_complete)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return _unreadable(raw, own)


def _read(message: Message, raw: bytes, own: frozenset[str], *, is_complete: bool) -> ReadMail:
    read = _envelope(message, raw, own)
    parts = parts_of(message)
    original = "\n\n".join(text.strip() for text in parts.texts if text.strip())[:MAX_TEXT]
    files, left_out = files_of(parts.files, is_complete=is_complete)
    if read.kind == kinds.BOUNCE:
        return replace(read, text=original[:MAX_WORDS], original=original, bounce=bounce_of(message))
    return replace(
        read,
        text=own_words(original)[:MAX_WORDS],
        original=original,
        files=tuple(files),
        left_out=tuple(left_out),
    )


def _unreadable(raw: bytes, own: frozenset[str]) -> ReadMail:
    """Its header says whom it is from; the rest is kept as it came."""
    head = raw.split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0][:100_000]
    plain = [line for line in head.split(b"\n") if not line.lower().startswith(b"content-")]
    read = _envelope(message_from_bytes(b"\n".join(plain), policy=policy.compat32), raw, own)
    text = clean_text(decode(raw[len(head) :][:MAX_WORDS], None)).strip()
    kept = (InboundFile("original.eml", UNKNOWN, raw),)
    return replace(read, text=text, original=text, files=kept, is_readable=False)


def _envelope(message: Message, raw: bytes, own: frozenset[str]) -> ReadMail:
    headers = Headers(message)
    sender, answers_to = headers.address("from"), headers.address("reply-to")
    if answers_to.mail and answers_to.mail not in own:
        sender = Address(answers_to.mail, answers_to.name or sender.name)
    receivers = [one.mail for field in ("to", "cc") for one in headers.addresses(field)]
    ours = next((mail for mail in receivers if mail in own), "")
    ids = headers.ids("message-id")
    references = list(dict.fromkeys((*headers.ids("references"), *headers.ids("in-reply-to"))))
    return ReadMail(
        kind=kind_of(headers, message.get_content_type(), own),
        fingerprint=_fingerprint(headers, raw),
        message_id=ids[0] if ids else "",
        references=tuple(references[-MAX_REFERENCES:]),
        sender=sender,
        to_address=ours or (receivers[0] if receivers else ""),
        subject=headers.text("subject", 200),
        sent_at=headers.instant("date"),
        text="",
        original="",
    )


def _fingerprint(headers: Headers, raw: bytes) -> str:
    """Without the fields that servers on the way add; with the body, as some programs repeat their ids."""
    at = min((found for found in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if found >= 0), default=len(raw))
    named = "\n".join(headers.text(name, 1000) for name in ("message-id", "from", "date", "subject"))
    body = b"".join(raw[at:].split())
    return hashlib.sha256(named.encode("utf-8", "replace") + b"\n" + body).hexdigest()
