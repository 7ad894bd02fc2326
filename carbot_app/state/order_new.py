"""A new estimate in half a minute: plate, services, sum, saved."""

from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.orders.schemas import EstimateInput
from carbot_app.kit.errors import AppError
from carbot_app.kit.ids import new_secret
from carbot_app.kit.money import format_cents
from carbot_app.state.order_rows import order_href
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_FIELDS = ("plate", "phone", "email", "name", "km", "services")
_SHOWN = 6


class NewOrderState(rx.State):
    """What was chosen so far; what is typed stays in the browser until it is saved."""

    open: bool = False
    turn: int = 0
    """Grows with every opening; the fields are made anew then."""
    known: bool = False
    """The car is on record with its owner."""
    car: str = ""
    owner: str = ""
    found: list[tuple[str, str, str]] = []
    """Code, name and price of what the search found."""
    chosen: list[tuple[str, str, str]] = []
    nothing: bool = False
    total: str = ""
    problems: dict[str, str] = {}
    busy: bool = False

    _key: str = ""
    _facts: VehicleFacts = VehicleFacts()
    _country: str = "DE"
    _vehicle_id: UUID | None = None

    @rx.event
    async def begin(self):
        """Open the pane, empty."""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("orders.manage")
            workshop = await step.call(get_services().team.get_workshop, actor)
            turn = self.turn + 1
            self.reset()
            self.turn, self.open, self._key = turn, True, new_secret()
            self._country = workshop.country
        return step.outcome

    @rx.event
    async def close(self):
        """Leave without saving."""
        self.open = False

    @rx.event
    async def read_plate(self, text: str):
        """Whose car it is, as soon as the plate is whole."""
        async with staff_step(self) as step:
            actor = await step.actor()
            self.known, self.car, self.owner, self._vehicle_id = False, "", "", None
            self._facts, self.problems = self._typed(text), {}
            if len(text.strip()) > 3:
                car = await step.call(get_services().orders.find_car, actor, text[:20])
                if car.vehicle is not None:
                    vehicle = car.vehicle
                    self.car, self._vehicle_id = vehicle.label or vehicle.plate, vehicle.id
                    self._facts = VehicleFacts(
                        plate=vehicle.plate,
                        plate_country=vehicle.plate_country,
                        make=vehicle.make,
                        model=vehicle.model,
                        year=vehicle.year,
                        vehicle_class=vehicle.vehicle_class,
                    )
                if car.customer is not None:
                    self.known = True
                    self.owner = car.customer.name or car.customer.phone_text or car.customer.email
            await self._reprice(step)
        return None if isinstance(step.error, AppError) and step.error.field == "plate" else step.outcome

    @rx.event
    async def search(self, text: str):
        """Services by what customers call them."""
        async with staff_step(self) as step:
            actor = await step.actor()
            catalog = get_services().catalog
            taken = {code for code, _, _ in self.chosen}
            hits = []
            if text.strip():
                hits = await step.call(catalog.search, actor, text[:80], language=actor.language)
            self.nothing = bool(text.strip()) and not hits
            self.found = [
                await self._priced(step, view.code, view.name)
                for view in hits[:_SHOWN]
                if view.code not in taken
            ]
        return step.outcome

    @rx.event
    async def add(self, code: str):
        """Take a service."""
        async with staff_step(self) as step:
            self.chosen = [*self.chosen, *(row for row in self.found if row[0] == code)]
            self.found, self.nothing, self.problems = [], False, {}
            await self._reprice(step)
        again = [rx.set_value("order-service", ""), rx.set_focus("order-service")]
        return [step.outcome] if step.outcome else again

    @rx.event
    async def add_first(self, form: dict[str, Any]):
        """The return key takes the best match."""
        return NewOrderState.add(self.found[0][0]) if self.found else None

    @rx.event
    async def remove(self, code: str):
        """Leave a service out again."""
        async with staff_step(self) as step:
            self.chosen = [row for row in self.chosen if row[0] != code]
            await self._reprice(step)
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Make the estimate and open it; pressing twice makes one."""
        if not self.open:
            return
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            typed = {name: str(form.get(name) or "").strip()[:200] for name in ("name", "phone", "email")}
            facts = self._facts if self._facts.plate else self._typed(str(form.get("plate") or ""))
            wanted = EstimateInput(
                request_key=self._key,
                vehicle_id=self._vehicle_id,
                vehicle=facts,
                service_codes=tuple(code for code, _, _ in self.chosen),
                complaint=str(form.get("complaint") or "")[:1000],
                name=typed["name"],
                phone=typed["phone"],
                email=typed["email"],
            )
            made = await step.call(get_services().orders.create_estimate, actor, wanted)
            self.open = False
            step.outcome = rx.redirect(order_href(made.id))
        self.busy = False
        if step.error is not None and step.error.field in _FIELDS:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return
        yield step.outcome

    @rx.event
    async def begin_for(self, kind: str, subject: str):
        """The estimate of a visit (``visit``) or conversation (``thread``): made from what is known there."""
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            subject_id = parse_id(subject)
            day = reader.today().isoformat()
            wanted = EstimateInput(
                request_key=f"{kind[:6]} {subject_id.hex} {day}",
                appointment_id=subject_id if kind == "visit" else None,
                conversation_id=None if kind == "visit" else subject_id,
            )
            made = await step.call(get_services().orders.create_estimate, actor, wanted)
            step.outcome = rx.redirect(order_href(made.id))
        return step.outcome

    def _typed(self, plate: str) -> VehicleFacts:
        return VehicleFacts(plate=plate[:20], plate_country=self._country)

    async def _priced(self, step: Step, code: str, name: str) -> tuple[str, str, str]:
        return code, name, await self._sum(step, [code])

    async def _reprice(self, step: Step) -> None:
        self.chosen = [await self._priced(step, code, name) for code, name, _ in self.chosen]
        self.total = await self._sum(step, [code for code, _, _ in self.chosen]) if self.chosen else ""

    async def _sum(self, step: Step, codes: list[str]) -> str:
        actor, services = await step.actor(), get_services()
        cents = await step.call(services.orders.preview_sum, actor, codes, self._facts)
        workshop = await step.call(services.team.get_workshop, actor)
        return format_cents(cents, workshop.currency, actor.language, workshop.country)
