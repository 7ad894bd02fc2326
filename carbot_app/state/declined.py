"""Work customers declined and may want later: on the orders page, and of one customer in their file."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.orders.approval_schemas import DeclinedView
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.order_rows import order_href
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, plate_text

_TOPICS = {"orders"}
_SHOWN = 6
"""So many are seen at once; the rest on request."""


@dataclass(frozen=True, slots=True)
class DeclinedRow:
    """Declined work as a row shows it."""

    id: str = ""
    title: str = ""
    customer: str = ""
    phone_href: str = ""
    plate: PlateText = NO_PLATE
    when: str = ""
    """From which day to ask again, and since when it waits."""
    amount: str = ""
    is_due: bool = False


class DeclinedState(rx.State):
    """Everybody's, or one customer's where the address names one."""

    rows: list[DeclinedRow] = []
    count: int = 0
    """Of all; ``rows`` may be the first of them."""
    may_change: bool = False

    _all: bool = False
    _customer: str = ""

    @rx.event
    async def load(self):
        """What waits, of the customer of the address (?kunde=<id>) or of everybody."""
        self.rows, self.count, self._all = [], 0, False
        self._customer = self.router.url.query_parameters.get("kunde", "")
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def show_all(self):
        """Also what comes later."""
        self._all = True
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """An order changed: something may have been declined, or ordered after all."""
        if not is_about(topic, subject, _TOPICS):
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def estimate(self, declined_id: str):
        """A new estimate of the same work; its page is where it is sent from."""
        async with staff_step(self) as step:
            declined, actor = get_services().declined, await step.actor()
            order_id = await step.call(declined.open_estimate, actor, parse_id(declined_id))
            step.outcome = rx.redirect(order_href(order_id))
        return step.outcome

    @rx.event
    async def drop(self, declined_id: str):
        """Remind nobody of it any more."""
        async with staff_step(self) as step:
            await step.call(get_services().declined.drop, await step.actor(), parse_id(declined_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("orders.later.dropped"))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader, services = await step.actor(), await reader_for(self), get_services()
        self.may_change = actor.can("orders.manage")
        customer: UUID | None = parse_id(self._customer) if self._customer else None
        if not actor.can("orders.read"):
            return
        found = await step.call(services.declined.list_waiting, actor, customer)
        country = (await step.call(services.team.get_workshop, actor)).country
        self.count = len(found)
        shown = found if self._all else found[:_SHOWN]
        self.rows = [describe_declined(one, reader, country) for one in shown]


def describe_declined(view: DeclinedView, reader: Reader, country: str) -> DeclinedRow:
    """A row of declined work."""

    def word(key: str, **params: object) -> str:
        return translate(reader.language, f"orders.later.{key}", **params)

    when = word("due") if view.is_due else word("on", day=reader.short_date(view.follow_up_on))
    return DeclinedRow(
        id=str(view.id),
        title=view.title,
        customer=view.customer,
        phone_href=f"tel:{view.phone}" if view.phone else "",
        plate=plate_text(view.plate, country) if view.plate else NO_PLATE,
        when=f"{when} · {word('since', day=reader.short_date(view.declined_on))}",
        amount=format_cents(view.gross_cents, view.currency, reader.language, country),
        is_due=view.is_due,
    )
