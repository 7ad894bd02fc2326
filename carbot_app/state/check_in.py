"""/auftraege/annahme/?id=<order>: the car as it comes in, noted beside it."""

import base64
import binascii
from decimal import Decimal, InvalidOperation
from typing import Any

import reflex as rx
from babel.dates import format_skeleton

from carbot_app.bootstrap import get_services
from carbot_app.domains.orders.check_in_offers import OfferView
from carbot_app.domains.orders.check_in_rules import WHEELS
from carbot_app.domains.orders.check_in_schemas import CheckInInput, CheckInView, Mark
from carbot_app.domains.orders.offer_rules import INSPECTION, TYRES
from carbot_app.kit.errors import AppError, Invalid
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

_NUMBERS = ("km", "fuel_percent", "charge_percent")
_TREAD = "tread_"
_SHOWN = {
    *_NUMBERS,
    *(f"{_TREAD}{wheel}" for wheel in WHEELS),
    *("belongings", "remark", "name", "text"),
}
"""Fields that say themselves what is wrong with them; anything else is told in a toast."""


class CheckInState(rx.State):
    """The check-in of the order of the address."""

    status: str = "loading"
    """loading, ready or failed."""
    head: dict[str, str] = {}
    """id, order_id, number, plate, model, customer, last_km and mailed_to."""
    form: dict[str, str] = {}
    flags: dict[str, bool] = {}
    seen: list[str] = []
    marks: list[dict[str, Any]] = []
    kind: str = "scratch"
    """Of the next mark."""
    errors: dict[str, str] = {}
    signed: str = ""
    """By whom and when; empty: not yet."""
    addenda: list[dict[str, str]] = []
    offer: dict[str, str] = {}
    """title, why and amount of what may be offered now; empty: nothing."""
    busy: bool = False

    _drawing: str = ""

    @rx.event
    async def load(self):
        """Begin or go on with it."""
        self.reset()
        async with staff_step(self) as step:
            order_id = parse_id(self.router.url.query_parameters.get("id", ""))
            view = await step.call(get_services().check_ins.open, await step.actor(), order_id)
            await self._show(step, view)
            await self._look_for_offer(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def set_value(self, name: str, value: str):
        """A field was left."""
        self.form = {**self.form, name: value}
        self.errors = {field: text for field, text in self.errors.items() if field != name}

    @rx.event
    async def set_flag(self, name: str, value: bool):
        """A wish, or that fewer kilometres are right."""
        self.flags = {**self.flags, name: value}

    @rx.event
    async def toggle_seen(self, code: str, value: bool):
        """Something was noticed, or not after all."""
        self.seen = [*(one for one in self.seen if one != code), *([code] if value else [])]

    @rx.event
    async def choose_kind(self, kind: str):
        """What the next mark shows."""
        self.kind = kind

    @rx.event
    async def add_mark(self, view: str, x: int, y: int):
        """A damage at a place."""
        if not self.signed:
            self.marks = _numbered([*self.marks, {"view": view, "x": int(x), "y": int(y), "kind": self.kind}])

    @rx.event
    async def remove_mark(self, number: int):
        """It was none."""
        self.marks = _numbered([one for one in self.marks if one["number"] != number])

    @rx.event
    async def answer_offer(self, wanted: bool):
        """The customer wants it done as well, or not today."""
        async with staff_step(self) as step:
            offers, actor = get_services().check_in_offers, await step.actor()
            await step.call(offers.answer, actor, self._id(), wanted=wanted)
            await self._look_for_offer(step)
            step.outcome = toast("ok", step.text("checkin.offer.taken")) if wanted else None
        return step.outcome

    @rx.event
    async def draw(self, png: str):
        """The signature so far."""
        self._drawing = png

    @rx.event
    async def save(self):
        """Keep what is noted so far."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            await self._save(step)
            step.outcome = toast("ok", step.text("checkin.page.saved"))
        self._point_out(step)
        yield step.outcome

    @rx.event
    async def sign(self, form: dict[str, Any]):
        """Keep it, and have it signed."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            await self._save(step)
            name, drawn = str(form.get("signed_name", "")), _decoded(self._drawing)
            check_ins, actor = get_services().check_ins, await step.actor()
            await self._show(step, await step.call(check_ins.sign, actor, self._id(), name, drawn))
            step.outcome = toast("ok", step.text("checkin.page.done"))
        self._point_out(step)
        yield step.outcome

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Add to what was signed."""
        async with staff_step(self) as step:
            check_ins, actor = get_services().check_ins, await step.actor()
            text = str(form.get("text", ""))
            await self._show(step, await step.call(check_ins.add, actor, self._id(), text))
            step.outcome = toast("ok", step.text("checkin.page.saved"))
        self._point_out(step)
        return step.outcome

    async def _save(self, step: Step) -> None:
        facts = _read(self.form, self.flags, self.seen, self.marks)
        view = await step.call(get_services().check_ins.save, await step.actor(), self._id(), facts)
        await self._show(step, view)

    async def _look_for_offer(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = None
        if actor.can("orders.manage"):
            found = await step.call(get_services().check_in_offers.find, actor, self._id())
        self.offer = describe_offer(found, reader) if found else {}

    def _id(self):
        return parse_id(self.head.get("id", ""))

    def _point_out(self, step: Step) -> None:
        self.busy = False
        error = step.error
        self.errors = {_field_of(error): step.text(error.message_key, **error.params)} if error else {}
        if error is not None and error.field in _SHOWN:
            step.outcome = rx.call_script(
                "setTimeout(() => document.querySelector('[aria-invalid=true]')?.focus(), 150)"
            )

    async def _show(self, step: Step, view: CheckInView) -> None:
        reader = await reader_for(self)
        facts = view.facts
        self.head = {
            **{"id": str(view.id), "order_id": str(view.order_id), "number": view.number},
            **{"plate": view.plate, "model": view.model, "customer": view.customer},
            "last_km": "" if view.last_km is None else reader.number(view.last_km),
            "mailed_to": view.mailed_to,
        }
        numbers = {name: getattr(facts, name) for name in _NUMBERS}
        tread = {f"{_TREAD}{wheel}": facts.tread.get(wheel) for wheel in WHEELS}
        self.form = {
            **{name: "" if value is None else str(value) for name, value in numbers.items()},
            **{name: "" if depth is None else f"{depth // 10},{depth % 10}" for name, depth in tread.items()},
            **{"belongings": facts.belongings, "remark": facts.remark},
        }
        self.flags = {"keep_old_parts": facts.keep_old_parts, "test_drive": facts.test_drive}
        self.seen = list(facts.observations)
        self.marks = _numbered(
            [{"view": one.view, "x": one.x, "y": one.y, "kind": one.kind} for one in facts.marks]
        )
        self.signed = ""
        if view.signed_at is not None:
            self.signed = f"{view.signed_name}, {reader.day_and_clock(view.signed_at)}"
        self.addenda = [
            {"text": one.text, "by": f"{one.by}, {reader.day_and_clock(one.at)}"} for one in view.addenda
        ]


def describe_offer(offer: OfferView, reader: Reader) -> dict[str, str]:
    """What is offered, why, and for how much."""
    key = offer.season if offer.kind == TYRES else offer.kind
    if offer.kind == INSPECTION and offer.is_late:
        key = "inspection_late"
    month = format_skeleton("yMMMM", offer.on, locale=reader.language) if offer.on else ""
    day = reader.short_date(offer.on) if offer.on else ""
    return {
        "title": offer.title,
        "why": translate(reader.language, f"checkin.offer.{key}", month=month, day=day),
        "amount": format_cents(offer.gross_cents, offer.currency, reader.language),
    }


def _numbered(marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "number": number} for number, one in enumerate(marks, start=1)]


def _field_of(error: AppError) -> str:
    return error.field or "form"


def _read(
    form: dict[str, str], flags: dict[str, bool], seen: list[str], marks: list[dict[str, Any]]
) -> CheckInInput:
    tread = {wheel: _tenths(form, f"{_TREAD}{wheel}") for wheel in WHEELS}
    return CheckInInput(
        **{name: _whole(form, name) for name in _NUMBERS},  # type: ignore[arg-type]
        km_confirmed=flags.get("km_confirmed", False),
        marks=tuple(Mark(one["view"], one["x"], one["y"], one["kind"]) for one in marks),
        tread={wheel: depth for wheel, depth in tread.items() if depth is not None},
        observations=tuple(seen),
        belongings=form.get("belongings", ""),
        remark=form.get("remark", ""),
        keep_old_parts=flags.get("keep_old_parts", False),
        test_drive=flags.get("test_drive", True),
    )


def _whole(form: dict[str, str], name: str) -> int | None:
    text = form.get(name, "").replace(".", "").replace(" ", "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise Invalid("check_in_number", field=name)
    return int(text)


def _tenths(form: dict[str, str], name: str) -> int | None:
    text = form.get(name, "").replace(",", ".").strip()
    if not text:
        return None
    try:
        depth = Decimal(text)
    except InvalidOperation:
        raise Invalid("check_in_number", field=name) from None
    if not depth.is_finite() or abs(depth) > 1000:
        raise Invalid("check_in_number", field=name)
    return int(depth * 10)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("signature_invalid", field="signature") from None
