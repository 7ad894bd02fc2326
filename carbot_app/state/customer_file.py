"""One customer: who it is, cars, worth, open work, and everything that happened."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.state.customer_history import FILTERS, HistoryLine, describe_item
from carbot_app.state.customer_rows import (
    CarCard,
    CustomerHead,
    WorkLine,
    describe_car,
    describe_head,
    describe_next,
    describe_open,
)
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_TOPICS = {"conversation", "appointment", "callback", "lead"}


class CustomerFileState(rx.State):
    """The customer of the address (?kunde=<id>)."""

    status: str = "loading"
    """loading, ready or failed."""
    head: CustomerHead = CustomerHead()
    cars: list[CarCard] = []
    open_work: list[WorkLine] = []
    coming: list[WorkLine] = []
    history: list[HistoryLine] = []
    shown: str = "all"
    """Filter of the history."""
    may_change: bool = False
    may_diagnose: bool = False
    next_before: str = ""
    """Cursor of what is older; empty: that is all."""

    @rx.event
    async def load(self):
        """Open the customer of the address."""
        self.status, self.shown = "loading", "all"
        self.head, self.history, self.next_before = CustomerHead(), [], ""
        self.cars, self.open_work, self.coming = [], [], []
        async with staff_step(self) as step:
            await self._fetch(step, self.router.url.query_parameters.get("kunde", ""))
            await self._fetch_history(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def refresh(self):
        """Fetch again what a change has made of it."""
        async with staff_step(self) as step:
            await self._fetch(step, self.head.id)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Something changed that may be this customer's."""
        if not is_about(topic, subject, _TOPICS) or not self.head.id:
            return None
        async with staff_step(self) as step:
            await self._fetch(step, self.head.id)
            await self._fetch_history(step, at_least=len(self.history))
        return step.outcome

    @rx.event
    async def choose(self, shown: str):
        """Only some kinds of what happened."""
        async with staff_step(self) as step:
            self.shown = shown if shown in FILTERS else "all"
            await self._fetch_history(step)
        return step.outcome

    @rx.event
    async def load_more(self):
        """What is older."""
        async with staff_step(self) as step:
            await self._fetch_history(step, before=self.next_before)
        return step.outcome

    async def _fetch(self, step: Step, customer_id: str) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().customer_files.get_file, actor, parse_id(customer_id))
        self.head = describe_head(found, reader)
        self.cars = [describe_car(car, reader) for car in found.cars]
        self.open_work = [describe_open(item, reader) for item in found.open_work]
        self.coming = [describe_next(visit, reader) for visit in found.next_visits]
        self.may_change = actor.can("bookings.manage")
        self.may_diagnose = actor.can("diagnostics.read")

    async def _fetch_history(self, step: Step, *, before: str = "", at_least: int = 0) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        page = await step.call(
            get_services().customer_files.list_timeline,
            actor,
            parse_id(self.head.id),
            kinds=FILTERS[self.shown],
            before=before,
            limit=max(30, at_least),
        )
        lines = [describe_item(item, reader) for item in page.items]
        self.history = [*self.history, *lines] if before else lines
        self.next_before = page.next_before
