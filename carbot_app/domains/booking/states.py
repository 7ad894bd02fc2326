"""Life of an appointment."""

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

CHANGEABLE = (REQUESTED, CONFIRMED)
"""The customer may still move or cancel, as long as it has not begun."""
