"""Inputs and views of automations."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Condition:
    """``field`` of vocabulary.FIELDS, an operator of its kind, and what it is compared with."""

    field: str
    op: str
    value: str


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do; which members count depends on ``kind`` (vocabulary.ACTIONS)."""

    kind: str
    person_id: str = ""
    """assign: who; task, reminder, push: for whom, empty: everybody."""
    label_id: str = ""
    """label: which."""
    text: str = ""
    """Title of a task, text of a push or of an own reply."""
    template: str = ""
    """reply: one of vocabulary.REPLIES."""
    advertising: str = ""
    """reply in own words: the consent it needs, empty for none."""
    hours: int = 0
    """task, reminder: due so many hours later."""
    url: str = ""
    """webhook: where to; reply: what ``{{link}}`` stands for."""
    urgent: bool = False
    """push: rings through quiet hours."""


@dataclass(frozen=True, slots=True)
class AutomationDraft:
    """What the editor saves."""

    name: str
    trigger: str
    delay_minutes: int = 0
    conditions: tuple[Condition, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class AutomationView:
    """A stored automation with how it has been doing."""

    id: UUID
    enabled: bool
    draft: AutomationDraft
    version: int
    webhook_secret: str
    """For whoever checks signatures; empty while nothing is sent."""
    runs: int
    """In the last 30 days."""
    last_run_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one action. ``state``: done, queued, skipped or failed; ``detail``: why or whereto."""

    kind: str
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RunView:
    """A line of the run log."""

    id: UUID
    automation_id: UUID
    automation_name: str
    at: datetime
    state: str
    error: str
    customer_name: str
    conversation_id: UUID | None
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class DryRunLine:
    """What would have happened about one past occurrence."""

    at: datetime
    customer_name: str
    conversation_id: UUID | None
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """``looked_at`` occurrences of the trigger, ``matched`` of them; the newest ``lines``."""

    looked_at: int
    matched: int
    lines: tuple[DryRunLine, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody work can be given to."""

    id: UUID
    name: str
