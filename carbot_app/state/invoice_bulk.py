"""Several invoices at once: send, remind, write as a table, pack as PDFs."""

import asyncio
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.billing.bulk import MOST_SELECTED
from carbot_app.kit.money import format_cents
from carbot_app.state.feedback import toast
from carbot_app.state.invoices import InvoicesState
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

REMIND = "invoice-bulk-remind"
"""The dialog that asks once more."""
_POLL_SECONDS = 0.25
_KINDS = ("csv", "xlsx")


class InvoiceBulkState(rx.State):
    """The ticked rows; they stay ticked while the filter changes."""

    selected: list[str] = []
    busy: bool = False
    progress: int = -1
    """Percent of the PDFs that are packed; below zero: none are."""
    letters: int = 0
    """Reminders that would go to the customers of what is ticked."""
    letters_sum: str = ""

    _keys: tuple[str, ...] = ()

    @rx.event
    async def toggle(self, invoice_id: str):
        """Tick a row, or no longer."""
        others = [one for one in self.selected if one != invoice_id]
        self.selected = others if len(others) < len(self.selected) else [*others, invoice_id][:MOST_SELECTED]

    @rx.event
    async def all(self):
        """Tick every document shown, or none when all are."""
        rows = (await self.get_state(InvoicesState)).rows
        shown = [row.id for row in rows if not row.draft]
        self.selected = [] if set(shown) <= set(self.selected) else shown[:MOST_SELECTED]

    @rx.event
    async def clear(self):
        """Tick nothing."""
        self.selected, self.progress = [], -1

    @rx.event
    async def send(self):
        """Mail every ticked document."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            bulk, actor = get_services().invoice_bulk, await step.actor()
            found = await step.call(bulk.send, actor, self._ids())
            missing = ", ".join(found.without_address)
            detail = step.text("invoices.bulk.no_address", numbers=missing) if missing else ""
            word = step.text("invoices.bulk.sent", count=found.sent)
            step.outcome = toast("warn" if missing else "ok", word, detail=detail)
            self.selected = []
        self.busy = False
        yield step.outcome

    @rx.event
    async def ask_remind(self):
        """Say how many letters that would be, before anything goes."""
        async with staff_step(self) as step:
            dunning, actor = get_services().dunning, await step.actor()
            run = await step.call(dunning.run, actor)
            ticked = set(self._ids())
            due = [found for found in run.proposals if ticked & {claim.invoice_id for claim in found.claims}]
            if not due:
                return toast("info", step.text("invoices.bulk.none_due"))
            reader = await reader_for(self)
            self._keys, self.letters = tuple(found.key for found in due), len(due)
            total = sum(found.total_cents for found in due)
            self.letters_sum = format_cents(total, due[0].currency, reader.language)
            step.outcome = rx.call_script(f"document.getElementById('{REMIND}').showModal()")
        return step.outcome

    @rx.event
    async def remind(self):
        """Release the reminders that were asked about."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            dunning, actor = get_services().dunning, await step.actor()
            sent = await step.call(dunning.release, actor, self._keys)
            step.outcome = toast("ok", step.text("invoices.bulk.reminded", count=len(sent)))
            self.selected, self._keys = [], ()
        self.busy = False
        yield step.outcome

    @rx.event
    async def write(self, kind: str):
        """The ticked documents as a table."""
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            kind = kind if kind in _KINDS else _KINDS[0]
            content = await step.call(services.invoice_bulk.write, actor, self._ids(), kind)
            step.outcome = await _hand_out(step, actor.workshop_id, kind, content)
        return step.outcome

    @rx.event(background=True)
    async def pack(self):
        """The PDFs of the ticked documents as a ZIP, telling how far it is."""
        async with self:
            if self.progress >= 0:
                return
            self.progress = 0
            async with staff_step(self) as step:
                actor = await step.actor()
            ids = self._ids()
        if step.error is None:
            async with step:
                done = [0]

                def report(many: int, of: int) -> None:
                    done[0] = many * 100 // max(of, 1)

                packing = step.call(get_services().invoice_bulk.pack, actor, ids, report)
                job = asyncio.ensure_future(packing)
                while not (await asyncio.wait([job], timeout=_POLL_SECONDS))[0]:
                    async with self:
                        self.progress = done[0]
                step.outcome = await _hand_out(step, actor.workshop_id, "zip", await job)
        async with self:
            self.progress = -1
        yield step.outcome

    def _ids(self) -> list[UUID]:
        return [parse_id(one) for one in self.selected]


async def _hand_out(step: Step, workshop_id: UUID, kind: str, content: bytes) -> rx.event.EventSpec:
    name = f"{step.text('invoices.title')}.{kind}"
    kept = await step.call(get_services().files.put, workshop_id, name, content)
    return rx.download(url=f"/api/catalog/files/{kept}", filename=name)
