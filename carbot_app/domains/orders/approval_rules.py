"""What a question to the customer shows, what an answer may say, and what follows from it (pure)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from carbot_app.domains.orders.reckoning import APPROVED, DECLINED, OPEN
from carbot_app.domains.orders.states import (
    ACCEPTED,
    APPROVAL_OPEN,
    COMPLAINT,
    DIAGNOSIS,
    ENQUIRY,
    ESTIMATE,
    FINAL_CHECK,
    IN_WORK,
    PARTS_ORDERED,
    SCHEDULED,
)
from carbot_app.kit.errors import Invalid

FIRST, EXTRA, OVERRUN = "estimate", "extra", "overrun"
KINDS = (FIRST, EXTRA, OVERRUN)
LINK, PHONE, DESK = "link", "phone", "desk"
NOTED_ON = (PHONE, DESK)
VALID_FOR = timedelta(days=14)
FOLLOW_UP_DAYS: Mapping[str, int] = {"urgent": 14, "soon": 60}
LATER_DAYS = 180
ASKABLE = (
    *(ENQUIRY, ESTIMATE, SCHEDULED, ACCEPTED, DIAGNOSIS, APPROVAL_OPEN, PARTS_ORDERED, IN_WORK),
    *(FINAL_CHECK, COMPLAINT),
)
"""States in which a question still makes sense."""
_STOPS = frozenset({ACCEPTED, DIAGNOSIS, PARTS_ORDERED, IN_WORK, FINAL_CHECK})
"""The car is here, and its work waits for the answer."""

Shown = Mapping[str, Any]
"""A job of OrderApproval.asked."""


def may_be_asked(kind: str, decision: str) -> bool:
    """Whether a job belongs in a question: what is not decided, and for an overrun what was agreed to too."""
    return decision == OPEN or (kind == OVERRUN and decision == APPROVED)


def state_when_asked(state: str) -> str:
    """Where the order waits for the answer."""
    if state in _STOPS:
        return APPROVAL_OPEN
    return ESTIMATE if state == ENQUIRY else state


def state_when_decided(state: str, *, any_approved: bool) -> str:
    """Where the order goes on. An estimate that was agreed to is no estimate any more."""
    if state == APPROVAL_OPEN:
        return IN_WORK if any_approved else DIAGNOSIS
    if state in (ENQUIRY, ESTIMATE) and any_approved:
        return SCHEDULED
    return state


def edition_of(asked: Sequence[Shown]) -> str:
    """What makes a question the same as it was when somebody read it: jobs, words and prices."""
    said = [[job[name] for name in ("id", "title", "finding", "urgency", "gross_cents")] for job in asked]
    return sha256(repr(said).encode()).hexdigest()[:16]


def check_decisions(asked: Sequence[Shown], decisions: Mapping[UUID, bool]) -> None:
    """Every job shown has an answer, and nothing else has.

    Raises:
        Invalid: ``approval_incomplete``.
    """
    if {str(job_id) for job_id in decisions} != {job["id"] for job in asked}:
        raise Invalid("approval_incomplete", field="decisions")


def sum_of(asked: Sequence[Shown], chosen: Collection[UUID], discount_cents: int) -> int:
    """Gross of the chosen jobs as the customer sees it; a discount never pays anybody."""
    whole = sum(int(job["gross_cents"]) for job in asked if UUID(job["id"]) in chosen)
    return max(0, whole - discount_cents)


def decision_of(agreed: bool) -> str:
    """As it is stored with the job."""
    return APPROVED if agreed else DECLINED


def follow_up_on(urgency: str, declined_on: date) -> date:
    """When to come back to work that was declined."""
    return declined_on + timedelta(days=FOLLOW_UP_DAYS.get(urgency, LATER_DAYS))
