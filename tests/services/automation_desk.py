"""A workshop whose automations act on real events."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.outbox import emit
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import Database
from carbot_app.domains.automations.ports import WebhookError
from carbot_app.domains.automations.schemas import Action, AutomationDraft, AutomationView, Condition, RunView
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.threads import append_message, lock_conversation
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Person, Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock, system_clock
from tests.factories import (
    make_conversation,
    make_customer,
    make_lead,
    make_membership,
    make_person,
    make_workshop,
    staff_of,
)

TASK = Action("task", text="{{name}} anrufen", hours=2)


@dataclass
class Receiver:
    """Takes webhooks; fails as told."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    failures: list[WebhookError] = field(default_factory=list)

    def send(self, url: str, *, body: bytes, secret: str, delivery: str, at: datetime) -> None:
        """See WebhookSender."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append({"url": url, "body": body, "secret": secret, "delivery": delivery})


@dataclass
class AutomationDesk:
    """One workshop, its owner, and everything events pass through."""

    services: Services
    workshop: Workshop
    person: Person
    owner: Actor
    clock: ManualClock
    receiver: Receiver

    def build(
        self,
        trigger: str,
        *actions: Action,
        delay: int = 0,
        conditions: tuple[tuple[str, str, str], ...] = (),
        name: str = "Probe",
    ) -> AutomationView:
        """Save an automation and switch it on."""
        asked = tuple(Condition(*one) for one in conditions)
        draft = AutomationDraft(name, trigger, delay, asked, actions or (TASK,))
        saved = self.services.automations.save(self.owner, draft)
        return self.services.automations.set_enabled(self.owner, saved.id, True)

    def thread(self, *, lead: dict[str, Any] | None = None, **fields: Any) -> tuple[Conversation, Customer]:
        """A conversation of a customer, with a lead."""
        customer = make_customer(self.services.db, self.workshop, **{"name": "Ayşe Yılmaz", **fields})
        conversation = make_conversation(self.services.db, self.workshop, customer_id=customer.id)
        make_lead(self.services.db, conversation, **{"score": 82, "temperature": "hot", **(lead or {})})
        return conversation, customer

    def say(self, conversation: Conversation, author: str = "customer", text: str = "Hallo?") -> None:
        """Somebody writes."""
        with self.services.db.writing(self.workshop.id) as session:
            row = lock_conversation(session, conversation.id)
            append_message(session, row, author=author, text=text, now=self.clock())

    def tell(self, kind: str, **payload: Any) -> None:
        """An event happens."""
        with self.services.db.writing(self.workshop.id) as session:
            emit(session, self.workshop.id, kind, **payload)

    def became_hot(self, conversation: Conversation) -> None:
        """What LeadService writes when a lead becomes hot."""
        self.tell("lead.changed", conversation_id=conversation.id, became_hot=True, temperature="hot")

    def deliver(self) -> None:
        """What the outbox worker does."""
        slow = {
            "automations": self.services.automation_runner.on_event,
            "webhooks": self.services.webhooks.on_event,
        }
        OutboxWorker(self.services.db, self.clock, quick={}, slow=slow).drain()

    def later(self, **delta: float) -> None:
        """Time passes; what has waited for it is looked at."""
        self.clock.advance(timedelta(**delta))
        self.services.automation_runner.run_due()
        self.deliver()

    def runs(self, automation_id: UUID | None = None) -> list[RunView]:
        """The log, newest first."""
        return self.services.automations.list_runs(self.owner, automation_id)

    def tasks(self) -> list[str]:
        """Titles of open tasks."""
        return [task.title for task in self.services.tasks.list_open(self.owner)]

    def rows(self, table: type[Any]) -> list[Any]:
        """Everything in a table."""
        with self.services.db.reading(self.workshop.id) as session:
            return list(session.exec(select(table).order_by(table.id)))


def open_automation_desk(database: Database, clock: ManualClock, folder: Path) -> AutomationDesk:
    """Wired as in production; the clock stands at the machine's now, by which events are dated."""
    clock.now = system_clock() + timedelta(seconds=5)
    receiver = Receiver()
    services = build_services(Settings(data_dir=folder), db=database, clock=clock, webhooks=receiver)
    workshop = make_workshop(database)
    person = make_person(database, name="Jana Krüger")
    make_membership(database, workshop, person)
    clock.now -= timedelta(seconds=10)
    owner = staff_of(workshop, person_id=person.id)
    return AutomationDesk(services, workshop, person, owner, clock, receiver)
