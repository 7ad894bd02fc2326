"""Who is behind a mail: a person, a program that answers by itself, or a server that could not deliver."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from email.message import Message
from uuid import UUID

from carbot_app.domains.mailbox.bodies import children_of
from carbot_app.domains.mailbox.headers import Headers
from carbot_app.domains.messaging.mail_ids import outgoing_of

LETTER = "letter"
AUTOMATIC = "automatic"
"""An answering machine, a read receipt, a notification: answering it could begin a loop."""
BOUNCE = "bounce"
BULK = "bulk"
"""To many: a newsletter, a list."""
LOOP = "loop"
"""Ours, come back."""

MAX_HOPS = 40
_BULK = ("bulk", "list", "junk")
_AUTOMATIC_PRECEDENCE = ("auto_reply", "auto-reply")
_DAEMONS = ("mailer-daemon", "postmaster")
_AUTOMATIC_FIELDS = ("x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-autoresponder")
_LIST_FIELDS = ("list-id", "list-unsubscribe")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says about a mail of ours."""

    outgoing_id: UUID | None
    is_final: bool
    """False: the server is still trying."""
    reason: str


def kind_of(headers: Headers, content_type: str, own: Collection[str]) -> str:
    """One of the kinds above (RFC 3834, RFC 3464, and what programs really send); ``own``: our addresses."""
    sender, answers_to = headers.address("from").mail, headers.address("reply-to").mail
    if any(outgoing_of(one) for one in headers.ids("message-id")) or headers.hops > MAX_HOPS:
        return LOOP
    if sender in own and (not answers_to or answers_to in own):
        return LOOP
    if _is_report(headers, content_type, sender):
        return BOUNCE
    auto = headers.text("auto-submitted").lower().split(";")[0].strip()
    if auto not in ("", "no") or content_type == "multipart/report":
        return AUTOMATIC
    precedence = headers.text("precedence").lower()
    if precedence in _AUTOMATIC_PRECEDENCE or any(headers.has(name) for name in _AUTOMATIC_FIELDS):
        return AUTOMATIC
    if precedence in _BULK or any(headers.has(name) for name in _LIST_FIELDS):
        return BULK
    return LETTER


def bounce_of(message: Message) -> Bounce:
    """What a delivery report says; reports of servers that keep to no standard say little."""
    parts = _leaves(message)
    status = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    fields: dict[str, str] = {}
    for block in status:
        for one in children_of(block):
            for name in ("action", "status", "diagnostic-code"):
                fields.setdefault(name, "")
                fields[name] = Headers(one).text(name) or fields[name]
    reason = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("status", "")
    is_final = fields.get("action", "failed").lower() not in ("delayed", "delivered", "relayed", "expanded")
    if "action" in fields and not fields["action"]:
        is_final = fields.get("status", "").startswith("5")
    return Bounce(_original(parts), is_final, reason[:200] or "returned")


def _is_report(headers: Headers, content_type: str, sender: str) -> bool:
    if content_type == "multipart/report" and "delivery-status" in headers.text("content-type").lower():
        return True
    return headers.text("return-path") == "<>" or sender.partition("@")[0] in _DAEMONS


def _leaves(message: Message) -> list[Message]:
    found: list[Message] = []
    waiting = [message]
    while waiting and len(found) < 50:
        part = waiting.pop(0)
        found.append(part)
        if part.get_content_type() != "message/delivery-status":
            waiting += children_of(part)
    return found


def _original(parts: Iterable[Message]) -> UUID | None:
    for part in parts:
        named = [
            *Headers(part).ids("message-id"),
            *Headers(part).ids("in-reply-to"),
            *Headers(part).ids("references"),
        ]
        if part.get_content_type() in ("text/rfc822-headers", "text/plain"):
            text = part.get_payload()
            named += [word for word in str(text)[:20_000].split() if word.endswith("@carbot>")]
        for one in named:
            if (ours := outgoing_of(one)) is not None:
                return ours
    return None
