"""When a workshop reminds its customers, with the defaults of a workshop that never said."""

import re
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.domains.messaging.models import MessagingTerms
from carbot_app.domains.messaging.schemas import MessagingTermsView
from carbot_app.kit.errors import Invalid

DEFAULTS = MessagingTermsView(reminder_hours=(48, 3), quiet_from="21:00", quiet_to="08:00")
MAX_HOURS = 14 * 24
MAX_REMINDERS = 3
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def terms_of(session: Session, workshop_id: UUID) -> MessagingTermsView:
    """The workshop's own terms or the defaults."""
    row = session.exec(select(MessagingTerms).where(MessagingTerms.workshop_id == workshop_id)).first()
    if row is None:
        return DEFAULTS
    return MessagingTermsView(tuple(row.reminder_hours), row.quiet_from, row.quiet_to)


def checked(hours: Sequence[int], quiet_from: str, quiet_to: str) -> MessagingTermsView:
    """Terms in normal form; Invalid reminder_hours_invalid, too_many_reminders or quiet_time_invalid."""
    if len(set(hours)) > MAX_REMINDERS:
        raise Invalid("too_many_reminders", field="reminder_hours", limit=MAX_REMINDERS)
    if any(not 1 <= number <= MAX_HOURS for number in hours):
        raise Invalid("reminder_hours_invalid", field="reminder_hours", limit=MAX_HOURS)
    for field, text in (("quiet_from", quiet_from), ("quiet_to", quiet_to)):
        if not _CLOCK.fullmatch(text):
            raise Invalid("quiet_time_invalid", field=field)
    return MessagingTermsView(tuple(sorted(set(hours), reverse=True)), quiet_from, quiet_to)
