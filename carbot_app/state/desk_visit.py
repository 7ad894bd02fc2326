"""Whose car and what is to be done, for a visit entered at the desk."""

from dataclasses import dataclass, replace
from typing import Any, TypedDict

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.labels import duration_label
from carbot_app.domains.catalog.vehicle_classes import class_of
from carbot_app.domains.customers.schemas import CustomerView, VehicleFacts
from carbot_app.state.booking_car import find_car
from carbot_app.state.booking_visit import MAX_SERVICES
from carbot_app.state.desk_times import DeskTimesState
from carbot_app.state.steps import Step, staff_step

FOUND = 6
SEARCH_ID = "desk-search"
_MODEL_LIMIT = 60


@dataclass(frozen=True, slots=True)
class DeskCar:
    """What a typed plate turned out to be."""

    status: str = ""
    """Empty while nothing was typed, else known, new, ambiguous or invalid."""
    label: str = ""
    owner: str = ""
    choices: tuple[str, ...] = ()
    """Plates it may be."""


@dataclass(frozen=True, slots=True)
class DeskContact:
    """Where the contact fields begin."""

    name: str = ""
    phone: str = ""
    email: str = ""


class DeskLine(TypedDict):
    """A service, chosen or found."""

    code: str
    name: str
    time: str
    price: str


class DeskVisitState(rx.State):
    """Car, owner and services of the dialog "Neuer Termin"."""

    plate: str = ""
    car: DeskCar = DeskCar()
    lines: list[DeskLine] = []
    total: str = ""
    duration: str = ""
    found: list[DeskLine] = []
    nothing_found: bool = False
    contact: DeskContact = DeskContact()
    fill: int = 0
    """Grows when the server puts values into the contact fields; they are made anew then."""
    drawn: int = 0
    """The same for plate and model."""

    _vehicle: VehicleFacts = VehicleFacts()
    _codes: tuple[str, ...] = ()
    _language: str = ""

    @rx.event
    async def read_plate(self, text: str, left: bool):
        """Look the plate up; what is wrong with it is only said once the field was ``left``."""
        async with staff_step(self) as step:
            await self._read(step, text, left=left)
        return step.outcome

    @rx.event
    async def pick_plate(self, plate: str):
        """Which of the possible plates it is."""
        async with staff_step(self) as step:
            await self._read(step, plate, left=True)
            self.drawn += 1
        return step.outcome

    @rx.event
    async def read_model(self, text: str):
        """Make and model of a car that is not on record, which may tell its price class."""
        model = text.strip()[:_MODEL_LIMIT]
        self._vehicle = replace(self._vehicle, model=model, vehicle_class=class_of("", model))
        async with staff_step(self) as step:
            await self._price(step)
        return step.outcome

    @rx.event
    async def search(self, text: str):
        """Services by what people call them."""
        async with staff_step(self) as step:
            await self._find(step, text)
        return step.outcome

    @rx.event
    async def add(self, code: str):
        """Take a service into the visit; the search begins anew."""
        return await self._add(code)

    @rx.event
    async def add_first(self, form: dict[str, Any]):
        """The return key takes the first match."""
        async with staff_step(self) as step:
            await self._find(step, str(form.get("service", "")))
        return await self._add(self.found[0]["code"]) if self.found else step.outcome

    @rx.event
    async def remove(self, code: str):
        """Take a service out again."""
        self._codes = tuple(one for one in self._codes if one != code)
        async with staff_step(self) as step:
            await self._price(step)
            await (await self.get_state(DeskTimesState))._offer(step, self._codes)
        return step.outcome or _to_search()

    async def _add(self, code: str) -> Any:
        self._codes = tuple(dict.fromkeys((*self._codes, code)))[:MAX_SERVICES]
        self.found, self.nothing_found = [], False
        async with staff_step(self) as step:
            await self._price(step)
            await (await self.get_state(DeskTimesState))._offer(step, self._codes)
        return step.outcome or _to_search()

    async def _find(self, step: Step, text: str) -> None:
        self.found, self.nothing_found = [], False
        if not text.strip():
            return
        actor = await step.actor()
        offers = await step.call(
            get_services().catalog.list_offers,
            actor,
            vehicle=self._vehicle,
            language=actor.language,
            text=text.strip()[:100],
        )
        self.found = [
            DeskLine(
                code=offer.service.code,
                name=offer.service.name,
                time=duration_label(offer.service.minutes, actor.language),
                price=offer.quote.text,
            )
            for offer in offers
            if offer.service.code not in self._codes
        ][:FOUND]
        self.nothing_found = not self.found

    async def _price(self, step: Step) -> None:
        """Minutes and price of each service and of all."""
        self.lines, self.total, self.duration = [], "", ""
        if not self._codes:
            return
        catalog, actor = get_services().catalog, await step.actor()
        asked: dict[str, Any] = {"vehicle": self._vehicle, "language": actor.language}
        quotes = await step.call(catalog.quote_visit, actor, self._codes, **asked)
        whole = await step.call(catalog.total, actor, self._codes, **asked)
        self.lines = [
            DeskLine(
                code=quote.service_code,
                name=quote.service_name,
                time=duration_label(quote.minutes, actor.language),
                price=quote.text,
            )
            for quote in quotes
        ]
        self.total, self.duration = whole.text, duration_label(whole.minutes, actor.language)

    async def _read(self, step: Step, text: str, *, left: bool) -> None:
        text = text.strip()
        if not text:
            self.plate, self.car, self._vehicle, self._language = "", DeskCar(), VehicleFacts(), ""
            return
        if text == self.plate and self.car.status in ("known", "new"):
            return
        services, actor = get_services(), await step.actor()
        sighting = await step.call(find_car, services, actor, text)
        if sighting.status not in ("known", "new"):
            if left:
                self.plate, self.car = text, DeskCar(status=sighting.status, choices=sighting.choices)
            return
        facts = sighting.vehicle
        known = await step.call(services.vehicles.find_known, actor, facts.plate, facts.plate_country)
        again, self.plate, self._vehicle = facts.plate == self.plate, facts.plate, facts
        owner = known.owner if known else None
        self.car = DeskCar(
            status="known" if known else "new",
            label=known.vehicle.label if known else "",
            owner=owner.name if owner else "",
        )
        if owner and not again:
            self._greet(owner)
        await self._price(step)

    def _greet(self, owner: CustomerView) -> None:
        self.contact = DeskContact(owner.name, owner.phone_text or owner.phone, owner.email)
        self._language = owner.language
        self.fill += 1


def _to_search() -> rx.event.EventSpec:
    """Empty the search and go on typing there."""
    return rx.call_script(
        f"(() => {{ const field = document.getElementById('{SEARCH_ID}');"
        " if (field) { field.value = ''; field.focus(); } })()"
    )
