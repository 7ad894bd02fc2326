"""When a visit may be rated, and what is said to whom (pure)."""

from datetime import datetime, timedelta

from carbot_app.domains.booking.states import DONE

OPEN, GIVEN, FINAL, CLOSED = "open", "given", "final", "closed"
"""Not rated yet, rated and changeable, rated for good, cannot be rated."""
STARS = (1, 2, 3, 4, 5)
COMMENT_LIMIT = 1000
ASKED_FOR = timedelta(days=60)
"""Afterwards nobody remembers a visit well enough."""
CHANGEABLE = timedelta(days=7)
GLAD_FROM = 4
"""From here on a customer is asked to say it in public; below somebody of the workshop calls instead."""


def rating_state(visit_state: str, ends_at: datetime, rated_at: datetime | None, now: datetime) -> str:
    """OPEN, GIVEN, FINAL or CLOSED."""
    if rated_at is not None:
        return GIVEN if now < rated_at + CHANGEABLE else FINAL
    # Work that was done sooner than planned is rated as soon as it is done
    return OPEN if visit_state == DONE and now < ends_at + ASKED_FOR else CLOSED
