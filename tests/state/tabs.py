"""States without a browser: a signed-in tab whose handlers are called directly, on a real database."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from reflex.istate.data import RouterData
from reflex.utils.format import json_dumps

from carbot_app.bootstrap import Services
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.team.models import Person, Workshop
from carbot_app.kit.ids import fingerprint
from carbot_app.state.session import SESSION_COOKIE
from tests.factories import (
    make_conversation,
    make_customer,
    make_lead,
    make_login_session,
    make_membership,
    make_message,
    make_person,
    make_vehicle,
    make_workshop,
)


# asyncio's runner writes down what a fixture has returned, twice per test: here every state with its vars
@dataclass(repr=False)
class Tab:
    """A browser tab of a signed-in person."""

    root: rx.State
    person: Person
    workshop: Workshop

    def at(self, address: str) -> "Tab":
        """Navigate; no handler runs by itself."""
        headers = {"cookie": f"{SESSION_COOKIE}=token-{self.person.id}", "origin": "http://localhost"}
        self.root.router = RouterData.from_router_data({"asPath": address, "headers": headers})
        return self

    async def state(self, kind: type[Any]) -> Any:
        """The tab's instance of a state."""
        return await self.root.get_state(kind)

    async def call(self, handler: Any, *arguments: Any) -> list[Any]:
        """Run an event handler to its end; returns what it asked the browser to do, flattened."""
        state = self.root.get_substate(handler.state_full_name.split("."))
        result = handler.fn(state, *arguments)
        outcomes = [outcome async for outcome in result] if hasattr(result, "__aiter__") else [await result]
        lists = [outcome if isinstance(outcome, list) else [outcome] for outcome in outcomes]
        assert all(None not in several for several in lists if several != [None]), (
            "Reflex refuses None in a list"
        )
        return [item for several in lists for item in several if item is not None]

    async def size(self, kind: type[Any]) -> int:
        """Bytes of everything the state shows, as it is sent when a page loads."""
        state = await self.state(kind)
        shown = {name: getattr(state, name) for name in type(state).base_vars}
        return len(json_dumps(shown).encode())


def words_of(outcomes: list[Any]) -> str:
    """Everything handlers asked the browser to do, as text to search in."""
    text = " ".join(str(outcome) for outcome in outcomes)
    return re.sub(r"\\+u([0-9a-f]{4})", lambda escape: chr(int(escape[1], 16)), text)


def id_in(words: str) -> str:
    """The first id in what the browser was asked to do, such as that of a change to undo."""
    found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", words)
    assert found, words
    return found[0]


def open_tab(services: Services, workshop: Workshop, role: str = "owner") -> Tab:
    """Sign a new person in and open a tab."""
    person = make_person(services.db, name="Jana Krüger")
    make_membership(services.db, workshop, person, role)
    make_login_session(
        services.db,
        workshop,
        person,
        token_fingerprint=fingerprint(f"token-{person.id}"),
        last_seen_at=services.clock(),
    )
    tab = Tab(rx.State(_reflex_internal_init=True), person, workshop)  # pyright: ignore[reportCallIssue]
    return tab.at("/heute/")


def make_thread(
    services: Services, workshop: Workshop, *, name: str = "Ayşe Yılmaz", **lead: Any
) -> tuple[Conversation, Customer, Lead]:
    """A chat with one unread message, its customer, car and lead."""
    customer = make_customer(services.db, workshop, name=name)
    vehicle = make_vehicle(services.db, workshop, customer)
    conversation = make_conversation(
        services.db,
        workshop,
        customer_id=customer.id,
        last_seq=1,
        last_author="customer",
        last_text="Bremsen quietschen",
        last_message_at=services.clock(),
        created_at=services.clock(),
    )
    make_message(services.db, conversation, 1, created_at=services.clock())
    fields = {
        "vehicle_id": vehicle.id,
        "score": 82,
        "temperature": "hot",
        "created_at": services.clock(),
        **lead,
    }
    return conversation, customer, make_lead(services.db, conversation, **fields)


def foreign_thread(services: Services) -> UUID:
    """A thread of another workshop."""
    other = make_workshop(services.db, slug="other", name="Andere Werkstatt")
    return make_thread(services, other, name="Geheim Kunde")[0].id
