"""Inputs and views of conversations."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from carbot_app.domains.conversations.desk_schemas import LabelView
from carbot_app.domains.conversations.response_clock import ResponseClock
from carbot_app.domains.customers.schemas import CustomerView
from carbot_app.domains.leads.schemas import LeadView


@dataclass(frozen=True, slots=True)
class MessageFileView:
    """A file that came with a message; its content is behind ``/api/message-files/<id>``."""

    id: UUID
    kind: str
    """photo, voice, file or refused."""
    name: str
    media_type: str
    size: int
    reason: str
    """Why nothing was kept, or why it is gone."""
    gone: bool = False
    """Its content was deleted."""
    finding: dict[str, Any] = field(default_factory=dict)
    """What a photo probably shows, for staff alone: kind, text, confidence and lamp."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One entry of a thread; the shape of the widget contract plus what only staff sees."""

    id: UUID
    seq: int
    author: str
    author_name: str
    text: str
    parts: tuple[dict[str, Any], ...]
    facts: tuple[dict[str, Any], ...]
    state: str
    created_at: datetime
    channel: str = "chat"
    delivery: str = ""
    """queued, sent, delivered, read or failed of an answer that left the house; empty in the chat."""
    subject: str = ""
    files: tuple[MessageFileView, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyChannel:
    """A way to answer in a thread."""

    channel: str
    address: str
    """E.164 or mail address; empty for the chat."""
    refused: str = ""
    """Code of the error an answer would meet there; empty: it can be written on."""


@dataclass(frozen=True, slots=True)
class CustomerThread:
    """A thread as its customer sees it."""

    conversation_id: UUID
    workshop_id: UUID
    mode: str
    agent_name: str | None
    language: str
    messages: tuple[MessageView, ...]
    last_seq: int


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A line of the inbox."""

    conversation_id: UUID
    customer_name: str
    """Empty while unknown."""
    preview: str
    """The customer's last words."""
    last_author: str
    last_message_at: datetime
    unread: bool
    channel: str
    language: str
    mode: str
    handover_reason: str
    state: str
    taken_by_name: str
    plate: str
    plate_country: str
    vehicle_label: str
    score: int
    temperature: str
    urgency: str
    lead_state: str
    assigned_name: str = ""
    """Who sees to it; empty: nobody yet."""
    waiting_since: datetime | None = None
    """When the customer wrote what nobody has answered yet."""
    snoozed_until: datetime | None = None
    has_draft: bool = False
    """The acting person has begun an answer."""
    labels: tuple[LabelView, ...] = ()


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Figures beside the filters; counting ends at inbox_list.MOST_COUNTED."""

    open: int
    hot: int
    mine: int
    waiting: int
    """Handed over or last written by the customer in human mode: somebody has to answer."""
    unread: int
    unassigned: int = 0
    snoozed: int = 0


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox, newest first; ``next_before`` is the cursor of the following page."""

    rows: tuple[InboxRow, ...]
    counts: InboxCounts
    next_before: str | None
    clock: ResponseClock
    """Tells how long the rows have waited."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened in a thread, for the side pane; translated as ``inbox.timeline.<kind>``."""

    kind: str
    at: datetime
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread for staff: messages, lead, customer and what happened."""

    conversation_id: UUID
    channel: str
    language: str
    state: str
    mode: str
    handover_reason: str
    taken_by: UUID | None
    taken_by_name: str
    taken_at: datetime | None
    page_url: str
    messages: tuple[MessageView, ...]
    customer_seen_seq: int
    staff_seen_seq: int
    lead: LeadView | None
    customer: CustomerView | None
    appointment_id: UUID | None
    """The latest appointment this thread led to."""
    timeline: tuple[TimelineEntry, ...]
    last_seq: int
    reply_channels: tuple[ReplyChannel, ...] = ()
    """Ways to answer, the usual one first."""
