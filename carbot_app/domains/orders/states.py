"""Life of a work order: which change is allowed, and by whom (pure).

``billed`` and ``paid`` are said by documents and money alone, never by a person.
"""

from collections.abc import Mapping

ENQUIRY = "enquiry"
ESTIMATE = "estimate"
SCHEDULED = "scheduled"
ACCEPTED = "accepted"
"""The car is here."""
DIAGNOSIS = "diagnosis"
APPROVAL_OPEN = "approval_open"
PARTS_ORDERED = "parts_ordered"
IN_WORK = "in_work"
FINAL_CHECK = "final_check"
READY = "ready"
PICKED_UP = "picked_up"
BILLED = "billed"
PAID = "paid"
CANCELLED = "cancelled"
COMPLAINT = "complaint"

LINE = (
    *(ENQUIRY, ESTIMATE, SCHEDULED, ACCEPTED, DIAGNOSIS, APPROVAL_OPEN, PARTS_ORDERED, IN_WORK),
    *(FINAL_CHECK, READY, PICKED_UP, BILLED, PAID),
)
"""In the order in which they are usually passed."""
STATES = (*LINE, CANCELLED, COMPLAINT)

_AT_WORK = frozenset({DIAGNOSIS, APPROVAL_OPEN, PARTS_ORDERED, IN_WORK, FINAL_CHECK})
_BEFORE = frozenset({ENQUIRY, ESTIMATE, SCHEDULED})

TRANSITIONS: Mapping[str, frozenset[str]] = {
    ENQUIRY: frozenset({ESTIMATE, SCHEDULED, ACCEPTED, CANCELLED}),
    ESTIMATE: frozenset({SCHEDULED, ACCEPTED, CANCELLED}),
    SCHEDULED: frozenset({ESTIMATE, ACCEPTED, CANCELLED}),
    ACCEPTED: frozenset({DIAGNOSIS, APPROVAL_OPEN, PARTS_ORDERED, IN_WORK, CANCELLED}),
    **{state: _AT_WORK - {state} | {READY, CANCELLED} for state in (IN_WORK, FINAL_CHECK)},
    **{
        state: _AT_WORK - {state, FINAL_CHECK} | {CANCELLED}
        for state in (DIAGNOSIS, APPROVAL_OPEN, PARTS_ORDERED)
    },
    READY: frozenset({IN_WORK, PICKED_UP, BILLED}),
    PICKED_UP: frozenset({BILLED, COMPLAINT}),
    BILLED: frozenset({PAID, READY, PICKED_UP, COMPLAINT}),
    PAID: frozenset({BILLED, COMPLAINT}),
    CANCELLED: frozenset(),
    COMPLAINT: frozenset({IN_WORK, READY, PICKED_UP}),
}
"""State → states it may change to."""

BY_MONEY = frozenset({BILLED, PAID})
"""Entered and left by invoices and payments, but for a complaint."""
BY_WORK = _AT_WORK
"""What a technician says about the car in front of them; all else is the desk's."""

OPEN = (
    *(ENQUIRY, ESTIMATE, SCHEDULED, ACCEPTED, DIAGNOSIS, APPROVAL_OPEN, PARTS_ORDERED, IN_WORK),
    *(FINAL_CHECK, READY, COMPLAINT),
)
"""Somebody still has to do something at the car or with the customer."""
EDITABLE = (
    *(ENQUIRY, ESTIMATE, SCHEDULED, ACCEPTED, DIAGNOSIS, APPROVAL_OPEN, PARTS_ORDERED, IN_WORK),
    *(FINAL_CHECK, READY, PICKED_UP, COMPLAINT),
)
"""Jobs and prices may still change."""
NOT_TOLD = (ENQUIRY, ESTIMATE)
"""The estimate is still being made: it follows the sum until it is left."""
BILLABLE = (IN_WORK, FINAL_CHECK, READY, PICKED_UP, COMPLAINT)
"""A bill may be written."""
MESSAGE_STATES = (READY,)
"""The customer is told."""


def may_change(state: str, to: str, *, money: bool = False) -> bool:
    """Whether the change is allowed; ``money``: an invoice or payment says so."""
    if to not in TRANSITIONS.get(state, ()):
        return False
    if money:
        return to in BY_MONEY or state in BY_MONEY
    return to not in BY_MONEY and (state not in BY_MONEY or to == COMPLAINT)


def permission_for(state: str, to: str) -> str:
    """What somebody needs to change an order like this."""
    at_work = state in BY_WORK or state == ACCEPTED
    return "orders.work" if at_work and to in BY_WORK else "orders.manage"


def choices_from(state: str, *, may_manage: bool, may_work: bool) -> tuple[str, ...]:
    """States a person may choose next, in the usual order; the side ones last."""
    held = {"orders.manage": may_manage, "orders.work": may_work or may_manage}
    return tuple(to for to in STATES if may_change(state, to) and held[permission_for(state, to)])
