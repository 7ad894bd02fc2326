"""Whom the data of a person reached besides the workshop (Art. 15(1)(c) GDPR)."""

from sqlmodel import Session, col, select

from carbot_app.domains.compliance.person import Person
from carbot_app.domains.mailbox.models import Mailbox


def recipients_of(session: Session, person: Person, *, external_model: bool) -> tuple[str, ...]:
    """Keys below ``privacy.recipient``; only who had a part in this person's data."""
    channels = {row["channel"] for table in ("outgoing_message", "message") for row in person.of(table)}
    writes_mail = "mail" in channels or bool(person.rows["received_mail"])
    has_mailbox = session.exec(select(col(Mailbox.id)).limit(1)).first() is not None
    talked = bool(person.rows["message"])
    found = {
        "team": True,
        "carbot": True,
        "mail": writes_mail or (has_mailbox and bool(person.rows["contact_point"])),
        "sms": "sms" in channels,
        "whatsapp": "whatsapp" in channels,
        "calendar": bool(person.rows["synced_event"]),
        "model": external_model and talked,
    }
    return tuple(key for key, is_one in found.items() if is_one)
