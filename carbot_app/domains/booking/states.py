"""Life of an appointment."""

REQUESTED = "requested"
CONFIRMED = "confirmed"
ARRIVED = "arrived"
IN_WORK = "in_work"
DONE = "done"
CANCELLED = "cancelled"
NO_SHOW = "no_show"

FREE_STATES = (CANCELLED, NO_SHOW)
"""An appointment in one of these occupies nobody."""

TRANSITIONS: dict[str, frozenset[str]] = {
    REQUESTED: frozenset({CONFIRMED, ARRIVED, CANCELLED, NO_SHOW}),
    CONFIRMED: frozenset({ARRIVED, CANCELLED, NO_SHOW}),
    ARRIVED: frozenset({IN_WORK, DONE, CANCELLED}),
    IN_WORK: frozenset({ARRIVED, DONE}),
    DONE: frozenset({IN_WORK}),
    CANCELLED: frozenset(),
    NO_SHOW: frozenset(),
}
"""State → states it may change to. Ended appointments are booked anew, their time may be taken."""

CHANGEABLE = (REQUESTED, CONFIRMED)
"""The customer may still move or cancel, as long as it has not begun."""
