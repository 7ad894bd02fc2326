"""/rechnungen/entwurf/?id=<id>: a draft that stores itself while it is written, until it is issued."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.kit.errors import AppError, Conflict, Invalid, NotFound
from carbot_app.state.address import set_address
from carbot_app.state.feedback import toast
from carbot_app.state.invoice_draft_fields import FIELDS, DraftFields, fields_of, put_field, with_answer
from carbot_app.state.invoice_draft_rows import (
    SETTINGS,
    SHOWN,
    DraftLine,
    DraftSums,
    DraftTax,
    Missing,
    describe_lines,
    describe_sums,
    describe_tax,
    error_words,
    missing_from,
    missing_of,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

LIST = "/rechnungen/"
ASK = "draft-issue"
"""The dialog that asks once more."""


class InvoiceDraftState(rx.State):
    """The draft of the address; without an id a new one, which is stored with the first thing written."""

    status: str = "loading"
    """loading, ready, missing or failed."""
    fields: DraftFields = DraftFields()
    turn: int = 0
    """Grows when fields have to begin anew."""
    lines: list[DraftLine] = []
    count: int = 0
    """Of all positions; ``lines`` holds the first of them."""
    sums: DraftSums = DraftSums()
    tax: DraftTax = DraftTax()
    missing: list[Missing] = []
    errors: dict[str, str] = {}
    """Field → what is wrong with what was typed there and not stored."""
    draft_id: str = ""
    saved: str = ""
    """When it was stored last, a sentence."""
    conflict: bool = False
    """Somebody else has changed it: nothing is stored until it is read again."""
    terms_days: int = 14
    """What an empty field of the terms stands for."""
    busy: bool = False

    _draft: DraftInput = DraftInput(())
    _version: int = 0
    _many: int = SHOWN

    @rx.event
    async def load(self):
        """Open the draft of the address, or begin one."""
        self.reset()
        async with staff_step(self) as step:
            (await step.actor()).require("invoices.read")
            wanted = self.router.url.query_parameters.get("id", "")
            terms = await step.call(get_services().billing_terms.get, await step.actor())
            self.terms_days = terms.terms.payment_days
            if wanted:
                await self._open(step, parse_id(wanted))
            else:
                (await step.actor()).require("invoices.manage")
                await self._show(step)
        gone = isinstance(step.error, NotFound)
        self.status = "missing" if gone else "failed" if step.error else "ready"
        return None if gone else step.outcome

    @rx.event
    async def put(self, name: str, value: str | bool):
        """Take what was typed into a field and store it."""
        if name not in FIELDS:
            return None
        async with staff_step(self) as step:
            changed = put_field(self._draft, name, value)
            self.errors = {field: text for field, text in self.errors.items() if field != name}
            if changed != self._draft:
                await self._store(step, changed)
        return self._after(step, name)

    @rx.event
    async def answer(self, question: str, answer: str):
        """Answer what the tax depends on."""
        async with staff_step(self) as step:
            if question == self.tax.question and answer in dict(self.tax.answers):
                await self._store(
                    step, replace(self._draft, answers=with_answer(self._draft, question, answer))
                )
        return self._after(step)

    @rx.event
    async def show_more(self):
        """Further positions below."""
        self._many += SHOWN
        async with staff_step(self) as step:
            await self._show(step)
        return step.outcome

    @rx.event
    async def ask_issue(self):
        """Ask once more, unless something is missing: then go there."""
        if self.missing or self.tax.question:
            return _focus(self.missing[0].anchor if self.missing else "draft-question")
        return rx.call_script(f"document.getElementById('{ASK}').showModal()")

    @rx.event
    async def go_to(self, anchor: str):
        """Where something is missing: a field of the page, or the settings of the workshop."""
        if anchor == SETTINGS:
            return rx.redirect("/einstellungen/")
        return _focus(anchor)

    @rx.event
    async def issue(self, form: dict[str, Any]):
        """Make the invoice of it, and send it where that was ticked; pressing twice makes one."""
        self.busy = True
        yield
        outcome = None
        async with staff_step(self) as step:
            invoices, actor = get_services().invoices, await step.actor()
            made = await step.call(
                invoices.issue, actor, parse_id(self.draft_id), request_key=f"draft:{self.draft_id}"
            )
            said = toast("ok", step.text("draft.issued", number=made.number))
            if form.get("send"):
                said = await self._sent(step, made.id, made.number)
            outcome = [rx.redirect(f"{LIST}?rechnung={made.id}"), said]
        self.busy = False
        if isinstance(step.error, Invalid):
            self.missing = [missing_from(step.error, await reader_for(self))]
        yield outcome or step.outcome

    @rx.event
    async def discard(self):
        """Throw the draft away."""
        async with staff_step(self) as step:
            if self.draft_id:
                await step.call(
                    get_services().invoices.delete_draft, await step.actor(), parse_id(self.draft_id)
                )
            step.outcome = [rx.redirect(LIST), toast("ok", step.text("draft.discarded"))]
        return step.outcome

    async def _sent(self, step: Step, invoice_id: UUID, number: str) -> Any:
        """The invoice is issued whatever comes of its mail."""
        try:
            await step.call(get_services().invoices.send, await step.actor(), invoice_id)
        except AppError as error:
            detail = error_words(error, step.language)
            return toast("warn", step.text("draft.issued_not_sent", number=number), detail=detail)
        return toast("ok", step.text("draft.issued_sent", number=number))

    async def _open(self, step: Step, draft_id: UUID) -> None:
        found = await step.call(get_services().invoices.get_draft, await step.actor(), draft_id)
        self.draft_id, self._version, self._draft = str(found.id), found.version, found.draft
        self.turn += 1
        await self._show(step)

    async def _store(self, step: Step, draft: DraftInput, *, again: bool = False) -> None:
        """Store the changed draft and count it anew; ``again``: its fields begin anew too."""
        known = parse_id(self.draft_id) if self.draft_id else None
        version = self._version if known else None
        actor, reader = await step.actor(), await reader_for(self)
        view = await step.call(get_services().invoices.save_draft, actor, draft, known, version)
        self.draft_id, self._version, self._draft = str(view.id), view.version, view.draft
        self.saved = step.text("draft.saved", time=reader.clock(reader.now))
        if known is None:
            step.outcome = set_address(id=str(view.id))
        self.turn += again
        await self._show(step)

    async def _show(self, step: Step) -> None:
        actor, reader, draft = await step.actor(), await reader_for(self), self._draft
        workshop = await step.call(get_services().team.get_workshop, actor)
        self.lines, wrong = describe_lines(draft.lines, self._many, workshop.currency, reader)
        self.fields, self.count = fields_of(draft, reader.language), len(draft.lines)
        try:
            preview = await step.call(get_services().invoices.preview, actor, draft)
        except Invalid as error:
            self.sums, self.missing = DraftSums(), wrong or [missing_from(error, reader)]
            return
        self.sums = describe_sums(draft, preview, reader)
        self.tax = describe_tax(draft, preview, reader)
        self.missing = wrong or missing_of(preview, reader)

    def _after(self, step: Step, name: str = "") -> Any:
        if isinstance(step.error, Conflict):
            self.conflict = True
            return None
        if name and isinstance(step.error, Invalid):
            self.errors = {**self.errors, name: error_words(step.error, step.language)}
            return None
        return step.outcome


def _focus(anchor: str) -> Any:
    return rx.call_script(f"document.getElementById({json.dumps(anchor)})?.focus()")
