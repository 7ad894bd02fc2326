"""Assigning a transaction by hand: which invoices, and what becomes of a difference."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.banking.schemas import DIFFERENCES, LEAVE_OPEN
from carbot_app.state.bank import BankState
from carbot_app.state.bank_rows import EntryRow, OfferRow, entry_row, offer_row
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_MOST_PICKED = 50


class BankAssignState(rx.State):
    """The pane beside the list."""

    open: bool = False
    entry: EntryRow = EntryRow()
    offers: list[OfferRow] = []
    """Open invoices that fit the search, those that were picked first."""
    picked: list[str] = []
    difference: str = LEAVE_OPEN
    search: str = ""
    problem: str = ""

    @rx.event
    async def start(self, entry_id: str):
        """Open the pane with what is suggested picked already."""
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            view = await step.call(get_services().bank.get_entry, actor, parse_id(entry_id))
            thought = view.suggestion.parts if view.suggestion else ()
            self.entry = entry_row(view, reader)
            self.picked = [str(part.invoice_id) for part in thought if part.cents]
            self.difference, self.problem, self.offers = LEAVE_OPEN, "", []
            self.search = ""
            await self._offer(step)
            self.open = True
        return step.outcome

    @rx.event
    async def close(self):
        """Leave the transaction as it is."""
        async with staff_step(self) as step:
            await step.actor()
            self.open, self.picked, self.offers, self.problem = False, [], [], ""
        return step.outcome

    @rx.event
    async def find(self, text: str):
        """Search open invoices by number, name or plate."""
        async with staff_step(self) as step:
            self.search = text[:80]
            await self._offer(step)
        return step.outcome

    @rx.event
    async def pick(self, invoice_id: str, chosen: bool):
        """Take an invoice or leave it; what is picked first is paid first."""
        async with staff_step(self) as step:
            await step.actor()
            rest = [one for one in self.picked if one != invoice_id]
            self.picked = [*rest, str(parse_id(invoice_id))][:_MOST_PICKED] if chosen else rest
            self.problem = ""
        return step.outcome

    @rx.event
    async def set_difference(self, difference: str):
        """What becomes of what is missing."""
        async with staff_step(self) as step:
            await step.actor()
            self.difference = difference if difference in DIFFERENCES else LEAVE_OPEN
        return step.outcome

    @rx.event
    async def apply(self):
        """Book the transaction on the picked invoices."""
        async with staff_step(self) as step:
            actor = await step.actor()
            if not self.picked:
                self.problem = step.text("errors.bank_no_invoice")
                return None
            view = await step.call(
                get_services().bank.confirm,
                actor,
                parse_id(self.entry.id),
                [parse_id(one) for one in self.picked],
                difference=self.difference,
            )
            self.open = False
            bank = await self.get_state(BankState)
            await bank._fetch(step)
            numbers = ", ".join(part.number for part in view.parts)
            step.outcome = toast("ok", step.text("banking.toast.booked", numbers=numbers))
        if step.error is not None and step.error.status != 401:
            # A toast would lie behind the pane
            self.problem, step.outcome = step.text(step.error.message_key, **step.error.params), None
        return step.outcome

    async def _offer(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().bank.list_open_invoices, actor, self.search)
        fresh = [offer_row(view, reader) for view in found]
        known = {offer.id: offer for offer in (*self.offers, *fresh)}
        kept = [known[one] for one in self.picked if one in known]
        self.offers = [*kept, *(offer for offer in fresh if offer.id not in self.picked)]
