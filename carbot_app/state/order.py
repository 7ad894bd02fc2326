"""/auftraege/auftrag/?id=<id>: one order, where it stands and what is next."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.orders.schemas import OrderView
from carbot_app.domains.orders.states import BILLABLE, EDITABLE
from carbot_app.kit.errors import NotFound
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.order_rows import OrderDetail, describe_order
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_TOPICS = {"orders"}


class OrderState(rx.State):
    """The order of the address."""

    status: str = "loading"
    """loading, ready, missing or failed."""
    order: OrderDetail = OrderDetail()
    technicians: list[tuple[str, str]] = []
    """Id and name, the first one empty: nobody."""
    may_manage: bool = False
    may_work: bool = False
    busy: bool = False

    @rx.event
    async def load(self):
        """Open the order of the address."""
        self.status, self.order = "loading", OrderDetail()
        async with staff_step(self) as step:
            actor = await step.actor()
            order_id = parse_id(self.router.url.query_parameters.get("id", ""))
            await self._show(step, await step.call(get_services().orders.get, actor, order_id))
            people = await step.call(get_services().orders.list_technicians, actor)
            nobody = ("", step.text("orders.technician_none"))
            self.technicians = [nobody, *((str(id_), name) for id_, name in people)]
        missing = isinstance(step.error, NotFound)
        self.status = "missing" if missing else "failed" if step.error else "ready"
        return None if missing else step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """The order changed, maybe by somebody else."""
        if not is_about(topic, subject, _TOPICS, self.order.row.id) or self.status != "ready":
            return None
        async with staff_step(self) as step:
            await self._show(step, await step.call(get_services().orders.get, await step.actor(), self._id()))
        return step.outcome

    @rx.event
    async def move(self, state: str):
        """Bring the order to another state."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            orders, actor = get_services().orders, await step.actor()
            await self._show(step, await step.call(orders.move, actor, self._id(), state))
            step.outcome = toast("ok", step.text("orders.toast.moved", state=self.order.row.word))
        self.busy = False
        yield step.outcome

    @rx.event
    async def mark_done(self, job_id: str, done: bool):
        """A job is done, or not yet after all."""
        async with staff_step(self) as step:
            orders, actor = get_services().orders, await step.actor()
            found = await step.call(orders.mark_done, actor, self._id(), parse_id(job_id), done=done)
            await self._show(step, found)
        return step.outcome

    def _id(self):
        return parse_id(self.order.row.id)

    async def _show(self, step: Step, found: OrderView) -> None:
        actor, reader, services = await step.actor(), await reader_for(self), get_services()
        workshop = await step.call(services.team.get_workshop, actor)
        self.may_manage = actor.can("orders.manage")
        self.may_work = self.may_manage or actor.can("orders.work")
        is_open = found.state in EDITABLE and found.invoice_id is None
        self.order = describe_order(
            found,
            reader,
            workshop.country,
            choices=services.orders.choices(actor, found),
            editable=is_open,
            billable=found.state in BILLABLE and found.invoice_id is None and actor.can("invoices.manage"),
        )
