"""/auftraege: orders on a board and in a list."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.orders.reading import ALL, FILTERS, MINE, ONLY_OPEN
from carbot_app.state.hints import is_about
from carbot_app.state.order_rows import BoardColumn, OrderRow, describe_board, describe_row
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step

_TOPICS = {"orders"}


class OrdersState(rx.State):
    """What is open, mine, ready or all of it; searched over all of what is shown."""

    status: str = "loading"
    """loading, ready or failed."""
    rows: list[OrderRow] = []
    columns: list[BoardColumn] = []
    show: str = ONLY_OPEN
    search: str = ""
    open_count: int = 0
    may_manage: bool = False

    @rx.event
    async def load(self):
        """A technician begins with what is to be done by them, the desk with all that is open."""
        self.search = ""
        async with staff_step(self) as step:
            actor = await step.actor()
            self.show = ONLY_OPEN if actor.can("orders.manage") or actor.can("invoices.read") else MINE
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def find(self, text: str):
        """Search by plate, number, title or name."""
        async with staff_step(self) as step:
            self.search = text[:80]
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def choose(self, show: str):
        """Open, mine, ready or all."""
        async with staff_step(self) as step:
            self.show = show if show in FILTERS else ONLY_OPEN
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """An order changed."""
        if not is_about(topic, subject, _TOPICS) or self.status != "ready":
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader, services = await step.actor(), await reader_for(self), get_services()
        found = await step.call(services.orders.list_orders, actor, show=self.show, search=self.search)
        workshop = await step.call(services.team.get_workshop, actor)
        self.rows = [describe_row(order, reader, workshop.country) for order in found]
        self.columns = describe_board(found, self.rows, reader, workshop.country, closed=self.show == ALL)
        self.open_count = await step.call(services.orders.count_open, actor)
        self.may_manage = actor.can("orders.manage")
