"""The port behind which both assistants stand."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from sqlmodel import Session

from carbot_app.domains.conversations.answers import Choice, Reply
from carbot_app.domains.conversations.dialogue import DialogueState, News
from carbot_app.domains.conversations.inbound_schemas import InboundFile
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.nlu.schemas import DesiredDate, MessageAnalysis
from carbot_app.domains.conversations.reading import Reading
from carbot_app.domains.conversations.schemas import ReplyChannel
from carbot_app.domains.conversations.tools import ToolBox


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An earlier message: ``role`` customer, assistant or staff."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a customer with all an engine may know. ``state`` is the engine's to change."""

    text: str
    analysis: MessageAnalysis
    state: DialogueState
    tools: ToolBox
    reading: Reading
    desired: DesiredDate | None = None
    """The date the message names, whatever it is about."""
    choice: Choice | None = None
    news: News = field(default_factory=News)
    history: tuple[HistoryLine, ...] = ()
    code: str = ""
    """Six digits that answer the question for a code; not in ``text``."""
    link: str = ""
    """Secret of a booking link the message holds; not in ``text``."""


class AssistantUnavailable(Exception):
    """An engine cannot answer this turn; another one should. ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class AssistantEngine(Protocol):
    """Finds the answer to one message.

    Yields text as it comes and a Reply last, whose text is authoritative. States only prices, times, dates
    and hours that ``turn.tools`` returned in this turn. Raises AssistantUnavailable when it cannot answer.
    """

    name: str

    def answer(self, turn: Turn) -> AsyncGenerator[str | Reply, None]:
        """Answer ``turn``."""
        ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a message that is in the store, or was refused; the fields are MessageFile's."""

    id: UUID
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    reason: str = ""


class FileKeeper(Protocol):
    """Where files that come with messages are kept; files come before their rows."""

    def keep(self, workshop_id: UUID, files: Sequence[InboundFile]) -> tuple[KeptFile, ...]:
        """Store what can be trusted, in order; what cannot is refused by name. Raises Unavailable."""
        ...

    def forget(self, workshop_id: UUID, kept: Sequence[KeptFile]) -> None:
        """Remove files that got no rows."""
        ...


class ThreadChannels(Protocol):
    """On which channels the customer of a thread can be answered."""

    def list_for(self, session: Session, conversation: Conversation) -> tuple[ReplyChannel, ...]:
        """All that could be, the usual one first; ``refused`` says why one cannot be used now."""
        ...
