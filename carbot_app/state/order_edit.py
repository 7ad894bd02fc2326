"""The pane beside an order: a position, a job, a new job, or the order's head."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.billing.lines import LABOUR
from carbot_app.domains.orders.schemas import (
    HeadInput,
    JobInput,
    JobView,
    LineView,
    OrderLineInput,
    OrderView,
    PayersInput,
)
from carbot_app.kit.errors import Invalid
from carbot_app.state.order import OrderState
from carbot_app.state.order_rows import show_decimal
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_decimal, read_hundredths, read_whole, show_amount

LINE, JOB, NEW_JOB, HEAD, FINDING = "line", "job", "new_job", "head", "finding"
_SHOWN = 6
_LONG = re.compile(r"[0-9]{1,9}[.,][0-9]{4,6}")
"""More places than an amount has: hours that make a price exact."""
_LOCAL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Typed:
    """What the fields begin with."""

    text: str = ""
    kind: str = "part"
    quantity: str = "1"
    unit: str = "C62"
    price: str = ""
    told: str = "gross"
    discount: str = ""
    part_number: str = ""
    exchange: bool = False
    list_price: str = ""
    title: str = ""
    finding: str = ""
    urgency: str = ""
    technician_id: str = ""
    complaint: str = ""
    note: str = ""
    km: str = ""
    promised: str = ""
    discount_amount: str = ""
    insurer: str = ""
    claim_number: str = ""
    deductible: str = ""
    deducts: bool = False


class OrderEditState(rx.State):
    """One thing is edited at a time."""

    task: str = ""
    """Nothing, line, job, new_job, finding or head."""
    turn: int = 0
    """Grows with every opening; the fields are made anew then."""
    typed: Typed = Typed()
    is_new: bool = False
    found: list[tuple[str, str]] = []
    """Code and name of services the search found."""
    problems: dict[str, str] = {}
    problem: str = ""
    """What belongs to no field."""
    busy: bool = False

    _job: str = ""
    _line: str = ""
    _version: int = 0

    @rx.event
    async def ask(self, task: str, job_id: str, line_id: str):
        """Open the pane on what is stored now; its version is what is saved over."""
        async with staff_step(self) as step:
            order = await self._order(step)
            self.task, self.turn = task, self.turn + 1
            self._job, self._line, self._version = job_id, line_id, order.version
            self.problems, self.problem, self.found = {}, "", []
            self.is_new = task == LINE and not line_id
            self.typed = await self._begin(order)
        return step.outcome

    @rx.event
    async def close(self):
        """Leave without saving."""
        self.task = ""

    @rx.event
    async def search(self, text: str):
        """Services for a new job."""
        async with staff_step(self) as step:
            actor = await step.actor()
            catalog = get_services().catalog
            hits = []
            if text.strip():
                hits = await step.call(catalog.search, actor, text[:80], language=actor.language)
            self.found = [(view.code, view.name) for view in hits[:_SHOWN]]
        return step.outcome

    @rx.event
    async def add_service(self, code: str):
        """A service of the catalogue as a new job, at the price for this car."""
        async with staff_step(self) as step:
            actor, orders = await step.actor(), get_services().orders
            job = JobInput(service_code=code[:20])
            await self._saved(step, await step.call(orders.add_job, actor, await self._order_id(), job))
        return self._after(step)

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store what was typed; what somebody else saved meanwhile is not written over."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            await self._saved(step, await self._write(step, form))
        self.busy = False
        yield self._after(step)

    @rx.event
    async def remove(self):
        """Take the opened position or job out."""
        async with staff_step(self) as step:
            actor, orders, order_id = await step.actor(), get_services().orders, await self._order_id()
            job_id = parse_id(self._job)
            version = self._version
            if self.task == LINE:
                line_id = parse_id(self._line)
                view = await step.call(orders.remove_line, actor, order_id, job_id, line_id, version=version)
            else:
                view = await step.call(orders.remove_job, actor, order_id, job_id, version=version)
            await self._saved(step, view)
        return self._after(step)

    async def _order_id(self) -> UUID:
        return parse_id((await self.get_state(OrderState)).order.row.id)

    async def _order(self, step: Step) -> OrderView:
        return await step.call(get_services().orders.get, await step.actor(), await self._order_id())

    async def _begin(self, order: OrderView) -> Typed:
        reader = await reader_for(self)
        job = next((job for job in order.jobs if str(job.id) == self._job), None)
        if self.task == HEAD:
            promised = order.promised_at
            local = promised.astimezone(reader.zone).strftime(_LOCAL) if promised else ""
            return head_fields(order, reader.language, local)
        if job is None:
            return Typed()
        line = next((line for line in job.lines if str(line.id) == self._line), None)
        return line_fields(line, reader.language) if self.task == LINE and line else job_fields(job)

    async def _write(self, step: Step, form: dict[str, Any]) -> OrderView:
        actor, orders, order_id = await step.actor(), get_services().orders, await self._order_id()
        version = self._version
        if self.task == HEAD:
            zone = (await reader_for(self)).zone
            return await step.call(
                orders.change_head, actor, order_id, read_head(form, zone), version=version
            )
        if self.task == NEW_JOB:
            return await step.call(orders.add_job, actor, order_id, read_job(form))
        job_id = parse_id(self._job)
        if self.task == JOB:
            job = read_job(form)
            return await step.call(orders.change_job, actor, order_id, job_id, job, version=version)
        if self.task == FINDING:
            job = read_job({**form, "title": "-"})
            return await step.call(orders.note_finding, actor, order_id, job_id, job.finding, job.urgency)
        line_id = parse_id(self._line) if self._line else None
        line = read_line(form)
        return await step.call(
            orders.put_line, actor, order_id, job_id, line, line_id=line_id, version=version
        )

    async def _saved(self, step: Step, view: OrderView) -> None:
        await (await self.get_state(OrderState))._show(step, view)
        self.task = ""

    def _after(self, step: Step):
        self.problems, self.problem = {}, ""
        if step.error is None:
            return step.outcome
        text = step.text(step.error.message_key, **step.error.params)
        if step.error.field:
            self.problems = {step.error.field: text}
        else:
            self.problem = text
        return None


def line_fields(line: LineView, language: str) -> Typed:
    """A position as it is typed."""
    return Typed(
        text=line.text,
        kind=line.kind,
        quantity=show_decimal(line.quantity, language),
        unit=line.unit,
        price=show_decimal(line.unit_price, language),
        told="gross" if line.gross else "net",
        discount=show_decimal(line.discount_percent, language) if line.discount_percent else "",
        part_number=line.part_number,
        exchange=line.exchange,
        list_price=show_decimal(line.list_price, language) if line.list_price is not None else "",
    )


def job_fields(job: JobView) -> Typed:
    """A job as it is typed."""
    return Typed(
        title=job.title,
        finding=job.finding,
        urgency=job.urgency,
        technician_id=str(job.technician_id or ""),
    )


def head_fields(order: OrderView, language: str, promised: str) -> Typed:
    """The head as it is typed; ``promised`` is local time."""
    payers = order.payers
    return Typed(
        title=order.title,
        complaint=order.complaint,
        note=order.note,
        km=str(order.km or ""),
        technician_id=str(order.technician_id or ""),
        promised=promised,
        discount=show_decimal(order.discount_percent, language) if order.discount_percent else "",
        discount_amount=show_amount(order.discount_cents, language) if order.discount_cents else "",
        insurer=payers.insurer,
        claim_number=payers.claim_number,
        deductible=show_amount(payers.deductible_cents, language) if payers.deductible_cents else "",
        deducts=payers.deducts_input_tax,
    )


def read_line(form: dict[str, Any]) -> OrderLineInput:
    """A position; Invalid with the field where a figure is none."""
    kind = _text(form, "kind") or "part"
    listed = _figure(form, "list_price", "billing_price_invalid")
    quantity = _figure(form, "quantity", "billing_quantity_invalid")
    return OrderLineInput(
        text=_text(form, "text"),
        unit_price=_figure(form, "unit_price", "billing_price_invalid") or Decimal(0),
        kind=kind,
        quantity=Decimal(1) if quantity is None else quantity,
        unit=_text(form, "unit") or ("HUR" if kind == LABOUR else "C62"),
        gross=_text(form, "told") != "net",
        discount_percent=_figure(form, "discount", "billing_discount_invalid") or Decimal(0),
        part_number=_text(form, "part_number"),
        exchange=bool(form.get("exchange")),
        list_price=listed,
    )


def read_job(form: dict[str, Any]) -> JobInput:
    """Title, finding, urgency and technician."""
    technician = _text(form, "technician_id")
    return JobInput(
        title=_text(form, "title"),
        finding=_text(form, "finding"),
        urgency=_text(form, "urgency"),
        technician_id=parse_id(technician) if technician else None,
    )


def read_head(form: dict[str, Any], zone: Any) -> HeadInput:
    """The head; what was emptied is emptied."""
    technician = _text(form, "technician_id")
    km = read_whole(_text(form, "km"), field="km", code="km_invalid")
    promised = _moment(_text(form, "promised_at"), zone)
    wanted = {"km": km, "technician_id": technician or None, "promised_at": promised}
    return HeadInput(
        title=_text(form, "title"),
        complaint=_text(form, "complaint"),
        note=_text(form, "note"),
        km=km,
        technician_id=parse_id(technician) if technician else None,
        promised_at=promised,
        discount_percent=_figure(form, "discount", "billing_discount_invalid") or Decimal(0),
        discount_cents=read_hundredths(
            _text(form, "discount_amount"), field="discount", code="billing_discount_invalid"
        ),
        payers=PayersInput(
            insurer=_text(form, "insurer"),
            claim_number=_text(form, "claim_number"),
            deducts_input_tax=bool(form.get("deducts")),
            deductible_cents=read_hundredths(
                _text(form, "deductible"), field="deductible", code="billing_deductible_invalid"
            ),
        ),
        clear=frozenset(name for name, value in wanted.items() if value is None),
    )


def _text(form: dict[str, Any], name: str) -> str:
    return str(form.get(name) or "").strip()[:2500]


def _figure(form: dict[str, Any], name: str, code: str) -> Decimal | None:
    text = _text(form, name)
    if _LONG.fullmatch(text):
        return Decimal(text.replace(",", "."))
    try:
        return read_decimal(text)
    except ValueError:
        raise Invalid(code, field=name) from None


def _moment(text: str, zone: Any) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise Invalid("order_promised_invalid", field="promised_at") from None
