"""Life of an appointment."""

from datetime import date

UNPLANNED = "unplanned"
"""Agreed, without a time: it waits in the list beside the calendar."""
REQUESTED = "requested"
CONFIRMED = "confirmed"
ARRIVED = "arrived"
IN_WORK = "in_work"
DONE = "done"
CANCELLED = "cancelled"
NO_SHOW = "no_show"

FREE_STATES = (UNPLANNED, CANCELLED, NO_SHOW)
"""An appointment in one of these occupies nobody."""

TRANSITIONS: dict[str, frozenset[str]] = {
    UNPLANNED: frozenset({CANCELLED}),
    REQUESTED: frozenset({CONFIRMED, ARRIVED, CANCELLED, NO_SHOW}),
    CONFIRMED: frozenset({ARRIVED, CANCELLED, NO_SHOW}),
    ARRIVED: frozenset({IN_WORK, DONE, CANCELLED}),
    IN_WORK: frozenset({ARRIVED, DONE}),
    DONE: frozenset({IN_WORK}),
    CANCELLED: frozenset(),
    NO_SHOW: frozenset(),
}
"""State → states it may change to. Ended appointments are booked anew, their time may be taken."""

PLACEABLE = (UNPLANNED, REQUESTED, CONFIRMED, ARRIVED, IN_WORK)
"""Staff may give it another time or person."""

BEGUN = (ARRIVED, IN_WORK)
"""The car is in the workshop."""

CHANGEABLE = (REQUESTED, CONFIRMED)
"""The customer may still move or cancel, as long as it has not begun."""


def may_start(state: str, planned: tuple[date, int], wanted: tuple[date, int], today: date) -> bool:
    """Whether a visit may be put at another start; both are the local day and the cell of it.

    What is only planned may go anywhere. Once the car is there its work can wait until later that day (or
    today, if it was left over), but not for another day. Work that has begun keeps its start: only who does
    it, where and until when may still change.
    """
    if state == IN_WORK:
        return wanted == planned
    return state != ARRIVED or wanted[0] in (planned[0], today)
