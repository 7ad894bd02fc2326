"""The positions of a draft: taken from the catalogue, or written and changed in a pane."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.billing.draft_schemas import LineInput
from carbot_app.domains.billing.lines import LABOUR, LINE_KINDS, LUMP_SUM
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.billing.working_out import MOST_LINES
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.orders.checks import UNITS
from carbot_app.kit.errors import Invalid
from carbot_app.state.invoice_draft import InvoiceDraftState
from carbot_app.state.invoice_draft_rows import error_words
from carbot_app.state.order_edit import Typed, read_line
from carbot_app.state.order_rows import show_decimal
from carbot_app.state.steps import Step, parse_id, staff_step

FORM = "draft-line-form"
_SHOWN = 6
_SEARCH = "draft-service"


@dataclass(frozen=True, slots=True)
class LineExtras:
    """What only an invoice asks of a position."""

    technician_id: str = ""


class InvoiceLineState(rx.State):
    """One position is edited at a time; the search adds services without the pane."""

    open: bool = False
    turn: int = 0
    at: int = 0
    """Which position, from one; 0: a new one."""
    typed: Typed = Typed()
    extras: LineExtras = LineExtras()
    technicians: list[tuple[str, str]] = []
    """Id and name, the first one empty: nobody."""
    problems: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    """Code and name of services the search found."""
    nothing: bool = False

    @rx.event
    async def begin(self, kind: str):
        """A new position of a kind."""
        async with staff_step(self) as step:
            kind = kind if kind in LINE_KINDS else LUMP_SUM
            typed = Typed(kind=kind, unit="HUR" if kind == LABOUR else "C62")
            await self._begin(step, 0, typed, LineExtras())
        return step.outcome

    @rx.event
    async def edit(self, at: int):
        """Open a position."""
        async with staff_step(self) as step:
            lines = (await self.get_state(InvoiceDraftState))._draft.lines
            if not 1 <= at <= len(lines):
                return None
            line = lines[at - 1]
            extras = LineExtras(str(line.technician_id or ""))
            await self._begin(step, at, typed_line(line, (await step.actor()).language), extras)
        return step.outcome

    @rx.event
    async def close(self):
        """Leave without storing."""
        self.open = False

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store the position; what is wrong is told at its field."""
        self.problems = {}
        async with staff_step(self) as step:
            draft_state = await self.get_state(InvoiceDraftState)
            lines = list(draft_state._draft.lines)
            old = lines[self.at - 1] if 1 <= self.at <= len(lines) else None
            line = line_typed(form, old)
            if old is None:
                lines.append(line)
            else:
                lines[self.at - 1] = line
            await self._store(step, draft_state, lines)
            self.open = False
        return await self._after(step)

    @rx.event
    async def remove(self, at: int):
        """Take a position out."""
        return await self._rearrange(at, lambda lines, place: lines.pop(place))

    @rx.event
    async def copy_line(self, at: int):
        """The same position once more, below."""
        return await self._rearrange(at, lambda lines, place: lines.insert(place + 1, lines[place]))

    @rx.event
    async def move(self, at: int, step: int):
        """One up (-1) or down (1)."""
        step = -1 if step < 0 else 1

        def swap(lines: list[LineInput], place: int) -> None:
            if 0 <= place + step < len(lines):
                lines[place], lines[place + step] = lines[place + step], lines[place]

        return await self._rearrange(at, swap)

    @rx.event
    async def search(self, text: str):
        """Services by what customers call them."""
        self.found, self.nothing = [], False
        async with staff_step(self) as step:
            actor, catalog = await step.actor(), get_services().catalog
            if text.strip():
                hits = await step.call(catalog.search, actor, text[:80], language=actor.language)
                self.found = [(view.code, view.name) for view in hits[:_SHOWN]]
                self.nothing = not hits
        return step.outcome

    @rx.event
    async def add_service(self, code: str):
        """The positions of a service, at the price for this car."""
        async with staff_step(self) as step:
            actor, services = await step.actor(), get_services()
            draft_state = await self.get_state(InvoiceDraftState)
            draft = draft_state._draft
            made = await step.call(
                services.orders.lines_of_service, actor, code[:20],
                await self._car(step), language=draft.language,
            )  # fmt: skip
            await self._store(step, draft_state, [*draft.lines, *made])
            self.found, self.nothing = [], False
        outcome = await self._after(step)
        again = [rx.set_value(_SEARCH, ""), rx.set_focus(_SEARCH)]
        return [outcome, *again] if outcome is not None else again

    @rx.event
    async def add_first(self, form: dict[str, Any]):
        """The return key takes the best match."""
        return InvoiceLineState.add_service(self.found[0][0]) if self.found else None

    async def _begin(self, step: Step, at: int, typed: Typed, extras: LineExtras) -> None:
        people = await step.call(get_services().orders.list_technicians, await step.actor())
        self.technicians = [("", step.text("draft.line.nobody")), *((str(id_), name) for id_, name in people)]
        self.open, self.turn, self.at = True, self.turn + 1, at
        self.typed, self.extras, self.problems = typed, extras, {}

    async def _car(self, step: Step) -> VehicleFacts:
        """The car of the draft, as far as prices depend on it."""
        draft = (await self.get_state(InvoiceDraftState))._draft
        if draft.vehicle_id is None or not draft.plate:
            return VehicleFacts()
        actor, services = await step.actor(), get_services()
        country = (await step.call(services.team.get_workshop, actor)).country
        known = await step.call(services.customers.known_plate, actor, draft.plate, country)
        return known or VehicleFacts()

    async def _rearrange(self, at: int, change: Any) -> Any:
        async with staff_step(self) as step:
            draft_state = await self.get_state(InvoiceDraftState)
            lines = list(draft_state._draft.lines)
            if 1 <= at <= len(lines):
                change(lines, at - 1)
                await self._store(step, draft_state, lines)
                self.open = False
        return await self._after(step)

    async def _store(self, step: Step, draft_state: InvoiceDraftState, lines: list[LineInput]) -> None:
        if len(lines) > MOST_LINES:
            raise Invalid("billing_too_many_lines", field="lines", limit=MOST_LINES)
        await draft_state._store(step, replace(draft_state._draft, lines=tuple(lines)))

    async def _after(self, step: Step) -> Any:
        if isinstance(step.error, Invalid) and self.open:
            self.problems = {step.error.field or "text": error_words(step.error, step.language)}
            return None
        return (await self.get_state(InvoiceDraftState))._after(step)


def typed_line(line: LineInput, language: str) -> Typed:
    """A position as it is typed."""
    return Typed(
        text=line.text,
        kind=line.kind,
        quantity=show_decimal(line.quantity, language),
        unit=line.unit,
        price=show_decimal(line.unit_price, language),
        told="gross" if line.gross else "net",
        discount=show_decimal(line.discount_percent, language) if line.discount_percent else "",
        exchange=line.exchange,
        list_price=show_decimal(line.list_price, language) if line.list_price is not None else "",
    )


def line_typed(form: dict[str, Any], old: LineInput | None) -> LineInput:
    """The position of a form; what the form does not ask for stays as it was.

    Raises:
        Invalid: with the field of the form.
    """
    read = read_line(form)
    if not read.text:
        raise Invalid("missing", field="text")
    if read.kind not in LINE_KINDS:
        raise Invalid("billing_line_kind", field="kind")
    if not read.quantity:
        raise Invalid("billing_quantity_invalid", field="quantity")
    if read.unit_price < 0:
        raise Invalid("billing_price_invalid", field="unit_price")
    if not 0 <= read.discount_percent <= 100:
        raise Invalid("billing_discount_invalid", field="discount")
    if read.exchange and read.gross and read.list_price is None:
        raise Invalid("billing_price_invalid", field="list_price")
    technician = str(form.get("technician_id") or "")
    return replace(
        old or LineInput(read.kind, read.text, Decimal(0)),
        kind=read.kind,
        text=read.text,
        unit_price=read.unit_price,
        quantity=read.quantity,
        unit=read.unit if read.unit in UNITS else "C62",
        gross=read.gross or read.kind == HANDED_ON,
        discount_percent=read.discount_percent,
        exchange=read.exchange,
        list_price=read.list_price,
        technician_id=parse_id(technician) if technician else None,
    )
