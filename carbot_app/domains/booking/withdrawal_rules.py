"""What a declaration of withdrawal does to the visit; pure."""

from datetime import datetime

from carbot_app.domains.booking import states

CANCELLED = "cancelled"
"""The visit is off, there is nothing to do."""
UNKNOWN = "unknown"
"""No contract of that number. The declaration counts anyway: somebody has to find out which one is meant."""
OTHER = "other"
"""Neither name nor address are those of the contract: staff decides who has declared it."""
LATE = "late"
"""The period was over, or there never was one."""
BEGUN = "begun"
"""The visit had begun: what has been done is paid for (§ 357a BGB), or the right is gone (§ 356 (4) BGB)."""
OUTCOMES = (CANCELLED, UNKNOWN, OTHER, LATE, BEGUN)

_OFF = (states.CANCELLED, states.NO_SHOW)
_AHEAD = (states.REQUESTED, states.CONFIRMED)


def outcome_of(
    *,
    same_person: bool,
    state: str,
    starts_at: datetime,
    ends_at: datetime | None,
    now: datetime,
) -> str:
    """What follows for the visit of the named contract; ``ends_at`` is the end of its period."""
    if not same_person:
        return OTHER
    if ends_at is None or now >= ends_at:
        return LATE
    if state in _OFF or state == states.UNPLANNED or (state in _AHEAD and now < starts_at):
        return CANCELLED
    return BEGUN


def is_same_person(*, name: str, email: str, customer_name: str, customer_email: str) -> bool:
    """Whether the sender gives the name or the address of the contract."""
    return (bool(email) and email.casefold() == customer_email.casefold()) or (
        _plain(name) == _plain(customer_name) != ""
    )


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
