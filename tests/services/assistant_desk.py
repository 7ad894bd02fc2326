"""The assistant as production wires it, on the database of the test."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.calls.service import CallbackService
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.conversations.answers import AnswerEvent, Choice, Delta, Finished
from carbot_app.domains.conversations.assistant import AssistantService
from carbot_app.domains.conversations.inbox import InboxService
from carbot_app.domains.conversations.local.assistant import LocalAssistant
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.conversations.ports import AssistantEngine
from carbot_app.domains.conversations.recording import TurnRecorder
from carbot_app.domains.conversations.schemas import MessageView
from carbot_app.domains.conversations.service import ConversationService
from carbot_app.domains.conversations.tool_ports import Deposits
from carbot_app.domains.conversations.understanding import MessageReader
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.knowledge.service import KnowledgeService
from carbot_app.domains.leads.service import LeadService
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.service import TeamService
from carbot_app.domains.visit_access.service import VisitAccess
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from tests.factories import make_person, make_workshop, staff_of


class NoMails:
    """A MailQueue nobody reads."""

    def queue_mail(self, *_: Any, **__: Any) -> None:
        """See MailQueue."""


@dataclass
class AssistantDesk:
    """A workshop with everything the assistant needs."""

    database: Database
    clock: ManualClock
    workshop: Workshop
    team: TeamService
    catalog: CatalogService
    booking: BookingService
    calls: CallbackService
    conversations: ConversationService
    inbox: InboxService
    leads: LeadService
    assistant: AssistantService
    owner: Actor
    knowledge: KnowledgeService
    access: VisitAccess

    def open_chat(self, language: str = "de") -> "Chat":
        """A new visitor."""
        public = self.team.public_actor(self.team.get_public_workshop(self.workshop.slug), language=language)
        thread, token = self.conversations.start(public, language=language)
        return Chat(self, self.conversations.resolve_token(thread.conversation_id, token), token)


@dataclass
class Chat:
    """One visitor's conversation."""

    desk: AssistantDesk
    actor: Actor
    token: str

    @property
    def id(self) -> UUID:
        """The conversation."""
        assert self.actor.subject_id
        return self.actor.subject_id

    async def events(self, text: str, choice: Choice | None = None) -> list[AnswerEvent]:
        """Send a message; everything that comes back."""
        message, _ = self.desk.conversations.add_customer_message(
            self.actor, text=text, client_id=str(new_id())
        )
        return [event async for event in self.desk.assistant.answer(self.actor, self.id, message, choice)]

    async def say(self, text: str, choice: Choice | None = None) -> MessageView | None:
        """Send a message; the assistant's answer, None when it stays silent."""
        events = await self.events(text, choice)
        return next(
            (e.message for e in events if isinstance(e, Finished) and e.message.author == "assistant"), None
        )

    def ask(self, text: str, choice: Choice | None = None) -> MessageView | None:
        """``say`` for tests without a loop."""
        return asyncio.run(self.say(text, choice))

    def answer(self, message: MessageView) -> None:
        """Answer a message that is stored already."""

        async def run() -> None:
            async for _ in self.desk.assistant.answer(self.actor, self.id, message):
                pass

        asyncio.run(run())

    def thread(self) -> Any:
        """The thread as staff sees it."""
        return self.desk.inbox.get_thread(self.desk.owner, self.id)


def streamed(events: list[AnswerEvent]) -> str:
    """The text of all deltas."""
    return "".join(event.text for event in events if isinstance(event, Delta))


def part(message: MessageView | None, kind: str) -> dict[str, Any]:
    """The only card of a kind."""
    assert message is not None
    (found,) = [part for part in message.parts if part["type"] == kind]
    return found


def open_assistant_desk(
    database: Database,
    clock: ManualClock,
    analyser: MessageAnalyser,
    *,
    slug: str = "mueller-dortmund",
    external: AssistantEngine | None = None,
    deposits: Deposits | None = None,
) -> AssistantDesk:
    """A workshop in Dortmund with the library and the technicians and bays of a new workshop."""
    workshop = make_workshop(database, slug)
    customers = CustomerService(db=database)
    leads = LeadService(db=database, clock=clock, customers=customers)
    conversations = ConversationService(db=database, clock=clock, leads=leads)
    catalog = CatalogService(db=database)
    booking = BookingService(
        db=database,
        clock=clock,
        customers=customers,
        catalog=catalog,
        recorder=conversations,
        public_url="https://carbot.example",
    )
    team = TeamService(db=database, clock=clock, settings=Settings(), mails=NoMails())
    with database.writing(workshop.id) as session:
        catalog.load_library(session, workshop.id)
        booking.load_default_resources(session, workshop.id)
    calls = CallbackService(db=database, clock=clock, customers=customers)
    knowledge = KnowledgeService(db=database, clock=clock)
    access = VisitAccess(
        db=database,
        clock=clock,
        booking=booking,
        customers=customers,
        messaging=MessagingService(db=database, clock=clock, transport=None),
    )
    reader = MessageReader(
        knowledge=knowledge,
        clock=clock,
        analyser=lambda: analyser,
        team=team,
        customers=customers,
        catalog=catalog,
        booking=booking,
        calls=calls,
        conversations=conversations,
        visits=access,
        deposits=deposits,
    )
    assistant = AssistantService(
        clock=clock,
        reader=reader,
        conversations=conversations,
        recorder=TurnRecorder(customers=customers, leads=leads),
        local=LocalAssistant(),
        external=external,
    )
    inbox = InboxService(db=database, clock=clock, customers=customers, leads=leads)
    owner = staff_of(workshop, person_id=make_person(database).id)
    return AssistantDesk(
        database,
        clock,
        workshop,
        team,
        catalog,
        booking,
        calls,
        conversations,
        inbox,
        leads,
        assistant,
        owner,
        knowledge,
        access,
    )
