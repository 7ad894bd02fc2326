"""What Meta calls us for: messages with whatever is in them, and what became of ours."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from carbot_app.domains.messaging.ports import DeliveryReport, Media, Reply, Report, UntrustedReport

_STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}
_MEDIA = ("image", "audio", "video", "document", "sticker")


def check_signature(secret: str, *, headers: Mapping[str, str], body: bytes) -> None:
    """Raise UntrustedReport unless Meta signed this body."""
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given = headers.get("x-hub-signature-256", "")
    if not secret or not hmac.compare_digest(wanted.encode(), given.encode()):
        raise UntrustedReport


def reports_of(body: bytes) -> Sequence[Report]:
    """What a signed call says; what is of no use to us says nothing."""
    try:
        entries = json.loads(body)["entry"]
        values = [change["value"] for entry in entries for change in entry["changes"]]
        return [report for value in values for report in _reports(value)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _reports(value: Mapping[str, Any]) -> Sequence[Report]:
    names = {
        str(contact.get("wa_id")): str((contact.get("profile") or {}).get("name") or "")
        for contact in value.get("contacts", ())
    }
    to = str((value.get("metadata") or {}).get("display_phone_number") or "")
    replies = [_reply(message, names, to) for message in value.get("messages", ())]
    reports = [
        DeliveryReport(status["id"], _STATES[status["status"]], _reason(status))
        for status in value.get("statuses", ())
        if status["status"] in _STATES
    ]
    return [*replies, *reports]


def _reply(message: Mapping[str, Any], names: Mapping[str, str], to: str) -> Reply:
    sender = str(message["from"])
    return Reply(
        f"+{sender}",
        _text(message),
        provider_id=str(message.get("id") or ""),
        to_address=f"+{to.lstrip('+')}" if to else "",
        sender_name=names.get(sender, ""),
        sent_at=_instant(message.get("timestamp")),
        media=_media(message),
    )


def _text(message: Mapping[str, Any]) -> str:
    kind = message["type"]
    content = message.get(kind) or {}
    if kind in _MEDIA:
        return str(content.get("caption") or "")
    if kind == "interactive":
        content = content.get(content.get("type", "")) or {}
    if kind == "location":
        return f"📍 {content.get('latitude')}, {content.get('longitude')} {content.get('name') or ''}".strip()
    # An unknown kind is shown as such: a person can ask what it was
    words = (content[field] for field in ("body", "text", "title", "emoji") if field in content)
    return str(next(words, f"[{kind}]"))


def _media(message: Mapping[str, Any]) -> tuple[Media, ...]:
    kind = message["type"]
    if kind not in _MEDIA or not (content := message.get(kind) or {}).get("id"):
        return ()
    media_type = str(content.get("mime_type") or "")
    ending = media_type.partition(";")[0].rpartition("/")[2]
    name = str(content.get("filename") or f"{kind}.{ending or 'bin'}")
    return (Media(str(content["id"]), name, media_type),)


def _instant(timestamp: Any) -> datetime | None:
    return datetime.fromtimestamp(int(timestamp), UTC) if str(timestamp or "").isdecimal() else None


def _reason(status: Mapping[str, Any]) -> str:
    errors = status.get("errors") or [{}]
    return str(errors[0].get("title") or "")
