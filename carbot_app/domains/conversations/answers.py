"""What flows out of the assistant: an engine's reply, and the events a waiting customer sees."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from carbot_app.domains.conversations.schemas import MessageView

Part = dict[str, Any]
"""A card of the widget contract: slots, replies, contact, booking, danger or link."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A pressed button: ``kind`` slot or reply, ``value`` as offered."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished answer. A ``handover`` reason hands the thread to a person after it."""

    text: str
    parts: tuple[Part, ...] = ()
    handover: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """More text of an answer that is being written."""

    message_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A stored message, authoritative over the deltas before it."""

    message: MessageView


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """Who answers from now on."""

    mode: str
    agent_name: str | None


AnswerEvent = Delta | Finished | ModeChanged
