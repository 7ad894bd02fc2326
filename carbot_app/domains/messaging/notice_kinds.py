"""What the team is told about, and how without a wish of their own (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ways:
    """On which ways a person is told about a kind of thing."""

    push: bool = True
    mail: bool = False
    sound: bool = False
    """In the open app."""


LEAD, HANDOVER, CALLBACK, APPOINTMENT = "lead", "handover", "callback", "appointment"
NOTE, CONTRACT, TASK, AUTOMATION, ESCALATION = "note", "contract", "task", "automation", "escalation"
ORDER = "order"
DEFAULTS: Mapping[str, Ways] = {
    LEAD: Ways(sound=True),
    HANDOVER: Ways(sound=True),
    ESCALATION: Ways(sound=True),
    CALLBACK: Ways(sound=True),
    APPOINTMENT: Ways(),
    NOTE: Ways(),
    CONTRACT: Ways(),
    TASK: Ways(),
    AUTOMATION: Ways(),
    ORDER: Ways(),
}
KINDS = tuple(DEFAULTS)

SOUNDING: Mapping[str, tuple[str, ...]] = {
    LEAD: ("lead.created",),
    HANDOVER: ("handover.requested",),
    ESCALATION: ("escalation.due",),
    CALLBACK: ("callback.requested",),
    APPOINTMENT: ("appointment.booked", "appointment.cancelled", "appointment.moved"),
    NOTE: (),
    CONTRACT: ("contract.withdrawn",),
    TASK: ("task.due",),
    AUTOMATION: ("automation.push",),
    ORDER: ("order.decided",),
}
"""Kind → live hints at which the open app makes a sound."""


def kind_of(event: str) -> str:
    """The kind an outbox event belongs to."""
    return event.partition(".")[0]


def may_concern_team(event: str) -> bool:
    """Whether an outbox event can be worth telling; most are not, and are not looked into."""
    return kind_of(event) in DEFAULTS or kind_of(event) == "notice"
